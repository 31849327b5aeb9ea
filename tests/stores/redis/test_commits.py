"""Sends of one turn of the event loop, which one script does: each is answered as if it came alone."""

import asyncio
from collections.abc import Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from fakeproviders.failures import Reason
from fakeproviders.model import Refusal, Sent
from fakeproviders.settings import AMPLE_BALANCE
from fakeproviders.stores.base import Charge, MessageFilter, StoreUnavailable
from fakeproviders.stores.records import Record
from fakeproviders.stores.redis import RedisStore
from fakeproviders.stores.redis.commits import MOST_MOBILES, MOST_SENDS
from fakeproviders.stores.redis.session import RedisSession
from tests.asyncs import asynchronous
from tests.redis_server import RedisServer
from tests.stores.charges import MOBILE, NOON, OTHER, ROLE, charge, only
from tests.stores.redis.opened import back, session_in
from tests.stores.redis.relay import Relay

ALL = MessageFilter()
Outcome = str | Reason


async def outcomes(store: RedisSession, *wanted: Charge) -> Sequence[Outcome]:
    """What comes of sends that are asked for in one turn: the last digit of the first id, or the reason."""
    done = await asyncio.gather(*map(store.commit, wanted), return_exceptions=True)
    return [outcome(each) for each in done]


def outcome(done: Sent | BaseException) -> Outcome:
    if isinstance(done, Sent):
        return done.message_ids[0][-1]
    assert isinstance(done, Refusal), repr(done)
    return done.reason


def scripts_run(server: RedisServer) -> int:
    """How many scripts Redis has been asked to run."""
    stats = server.say(b"INFO commandstats").decode()
    (line,) = [line for line in stats.split() if line.startswith("cmdstat_evalsha:")]
    return int(line.partition("calls=")[2].partition(",")[0])


MIXED: dict[str, tuple[list[Charge], list[Outcome]]] = {
    "an id that is taken": (
        [charge(out_id="a"), charge(out_id="a"), charge(out_id="b")],
        ["0", Reason.DUPLICATE_REQUEST, "1"],
    ),
    "a day's quota": (
        [charge(**only("account_per_day", 2)) for _ in range(3)],
        ["0", "1", Reason.CODE_QUOTA_EXCEEDED],
    ),
    "an address's quota": (
        [charge(ip=ip, **only("ip_per_day", 1)) for ip in ("10.0.0.1", "10.0.0.2", "10.0.0.1")],
        ["0", "1", Reason.IP_DAY_LIMIT],
    ),
    "a mobile's quota": (
        [charge(mobile, **only("mobile_per_minute", 1)) for mobile in (MOBILE, MOBILE, OTHER)],
        ["0", Reason.MOBILE_MINUTE_LIMIT, "1"],
    ),
    "a rate": (
        [charge(**only("account_per_second", 2)) for _ in range(3)],
        ["0", "1", Reason.RATE_LIMITED],
    ),
    "a balance": (
        [charge(fee=AMPLE_BALANCE), charge(fee=1), charge(fee=0)],
        ["0", Reason.BALANCE_INSUFFICIENT, "1"],
    ),
    "messages to several": (
        [charge(MOBILE, OTHER), charge(MOBILE, MOBILE), charge(OTHER)],
        ["0", "2", "4"],
    ),
    "another day": (
        [charge(**only("account_per_day", 1), now=NOON + day * 86400) for day in (0, 1, 0)],
        ["0", "1", Reason.CODE_QUOTA_EXCEEDED],
    ),
}


@pytest.mark.parametrize("what", MIXED)
def test_sends_of_one_turn_see_what_those_before_them_did(
    redis_server: RedisServer, what: str
) -> None:
    wanted, expected = MIXED[what]

    @asynchronous
    async def scenario() -> None:
        async with session_in(redis_server.address) as store:
            assert await outcomes(store, *wanted) == expected

    scenario()


@asynchronous
async def test_a_token_that_is_good_for_one_send_is_good_for_one_of_a_turn(
    redis_server: RedisServer,
) -> None:
    async with session_in(redis_server.address) as store:
        await store.issue_once(ROLE, "t", now=NOON, lifetime=60)
        wanted = [charge(token="t"), charge(token="t")]
        assert await outcomes(store, *wanted) == ["0", Reason.TOKEN_EXPIRED]


