"""Receipts: when a message becomes final, who is told, and how often."""

import asyncio
from typing import Any

import pytest

from fakeproviders.outcome import outcome_word
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.receipts import ATTEMPTS, LONGEST_PAUSE, pause
from fakeproviders.session import Session
from fakeproviders.sessions import BadSettings
from fakeproviders.trace import explain
from tests.asyncs import asynchronous, let_others_run
from tests.core import MOBILE, NOON, SEND, post
from tests.desk import URL, Desk, is_proved

OTHER = "13900000002"


async def end_of(session: Session, desk: Desk, end: str) -> None:
    if end == "reset":
        await desk.sessions.reset(session)
    else:
        desk.sessions._by_id["other"] = session  # default itself cannot be deleted
        await desk.sessions.delete("other")


@asynchronous
async def test_a_message_becomes_final_by_itself_and_no_timer_is_needed() -> None:
    desk = Desk()
    session = await desk.open_frozen(callback_url=None)
    message_id = await desk.send()
    await session.clock.advance(2.999)
    assert (await desk.message(message_id)).status == "submitted"
    await session.clock.advance(0.001)
    final = await desk.message(message_id)
    assert (final.status, final.error, final.done_at) == ("delivered", "", NOON + 3)
    assert not session.clock._due
    assert desk.got == []


@asynchronous
async def test_the_setting_in_force_at_the_send_counts() -> None:
    desk = Desk()
    session = await desk.open_frozen(
        receipts={"after_seconds": 60, "status": "undelivered", "error": "MK:0001"}
    )
    first = await desk.send()
    await desk.sessions.patch(session, "official", {"receipts": {"after_seconds": None}})
    second = await desk.send()
    await session.clock.advance(3600)
    final = await desk.message(first)
    assert (final.status, final.error, final.done_at) == ("undelivered", "MK:0001", NOON + 60)
    assert (await desk.message(second)).status == "submitted"
    assert desk.said("message_id") == [first]


@asynchronous
async def test_the_account_is_told() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    message_id = await desk.send(out_id="order-7")
    await session.clock.advance(10)
    ((after, fields),) = desk.got
    assert after == 3
    assert {**fields, "sign": ""} == {
        "message_id": message_id,
        "mobile": MOBILE,
        "status": "delivered",
        "error": "",
        "time": "2024-05-06 12:00:03",
        "out_id": "order-7",
        "sign": "",
    }
    assert is_proved(fields)
    ((url, request),) = desk.requests
    assert (url, request.method, request.path, request.query) == (
        URL,
        "POST",
        "/receipts",
        "from=sms",
    )


@asynchronous
async def test_without_an_out_id_there_is_none() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    await desk.send()
    await session.clock.advance(3)
    assert "out_id" not in desk.got[0].fields


@asynchronous
async def test_again_until_2xx_with_doubled_pauses() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    desk.answers = [500, "connection refused", 302, 404, 204]
    await desk.send()
    await session.clock.advance(3600)
    assert desk.moments == [3, 4, 6, 10, 18]
    assert len({got.fields["sign"] for got in desk.got}) == 1
    postings = [entry.posting for entry in desk.attempts()]
    assert [(p.attempt, p.accepted, p.error, p.next_at and p.next_at - NOON) for p in postings if p] == [
        (1, False, "", 4),
        (2, False, "connection refused", 6),
        (3, False, "", 10),
        (4, False, "", 18),
        (5, True, "", None),
    ]  # fmt: skip


@asynchronous
async def test_given_up_after_so_many_attempts() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    desk.answers = [500] * 100
    message_id = await desk.send()
    await session.clock.advance(86400)
    assert len(desk.got) == ATTEMPTS
    assert desk.moments[-1] == 3 + 2**9 - 1
    assert not session.clock._due
    last = desk.attempts()[-1]
    assert explain(last)[-1].en == "attempt 10 was answered 500, not 2xx; given up"
    assert (await desk.message(message_id)).status == "delivered"


def test_pauses() -> None:
    assert [pause(n) for n in (1, 2, 3, 9, 12, 13, 50)] == [
        1, 2, 4, 256, 2048, LONGEST_PAUSE, LONGEST_PAUSE,
    ]  # fmt: skip


@asynchronous
async def test_every_attempt_is_in_the_journal() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    desk.answers = ["connection refused", 503]
    await desk.send()
    await session.clock.advance(60)
    refused, broken, good = desk.attempts()
    assert [outcome_word(e) for e in (refused, broken, good)] == ["refused", "refused", "accepted"]
    for entry in (refused, broken, good):
        assert (entry.role, entry.call.operation, entry.call.mobile) == (
            "official",
            "receipt",
            MOBILE,
        )
        assert entry.request.body == desk.requests[0][1].body
    assert refused.reply is None
    assert broken.reply is not None
    assert (broken.reply.status, broken.reply.body) == (503, b"answered")
    assert [explain(e)[-1].passed for e in (refused, broken, good)] == [False, False, True]
    assert "connection refused" in explain(refused)[-1].zh
    assert "2024-05-06T12:00:04" in explain(refused)[-1].en
    incoming = [e for _, e in session.journal.since(0) if e.direction == "in"]
    assert [e.call.operation for e in incoming] == ["token", "send"]


