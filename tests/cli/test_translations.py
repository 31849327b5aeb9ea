"""Whatever click can say is in the Chinese catalogue, and its binary is made from its source."""

import ast
import gettext
import re
import string
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import click
import pytest

FOLDER = files("fakeproviders") / "locale/zh/LC_MESSAGES"
MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "types", "shell_completion")
FOR_PROGRAMMERS = re.compile(
    r"defined twice|^Could not determine|^No options defined|cannot use the|^Arguments take"
)
"""Raised by a wrong declaration, never at a user."""


def messages() -> Iterator[tuple[str, ...]]:
    """The messages of the installed click: singular, and plural where there is one."""
    for module in MODULES:
        tree = ast.parse(Path(click.__file__).with_name(f"{module}.py").read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "ngettext"}:
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                yield tuple(text for text in texts if isinstance(text, str))


MESSAGES = sorted({m for m in messages() if m and not FOR_PROGRAMMERS.search(m[0])})


def catalogue() -> gettext.GNUTranslations:
    with (FOLDER / "click.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_click_was_read() -> None:
    assert ("Usage:",) in MESSAGES
    assert len(MESSAGES) > 40


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m[0][:40])
def test_every_message_of_click_is_translated(message: tuple[str, ...]) -> None:
    zh = catalogue()
    said = zh.gettext(message[0]) if len(message) == 1 else zh.ngettext(message[0], message[1], 2)
    assert said not in message
    assert not said.isascii()
    if "%(" not in said:
        assert fields(said) <= fields("".join(message))


def test_the_binary_is_made_from_the_source() -> None:
    source = (FOLDER / "click.po").read_text("utf-8")
    entries = re.findall(
        r'^msgid "(.+)"\n(?:msgid_plural "(.+)"\n)?msgstr(?:\[0\])? "(.*)"$', source, re.MULTILINE
    )
    assert len(entries) == source.count("\nmsgid ") - 1
    zh = catalogue()
    for one, many, said in [[plain(text) for text in entry] for entry in entries]:
        assert (zh.ngettext(one, many, 1) if many else zh.gettext(one)) == said


def plain(text: str) -> str:
    return text.replace("\\n", "\n").replace("\\t", "\t")
