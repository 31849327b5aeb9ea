"""What the API's shapes are said to be: all of it in both languages, and as plain text."""

from collections.abc import Mapping
from typing import Any

import pytest

from fakeproviders.control.descriptions import chinese
from fakeproviders.control.openapi import openapi
from fakeproviders.control.routes import ROUTES
from fakeproviders.scenario import descriptions


def schemas(lang: str) -> Mapping[str, dict[str, Any]]:
    found: Mapping[str, dict[str, Any]] = openapi(ROUTES, lang)["components"]["schemas"]
    return found


def described(lang: str) -> dict[str, str]:
    """By the schema's name, what is said of it."""
    return {name: one["description"] for name, one in schemas(lang).items() if "description" in one}


def test_every_description_is_in_both_languages() -> None:
    english, there = described("en"), described("zh")
    assert english.keys() == there.keys() >= {"NewSession", "FaultSpec", "ClockState", "Session"}
    assert [name for name, text in english.items() if not text.isascii()] == []
    assert [name for name, text in there.items() if text.isascii()] == [], (
        "add to descriptions.yaml"
    )


def test_no_chinese_is_left_over_or_written_twice() -> None:
    shown = set(described("zh").values())
    unused = {text for text in chinese().values() if text.replace("``", "") not in shown}
    assert unused == set(), "take them out of descriptions.yaml"
    assert chinese().keys() & descriptions.chinese().keys() == set()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_description_is_plain_text_on_one_line(lang: str) -> None:
    assert [text for text in described(lang).values() if "`" in text or "\n" in text] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_schema_says_its_own_name_as_a_title(lang: str) -> None:
    assert [name for name, schema in schemas(lang).items() if "title" in schema] == []
