"""The language of a run: found before anything is parsed, because the help pages depend on it."""

import gettext
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import Literal

Lang = Literal["zh", "en"]
DOMAIN = "click"
"""Name of the message catalogue in ``fakeproviders/locale``: the parser's own messages."""


def choose(args: Sequence[str], environ: Mapping[str, str]) -> Lang:
    """The last ``--lang`` on the line, wherever it stands; else the locale's language.

    A wrong value is left for the parser to report, in the locale's language.
    """
    lang = of_locale(environ)
    before = ""
    for arg in args:
        if arg == "--":
            break
        value = arg if before == "--lang" else arg.removeprefix("--lang=")
        if value in ("zh", "en") and (before == "--lang" or arg != value):
            lang = "zh" if value == "zh" else "en"
        before = arg
    return lang


def of_locale(environ: Mapping[str, str]) -> Lang:
    """The language of the first of LC_ALL, LC_MESSAGES and LANG that is set."""
    names = (environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, names), "").lower().startswith("zh") else "en"


@contextmanager
def speaking(lang: Lang) -> Iterator[None]:
    """Let click's own messages come in this language, inside the block.

    Click looks its messages up in gettext's default domain under the language that LANGUAGE names.
    Both belong to the process, so they are put back.
    """
    domain, language = gettext.textdomain(), os.environ.get("LANGUAGE")
    with as_file(files("fakeproviders") / "locale") as folder:
        gettext.bindtextdomain(DOMAIN, str(folder))
        gettext.textdomain(DOMAIN)
        os.environ["LANGUAGE"] = lang
        try:
            yield
        finally:
            gettext.textdomain(domain)
            restore("LANGUAGE", language)


def restore(name: str, value: str | None) -> None:
    """Set an environment variable back to what it was."""
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
