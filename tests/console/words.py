"""The console's texts, read out of its modules, so that tests find things by the words that people see."""

import json
import re
from functools import cache
from importlib.resources import files

LANGS = ("zh", "en")
_LINE = re.compile(r'^  (".*?"): (".*"),$', re.MULTILINE)


@cache
def texts(lang: str) -> dict[str, str]:
    """By key."""
    path = files("fakeproviders.control").joinpath("console", "js", "texts", f"{lang}.js")
    return {
        json.loads(key): json.loads(text) for key, text in _LINE.findall(path.read_text("utf-8"))
    }


def said(lang: str, key: str, **facts: object) -> str:
    """A text with its facts filled in."""
    text = texts(lang)[key]
    for name, fact in facts.items():
        text = text.replace(f"{{{name}}}", str(fact))
    return text
