"""Matchers against a plain evaluator, and what they say of a miss."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.failures import Words
from fakeproviders.faults.matchers import (
    ALWAYS,
    FIELDS,
    AllOf,
    AnyOf,
    FieldTest,
    Matcher,
    Miss,
    NotThat,
    describe,
    field_name,
    parse_match,
)
from fakeproviders.faults.registry import BadRule
from fakeproviders.model import Call
from tests.faults.doubles import attempt, call

TEXTS = st.text("138【a.", max_size=4)
NUMBERS = st.integers(0, 20) | st.sampled_from([1.5, 0.0, -3])
VALUES = TEXTS | NUMBERS
NAMES = ("mobile", "template_id", "content", "account", "out_id", "params.code", "params.n")
TYPES: dict[str, Callable[[object], bool]] = {
    "string": lambda v: type(v) is str,
    "number": lambda v: type(v) in {int, float},
    "boolean": lambda v: type(v) is bool,
    "object": lambda v: type(v) is dict,
    "array": lambda v: type(v) is list,
    "null": lambda v: v is None,
}

OPERANDS = st.recursive(
    VALUES
    | st.builds(lambda v: {"prefix": v}, VALUES)
    | st.builds(lambda v: {"suffix": v}, VALUES)
    | st.builds(lambda v: {"regex": re.escape(str(v))}, VALUES)
    | st.builds(lambda v: {"in": v}, st.lists(VALUES, min_size=1, max_size=3))
    | st.builds(lambda v: {"type": v}, st.sampled_from(sorted(TYPES))),
    lambda inner: st.builds(lambda v: {"not": v}, inner),
    max_leaves=3,
)


def _nested(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    some = st.lists(inner, min_size=1, max_size=3)
    return (
        st.dictionaries(st.sampled_from(NAMES), OPERANDS, max_size=1)
        | st.builds(lambda m: {"any": m}, some)
        | st.builds(lambda m: {"all": m}, some)
        | st.builds(lambda m: {"not": m}, inner)
    )


MATCHES = st.recursive(
    st.dictionaries(st.sampled_from(NAMES), OPERANDS, max_size=3), _nested, max_leaves=6
)
PARAMS = st.dictionaries(
    st.sampled_from(["code", "n", "x"]),
    VALUES | st.none() | st.booleans() | st.just([1]) | st.just({"a": 1}),
)
CALLS = st.builds(
    lambda mobiles, **fields: call(mobile=",".join(mobiles), **fields),
    mobiles=st.lists(st.text("138", min_size=1, max_size=4), max_size=3),
    template_id=st.none() | TEXTS,
    content=st.none() | TEXTS,
    account=TEXTS,
    out_id=TEXTS,
    params=st.none() | PARAMS,
)


def plainly(match: dict[str, Any], subject: Call) -> bool:
    """Whether a call is met, by the words of the grammar alone."""
    return all(_part(name, value, subject) for name, value in match.items())


def _part(name: str, value: Any, subject: Call) -> bool:
    if name == "any":
        return any(plainly(one, subject) for one in value)
    if name == "all":
        return all(plainly(one, subject) for one in value)
    if name == "not":
        return not plainly(value, subject)
    if name == "mobile":
        return _field(value, list(subject.mobiles))
    given_value = (
        (subject.params or {}).get(name[7:])
        if name.startswith("params.")
        else getattr(subject, name)
    )
    return _field(value, [given_value])


def _field(wanted: Any, values: list[Any]) -> bool:
    """A field of several values is met when one of them is."""
    if isinstance(wanted, dict) and "not" in wanted:
        return not _field(wanted["not"], values)
    return any(_one(wanted, value) for value in values)


def _one(wanted: Any, value: Any) -> bool:
    kind, operand = next(iter(wanted.items())) if isinstance(wanted, dict) else ("=", wanted)
    if kind == "type":
        return TYPES[operand](value)
    if value is None:
        return False
    text = str(value)
    if kind == "in":
        return text in [str(each) for each in operand]
    if kind == "regex":
        return re.search(operand, text) is not None
    return {
        "=": text == str(operand),
        "prefix": text.startswith(str(operand)),
        "suffix": text.endswith(str(operand)),
    }[kind]


@given(MATCHES, CALLS)
def test_a_match_says_what_the_grammar_says(match: dict[str, Any], subject: Call) -> None:
    matcher = parse_match(match)
    assert (not matcher.misses(subject)) is plainly(match, subject)
    assert matcher.misses(subject) == parse_match(match).misses(subject)
    assert describe(matcher) == describe(parse_match(match))
    assert describe(matcher)


@given(MATCHES, MATCHES, MATCHES, CALLS)
def test_the_algebra_holds(
    one: dict[str, Any], other: dict[str, Any], third: dict[str, Any], subject: Call
) -> None:
    a, b, c = (_composable(parse_match(match)) for match in (one, other, third))

    def meets(matcher: Matcher) -> bool:
        return not matcher.misses(subject)

    assert meets(a & b) is (meets(a) and meets(b)) is meets(b & a)
    assert meets(a | b) is (meets(a) or meets(b)) is meets(b | a)
    assert meets(~a) is not meets(a)
    assert meets(~~a) is meets(a)
    assert meets(~(a & b)) is meets(~a | ~b)
    assert meets(~(a | b)) is meets(~a & ~b)
    assert meets(a & (b | c)) is meets((a & b) | (a & c))
    assert meets(a & ALWAYS) is meets(a)
    assert meets(a | ALWAYS)


@given(MATCHES, MATCHES, CALLS)
def test_a_miss_is_of_a_part_that_misses(
    one: dict[str, Any], other: dict[str, Any], subject: Call
) -> None:
    a, b = (_composable(parse_match(match)) for match in (one, other))
    assert (a & b).misses(subject) == [*a.misses(subject), *b.misses(subject)]
    nearest = min((a.misses(subject), b.misses(subject)), key=len)
    assert (a | b).misses(subject) == nearest


def _composable(matcher: Any) -> AllOf | AnyOf | NotThat | FieldTest:
    assert isinstance(matcher, (AllOf, AnyOf, NotThat, FieldTest))
    return matcher


SENT = call(
    mobile="13800000001,13900000002",
    template_id="1001",
    content="【店】您的验证码是12",
    account="a1",
    params={"code": "12", "number": 12, "big": True, "list": [1], "map": {}, "none": None},
)


@pytest.mark.parametrize(
    ("match", "misses"),
    [
        ({}, []),
        ({"mobile": "13800000001"}, []),
        ({"mobile": "13900000002"}, []),
        ({"mobile": "137"}, [("mobile", "13800000001,13900000002", "= 137")]),
        ({"mobile": {"prefix": "139"}}, []),
        ({"mobile": {"suffix": "3"}}, [("mobile", "13800000001,13900000002", "suffix 3")]),
        ({"template_id": 1001}, []),
        ({"template_id": {"in": [1, "1001"]}}, []),
        ({"template_id": {"in": ["b", "a"]}}, [("template_id", "1001", "in (a, b)")]),
        ({"content": {"regex": "验证码.*\\d$"}}, []),
        ({"content": {"regex": "^验证码"}}, [("content", SENT.content, "regex ^验证码")]),
        ({"account": {"not": "a1"}}, [("not", None, "not (account = a1)")]),
        ({"account": {"not": {"prefix": "b"}}}, []),
        ({"params.code": {"type": "string"}}, []),
        ({"params.code": {"type": "number"}}, [("params.code", "12", "of type number")]),
        ({"params.number": {"type": "number"}}, []),
        ({"params.number": "12"}, []),
        ({"params.big": {"type": "number"}}, [("params.big", True, "of type number")]),
        ({"params.big": {"type": "boolean"}}, []),
        ({"params.list": {"type": "array"}}, []),
        ({"params.map": {"type": "object"}}, []),
        ({"params.none": {"type": "null"}}, []),
        ({"params.absent": {"type": "null"}}, []),
        ({"params.absent": ""}, [("params.absent", None, "= ")]),
        ({"sign_key": {"prefix": ""}}, [("sign_key", None, "prefix ")]),
        (
            {"account": "b", "template_id": "2"},
            [("account", "a1", "= b"), ("template_id", "1001", "= 2")],
        ),
        (
            {"any": [{"account": "b", "template_id": "2"}, {"account": "c"}]},
            [("account", "a1", "= c")],
        ),
        ({"any": [{"account": "b"}, {"account": "a1"}]}, []),
        ({"all": [{"account": "a1"}, {"template_id": "2"}]}, [("template_id", "1001", "= 2")]),
        (
            {"not": {"any": [{"account": "a1"}, {"template_id": {"prefix": "9"}}]}},
            [("not", None, "not (any (account = a1; template_id prefix 9))")],
        ),
        ({"not": {}}, [("not", None, "not (everything)")]),
    ],
)
def test_misses(match: dict[str, Any], misses: list[tuple[str, object, str]]) -> None:
    assert told(parse_match(match).misses(SENT)) == misses


def test_a_mobile_among_none_is_missed() -> None:
    assert told(parse_match({"mobile": "1"}).misses(call(mobile=""))) == [("mobile", "", "= 1")]


def told(misses: list[Miss]) -> list[tuple[str, object, str]]:
    return [(field, actual, expected.en) for field, actual, expected in misses]


@pytest.mark.parametrize(
    ("match", "zh", "en"),
    [
        ({"mobile": "1"}, "mobile 等于 1", "mobile = 1"),
        ({"mobile": {"prefix": "1"}}, "mobile 以 1 开头", "mobile prefix 1"),
        ({"mobile": {"suffix": "1"}}, "mobile 以 1 结尾", "mobile suffix 1"),
        ({"mobile": {"regex": "a{1}"}}, "mobile 符合正则 a{1}", "mobile regex a{1}"),
        ({"params.{x}": {"in": [2, 1]}}, "params.{x} 属于（1, 2）", "params.{x} in (1, 2)"),
        ({"out_id": {"type": "null"}}, "out_id 类型是 null", "out_id of type null"),
        ({"ip": {"not": "{}"}}, "非（ip 等于 {}）", "not (ip = {})"),
        ({"ip": "a", "door": "b"}, "ip 等于 a 且 door 等于 b", "ip = a and door = b"),
        (
            {"any": [{"ip": "a", "door": "b"}, {"door": "c"}]},
            "任一（ip 等于 a 且 door 等于 b；door 等于 c）",
            "any (ip = a and door = b; door = c)",
        ),
        ({}, "全部请求", "everything"),
    ],
)
def test_a_matcher_is_described_in_both_languages(match: dict[str, Any], zh: str, en: str) -> None:
    assert describe(parse_match(match)) == Words(zh=zh, en=en)


@pytest.mark.parametrize(
    ("match", "zh", "en"),
    [
        ({"account": "b"}, "account = 'a1'，要求等于 b", "account = 'a1', expected = b"),
        ({"params.none": "x"}, "没有 params.none，要求等于 x", "no params.none, expected = x"),
        ({"not": {}}, "要求非（全部请求）", "expected not (everything)"),
    ],
)
def test_a_miss_is_told_in_both_languages(match: dict[str, Any], zh: str, en: str) -> None:
    (miss,) = parse_match(match).misses(SENT)
    assert miss.words == Words(zh=zh, en=en)


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_every_field_can_be_asked_of_a_call(name: str) -> None:
    assert field_name(name, "match") == name
    call().field(name)


@pytest.mark.parametrize(
    ("match", "field", "says"),
    [
        ([], "match", "must be an object of fields"),
        ("x", "match", "must be an object of fields"),
        ({"phone": "1"}, "match.phone", "no field is called 'phone'; known are account, "),
        ({"params.": "1"}, "match.params.", "no field is called"),
        ({"mobile": None}, "match.mobile", "must be a value or one of prefix, suffix, regex, in, "),
        ({"mobile": True}, "match.mobile", "must be a value or one of"),
        ({"mobile": {}}, "match.mobile", "must be a value or one of"),
        ({"mobile": {"prefix": "1", "suffix": "2"}}, "match.mobile", "must be a value or one of"),
        ({"mobile": {"begins": "1"}}, "match.mobile", "must be a value or one of"),
        ({"mobile": {"prefix": None}}, "match.mobile.prefix", "must be a text"),
        ({"mobile": {"suffix": [1]}}, "match.mobile.suffix", "must be a text"),
        ({"mobile": {"regex": "("}}, "match.mobile.regex", "not a regular expression: "),
        ({"mobile": {"regex": True}}, "match.mobile.regex", "must be a text"),
        ({"mobile": {"in": []}}, "match.mobile.in", "must be a list of values"),
        ({"mobile": {"in": "1"}}, "match.mobile.in", "must be a list of values"),
        ({"mobile": {"in": [{}]}}, "match.mobile.in", "must be a text"),
        ({"mobile": {"type": "text"}}, "match.mobile.type", "must be one of string, number"),
        ({"mobile": {"not": {"not": {"regex": "["}}}}, "match.mobile.not.not.regex", "not a reg"),
        ({"any": []}, "match.any", "must be a list of match objects"),
        ({"all": {}}, "match.all", "must be a list of match objects"),
        ({"any": [{}, {"x": 1}]}, "match.any[1].x", "no field is called 'x'"),
        ({"not": []}, "match.not", "must be an object of fields"),
    ],
)
def test_a_match_that_cannot_be_names_its_field(match: object, field: str, says: str) -> None:
    with pytest.raises(BadRule) as caught:
        parse_match(match)
    assert caught.value.field == field
    assert caught.value.message.startswith(says)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*NAMES, "any", "all", "not", "regex", "in", "type", "prefix"])
            | st.text(max_size=5),
            inner,
            max_size=3,
        )
    ),
    max_leaves=10,
)


@given(JSON, CALLS)
def test_any_json_is_a_match_or_a_bad_rule(match: object, subject: Call) -> None:
    matcher = attempt(parse_match, match)
    if isinstance(matcher, BadRule):
        assert matcher.field.startswith("match")
        assert matcher.message
    else:
        assert matcher.misses(subject) == matcher.misses(subject)
