"""What an account with a password can ask for: timed sends, batches of lines, random texts, replies."""

from random import Random
from typing import Any

import pytest

from fakeproviders.domain.attempt import Attempt
from fakeproviders.failures import Reason
from fakeproviders.model import (
    BATCH,
    CHANNELS,
    KEYWORDS,
    REPLIES,
    REPLY_READ,
    SEND,
    TOKEN,
    Call,
    Line,
    Refused,
    Sent,
)
from fakeproviders.owned import owner_of
from fakeproviders.providers.erban import ERBAN
from fakeproviders.settings import Quotas, Signature
from fakeproviders.stores.base import MessageFilter
from fakeproviders.stores.memory import MemorySession
from tests.asyncs import asynchronous
from tests.core import NOON
from tests.domain.attempts import AnySecret, account, attempt, call, refused, result

FIRST, SECOND = "13800000001", "13800000002"
SIGNED = "【演示签名】"
BARE = {"account": "", "credential": AnySecret(right=False)}
"""What a request has that names no account and shows nothing."""


def erban(operation: str = SEND, **changed: Any) -> Call:
    fields: dict[str, Any] = {
        "provider": "erban", "account": "80000001", "token": None, "timestamp": None, "sign_key": None,
        "template_id": None, "params": None, "channel": "8000000101", "content": f"{SIGNED}您好",
    }  # fmt: skip
    return call(operation, **fields | changed)


class Desk:
    """The demo account and its store."""

    def __init__(self, **settings: Any) -> None:
        self.account = account(ERBAN, **settings)
        self.store = MemorySession("default")
        self.random = Random(1)

    async def get(self, wanted: Call, now: float = NOON) -> Any:
        return await result(self.tried(wanted, now))

    async def refusal(self, wanted: Call, now: float = NOON) -> Refused:
        return await refused(self.tried(wanted, now))

    def tried(self, wanted: Call, now: float) -> Attempt:
        tried = attempt(wanted, self.account, store=self.store, now=now)
        tried.random = self.random
        return tried

    async def inbox(self) -> list[tuple[str, str]]:
        found = await self.store.latest_messages(MessageFilter(), 100)
        return [(m.mobile, m.content) for m in reversed(found)]


# --- timed sends ----------------------------------------------------------------------------------


@asynchronous
async def test_a_timed_send_is_charged_at_once_and_goes_out_in_its_time() -> None:
    desk = Desk(price_per_segment=3)
    await desk.store.set_balance("erban", 10)
    sent = await desk.get(erban(send_at="2024-05-06 12:30:00"))
    assert isinstance(sent, Sent)
    assert sent.send_at == NOON + 1800
    assert await desk.store.balance("erban") == 7
    message = await desk.store.message(sent.message_ids[0])
    assert message is not None
    stages = {0: "scheduled", 1799: "scheduled", 1800: "submitted", 1803: "delivered"}
    assert {after: message.as_of(NOON + after).status for after in stages} == stages


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        ("2024-05-06 11:59:59", "past"),
        ("2024-05-06 12:00:00", "past"),
        ("0001-01-01 00:00:00", "past"),
        ("", "unreadable"),
        ("1", "unreadable"),
        ("2024-05-06 24:00:00", "unreadable"),
        ("2024-05-06T12:30:00", "unreadable"),
        ("9999-12-31 23:59:59", "unreadable"),
    ],
)
@asynchronous
async def test_a_time_that_is_past_or_none_is_refused_and_costs_nothing(
    given: str, cause: str
) -> None:
    desk = Desk()
    outcome = await desk.refusal(erban(send_at=given))
    assert (outcome.reason, outcome.cause) == (Reason.TIME_INVALID, cause)
    assert outcome.rule == "send_time_ahead"
    assert await desk.inbox() == []


# --- batches of lines -----------------------------------------------------------------------------


def lines(*rows: tuple[str, str, str | None]) -> Call:
    return erban(
        BATCH, lines=tuple(Line(*row) for row in rows), mobiles=tuple(mobile for mobile, *_ in rows)
    )


@asynchronous
async def test_each_line_is_judged_by_itself() -> None:
    desk = Desk(
        blocked_words=["贷款"],
        mobile_blacklist=[SECOND],
        max_segments=1,
        signatures=[Signature(signature=SIGNED), Signature(signature="【待审】", status="pending")],
        quotas=Quotas(mobile_per_day=1),
    )
    wanted = lines(
        (FIRST, f"{SIGNED}一", SIGNED),
        ("12", f"{SIGNED}二", SIGNED),
        (SECOND, f"{SIGNED}三", SIGNED),
        (FIRST, "没有签名", None),
        (FIRST, "【待审】四", "【待审】"),
        (FIRST, f"{SIGNED}贷款", SIGNED),
        (FIRST, f"{SIGNED}{'长' * 70}", SIGNED),
        (FIRST, f"{SIGNED}五", SIGNED),
    )
    sent = await desk.get(wanted)
    reasons = [o.reason if isinstance(o, Refused) else None for _, o in sent.results]
    assert reasons == [
        None,
        Reason.MOBILE_INVALID,
        Reason.MOBILE_BLACKLISTED,
        Reason.SIGNATURE_NOT_FOUND,
        Reason.SIGNATURE_NOT_FOUND,
        Reason.CONTENT_BLOCKED,
        Reason.CONTENT_TOO_LONG,
        Reason.MOBILE_DAY_LIMIT,
    ]
    assert await desk.inbox() == [(FIRST, f"{SIGNED}一")]
    assert [mobile for mobile, _ in sent.results] == list(wanted.mobiles)


