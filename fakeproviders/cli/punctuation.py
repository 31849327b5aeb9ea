"""Chinese punctuation where the parser joins its sentences with English.

Click translates its words, and puts ``: ``, ``; ``, ``.`` and blanks between them itself.
"""

import re
from gettext import gettext

from fakeproviders.failures import Words

_MISSING = re.compile(r"(?<=')\.(?: |$)")
"""The full stop after the name of what is missing."""
_GAP = re.compile(r"(?<=[。，：；！？）])[ ]+(?=\S)")
_EXTRAS = re.compile(r"(?<=  )\[[^\[\]]*\]$")
"""What an option's help ends with: its default, its environment variable."""


def bracketed(text: str, lang: str) -> str:
    """A remark in the brackets of the language."""
    return Words(zh=f"（{text}）", en=f"({text})")[lang]


def sentence(message: str) -> str:
    """What click says is wrong, as one writes it in Chinese."""
    return _GAP.sub("", _MISSING.sub("。", message)).replace("', '", "'、'")


def usage() -> str:
    """The first word of a usage line, with what follows it up to the program's name."""
    word = gettext("Usage:")
    return word if word.endswith("：") else f"{word} "


def heading(text: str) -> str:
    """A section's heading. It is in the catalogue of click's messages, as ours."""
    return gettext("{heading}:").format(heading=text)


def option_help(text: str) -> str:
    """An option's help, its extras parted as the language does."""
    return _EXTRAS.sub(lambda extras: extras[0].replace("; ", gettext("; ")), text)