@asynchronous
async def test_driving_by_hand_calls_back_at_once() -> None:
    desk = Desk()
    session = await desk.open_frozen(receipts={"after_seconds": None})
    message_id = await desk.send()
    await session.clock.advance(100)
    assert desk.got == []
    await desk.drive(message_id, "undelivered", "UNKNOWN")
    assert desk.moments == [100]
    assert (desk.said("status"), desk.said("error")) == (["undelivered"], ["UNKNOWN"])
    await desk.drive(message_id, "submitted")
    assert len(desk.got) == 1
    await desk.drive(message_id, "delivered")
    assert desk.said("status") == ["undelivered", "delivered"]


@asynchronous
async def test_what_is_driven_by_hand_does_not_become_final_by_itself() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    driven, held = await desk.send(), await desk.send()
    await desk.drive(driven, "undelivered")
    await desk.drive(held, "submitted")
    await session.clock.advance(60)
    assert (await desk.message(driven)).status == "undelivered"
    assert (await desk.message(held)).status == "submitted"
    assert desk.said("status") == ["undelivered"]


@asynchronous
async def test_batches_and_the_hop_above_are_told_too() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    token = await desk.token()
    batch = {**SEND, "access_token": token, "mobiles": [MOBILE, "12", OTHER]}
    del batch["mobile"]
    await desk.answer(OFFICIAL, post("/api/sms/batch", batch))
    await desk.sessions.patch(session, "reseller", {"callback_url": URL})
    assert (await desk.reseller_send())["code"] == 0
    await session.clock.advance(3)
    assert desk.said("mobile") == [MOBILE, OTHER, MOBILE]
    assert [e.role for e in desk.attempts()] == ["official", "official", "reseller"]
    assert is_proved(desk.got[-1].fields, "demo-api-key")


@asynchronous
async def test_an_address_taken_away_ends_it() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    desk.answers = [500]
    first = await desk.send()
    await session.clock.advance(3)
    second = await desk.send()
    await desk.sessions.patch(session, "official", {"callback_url": None})
    await session.clock.advance(60)
    assert len(desk.got) == 1
    assert {(await desk.message(m)).status for m in (first, second)} == {"delivered"}


@pytest.mark.parametrize("end", ["reset", "delete"])
@asynchronous
async def test_what_is_due_ends_with_the_session(end: str) -> None:
    desk = Desk()
    session = await desk.open_frozen()
    desk.answers = [500] * 10
    await desk.send()
    await session.clock.advance(4)
    await desk.send()
    await end_of(session, desk, end)
    await session.clock.advance(3600)
    assert desk.moments == [3, 4]
    assert not session.clock._due


@asynchronous
async def test_nothing_is_due_on_a_closed_clock() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    await session.clock.close()
    await desk.send()
    session.clock.call_at(0, _fail)
    await session.clock.advance(100)
    assert desk.got == []


@pytest.mark.parametrize("end", ["reset", "delete"])
@asynchronous
async def test_an_attempt_under_way_when_the_session_ends_has_no_sequel(end: str) -> None:
    desk = Desk()
    await desk.open_frozen()
    asked, answer = asyncio.Event(), asyncio.Event()
    reply = desk.post

    async def slow(url: str, request: Any) -> Any:
        asked.set()
        await answer.wait()
        return await reply(url, request)

    desk.dispatcher._post = slow
    desk.answers = [500] * 10
    await desk.send()
    session = desk.session
    advancing = asyncio.create_task(session.clock.advance(600))
    await asked.wait()
    ending = asyncio.create_task(end_of(session, desk, end))
    await let_others_run()
    answer.set()
    await asyncio.gather(ending, advancing)
    await session.clock.advance(600)
    assert len(desk.got) == 1
    assert desk.attempts() == []


@asynchronous
async def test_a_flowing_clock_tells_by_itself() -> None:
    desk = Desk()
    session = desk.session = await desk.open()
    desk.real.now = NOON
    settings = {"callback_url": URL, "receipts": {"after_seconds": 0}}
    await desk.sessions.patch(session, "official", settings)
    await desk.send()
    await let_others_run()
    assert desk.moments == [0]
    await session.clock.close()


@pytest.mark.parametrize(
    ("patch", "field"),
    [
        ({"callback_url": "http://192.0.2.1/"}, "callback_url"),
        ({"callback_url": "ftp://127.0.0.1/"}, "callback_url"),
        ({"callback_url": ""}, "callback_url"),
        ({"receipts": {"after_seconds": -1}}, "receipts.after_seconds"),
        ({"receipts": {"status": "lost"}}, "receipts.status"),
        ({"receipts": {"when": 1}}, "receipts.when"),
    ],
)
@asynchronous
async def test_settings_that_cannot_be(patch: dict[str, Any], field: str) -> None:
    desk = Desk()
    session = await desk.open_frozen()
    with pytest.raises(BadSettings) as refused:
        await desk.sessions.patch(session, "official", {"price_per_segment": 9, **patch})
    assert refused.value.field == field
    settings = session.accounts["official"].settings
    assert (settings.price_per_segment, settings.callback_url) == (1, URL)
    with pytest.raises(BadSettings) as refused:
        await desk.sessions.create(providers={"erban": patch})
    assert refused.value.field == f"providers.erban.{field}"


async def _fail() -> None:
    raise AssertionError
