"""The console's texts: the same keys in both languages, all of them used, none missing."""

import re
from importlib.resources import files
from pathlib import Path

from tests.console.words import LANGS, texts

SCRIPTS = Path(str(files("fakeproviders.control").joinpath("console", "js")))
PLACEHOLDER = re.compile(r"\{(\w+)\}")
CALL = re.compile(r"\bt\(([^()]*?)(?:, |\))")
NAMED = re.compile(r'\bnamed\("(\w+)"')
QUOTED = re.compile(r'"([\w.\-*]+)"')
GROUPS_OF_KEYS = re.compile(r"`([\w.]+)\$\{")


def sources() -> str:
    scripts = [path for path in SCRIPTS.rglob("*.js") if path.parent.name != "texts"]
    return "\n".join(path.read_text("utf-8") for path in scripts)


def test_both_languages_have_the_same_keys() -> None:
    zh, en = texts("zh"), texts("en")
    assert len(zh) > 300
    assert list(zh) == list(en)
    assert all(zh.values())
    assert all(en.values())


def test_every_line_of_the_modules_is_a_text() -> None:
    for lang in LANGS:
        lines = (SCRIPTS / "texts" / f"{lang}.js").read_text("utf-8").splitlines()
        entries = [line for line in lines if line.startswith('  "')]
        assert len(entries) == len(texts(lang))


def test_a_text_has_the_same_facts_in_both_languages() -> None:
    for key, text in texts("zh").items():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(texts("en")[key])), key


def test_every_text_that_is_asked_for_is_there() -> None:
    asked = {key for call in CALL.findall(sources()) for key in QUOTED.findall(call)}
    assert len(asked) > 200
    for lang in LANGS:
        assert asked - {"light", "now"} - texts(lang).keys() == set(), lang


def test_no_text_is_left_over() -> None:
    """A key is used by its whole name, or by a group whose names come from the API."""
    source = sources()
    quoted = set(QUOTED.findall(source))
    groups = {*(f"{name}." for name in NAMED.findall(source)), *GROUPS_OF_KEYS.findall(source)}
    left = [k for k in texts("en") if k not in quoted and not k.startswith(tuple(groups))]
    assert left == []