@asynchronous
async def test_a_line_costs_what_its_own_text_does() -> None:
    desk = Desk()
    await desk.store.set_balance("erban", 3)
    long = f"{SIGNED}{'长' * 70}"
    sent = await desk.get(
        lines((FIRST, long, SIGNED), (SECOND, long, SIGNED), (SECOND, SIGNED, SIGNED))
    )
    outcomes = [o.reason if isinstance(o, Refused) else o.result.fee for _, o in sent.results]
    assert outcomes == [2, Reason.BALANCE_INSUFFICIENT, 1]
    assert await desk.store.balance("erban") == 0


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"account": "9"}, Reason.CREDENTIALS_INVALID),
        ({"channel": "1"}, Reason.CHANNEL_NOT_FOUND),
        ({"lines": (), "mobiles": ()}, Reason.MOBILE_INVALID),
        ({"missing": "in2"}, Reason.PARAMETER_MISSING),
    ],
)
@asynchronous
async def test_what_concerns_all_lines_refuses_the_batch(
    changed: dict[str, Any], reason: Reason
) -> None:
    desk = Desk()
    whole: dict[str, Any] = {"lines": (Line(FIRST, SIGNED, SIGNED),), "mobiles": (FIRST,)}
    assert (await desk.refusal(erban(BATCH, **whole | changed))).reason is reason
    assert await desk.inbox() == []


# --- random texts ---------------------------------------------------------------------------------


@asynchronous
async def test_a_random_text_is_good_for_60_seconds_and_one_send() -> None:
    desk = Desk()
    issued = [await desk.get(erban(TOKEN, credential=BARE["credential"])) for _ in range(2)]
    first, second = (each.token for each in issued)
    assert first != second
    assert {each.expires_in for each in issued} == {60}
    assert owner_of(first) == ("default", "e")
    await desk.get(erban(token=first), NOON + 59)
    assert (await desk.refusal(erban(token=first))).reason is Reason.TOKEN_EXPIRED
    assert (await desk.refusal(erban(token=second), NOON + 60)).reason is Reason.TOKEN_EXPIRED
    assert len(await desk.inbox()) == 1


@asynchronous
async def test_a_refused_send_leaves_the_random_text_good() -> None:
    desk = Desk()
    random = (await desk.get(erban(TOKEN))).token
    assert (await desk.refusal(erban(token=random, mobiles=("1",)))).rule == "mobiles_valid"
    wrong = erban(token=random, credential=AnySecret(right=False))
    assert (await desk.refusal(wrong)).rule == "credential_valid"
    assert isinstance(await desk.get(erban(token=random)), Sent)


@pytest.mark.parametrize(
    ("settings", "changed", "rule"),
    [
        ({}, {"account": "9"}, "account_known"),
        ({}, {"missing": "in0"}, "parameters_present"),
        ({"enabled": False}, {}, "app_enabled"),
        ({"ip_allow": ["192.168.0.1"]}, {}, "ip_allowed"),
    ],
)
@asynchronous
async def test_a_random_text_is_refused(
    settings: dict[str, Any], changed: dict[str, Any], rule: str
) -> None:
    assert (await Desk(**settings).refusal(erban(TOKEN, **changed))).rule == rule


# --- replies --------------------------------------------------------------------------------------


@asynchronous
async def test_replies_come_until_they_are_marked_read() -> None:
    desk = Desk()
    first = await desk.store.add_reply("erban", FIRST, "好", NOON)
    await desk.store.add_reply("erban", SECOND, "退订", NOON + 5)
    await desk.store.add_reply("official", SECOND, "别家的", NOON)
    assert [r.content for r in await desk.get(erban(REPLIES))] == ["好", "退订"]
    later = erban(REPLIES, since="2024-05-06 12:00:05")
    assert [r.content for r in await desk.get(later)] == ["退订"]
    assert await desk.get(erban(REPLY_READ, reply_id=first.id, **BARE)) is None
    assert [r.content for r in await desk.get(erban(REPLIES))] == ["退订"]


@pytest.mark.parametrize("unknown", ["", "1", "default.e.000000009"])
@asynchronous
async def test_a_reply_that_is_none_cannot_be_marked(unknown: str) -> None:
    outcome = await Desk().refusal(erban(REPLY_READ, reply_id=unknown, **BARE))
    assert (outcome.reason, outcome.rule) == (Reason.MESSAGE_NOT_FOUND, "message_known")
    assert outcome.facts == {"given": unknown}


@asynchronous
async def test_replies_are_for_who_shows_the_password_and_a_time_that_can_be_read() -> None:
    desk = Desk()
    assert (await desk.refusal(erban(REPLIES, **BARE))).rule == "account_known"
    outcome = await desk.refusal(erban(REPLIES, since="yesterday"))
    assert (outcome.reason, outcome.rule) == (Reason.TIME_INVALID, "since_readable")


# --- channels and blocked words -------------------------------------------------------------------


@asynchronous
async def test_channels_and_blocked_words_need_no_account() -> None:
    desk = Desk(channels=["8000000101", "8000000102"], blocked_words=["贷款", "赌博", "发票"])
    assert await desk.get(erban(CHANNELS, **BARE)) == ["8000000101", "8000000102"]
    asked = erban(KEYWORDS, content="代开发票, 赌博", **BARE)
    assert await desk.get(asked) == ["赌博", "发票"]
    assert await desk.get(erban(KEYWORDS, content="", **BARE)) == []


@pytest.mark.parametrize("operation", [CHANNELS, KEYWORDS, REPLY_READ, TOKEN, REPLIES])
@asynchronous
async def test_a_disabled_account_is_told_nothing(operation: str) -> None:
    outcome = await Desk(enabled=False).refusal(erban(operation))
    assert outcome.reason is Reason.APP_DISABLED
