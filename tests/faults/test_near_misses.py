"""The trace of a request says of each rule in force why it did not act, in both languages."""

import re
from typing import Any

import pytest

from fakeproviders.journal import Entry
from fakeproviders.model import Call, RawRequest
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.trace import Step, explain
from tests.e2e import clients
from tests.e2e.world import World
from tests.faults.doubles import NOON, Session, call


def traced(session: Session, subject: Call) -> list[Step]:
    """The steps about faults of a call that meets the session's rules now."""
    draw = session.drawn(subject)
    entry = Entry(
        at=session.now, real_at=NOON, role=subject.provider, provider=OFFICIAL,
        request=RawRequest("POST", "/", "", {}), call=subject, draw=draw, outcome=None,
        reply=None, rules=session.engine.rules,
    )  # fmt: skip
    return explain(entry)


def words(session: Session, subject: Call) -> list[tuple[bool, str, str]]:
    return [(step.passed, step.zh, step.en) for step in traced(session, subject)]


@pytest.mark.parametrize(
    ("match", "zh", "en"),
    [
        ({"mobile": "139"}, "mobile = '138'，要求等于 139", "mobile = '138', expected = 139"),
        (
            {"mobile": {"prefix": "139"}},
            "mobile = '138'，要求以 139 开头",
            "mobile = '138', expected prefix 139",
        ),
        (
            {"template_id": {"in": ["1", "2"]}},
            "template_id = '1001'，要求属于（1, 2）",
            "template_id = '1001', expected in (1, 2)",
        ),
        (
            {"content": {"regex": "码$"}},
            "content = '验证码1'，要求符合正则 码$",
            "content = '验证码1', expected regex 码$",
        ),
        (
            {"params.code": {"type": "number"}},
            "params.code = '12'，要求类型是 number",
            "params.code = '12', expected of type number",
        ),
        ({"account": {"not": "a"}}, "要求非（account 等于 a）", "expected not (account = a)"),
        ({"sign_key": "k"}, "没有 sign_key，要求等于 k", "no sign_key, expected = k"),
        (
            {"mobile": "1", "template_id": "2"},
            "mobile = '138'，要求等于 1；template_id = '1001'，要求等于 2",
            "mobile = '138', expected = 1; template_id = '1001', expected = 2",
        ),
        (
            {"any": [{"mobile": "1", "account": "b"}, {"account": "c"}]},
            "account = 'a'，要求等于 c",
            "account = 'a', expected = c",
        ),
    ],
)
def test_the_differing_fields_are_named(match: dict[str, Any], zh: str, en: str) -> None:
    session = Session()
    session.add(do="maintenance", match=match)
    subject = call(
        mobile="138", template_id="1001", content="验证码1", account="a", params={"code": "12"}
    )
    assert words(session, subject) == [
        (True, f"故障规则 f1 未匹配：{zh}", f"fault rule f1 did not match: {en}")
    ]


def test_a_rule_out_of_its_time_says_what_time_it_is() -> None:
    session = Session()
    session.add(do="maintenance", since="+1h")
    time = "time = '2024-05-06T12:00:00.000+08:00'"
    ((passed, zh, en),) = words(session, call())
    assert passed
    assert zh == f"故障规则 f1 未匹配：{time}，要求在 since、until、cycle 之内"
    assert en == f"fault rule f1 did not match: {time}, expected within since, until and cycle"


@pytest.mark.parametrize(
    "other",
    [{"provider": "erban"}, {"operation": "token"}, {"provider": "erban", "operation": "token"}],
)
def test_rules_for_others_are_no_near_misses(other: dict[str, str]) -> None:
    session = Session()
    session.add(do="maintenance", match={"mobile": "x"}, **other)
    assert words(session, call()) == []


def test_a_rule_whose_turn_it_was_not() -> None:
    session = Session()
    session.add(do="maintenance", after=5)
    ((passed, zh, en),) = words(session, call())
    assert passed
    assert zh.startswith("故障规则 f1 匹配但未触发")
    assert en.startswith("fault rule f1 matched and did not act")


def test_the_rule_that_acted_comes_last_with_its_match_and_what_it_did() -> None:
    session = Session()
    session.add(do="maintenance", match={"mobile": "x"})
    session.add(script="ok, reply_lost")
    assert [step.passed for step in traced(session, call())] == [True, True]
    steps = traced(session, call())
    assert [step.passed for step in steps] == [True, False]
    assert steps[1].zh == "故障规则 f2 第 2 次匹配：reply_lost"
    assert steps[1].en == "fault rule f2, match 2: reply_lost"


def test_a_near_miss_is_explained_after_its_rule_is_gone() -> None:
    session = Session()
    session.add(do="maintenance", match={"mobile": "x"})
    rules = session.engine.rules
    subject = call()
    entry = Entry(
        at=NOON, real_at=NOON, role="official", provider=OFFICIAL, outcome=None, reply=None,
        request=RawRequest("POST", "/", "", {}), call=subject, rules=rules,
        draw=session.drawn(subject),
    )  # fmt: skip
    session.engine.clear()
    assert [step.rule for step in explain(entry)] == ["fault"]


@pytest.mark.parametrize("provider", ["official", "reseller", "erban"])
@pytest.mark.fakeproviders(allow_unfired=True)
def test_over_the_control_api(world: World, provider: str) -> None:
    rule = world.fault(
        provider, "maintenance", operation="send", match={"mobile": {"prefix": "139"}}
    )
    clients.send_well(world, provider)
    line = world.requests(provider=provider, operation="send")[-1]
    assert line["outcome"] == "accepted"
    assert line["fault"] is None
    (step, *rest) = world.request(line["id"])["trace"]
    assert step == {
        "rule": "fault",
        "passed": True,
        "zh": f"故障规则 {rule} 未匹配：mobile = '{clients.MOBILE}'，要求以 139 开头",
        "en": f"fault rule {rule} did not match: mobile = '{clients.MOBILE}', expected prefix 139",
    }
    assert all(step["passed"] for step in rest)


def test_a_number_drawn_in_vain_is_told() -> None:
    session = Session()
    session.add(do="maintenance", probability=0.0)
    (step,) = traced(session, call())
    assert step.passed
    assert re.fullmatch(r"fault rule f1, match 1: lets it pass \(0\.\d{4}\)", step.en)
    assert re.fullmatch(r"故障规则 f1 第 1 次匹配：放行 \(0\.\d{4}\)", step.zh)