@asynchronous
async def test_as_many_as_fit_go_in_one_script(redis_server: RedisServer) -> None:
    async with session_in(redis_server.address) as store:
        before = scripts_run(redis_server)
        await outcomes(store, *(charge() for _ in range(MOST_SENDS)))
        assert scripts_run(redis_server) - before == 1
        many = [f"138{number:08d}" for number in range(MOST_MOBILES)]
        await outcomes(store, charge(*many), charge(*many), charge())
        assert scripts_run(redis_server) - before == 4
        assert (await store.inbox_ends()).next == MOST_SENDS + 2 * MOST_MOBILES + 1


@asynchronous
async def test_an_inbox_smaller_than_a_turn_keeps_the_newest(redis_server: RedisServer) -> None:
    store = RedisStore(redis_server.address, inbox_limit=3)
    session = store.open("one")
    await outcomes(session, *(charge(out_id=str(number)) for number in range(8)))
    assert await session.inbox_ends() == (5, 8, 5)
    assert [m.out_id for m in await session.latest_messages(ALL, 9)] == ["7", "6", "5"]
    assert await outcomes(session, charge(out_id="0"), charge(out_id="7")) == [
        "8", Reason.DUPLICATE_REQUEST
    ]  # fmt: skip
    await store.close()


@asynchronous
async def test_one_that_cannot_be_written_fails_alone(redis_server: RedisServer) -> None:
    async with session_in(redis_server.address) as store:
        wanted = [charge(out_id="a"), charge(ip="\ud800"), charge(out_id="b")]
        first, broken, last = await asyncio.gather(
            *map(store.commit, wanted), return_exceptions=True
        )
        assert isinstance(broken, UnicodeEncodeError)
        assert [outcome(first), outcome(last)] == ["0", "1"]


@asynchronous
async def test_one_that_is_given_up_does_not_hold_up_the_others(redis_server: RedisServer) -> None:
    async with session_in(redis_server.address) as store:
        given_up = asyncio.create_task(store.commit(charge(out_id="a")))
        waits = asyncio.create_task(store.commit(charge(out_id="b")))
        await asyncio.sleep(0)
        given_up.cancel()
        assert outcome(await waits) == "1"


async def all_unanswered(*wanted: Coroutine[Any, Any, Sent]) -> None:
    """Sends of one turn whose answer is lost, and Redis with it."""
    for done in await asyncio.gather(*wanted, return_exceptions=True):
        assert isinstance(done, StoreUnavailable), repr(done)


@asynchronous
async def test_every_send_of_a_lost_answer_is_taken_back(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    async with (
        Relay(redis_server.address, tmp_path / "relay").listening() as relay,
        session_in(redis_server.address) as watching,
        session_in(relay.address) as store,
    ):
        kept = await watching.commit(charge(out_id="kept"))
        relay.lose_answers(then_refuse=True)
        wanted = [store.commit(charge(out_id=name)) for name in "abc"]
        await all_unanswered(*wanted)
        assert len(await watching.latest_messages(ALL, 9)) == 4
        relay.refuses = False
        await back(store)
        assert [m.id for m in await store.latest_messages(ALL, 9)] == [*kept.message_ids]
        assert await store.balance(ROLE) == AMPLE_BALANCE - 1
        assert await outcomes(store, charge(out_id="c")) == ["4"]


@asynchronous
async def test_each_of_a_lost_answer_is_found_in_the_journal_where_it_was_written(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    async with (
        Relay(redis_server.address, tmp_path / "relay").listening() as relay,
        session_in(relay.address) as store,
    ):
        records = [Record(partial(bytes, name)) for name in (b"a", b"b", b"c")]
        relay.lose_answers(then_refuse=True)
        wanted = [store.commit(charge(), record) for record in records]
        await all_unanswered(*wanted)
        for record in records:
            store.records.post(record, partial(b"answer to ".__add__, record.part))
        relay.refuses = False
        await back(store)
        store.records.send()
        await store.settled()
        page = await store.records.read()
        assert [kept.request for kept in page.requests] == [b"a", b"b", b"c"]
        assert list(page.answers) == [
            (0, b"answer to a"), (1, b"answer to b"), (2, b"answer to c")
        ]  # fmt: skip
