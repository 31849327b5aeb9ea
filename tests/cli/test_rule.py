"""The short form of a rule is the rule object that one would have written."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.cli.errors import CliError
from fakeproviders.cli.rule import PROVIDERS, match, parse, pattern, value
from fakeproviders.cli.spell import DEFAULTS, conditions, does, spelt
from fakeproviders.faults.rule import FaultSpec

NAMES = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)


@pytest.mark.parametrize(
    ("line", "do"),
    [
        ("official signature_mismatch", "signature_mismatch"),
        ("erban delay ms=800 jitter_ms=200", {"delay": {"ms": 800, "jitter_ms": 200}}),
        ("erban delay ms=300 rate_limited", [{"delay": {"ms": 300}}, "rate_limited"]),
        ("erban status server=iis status=502", {"status": {"server": "iis", "status": 502}}),
        ("erban reply body=a=b", {"reply": {"body": "a=b"}}),
        ('erban reply body="1"', {"reply": {"body": "1"}}),
    ],
)
def test_what_happens(line: str, do: object) -> None:
    provider, *words = line.split()
    assert parse([provider, *words], {}, "en") == [{"provider": provider, "do": do}]


def test_a_script_stands_for_what_happens() -> None:
    rule = {"provider": "reseller", "script": "rate_limited x2, ok, reply_lost"}
    assert parse(["reseller"], {"script": rule["script"]}, "en") == [rule]


def test_options_become_fields() -> None:
    settings = {"operation": "send", "times": 2, "probability": 0.3}
    [rule] = parse(["any", "hang"], settings, "en")
    assert rule == {"provider": "*", "do": "hang", **settings}


def test_json_rules_are_taken_as_they_stand() -> None:
    rules = [{"provider": "official", "do": {"reply": {"status": 200}}}, {"script": "ok"}]
    assert parse([json.dumps(rule) for rule in rules], {}, "zh") == rules


@given(
    st.sampled_from(PROVIDERS),
    st.lists(st.tuples(NAMES, st.dictionaries(NAMES, SCALARS)), min_size=1),
)
def test_whatever_is_spelt_is_read_back(
    provider: str, parts: list[tuple[str, dict[str, Any]]]
) -> None:
    words = [provider]
    for name, settings in parts:
        words += [name, *(f"{key}={json.dumps(one)}" for key, one in settings.items())]
    [rule] = parse(words, {}, "en")
    do = rule["do"] if isinstance(rule["do"], list) else [rule["do"]]
    assert do == [{name: settings} if settings else name for name, settings in parts]


@given(st.lists(TEXTS, min_size=1, max_size=6), st.sampled_from(["zh", "en"]))
def test_any_words_give_a_rule_or_a_clear_error(words: list[str], lang: Any) -> None:
    with contextlib.suppress(CliError):
        assert json.dumps(parse(words, {}, lang))


@given(TEXTS)
def test_a_setting_is_json_or_its_own_text(text: str) -> None:
    assert value(json.dumps(text)) == text
    assert json.loads(json.dumps(value(text), allow_nan=False)) == value(text)


@given(st.text("0123456789ab一", min_size=1, max_size=12))
def test_match_values(text: str) -> None:
    assert pattern(f"{text}*", "en") == {"prefix": text}
    assert pattern(f"*{text}", "en") == {"suffix": text}
    assert pattern(f"/{text}/", "en") == {"regex": text}
    assert pattern(text, "en") == text


@pytest.mark.parametrize(("text", "found"), [("*", {"prefix": ""}), ("//", "//"), ("a*b", "a*b")])
def test_odd_match_values(text: str, found: object) -> None:
    assert pattern(text, "en") == found


@pytest.mark.parametrize(
    ("mobile", "found"),
    [
        ("138", {"prefix": "138"}),
        ("13800138000", "13800138000"),
        ("*00", {"suffix": "00"}),
        ("/^13[89]/", {"regex": "^13[89]"}),
    ],
)
def test_mobiles(mobile: str, found: object) -> None:
    assert match([], mobile, "en") == {"mobile": found}


def test_fields_are_joined_and_a_field_given_twice_must_fit_twice() -> None:
    assert match(["content=/码/"], "138", "en") == {
        "content": {"regex": "码"},
        "mobile": {"prefix": "138"},
    }
    assert match(["mobile=138*", "mobile=*00"], None, "en") == {
        "all": [{"mobile": {"prefix": "138"}}, {"mobile": {"suffix": "00"}}]
    }


@pytest.mark.parametrize(
    ("do", "text"),
    [
        ("reset", "reset"),
        ({"delay": {"ms": 5, "jitter_ms": 1}}, "delay ms=5 jitter_ms=1"),
        ([{"delay": {"ms": 5}}, "hang"], "delay ms=5 + hang"),
        ({"reset": None}, "reset"),
        ({"receipt": {"never": True}}, "receipt never=true"),
        ({"truncate": {"keep": 0.5, "bytes": None}}, "truncate keep=0.5 bytes=null"),
        (
            {"reply": {"status": 502, "headers": {"X-A": "1", "X-B": "二"}, "body": "无"}},
            "reply status=502 headers=(X-A: 1; X-B: 二) body=无",
        ),
    ],
)
def test_rules_are_spelt_as_they_are_written(do: object, text: str) -> None:
    assert spelt(do) == text
    assert does({"do": do}) == text


def test_conditions_leave_the_defaults_out() -> None:
    rule = {"operation": "send", "after": 0, "every": 1, "times": 2, "probability": None}
    tests = {"mobile": {"prefix": "138"}, "ip": "::1", "content": {"not": "a"}}
    assert conditions(rule | {"match": tests}, "en") == (
        "send, mobile=138*, ip=::1, not (content=a), times=2"
    )


@pytest.mark.parametrize(
    ("part", "en", "zh"),
    [
        ({"per": "mobile"}, "per=mobile", "per=mobile"),
        ({"since": "+10m", "until": "+15m"}, "since=+10m, until=+15m", "since=+10m, until=+15m"),
        (
            {"cycle": {"on_seconds": 60.0, "off_seconds": 0.5}},
            "cycle=60 s on / 0.5 s off",
            "cycle=生效 60 秒、停 0.5 秒",
        ),
        ({"probability": 0.3}, "probability=0.3", "probability=0.3"),
        (
            {"probability": {"start": 0.25, "end": 1.0, "over_seconds": 600.0}},
            "probability=0.25 to 1 over 600 s",
            "probability=0.25 到 1（历时 600 秒）",
        ),
        (
            {"probability": {"over_seconds": 60}},
            "probability=0 to 1 over 60 s",
            "probability=0 到 1（历时 60 秒）",
        ),
        ({"probability": {"steps": 3}}, "probability=(steps: 3)", "probability=(steps: 3)"),
        ({"match": {"mobile": {"in": ["1", 2]}}}, "mobile in (1, 2)", "mobile 属于（1, 2）"),
        (
            {"match": {"out_id": {"type": "null"}}},
            "out_id of type null",
            "out_id 类型是 null",
        ),
        (
            {"match": {"mobile": {"not": {"prefix": "17"}}}},
            "not (mobile=17*)",
            "非（mobile=17*）",
        ),
        (
            {
                "match": {
                    "any": [{"mobile": {"suffix": "0"}}, {"content": {"regex": "a"}, "ip": "b"}]
                }
            },
            "any (mobile=*0; content=/a/, ip=b)",
            "任一（mobile=*0；content=/a/, ip=b）",
        ),
        (
            {"match": {"all": [{"not": {"ip": "{}"}}], "name": "x"}},
            "all (not (ip={})), name=x",
            "全部（非（ip={}））, name=x",
        ),
    ],
)
def test_every_condition_is_put_into_words(part: dict[str, Any], en: str, zh: str) -> None:
    assert (conditions(part, "en"), conditions(part, "zh")) == (en, zh)


def test_no_part_of_a_rule_is_forgotten() -> None:
    shown = {"provider", "operation", "match", "do", "script", *DEFAULTS}
    assert shown == set(FaultSpec.__struct_fields__)
