"""The descriptions of the schemas: all of them in both languages, and nothing but them changed."""

from collections.abc import Iterator
from typing import Any

import pytest

from fakeproviders.scenario.descriptions import chinese, described_in
from fakeproviders.scenario.schema import scenario_schema
from fakeproviders.scenario.targets.schema import target_schema

SCHEMAS = (scenario_schema, target_schema)
THE_SAME = {"{{ ... }}"}


def descriptions(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("description"), str):
            yield part["description"]
        part = list(part.values())
    for one in part if isinstance(part, list) else ():
        yield from descriptions(one)


def without(part: Any) -> Any:
    """The schema without its descriptions."""
    if isinstance(part, dict):
        kept = ((k, v) for k, v in part.items() if k != "description" or not isinstance(v, str))
        return {name: without(one) for name, one in kept}
    return [without(one) for one in part] if isinstance(part, list) else part


def test_every_description_has_its_chinese_and_no_chinese_is_left_over() -> None:
    there_are = {text for schema in SCHEMAS for text in descriptions(schema())}
    assert there_are - THE_SAME - chinese().keys() == set(), "add them to descriptions.yaml"
    assert chinese().keys() - there_are == set(), "take them out of descriptions.yaml"
    assert [text for text in chinese().values() if text.isascii()] == []


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schema_in_chinese_differs_in_its_descriptions_alone(schema: Any) -> None:
    english, there = schema(), described_in("zh", schema())
    assert without(there) == without(english)
    assert set(descriptions(there)) <= {*chinese().values(), *THE_SAME}
    assert described_in("en", english) == english
