"""Receipts gone wrong: what the fault ``receipt`` does, and which rules can have it."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.clock import ClockState
from fakeproviders.faults.chaos import Chaos
from fakeproviders.faults.registry import BadRule
from fakeproviders.faults.rule import FaultSpec, Rule
from fakeproviders.letters import receipts
from fakeproviders.model import Message
from fakeproviders.outcome import outcomes
from fakeproviders.trace import explain
from tests.asyncs import asynchronous
from tests.core import MOBILE, NOON
from tests.desk import URL, Desk, is_proved

OTHER = "13900000002"


@asynchronous
async def test_never() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    desk.fault({"never": True}, times=1)
    lost, _ = await desk.send(), await desk.send(mobile=OTHER)
    await session.clock.advance(3600)
    assert desk.said("mobile") == [OTHER]
    assert (await desk.message(lost)).status == "delivered"
    unsent = desk.attempts()[0]
    assert outcomes(unsent) == ("fault",)
    assert [step.en for step in explain(unsent)] == [
        "fault rule f1, match 1: receipt (never)",
        "it is not sent",
    ]


@asynchronous
async def test_late() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    desk.fault({"late_seconds": 7200})
    message_id = await desk.send()
    await session.clock.advance(3)
    assert (await desk.message(message_id)).status == "delivered"
    assert desk.got == []
    await session.clock.advance(7200)
    assert desk.moments == [7203]
    assert desk.said("time") == ["2024-05-06 12:00:03"]


@asynchronous
async def test_copies_are_told_apart_and_each_is_retried() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    desk.fault({"copies": 3})
    desk.answers = [200, 500, 200]
    await desk.send()
    await session.clock.advance(60)
    assert desk.moments == [3, 3, 3, 4]
    assert len({tuple(got.fields.items()) for got in desk.got}) == 1


@pytest.mark.parametrize(
    ("status", "error", "told"),
    [
        ("delivered", "", [("delivered", ""), ("undelivered", "UNDELIV")]),
        ("undelivered", "MK:0001", [("undelivered", "MK:0001"), ("delivered", "")]),
    ],
)
@asynchronous
async def test_contradict(status: str, error: str, told: list[tuple[str, str]]) -> None:
    desk = Desk()
    session = await desk.open_frozen(receipts={"status": status, "error": error})
    desk.fault({"contradict": True})
    message_id = await desk.send()
    await session.clock.advance(3)
    assert list(zip(desk.said("status"), desk.said("error"), strict=True)) == told
    assert all(is_proved(got.fields) for got in desk.got)
    assert (await desk.message(message_id)).status == status


@asynchronous
async def test_out_of_order_the_next_one_comes_first() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    desk.fault({"out_of_order": True}, times=1)
    first = await desk.send()
    await session.clock.advance(10)
    second = await desk.send(mobile=OTHER)
    await session.clock.advance(10)
    assert desk.said("message_id") == [second, first]
    assert desk.moments == [13, 13]
    assert desk.said("time") == ["2024-05-06 12:00:13", "2024-05-06 12:00:03"]


@asynchronous
async def test_out_of_order_always_swaps_pairs() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    desk.fault({"out_of_order": True})
    sent = []
    for _ in range(4):
        sent.append(await desk.send())
        await session.clock.advance(1)
    await session.clock.advance(10)
    assert desk.said("message_id") == [sent[1], sent[0], sent[3], sent[2]]


@asynchronous
async def test_out_of_order_without_another_one_waits_a_minute() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    desk.fault({"out_of_order": True})
    await desk.send()
    await session.clock.advance(62)
    assert desk.got == []
    await session.clock.advance(1)
    assert desk.moments == [63]


@asynchronous
async def test_what_never_goes_lets_nothing_go() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    desk.fault({"out_of_order": True}, match={"mobile": MOBILE})
    desk.fault({"never": True}, match={"mobile": OTHER})
    await desk.send()
    await desk.send(mobile=OTHER)
    await session.clock.advance(62)
    assert desk.got == []


@asynchronous
async def test_what_was_held_before_a_reset_is_gone() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    desk.fault({"out_of_order": True})
    await desk.send()
    await session.clock.advance(3)
    await desk.sessions.reset(session)
    await session.clock.set(ClockState(mode="frozen", at="2024-05-06T12:00:00+08:00"))
    await desk.sessions.patch(session, "official", {"callback_url": URL})
    await desk.send(mobile=OTHER)
    await session.clock.advance(100)
    assert desk.said("mobile") == [OTHER]


@asynchronous
async def test_wrong_proof_is_wrong_again_in_every_retry() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    desk.fault({"wrong_proof": True}, times=1)
    desk.answers = [403]
    await desk.send()
    await desk.send()
    await session.clock.advance(60)
    assert [is_proved(got.fields) for got in desk.got] == [False, True, False]
    assert all(len(sign) == 32 for sign in desk.said("sign"))


@asynchronous
async def test_a_rule_counts_receipts_not_attempts() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    desk.fault({"copies": 2}, after=1, times=1)
    desk.answers = [500, 500]
    for _ in range(3):
        await desk.send()
    await session.clock.advance(60)
    (rule,) = session.faults.rules
    assert (rule.matched, rule.fired) == (2, 1)
    by_message = [desk.said("message_id").count(m) for m in dict.fromkeys(desk.said("message_id"))]
    assert sorted(by_message) == [1, 2, 3] or sorted(by_message) == [2, 2, 2]


@asynchronous
async def test_receipts_are_met_by_no_other_rule() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    for operation in (None, "*"):
        session.faults.add(FaultSpec(provider="*", operation=operation, do="rate_limited", after=2))
    await desk.send()
    await session.clock.advance(3)
    assert len(desk.got) == 1
    assert [rule.matched for rule in session.faults.rules] == [2, 2]


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"operation": "send", "do": {"receipt": {"never": True}}}, "operation"),
        ({"operation": "*", "do": {"receipt": {"never": True}}}, "operation"),
        ({"operation": "receipt", "do": "rate_limited"}, "do"),
        ({"operation": "receipt", "do": {"delay": {"ms": 5}}}, "do"),
        ({"operation": "receipt", "script": "ok, fail"}, "do"),
        ({"do": "receipt"}, "do.receipt"),
        ({"do": {"receipt": {"copies": 1}}}, "do.receipt"),
        ({"do": {"receipt": {"copies": 0}}}, "do.receipt"),
        ({"do": {"receipt": {"never": True, "copies": 2}}}, "do.receipt"),
        ({"do": {"receipt": {"late_seconds": -1}}}, "do.receipt"),
        ({"do": {"receipt": {"early": True}}}, "do.receipt"),
        ({"do": [{"receipt": {"copies": 2}}, "rate_limited"]}, "do"),
    ],
)
def test_rules_that_cannot_be(rule: dict[str, Any], field: str) -> None:
    with pytest.raises(BadRule) as refused:
        Rule("f1", FaultSpec(provider="official", **rule), NOON)
    assert refused.value.field == field
    assert refused.value.message


def test_without_an_operation_it_is_about_receipts() -> None:
    rule = Rule("f1", FaultSpec(provider="*", do={"receipt": {"copies": 2}}), NOON)
    assert rule.operation == "receipt"
    assert rule.steps[0].label == "receipt (copies 2)"


@given(
    chaos=st.builds(
        Chaos,
        late_seconds=st.sampled_from([0.0, 5.0]),
        copies=st.integers(1, 5),
        contradict=st.booleans(),
        out_of_order=st.booleans(),
        wrong_proof=st.booleans(),
    ),
    status=st.sampled_from(["delivered", "undelivered"]),
)
def test_all_but_a_contradiction_tell_the_status(chaos: Chaos, status: str) -> None:
    message = Message("1", "official", MOBILE, "text", NOON, status=status)
    told = receipts(message, NOON, chaos)
    assert [r.status for r in told[: chaos.copies]] == [status] * chaos.copies
    assert len(told) == chaos.copies + chaos.contradict
    assert chaos.contradict == any(r.status != status for r in told)


CHAOS = st.one_of(
    st.just({"never": True}),
    st.fixed_dictionaries(
        {"copies": st.integers(2, 3)},
        optional={
            "late_seconds": st.sampled_from([1, 30, 4000]),
            "contradict": st.just(True),
            "out_of_order": st.just(True),
            "wrong_proof": st.just(True),
        },
    ),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.sampled_from(["delivered", "undelivered"])),
        st.tuples(st.just("advance"), st.sampled_from([0, 1, 2.5, 3, 61, 5000])),
        st.tuples(st.just("drive"), st.sampled_from(["submitted", "delivered", "undelivered"])),
    ),
    max_size=12,
)


@given(
    rules=st.lists(st.tuples(CHAOS, st.sampled_from([0.3, 1.0])), max_size=3),
    steps=STEPS,
    answers=st.lists(st.sampled_from([200, 500, "connection refused"]), max_size=20),
)
@asynchronous
async def test_however_chaotic_the_inbox_says_what_is_true(
    rules: list[tuple[dict[str, Any], float]],
    steps: list[tuple[str, Any]],
    answers: list[int | str],
) -> None:
    desk = Desk()
    session = await desk.open_frozen()
    for do, probability in rules:
        desk.fault(do, probability=probability)
    desk.answers = answers
    due: dict[str, tuple[float, str]] = {}
    driven: dict[str, tuple[str, float | None]] = {}
    for step, value in steps:
        if step == "send":
            await desk.sessions.patch(session, "official", {"receipts": {"status": value}})
            due[await desk.send()] = (session.clock.now() + 3, value)
        elif step == "advance":
            await session.clock.advance(value)
        elif due:
            message_id = next(reversed(due))
            await desk.drive(message_id, value)
            driven[message_id] = (value, None if value == "submitted" else session.clock.now())
        now = session.clock.now()
        for message_id, (moment, fate) in due.items():
            by_itself = (fate, moment) if now >= moment else ("submitted", None)
            message = await desk.message(message_id)
            assert (message.status, message.done_at) == driven.get(message_id, by_itself)
    await session.clock.advance(1_000_000)
    assert not session.clock._due
    honest = [e for e in desk.attempts() if not e.draw.fault.chaos.wrong_proof]
    assert all(is_proved(_fields(e.request.body)) for e in honest)


def _fields(body: bytes) -> dict[str, str]:
    fields: dict[str, str] = msgspec.json.decode(body)
    return fields
