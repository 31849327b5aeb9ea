"""The JSON Schema: valid, in agreement with the loader, and as helpful to an editor as can be."""

from functools import cache
from typing import Any, get_args

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from fakeproviders.failures import SLUGS, catalogue
from fakeproviders.faults.registry import FAULTS
from fakeproviders.model import OPERATIONS
from fakeproviders.panel.events import EVENTS
from fakeproviders.scenario.actions import ACTIONS
from fakeproviders.scenario.model import Role
from fakeproviders.scenario.positions import NotYaml, read
from fakeproviders.scenario.schema import scenario_schema
from fakeproviders.scenario.shipped import shipped
from tests.scenario.files_of_tests import GOOD, mistakes_in, text_of
from tests.scenario.test_typos import TYPOS, Typo, misplaced, mutated

BEYOND = {
    "the section of another failure": 'section: "4"',
    "a name in a template": "session.offical.signature }",
    "another name": "{ strat }",
    "a function": "fake.nmae",
    "a name in a note": 'en: "{{ ownr }} asks',
    "what a template becomes": 'operation: "{{ session.official }}", reason',
    "a word that a template becomes": 'status: "{{ session.id }}"',
    "a number that a template becomes": 'content: "{{ session.seed }}"',
    "a time of day": 'to: "25:00"',
    "a key that is there twice": "seed: 7\nseed: 8",
}
"""What a schema has no words for; and files that are no YAML at all never come to it."""


@cache
def schema() -> dict[str, Any]:
    return scenario_schema()


def validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def complaints(value: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator().iter_errors(value)]


def value_of(text: str | bytes) -> Any:
    return read(text.encode() if isinstance(text, str) else text).value


def test_it_is_a_schema_of_2020_12() -> None:
    Draft202012Validator.check_schema(schema())
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema()["$id"]


@pytest.mark.parametrize("path", [*GOOD, *shipped().values()], ids=lambda path: path.name)
def test_good_files_are_valid(path: Any) -> None:
    assert complaints(value_of(path.read_bytes())) == []


@pytest.mark.parametrize("typo", TYPOS, ids=lambda typo: typo.wrong[:30])
def test_it_sees_every_typo_but_those_it_has_no_words_for(typo: Typo) -> None:
    try:
        value = value_of(typo.text)
    except NotYaml:
        return
    assert bool(complaints(value)) == (typo.wrong not in BEYOND.values())


@given(mutated() | misplaced())
def test_it_forbids_nothing_that_the_loader_takes(text: str) -> None:
    if not mistakes_in(text.encode("utf-8", "surrogatepass")):
        assert complaints(value_of(text)) == []


@pytest.mark.parametrize(
    "field",
    ["operation: send", "reason: duplicate_request", "status: delivered", "bucket: mobile_per_day"],
)
def test_a_word_may_come_from_a_variable(field: str) -> None:
    name, _, word = field.partition(": ")
    text = text_of("reply_lost").replace(field, f'{name}: "{{{{ word }}}}"')
    text = text.replace("variables:\n", f"variables:\n  word: {word}\n")
    assert "{{ word }}" in text
    assert mistakes_in(text) == ()
    assert complaints(value_of(text)) == []


@pytest.mark.parametrize(
    ("definition", "field", "words"),
    [
        ("Step", "do", ACTIONS),
        ("Expectation", "reason", SLUGS),
        ("Expectation", "operation", {*OPERATIONS, "*"}),
        ("FaultSpec", "do", {*SLUGS, *FAULTS}),
        ("SendCode", "event", EVENTS),
        ("QuotaUsed", "provider", get_args(Role)),
    ],
)
def test_an_editor_completes_the_words_that_there_are(
    definition: str, field: str, words: Any
) -> None:
    part = schema()["$defs"][definition]["properties"][field]
    enums = [p["enum"] for p in part.get("anyOf", [part]) if "enum" in p]
    assert set(enums[0]) == set(words)


def test_failures_are_those_of_the_catalogue() -> None:
    [enum, null] = schema()["properties"]["failure"]["anyOf"]
    assert (enum["enum"], null) == (list(catalogue()), {"type": "null"})


def test_every_shape_says_what_it_is() -> None:
    assert [name for name, part in schema()["$defs"].items() if not part.get("description")] == []
    assert schema()["properties"]["section"]["description"] == "Of the operators' guide."
