"""What ``do`` may say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.failures import SLUGS, catalogue
from fakeproviders.faults.composite import Composite
from fakeproviders.faults.registry import FAULTS, TRANSPORT, BadRule, parse_do
from fakeproviders.faults.status import Status
from tests.faults.doubles import attempt

SETTINGS = [
    "ms", "jitter_ms", "distribution", "sigma", "to_ms", "over_seconds", "cap_ms", "clock", "bytes",
    "after_bytes", "keep", "reset", "status", "server", "headers", "body", "charset", "content_type",
    "never", "copies", "late_seconds",
]  # fmt: skip
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["gbk", "utf-16", "nginx", "ramp", "idna", "rot13", "undefined"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*sorted(FAULTS), *SETTINGS, "rate_limited"]) | st.text(max_size=4),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
NAMED = st.builds(
    lambda name, settings: {name: settings},
    st.sampled_from(sorted(FAULTS)),
    st.dictionaries(st.sampled_from(SETTINGS), JSON, max_size=2) | JSON,
)


@given(JSON | NAMED)
def test_any_json_is_a_fault_or_a_bad_rule(do: object) -> None:
    fault = attempt(parse_do, do)
    if isinstance(fault, BadRule):
        assert fault.field.startswith("do")
        assert fault.message
    else:
        assert fault.acts
        assert fault.label


def test_every_transport_failure_of_the_catalogue_has_a_fault() -> None:
    listed = {entry.slug for entry in catalogue().values() if entry.kind == "transport"}
    assert listed <= set(TRANSPORT)
    assert set(TRANSPORT) - listed == {"reply"}


@pytest.mark.parametrize("name", sorted({*SLUGS, *TRANSPORT}))
def test_every_name_stands_alone(name: str) -> None:
    assert parse_do(name).label == name
    assert parse_do({name: {}}) == parse_do(name)
    assert parse_do({name: None}) == parse_do(name)


def test_settings_reach_the_fault() -> None:
    assert parse_do({"status": {"status": 404, "server": "iis"}}) == Status(
        status=404, server="iis"
    )


def test_a_list_is_done_in_order() -> None:
    fault = parse_do([{"delay": {"ms": 300}}, "rate_limited"])
    assert isinstance(fault, Composite)
    assert fault.label == "delay + rate_limited"
    assert fault.reason == "rate_limited"
    assert not fault.intercepts
    assert parse_do([["delay", "hang"], "trickle"]).intercepts


@pytest.mark.parametrize(
    ("do", "field", "says"),
    [
        (None, "do", "must be a failure's name"),
        (7, "do", "must be a failure's name"),
        ([], "do", "must be a failure's name"),
        ({}, "do", "must be a failure's name"),
        ({"delay": {}, "hang": {}}, "do", "must be a failure's name"),
        (
            "",
            "do",
            "no failure is called ''; fakeproviders failures, or GET /api/v1/failures, lists all",
        ),
        ("dealy", "do", "no failure is called 'dealy'; did you mean delay?"),
        ("signature_missmatch", "do", "no failure is called 'signature_missmatch'; did you mean"),
        (["hang", "dealy"], "do[1]", "no failure is called 'dealy'"),
        ([["hang", ["dealy"]]], "do[0][1][0]", "no failure is called 'dealy'"),
        ({"rate_limited": {"ms": 1}}, "do", "rate_limited takes no settings"),
        ({"hang": {"ms": 1}}, "do.hang", "Object contains unknown field `ms`"),
        ({"hang": 3}, "do.hang", "Expected `object`, got `int`"),
        ({"reset": {"after_bytes": -1}}, "do.reset", "after_bytes must be 0 or more, not -1"),
        ({"reset": {"after_bytes": "1"}}, "do.reset", "Expected `int | null`, got `str`"),
        ({"truncate": {"keep": 1.5}}, "do.truncate", "keep must be between 0 and 1, not 1.5"),
        ({"truncate": {"bytes": -1}}, "do.truncate", "bytes must be 0 or more, not -1"),
        ({"trickle": {"bytes": 0}}, "do.trickle", "bytes must be between 1 and"),
        ({"trickle": {"ms": -1}}, "do.trickle", "ms must be between 0 and 60000"),
        ({"garbage": {"bytes": 0}}, "do.garbage", "bytes must be between 1 and"),
        ({"status": {"status": 200}}, "do.status", "status must be between 400 and 599, not 200"),
        ({"status": {"server": "apache"}}, "do.status", "Invalid enum value 'apache'"),
        ({"wrong_charset": {"charset": "x"}}, "do.wrong_charset", "charset: no text encoding is "),
        ({"wrong_charset": {"charset": "rot13"}}, "do.wrong_charset", "charset: no text encoding"),
        ({"wrong_content_type": {"content_type": "a\nb"}}, "do.wrong_content_type", "content_type"),
        ({"reply": {"status": 100}}, "do.reply", "status must be between 200 and 599, not 100"),
        ({"reply": {"headers": {"A": "a\r\nB: b"}}}, "do.reply", "headers: 'A' has a character"),
        ({"reply": {"headers": {"": "a"}}}, "do.reply", "headers: '' has a character"),
        ({"reply": {"headers": {"Content-Length": "1"}}}, "do.reply", "headers: Content-Length is"),
        ({"reply": {"headers": {"A": 1}}}, "do.reply", "Expected `str`, got `int`"),
        (["delay", "refuse"], "do", "refuse stands alone: it takes the listener down"),
        ([["refuse"]], "do[0]", "refuse stands alone"),
        ([{"receipt": {"never": True}}, "delay"], "do", "receipt stands alone"),
    ],
)
def test_what_cannot_be_done_names_its_field(do: Any, field: str, says: str) -> None:
    with pytest.raises(BadRule) as caught:
        parse_do(do)
    assert caught.value.field == field
    assert caught.value.message.startswith(says)
