"""What every store promises: one suite, run against each."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from fakeproviders.clock import BEIJING, parse_beijing
from fakeproviders.failures import Reason
from fakeproviders.model import Refusal
from fakeproviders.settings import AMPLE_BALANCE, Quotas, Receipts
from fakeproviders.soon import settled
from fakeproviders.stores.base import MessageFilter, SessionStore
from tests.asyncs import asynchronous, let_others_run
from tests.stores.charges import (
    MOBILE,
    NOON,
    OTHER,
    ROLE,
    accepted,
    charge,
    facts,
    only,
    refused,
    send,
)
from tests.stores.conftest import NewStore

ALL = MessageFilter()
MIDNIGHT = parse_beijing("2024-05-07 00:00:00")
LIMITS: dict[str, tuple[Reason, int, dict[str, Any]]] = {
    # bucket: (reason, window, what may differ so that the bucket is another one)
    "account_per_day": (Reason.CODE_QUOTA_EXCEEDED, 86400, {"role": "erban"}),
    "ip_per_day": (Reason.IP_DAY_LIMIT, 86400, {"ip": "10.0.0.8"}),
    "mobile_per_minute": (Reason.MOBILE_MINUTE_LIMIT, 60, {}),
    "mobile_per_hour": (Reason.MOBILE_HOUR_LIMIT, 3600, {}),
    "mobile_per_day": (Reason.MOBILE_DAY_LIMIT, 86400, {}),
}


@pytest.fixture
def store(new_store: NewStore) -> SessionStore:
    return new_store().open("one")


# --- tokens ---------------------------------------------------------------------------------------


async def issue(store: SessionStore, token: str, now: float) -> None:
    await store.issue_token(ROLE, token, now=now, lifetime=7200, grace=300)


@asynchronous
async def test_a_token_lives_as_long_as_it_was_said_to(store: SessionStore) -> None:
    await issue(store, "a", NOON)
    assert await store.token_valid(ROLE, "a", NOON)
    assert await store.token_valid(ROLE, "a", NOON + 7199.999)
    assert not await store.token_valid(ROLE, "a", NOON + 7200)


@asynchronous
async def test_an_unknown_token_is_not_valid(store: SessionStore) -> None:
    assert not await store.token_valid(ROLE, "a", NOON)
    assert not await store.token_valid(ROLE, "", NOON)


@asynchronous
async def test_a_token_is_its_accounts_own(store: SessionStore) -> None:
    await issue(store, "a", NOON)
    assert not await store.token_valid("upstream", "a", NOON)


@asynchronous
async def test_a_new_token_leaves_the_old_one_a_grace(store: SessionStore) -> None:
    await issue(store, "old", NOON)
    await issue(store, "new", NOON + 1000)
    assert await store.token_valid(ROLE, "old", NOON + 1299.999)
    assert not await store.token_valid(ROLE, "old", NOON + 1300)
    assert await store.token_valid(ROLE, "new", NOON + 8199.999)


@asynchronous
async def test_a_grace_prolongs_nothing(store: SessionStore) -> None:
    await issue(store, "old", NOON)
    await issue(store, "new", NOON + 7100)
    assert not await store.token_valid(ROLE, "old", NOON + 7200)


@asynchronous
async def test_a_third_token_does_not_renew_the_grace_of_the_first(store: SessionStore) -> None:
    for number in range(3):
        await issue(store, str(number), NOON + 200 * number)
    assert await store.token_valid(ROLE, "0", NOON + 499)
    assert not await store.token_valid(ROLE, "0", NOON + 500)
    assert await store.token_valid(ROLE, "1", NOON + 699)


@asynchronous
async def test_a_send_needs_its_token(store: SessionStore) -> None:
    assert await refused(store, charge(token="a")) is Reason.TOKEN_EXPIRED
    await issue(store, "a", NOON)
    assert await refused(store, charge(token="a")) is None
    assert await refused(store, charge(token="a", now=NOON + 7200)) is Reason.TOKEN_EXPIRED
    assert await refused(store, charge(token="")) is Reason.TOKEN_EXPIRED


@asynchronous
async def test_a_token_that_is_good_once_is_used_up_by_an_accepted_send(
    store: SessionStore,
) -> None:
    await store.issue_once(ROLE, "a", now=NOON, lifetime=60)
    await store.issue_once(ROLE, "b", now=NOON + 1, lifetime=60)
    assert await refused(store, charge(token="a", **only("account_per_day", 0))) is (
        Reason.CODE_QUOTA_EXCEEDED
    )
    assert await refused(store, charge(token="a", now=NOON + 59.999)) is None
    assert await refused(store, charge(token="a")) is Reason.TOKEN_EXPIRED
    assert not await store.token_valid(ROLE, "a", NOON)
    assert await store.token_valid(ROLE, "b", NOON + 60.999)
    assert await refused(store, charge(token="b", now=NOON + 61)) is Reason.TOKEN_EXPIRED


@asynchronous
async def test_only_one_of_two_sends_at_once_has_the_token(store: SessionStore) -> None:
    await store.issue_once(ROLE, "a", now=NOON, lifetime=60)
    both = await asyncio.gather(*(refused(store, charge(token="a")) for _ in range(2)))
    assert sorted(both, key=str) == [None, Reason.TOKEN_EXPIRED]


@asynchronous
async def test_a_token_that_is_good_once_leaves_the_others_alone(store: SessionStore) -> None:
    await issue(store, "lasting", NOON)
    await store.issue_once(ROLE, "a", now=NOON + 10, lifetime=60)
    await issue(store, "new", NOON + 20)
    assert await store.token_valid(ROLE, "a", NOON + 69)
    assert not await store.token_valid("upstream", "a", NOON + 10)
    assert await store.token_valid(ROLE, "lasting", NOON + 319)
    for _ in range(2):
        assert await refused(store, charge(token="lasting", now=NOON + 20)) is None
    await store.clear()
    assert not await store.token_valid(ROLE, "a", NOON + 20)


# --- timed sends ----------------------------------------------------------------------------------


@asynchronous
async def test_a_timed_send_is_charged_now_and_goes_out_when_it_is_due(
    store: SessionStore,
) -> None:
    await store.set_balance(ROLE, 10)
    timed = charge(fee=2, send_at=NOON + 600)
    sent = await settled(store.commit(structs.replace(timed, receipts=Receipts(after_seconds=3))))
    assert (await store.balance(ROLE), sent.send_at) == (8, NOON + 600)
    message = await store.message(sent.message_ids[0])
    assert message is not None
    assert (message.at, message.send_at) == (NOON, NOON + 600)
    stages = {0: "scheduled", 599.999: "scheduled", 600: "submitted", 603: "delivered"}
    assert {after: message.as_of(NOON + after).status for after in stages} == stages


@asynchronous
async def test_a_timed_send_that_was_driven_by_hand_is_what_it_was_driven_to(
    store: SessionStore,
) -> None:
    sent = await settled(store.commit(charge(send_at=NOON + 600)))
    assert await store.set_status(sent.message_ids[0], "undelivered", "MK:0001", NOON + 1)
    message = await store.message(sent.message_ids[0])
    assert message is not None
    assert message.as_of(NOON + 1).status == "undelivered"


# --- the order of refusals, and nothing charged by them -------------------------------------------


@asynchronous
async def test_a_send_fails_first_for_its_token_and_last_for_its_balance(
    store: SessionStore,
) -> None:
    await issue(store, "good", NOON)
    await send(store, out_id="taken")
    await store.set_balance(ROLE, 0)
    ruled = Refusal(Reason.MOBILE_INVALID)
    limits = {"account_per_second": 0, "account_per_day": 0, "ip_per_day": 0,
              "mobile_per_minute": 0, "mobile_per_hour": 0, "mobile_per_day": 0}  # fmt: skip
    expected = [
        ("token", "good", Reason.TOKEN_EXPIRED),
        ("refusal", None, Reason.MOBILE_INVALID),
        ("out_id", "new", Reason.DUPLICATE_REQUEST),
        ("account_per_second", None, Reason.RATE_LIMITED),
        ("account_per_day", None, Reason.CODE_QUOTA_EXCEEDED),
        ("ip_per_day", None, Reason.IP_DAY_LIMIT),
        ("mobile_per_minute", None, Reason.MOBILE_MINUTE_LIMIT),
        ("mobile_per_hour", None, Reason.MOBILE_HOUR_LIMIT),
        ("mobile_per_day", None, Reason.MOBILE_DAY_LIMIT),
        ("fee", 0, Reason.BALANCE_INSUFFICIENT),
    ]
    how: dict[str, Any] = {"token": "bad", "refusal": ruled, "out_id": "taken", "fee": 1, **limits}
    for name, mended, reason in expected:
        assert await refused(store, charge(**how)) is reason
        how[name] = mended
    assert await refused(store, charge(**how)) is None


@pytest.mark.parametrize("bucket", [*LIMITS, "account_per_second", "balance"])
@asynchronous
async def test_a_refused_send_charges_nothing(store: SessionStore, bucket: str) -> None:
    full: dict[str, Any] = dict.fromkeys([*LIMITS, "account_per_second"], 10)
    if bucket == "balance":
        await store.set_balance(ROLE, 0)
    before = await store.usage(ROLE, Quotas(**full), NOON)
    balance = await store.balance(ROLE)
    tight = {**full, bucket: 0} if bucket in full else full
    assert await refused(store, charge(MOBILE, OTHER, out_id="a", **tight)) is not None
    assert await store.usage(ROLE, Quotas(**full), NOON) == before
    assert await store.balance(ROLE) == balance
    assert await store.message_by_out_id(ROLE, "a") is None
    assert await store.latest_messages(ALL, 10) == []
    await store.set_balance(ROLE, 100)
    assert await refused(store, charge(MOBILE, OTHER, out_id="a", **full)) is None


@asynchronous
async def test_what_the_rules_refused_is_passed_on_as_it_is(store: SessionStore) -> None:
    ruled = Refusal(Reason.SIGNATURE_MISMATCH, given="a")
    with pytest.raises(Refusal) as raised:
        await settled(store.commit(charge(refusal=ruled)))
    assert raised.value is ruled


# --- windows --------------------------------------------------------------------------------------


@pytest.mark.parametrize("bucket", list(LIMITS))
@pytest.mark.parametrize("limit", [0, 1, 3])
@asynchronous
async def test_a_limit_is_exact(store: SessionStore, bucket: str, limit: int) -> None:
    assert await accepted(store, limit + 3, **only(bucket, limit)) == limit
    assert await refused(store, charge(**only(bucket, limit))) is LIMITS[bucket][0]


@pytest.mark.parametrize("bucket", list(LIMITS))
@asynchronous
async def test_a_window_ends_at_the_beijing_clocks_border(store: SessionStore, bucket: str) -> None:
    for now in (MIDNIGHT - 0.001, MIDNIGHT, MIDNIGHT + 59.999):
        used_before = now > MIDNIGHT
        assert await accepted(store, 3, now=now, **only(bucket, 2)) == (0 if used_before else 2)
    assert await accepted(store, 3, now=MIDNIGHT + LIMITS[bucket][1], **only(bucket, 2)) == 2


@pytest.mark.parametrize("late", [0.001, 3600.0])
@pytest.mark.parametrize("bucket", list(LIMITS))
@asynchronous
async def test_what_comes_late_counts_in_its_own_window(
    store: SessionStore, bucket: str, late: float
) -> None:
    """So does what is sent when the clock was set back, and forward again."""
    before, after = MIDNIGHT - late, MIDNIGHT + 0.001
    limit = only(bucket, 2)
    order = [before, after, before, after, before, after]
    assert [await accepted(store, 1, now=now, **limit) for now in order] == [1, 1, 1, 1, 0, 0]
    for now in (before, after):
        uses = await store.usage(ROLE, Quotas(**limit), now)
        assert [use.used for use in uses if use.limit == 2] == [2]


@pytest.mark.parametrize("bucket", list(LIMITS))
@asynchronous
async def test_what_is_given_back_late_goes_to_its_own_window(
    store: SessionStore, bucket: str
) -> None:
    reserved = await store.reserve(charge(now=MIDNIGHT - 1, **only(bucket, 1)))
    await send(store, now=MIDNIGHT, **only(bucket, 1))
    await store.release(reserved)
    assert await accepted(store, 2, now=MIDNIGHT, **only(bucket, 1)) == 0
    assert await accepted(store, 2, now=MIDNIGHT - 1, **only(bucket, 1)) == 1


@pytest.mark.parametrize("bucket", list(LIMITS))
@asynchronous
async def test_another_key_is_another_bucket(store: SessionStore, bucket: str) -> None:
    assert await accepted(store, 2, **only(bucket, 1)) == 1
    if bucket.startswith("mobile"):
        assert await refused(store, charge(OTHER, **only(bucket, 1))) is None
    else:
        assert await refused(store, charge(**LIMITS[bucket][2], **only(bucket, 1))) is None


@pytest.mark.parametrize("bucket", [*LIMITS, "account_per_second"])
@asynchronous
async def test_a_refusal_names_its_bucket_and_when_it_resets(
    store: SessionStore, bucket: str
) -> None:
    await send(store, **only(bucket, 1))
    said = await facts(store, charge(**only(bucket, 1)))
    key = {"mobile": MOBILE, "ip": "10.0.0.9"}.get(bucket.split("_")[0], "")
    assert said == {
        "bucket": bucket, "key": key, "used": 1, "limit": 1,
        "resets_at": NOON + {"account_per_second": 1, "account_per_day": 43200, "ip_per_day": 43200,
                             "mobile_per_minute": 60, "mobile_per_hour": 3600, "mobile_per_day": 43200}[bucket],
    }  # fmt: skip
    assert await refused(store, charge(now=float(said["resets_at"]), **only(bucket, 1))) is None


@asynchronous
async def test_several_mobiles_are_charged_together_or_not_at_all(store: SessionStore) -> None:
    await send(store, OTHER, mobile_per_minute=1)
    three = charge(MOBILE, OTHER, "13800000003", mobile_per_minute=1)
    assert (await facts(store, three))["key"] == OTHER
    assert await refused(store, charge(MOBILE, "13800000003", mobile_per_minute=1)) is None


@asynchronous
async def test_one_mobile_twice_in_a_send_counts_twice(store: SessionStore) -> None:
    twice = charge(MOBILE, MOBILE, mobile_per_minute=1)
    assert await refused(store, twice) is Reason.MOBILE_MINUTE_LIMIT
    assert await refused(store, charge(MOBILE, MOBILE, mobile_per_minute=2)) is None
    assert await refused(store, charge(MOBILE, mobile_per_minute=2)) is Reason.MOBILE_MINUTE_LIMIT


@asynchronous
async def test_a_send_of_several_needs_room_for_all(store: SessionStore) -> None:
    pair = (MOBILE, OTHER)
    assert await refused(store, charge(*pair, account_per_day=1)) is Reason.CODE_QUOTA_EXCEEDED
    assert await refused(store, charge(*pair, account_per_second=1)) is Reason.RATE_LIMITED
    assert await refused(store, charge(*pair, account_per_day=2, account_per_second=2)) is None


@asynchronous
async def test_a_limit_counts_what_was_sent_before_it_was_set(store: SessionStore) -> None:
    await send(store)
    await send(store)
    for bucket, (reason, _, _) in LIMITS.items():
        assert await refused(store, charge(**only(bucket, 2))) is reason


@asynchronous
async def test_under_concurrency_just_as_many_are_accepted(store: SessionStore) -> None:
    async def one(number: int) -> Reason | None:
        return await refused(
            store, charge(f"138{number:08d}", account_per_day=25, ip=f"10.0.0.{number}")
        )

    outcomes = await asyncio.gather(*[one(number) for number in range(100)])
    assert outcomes.count(None) == 25
    assert outcomes.count(Reason.CODE_QUOTA_EXCEEDED) == 75


# --- the rate -------------------------------------------------------------------------------------


@asynchronous
async def test_a_second_begins_full(store: SessionStore) -> None:
    assert await accepted(store, 9, account_per_second=5) == 5


@asynchronous
async def test_the_rate_comes_back_evenly(store: SessionStore) -> None:
    await accepted(store, 5, account_per_second=5)
    for step in range(1, 20):
        assert await accepted(store, 3, now=NOON + step * 0.2, account_per_second=5) == 1


@asynchronous
async def test_the_rate_never_saves_up_more_than_a_second(store: SessionStore) -> None:
    await accepted(store, 5, account_per_second=5)
    assert await accepted(store, 20, now=NOON + 3600, account_per_second=5) == 5


@asynchronous
async def test_a_clock_set_back_gives_nothing(store: SessionStore) -> None:
    await accepted(store, 5, account_per_second=5)
    assert await accepted(store, 5, now=NOON - 10, account_per_second=5) == 0


@asynchronous
async def test_what_comes_late_lets_no_more_pass(store: SessionStore) -> None:
    """Two processes look at the clock before they ask, and one of them is 2 ms slower."""
    moments = [
        NOON + step / 1000 - late for step in range(500) for late in (0.0, 0.002 * (step > 1))
    ]
    taken = [await accepted(store, 1, now=now, account_per_second=100) for now in moments]
    assert 148 <= sum(taken) <= 149


@asynchronous
async def test_what_comes_late_is_told_how_full_the_bucket_is_and_when_it_is_not(
    store: SessionStore,
) -> None:
    await accepted(store, 5, account_per_second=5)
    late = await facts(store, charge(now=NOON - 0.1, account_per_second=5))
    assert (late["used"], late["limit"]) == (5, 5)
    assert late["resets_at"] == pytest.approx(NOON + 0.2)


@asynchronous
async def test_a_rate_of_nothing_lets_nothing_pass(store: SessionStore) -> None:
    assert await accepted(store, 2, account_per_second=0) == 0
    assert await accepted(store, 2, now=NOON + 3600, account_per_second=0) == 0
    assert await accepted(store, 2, now=NOON + 3600, account_per_second=2) == 2


@asynchronous
async def test_what_was_sent_counts_when_the_rate_is_changed(store: SessionStore) -> None:
    assert await accepted(store, 3, account_per_second=3) == 3
    assert await accepted(store, 9, account_per_second=5) == 2
    assert await accepted(store, 9, account_per_second=4) == 0
    assert await accepted(store, 9, now=NOON + 10, account_per_second=8) == 8


# --- balance --------------------------------------------------------------------------------------


@asynchronous
async def test_an_account_begins_with_ample_balance(store: SessionStore) -> None:
    assert await store.balance(ROLE) == AMPLE_BALANCE


@asynchronous
async def test_fees_are_taken_to_the_last_unit_and_no_further(store: SessionStore) -> None:
    await store.set_balance(ROLE, 7)
    await send(store, MOBILE, OTHER, fee=3)
    assert await store.balance(ROLE) == 1
    assert await facts(store, charge(fee=2)) == {"balance": 1, "fee": 2}
    await send(store, fee=1)
    assert await store.balance(ROLE) == 0


@asynchronous
async def test_a_balance_is_its_accounts_own(store: SessionStore) -> None:
    await store.set_balance(ROLE, 1)
    await send(store, role="upstream")
    assert await store.balance(ROLE) == 1


# --- the caller's own ids -------------------------------------------------------------------------


@asynchronous
async def test_an_out_id_is_used_once(store: SessionStore) -> None:
    first = await send(store, out_id="a")
    assert await facts(store, charge(out_id="a")) == {
        "out_id": "a",
        "earlier": first.message_ids[0],
    }
    assert await refused(store, charge(out_id="a", role="erban")) is None
    assert await accepted(store, 2) == 2


@asynchronous
async def test_a_message_is_found_by_its_out_id(store: SessionStore) -> None:
    sent = await send(store, MOBILE, OTHER, out_id="a")
    message = await store.message_by_out_id(ROLE, "a")
    assert message is not None
    assert message.id == sent.message_ids[0]
    assert await store.message_by_out_id("erban", "a") is None
    assert await store.message_by_out_id(ROLE, "b") is None
    assert await store.message_by_out_id(ROLE, "") is None


# --- reserve, confirm, release --------------------------------------------------------------------

FULL: dict[str, Any] = dict.fromkeys([*LIMITS, "account_per_second"], 2)


@asynchronous
async def test_what_is_reserved_is_charged_but_not_sent(store: SessionStore) -> None:
    await store.set_balance(ROLE, 10)
    await store.reserve(charge(out_id="a", fee=4))
    assert await store.balance(ROLE) == 6
    assert await store.latest_messages(ALL, 10) == []
    assert await store.message_by_out_id(ROLE, "a") is None
    assert await refused(store, charge(out_id="a")) is Reason.DUPLICATE_REQUEST


@asynchronous
async def test_what_is_confirmed_is_sent_and_charged_once(store: SessionStore) -> None:
    await store.set_balance(ROLE, 10)
    reserved = await store.reserve(charge(MOBILE, OTHER, out_id="a", fee=2))
    sent = await store.confirm(reserved)
    assert sent is not None
    assert (len(sent.message_ids), sent.fee) == (2, 4)
    assert await store.balance(ROLE) == 6
    message = await store.message_by_out_id(ROLE, "a")
    assert message is not None
    assert [m.mobile for m in await store.latest_messages(ALL, 10)] == [OTHER, MOBILE]


@asynchronous
async def test_what_is_released_is_given_back_exactly(store: SessionStore) -> None:
    await store.set_balance(ROLE, 10)
    before = await store.usage(ROLE, Quotas(**FULL), NOON)
    reserved = await store.reserve(charge(MOBILE, MOBILE, out_id="a", fee=5, **FULL))
    assert await refused(store, charge(**FULL)) is not None
    await store.release(reserved)
    assert await store.usage(ROLE, Quotas(**FULL), NOON) == before
    assert await store.balance(ROLE) == 10
    assert await refused(store, charge(MOBILE, MOBILE, out_id="a", fee=5, **FULL)) is None


@asynchronous
async def test_a_window_that_is_over_gets_nothing_back(store: SessionStore) -> None:
    reserved = await store.reserve(charge(now=MIDNIGHT - 1, **FULL))
    await send(store, now=MIDNIGHT, **FULL)
    await store.release(reserved)
    uses = await store.usage(ROLE, Quotas(**FULL), MIDNIGHT)
    assert {use.bucket: use.used for use in uses} == dict.fromkeys(FULL, 1) | {
        "account_per_second": 1
    }


@asynchronous
async def test_the_rate_gets_back_no_more_than_is_still_missing(store: SessionStore) -> None:
    reserved = await store.reserve(charge(account_per_second=2))
    assert await accepted(store, 9, now=NOON + 1, account_per_second=2) == 2
    await store.release(reserved)
    assert await accepted(store, 9, now=NOON + 1, account_per_second=2) == 0


@asynchronous
async def test_releasing_without_an_out_id_frees_none(store: SessionStore) -> None:
    await send(store, out_id="kept")
    reserved = await store.reserve(charge())
    await store.release(reserved)
    assert await refused(store, charge(out_id="kept")) is Reason.DUPLICATE_REQUEST


@asynchronous
async def test_a_reservation_ends_once(store: SessionStore) -> None:
    first, second = await store.reserve(charge()), await store.reserve(charge())
    assert await store.confirm(first) is not None
    assert await store.confirm(first) is None
    await store.release(first)
    await store.release(second)
    await store.release(second)
    assert await store.balance(ROLE) == AMPLE_BALANCE - 1


@asynchronous
async def test_a_reservation_is_void_when_everything_was_forgotten(store: SessionStore) -> None:
    first, second = await store.reserve(charge(fee=2)), await store.reserve(charge(fee=2))
    await store.clear()
    assert await store.confirm(first) is None
    await store.release(second)
    assert await store.balance(ROLE) == AMPLE_BALANCE
    assert await store.latest_messages(ALL, 9) == []


# --- usage ----------------------------------------------------------------------------------------


@asynchronous
async def test_usage_of_an_idle_account_is_its_own_limits(store: SessionStore) -> None:
    uses = await store.usage(ROLE, Quotas(account_per_day=9, mobile_per_day=3), NOON)
    assert [(use.bucket, use.used, use.limit) for use in uses] == [("account_per_day", 0, 9)]
    assert await store.usage(ROLE, Quotas(), NOON) == []


@asynchronous
async def test_usage_shows_every_bucket_that_was_used(store: SessionStore) -> None:
    await send(store, MOBILE, OTHER, account_per_second=10)
    uses = await store.usage(ROLE, Quotas(account_per_second=10, mobile_per_hour=5), NOON)
    shown = {(use.bucket, use.key): (use.used, use.limit, use.window) for use in uses}
    assert shown == {
        ("account_per_second", ""): (2, 10, "second"),
        ("account_per_day", ""): (2, None, "day"),
        ("ip_per_day", "10.0.0.9"): (2, None, "day"),
        **{("mobile_per_minute", m): (1, None, "minute") for m in (MOBILE, OTHER)},
        **{("mobile_per_hour", m): (1, 5, "hour") for m in (MOBILE, OTHER)},
        **{("mobile_per_day", m): (1, None, "day") for m in (MOBILE, OTHER)},
    }


@asynchronous
async def test_usage_says_when_each_window_ends(store: SessionStore) -> None:
    now = parse_beijing("2024-05-06 23:58:30")
    await send(store, now=now)
    uses = await store.usage(ROLE, Quotas(), now)
    ends = {use.window: use.resets_at for use in uses}
    assert ends == {
        "minute": parse_beijing("2024-05-06 23:59:00"),
        "hour": MIDNIGHT,
        "day": MIDNIGHT,
    }


@asynchronous
async def test_usage_of_a_past_window_is_gone(store: SessionStore) -> None:
    await send(store, now=NOON)
    uses = await store.usage(ROLE, Quotas(), NOON + 60)
    assert {use.window for use in uses} == {"hour", "day"}
    assert await store.usage(ROLE, Quotas(), NOON + 86400) == []


@asynchronous
async def test_the_fullest_of_each_limited_bucket_is_told(
    store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fakeproviders.stores.usage.PIECE", 2)
    for number, times in enumerate([1, 3, 2, 1, 1]):
        for _ in range(times):
            await send(store, f"1380000000{number}", ip=f"10.0.0.{number}")
    quotas = Quotas(mobile_per_minute=6, mobile_per_day=4, ip_per_day=10, account_per_day=0)
    full = {"mobile_per_minute": 0.5, "mobile_per_day": 0.75, "ip_per_day": 0.3}
    assert await store.fullest(ROLE, quotas, NOON) == {**full, "account_per_day": 1.0}
    assert await store.fullest(ROLE, quotas, NOON + 60) == {
        **full, "mobile_per_minute": 0.0, "account_per_day": 1.0,
    }  # fmt: skip
    assert await store.fullest("erban", Quotas(ip_per_day=5, mobile_per_day=5), NOON) == {
        "ip_per_day": 0.0, "mobile_per_day": 0.0,
    }  # fmt: skip
    assert await store.fullest(ROLE, Quotas(), NOON) == {}


@asynchronous
async def test_looking_changes_nothing(store: SessionStore) -> None:
    await accepted(store, 3, account_per_second=5)
    for _ in range(3):
        await store.usage(ROLE, Quotas(account_per_second=5), NOON)
    assert await accepted(store, 9, account_per_second=5) == 2


# --- messages -------------------------------------------------------------------------------------


@asynchronous
async def test_a_message_is_what_was_sent(store: SessionStore) -> None:
    sent = await send(store, MOBILE, OTHER, out_id="a", fee=3)
    assert (sent.segments, sent.fee, len(sent.message_ids)) == (1, 6, 2)
    message = await store.message(sent.message_ids[1])
    assert message is not None
    assert (message.mobile, message.content, message.at) == (OTHER, f"to {OTHER}", NOON)
    assert (message.out_id, message.fee, message.status) == ("a", 3, "submitted")


@pytest.mark.parametrize("message_id", ["", "x", "000000000000000", "９" * 15, "-1"])
@asynchronous
async def test_an_id_that_is_none_finds_no_message(store: SessionStore, message_id: str) -> None:
    await send(store)
    assert await store.message(message_id) is None
    assert not await store.set_status(message_id, "delivered", "", NOON)


@asynchronous
async def test_a_status_is_changed_for_good_or_back(store: SessionStore) -> None:
    message_id = (await send(store)).message_ids[0]
    assert await store.set_status(message_id, "undelivered", "NOROUTE", NOON + 5)
    message = await store.message(message_id)
    assert message is not None
    assert (message.status, message.error, message.done_at) == ("undelivered", "NOROUTE", NOON + 5)
    assert await store.set_status(message_id, "submitted", "", NOON + 6)
    message = await store.message(message_id)
    assert message is not None
    assert message.done_at is None


@asynchronous
async def test_messages_come_oldest_first_page_by_page(store: SessionStore) -> None:
    for number in range(5):
        await send(store, f"1380000000{number}")
    first, cursor = await store.messages(ALL, after=0, limit=3, wait=0)
    rest, cursor = await store.messages(ALL, after=cursor, limit=3, wait=0)
    assert [m.mobile[-1] for m in (*first, *rest)] == list("01234")
    assert await store.messages(ALL, after=cursor, limit=3, wait=0) == (
        [],
        (await store.inbox_ends()).next,
    )


@asynchronous
async def test_messages_are_filtered(store: SessionStore) -> None:
    await send(store, MOBILE, OTHER)
    await send(store, MOBILE, role="erban")
    found, _ = await store.messages(MessageFilter(mobile=MOBILE), after=0, limit=9, wait=0)
    assert [m.provider for m in found] == [ROLE, "erban"]
    found, _ = await store.messages(MessageFilter(MOBILE, "erban"), after=0, limit=9, wait=0)
    assert len(found) == 1
    assert len(await store.latest_messages(MessageFilter(provider=ROLE), 9)) == 2
    assert len(await store.latest_messages(ALL, 2)) == 2


@asynchronous
async def test_the_newest_messages_before_one_do_not_change(store: SessionStore) -> None:
    await send(store, MOBILE)
    await send(store, OTHER)
    ends = await store.inbox_ends()
    await send(store, MOBILE)
    before = await store.latest_messages(ALL, 9, before=ends.next)
    assert [m.mobile for m in before] == [OTHER, MOBILE]
    of_mobile = await store.latest_messages(MessageFilter(MOBILE), 9, before=ends.next)
    assert len(of_mobile) == 1
    assert (await store.messages(ALL, after=ends.next, limit=9, wait=0))[0][0].mobile == MOBILE


@asynchronous
async def test_an_unlisted_message_is_found_by_its_id_only(store: SessionStore) -> None:
    sent = await send(store, listed=False)
    assert await store.message(sent.message_ids[0]) is not None
    assert await store.latest_messages(ALL, 9) == []
    assert (await store.messages(ALL, after=0, limit=9, wait=0))[0] == []


@asynchronous
async def test_who_waits_gets_the_first_message_that_is_his(store: SessionStore) -> None:
    waiting = asyncio.create_task(
        store.messages(MessageFilter(mobile=OTHER), after=0, limit=9, wait=30)
    )
    await let_others_run()
    await send(store, MOBILE)
    await let_others_run()
    assert not waiting.done()
    await send(store, OTHER)
    found, cursor = await waiting
    assert [m.mobile for m in found] == [OTHER]
    assert cursor == (await store.inbox_ends()).next


@asynchronous
async def test_everybody_who_waits_is_woken(store: SessionStore) -> None:
    waiting = [
        asyncio.create_task(store.messages(ALL, after=0, limit=9, wait=30)) for _ in range(3)
    ]
    await let_others_run()
    await send(store)
    assert [len(found) for found, _ in await asyncio.gather(*waiting)] == [1, 1, 1]


@asynchronous
async def test_who_waits_in_vain_gets_nothing(store: SessionStore) -> None:
    await send(store)
    found, cursor = await store.messages(ALL, after=1, limit=9, wait=0.001)
    assert (list(found), cursor) == ([], 1)


@asynchronous
async def test_a_confirmed_send_wakes_who_waits(store: SessionStore) -> None:
    waiting = asyncio.create_task(store.messages(ALL, after=0, limit=9, wait=30))
    await let_others_run()
    reserved = await store.reserve(charge())
    await let_others_run()
    assert not waiting.done()
    await store.confirm(reserved)
    found, _ = await waiting
    assert len(found) == 1


# --- the inbox is bounded -------------------------------------------------------------------------


@asynchronous
async def test_a_full_inbox_forgets_its_oldest(new_store: NewStore) -> None:
    store = new_store(inbox_limit=2).open("one")
    sent = [await send(store, f"1380000000{number}", out_id=str(number)) for number in range(3)]
    assert await store.message(sent[0].message_ids[0]) is None
    assert [m.mobile[-1] for m in await store.latest_messages(ALL, 9)] == ["2", "1"]
    assert await store.inbox_ends() == (1, 3, 1)
    found, _ = await store.messages(ALL, after=0, limit=9, wait=0)
    assert [m.mobile[-1] for m in found] == ["1", "2"]


@asynchronous
async def test_a_forgotten_message_gives_its_out_id_free(new_store: NewStore) -> None:
    store = new_store(inbox_limit=1).open("one")
    await send(store, out_id="a")
    await send(store, out_id="b")
    assert await store.message_by_out_id(ROLE, "a") is None
    assert await refused(store, charge(out_id="b")) is Reason.DUPLICATE_REQUEST
    assert await refused(store, charge(out_id="a")) is None


# --- sessions -------------------------------------------------------------------------------------


@asynchronous
async def test_sessions_do_not_touch_each_other(new_store: NewStore) -> None:
    store = new_store()
    one, two = store.open("one"), store.open("two")
    await issue(one, "a", NOON)
    sent = await send(one, account_per_day=1, out_id="x")
    assert not await two.token_valid(ROLE, "a", NOON)
    assert await refused(two, charge(account_per_day=1, out_id="x")) is None
    assert await two.message(sent.message_ids[0]) is None


@asynchronous
async def test_opening_again_finds_the_same(new_store: NewStore) -> None:
    store = new_store()
    sent = await send(store.open("one"))
    assert await store.open("one").message(sent.message_ids[0]) is not None


@asynchronous
async def test_a_dropped_session_begins_anew(new_store: NewStore) -> None:
    store = new_store()
    sent = await send(store.open("one"), account_per_day=1)
    await store.drop("one")
    await store.drop("never was")
    assert await store.open("one").message(sent.message_ids[0]) is None
    assert await refused(store.open("one"), charge(account_per_day=1)) is None


@asynchronous
async def test_clearing_forgets_everything_but_the_balance_to_begin_with(
    store: SessionStore,
) -> None:
    await store.set_balance(ROLE, 5)
    await issue(store, "a", NOON)
    sent = await send(store, out_id="a", fee=2, **FULL)
    await store.clear()
    assert await store.balance(ROLE) == 5
    assert not await store.token_valid(ROLE, "a", NOON)
    assert await store.message(sent.message_ids[0]) is None
    assert await store.latest_messages(ALL, 9) == []
    assert await store.inbox_ends() == (1, 1, 0)
    assert [u.used for u in await store.usage(ROLE, Quotas(**FULL), NOON)] == [0, 0]
    again = await send(store, out_id="a", **FULL)
    assert again.message_ids != sent.message_ids


@asynchronous
async def test_a_store_in_working_order_is_ready(new_store: NewStore) -> None:
    store = new_store()
    assert await store.ready()
    await store.close()


# --- the borders by another calendar --------------------------------------------------------------


@pytest.mark.parametrize("text", ["2024-02-28 23:59:59", "2024-12-31 23:00:00", "2023-07-01 00:00:00"])  # fmt: skip
@asynchronous
async def test_a_day_ends_at_midnight_in_beijing(store: SessionStore, text: str) -> None:
    now = parse_beijing(text)
    tomorrow = datetime.fromtimestamp(now, BEIJING).replace(
        hour=0, minute=0, second=0, microsecond=0
    ) + timedelta(days=1)
    await send(store, now=now, account_per_day=1)
    said = await facts(store, charge(now=now, account_per_day=1))
    assert said["resets_at"] == tomorrow.timestamp()


# --- replies --------------------------------------------------------------------------------------


async def answers(store: SessionStore, *contents: str, role: str = "erban") -> list[str]:
    """Replies a second apart; their ids."""
    return [
        (await store.add_reply(role, MOBILE, content, NOON + second)).id
        for second, content in enumerate(contents)
    ]


async def fetched(store: SessionStore, since: float | None = None, limit: int = 100) -> list[str]:
    return [r.content for r in await store.fetch_replies("erban", since=since, limit=limit)]


async def states(store: SessionStore, wanted: MessageFilter = ALL) -> list[tuple[str, str]]:
    """Content and status, newest first."""
    return [(r.content, r.status) for r in await store.latest_replies(wanted, 100)]


@asynchronous
async def test_a_reply_is_kept_as_it_came(store: SessionStore) -> None:
    added = await store.add_reply("erban", MOBILE, "退订", NOON)
    assert (added.provider, added.mobile, added.content) == ("erban", MOBILE, "退订")
    assert (added.at, added.status) == (NOON, "new")
    assert await store.reply(added.id) == added
    assert added.id.split(".")[:2] == ["one", "e"]


@asynchronous
async def test_replies_are_fetched_until_they_are_read(store: SessionStore) -> None:
    first, _ = await answers(store, "a", "b")
    assert await fetched(store) == await fetched(store) == ["a", "b"]
    assert await store.mark_read("erban", first)
    assert await store.mark_read("erban", first)
    assert await fetched(store) == ["b"]
    assert await states(store) == [("b", "fetched"), ("a", "read")]


@asynchronous
async def test_replies_are_fetched_from_a_moment_on_and_up_to_a_number(
    store: SessionStore,
) -> None:
    await answers(store, "a", "b", "c")
    assert await fetched(store, since=NOON + 1, limit=1) == ["b"]
    assert await states(store) == [("c", "new"), ("b", "fetched"), ("a", "new")]
    assert await fetched(store, since=NOON + 3) == []


@asynchronous
async def test_a_reply_is_its_accounts_own(store: SessionStore) -> None:
    (other,) = await answers(store, "x", role="reseller")
    assert await fetched(store) == []
    assert not await store.mark_read("erban", other)
    assert await states(store) == [("x", "new")]


@pytest.mark.parametrize(
    "unknown", ["", "x", "one.e.", "one.e.000000001", "two.e.000000000", "one.e.²"]
)
@asynchronous
async def test_an_id_that_is_no_replys_is_nobodys(store: SessionStore, unknown: str) -> None:
    await answers(store, "a")
    assert not await store.mark_read("erban", unknown)
    assert await store.reply(unknown) is None


@asynchronous
async def test_the_newest_replies_by_mobile_and_provider(store: SessionStore) -> None:
    await answers(store, "a", "b", "c")
    await store.add_reply("official", OTHER, "d", NOON)
    assert [r.content for r in await store.latest_replies(ALL, 2)] == ["d", "c"]
    assert [content for content, _ in await states(store, MessageFilter(mobile=OTHER))] == ["d"]
    assert [c for c, _ in await states(store, MessageFilter(provider="erban"))] == ["c", "b", "a"]


@asynchronous
async def test_what_was_given_out_is_a_copy(store: SessionStore) -> None:
    (reply_id,) = await answers(store, "a")
    for given in (await store.reply(reply_id), *await store.latest_replies(ALL, 1)):
        assert given is not None
        given.status = "read"
    assert await states(store) == [("a", "new")]


@asynchronous
async def test_clear_forgets_replies_and_no_id_comes_twice(store: SessionStore) -> None:
    (before,) = await answers(store, "a")
    await store.clear()
    assert await states(store) == []
    assert await store.reply(before) is None
    assert await answers(store, "b") != [before]
