"""Redis goes away and comes back: refusals within a second, nothing lost, nothing doubled."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from fakeproviders.failures import Reason
from fakeproviders.settings import AMPLE_BALANCE, Quotas
from fakeproviders.stores.base import MessageFilter, SessionStore, StoreUnavailable
from fakeproviders.stores.messages import id_prefix
from fakeproviders.stores.redis import RedisStore
from tests.asyncs import asynchronous
from tests.redis_server import RedisServer
from tests.stores.charges import MOBILE, NOON, ROLE, charge, refused, send
from tests.stores.redis.opened import back, session_in
from tests.stores.redis.relay import Relay

ALL = MessageFilter()
AT_MOST = 1.0
"""Seconds until a refusal."""
BACK_WITHIN = 2.0
SLACK = 0.5
"""Seconds that a busy machine may add."""

OPERATIONS: dict[str, Callable[[SessionStore], Awaitable[object]]] = {
    "commit": send,
    "reserve": lambda store: store.reserve(charge()),
    "issue_token": lambda store: store.issue_token(ROLE, "a", now=NOON, lifetime=9, grace=9),
    "token_valid": lambda store: store.token_valid(ROLE, "a", NOON),
    "balance": lambda store: store.balance(ROLE),
    "usage": lambda store: store.usage(ROLE, Quotas(), NOON),
    "message": lambda store: store.message(f"{id_prefix('one')}000000000"),
    "messages": lambda store: store.messages(ALL, after=0, limit=9, wait=0),
    "latest_messages": lambda store: store.latest_messages(ALL, 9),
    "inbox_ends": lambda store: store.inbox_ends(),
    "add_reply": lambda store: store.add_reply(ROLE, MOBILE, "x", NOON),
    "latest_replies": lambda store: store.latest_replies(ALL, 9),
    "clear": lambda store: store.clear(),
}


async def inbox(store: SessionStore) -> list[str]:
    """Ids of all messages, oldest first."""
    return [m.id for m in await store.latest_messages(ALL, 100_000)][::-1]


@pytest.mark.parametrize("way", ["stop", "freeze"])
@asynchronous
async def test_without_redis_everything_is_refused_within_a_second_and_it_comes_back_by_itself(
    redis_server: RedisServer, way: str
) -> None:
    async with session_in(redis_server.address) as store:
        await send(store)
        getattr(redis_server, way)()
        try:
            began = time.monotonic()
            outcomes = await asyncio.gather(
                *(work(store) for work in OPERATIONS.values()), return_exceptions=True
            )
            assert time.monotonic() - began < AT_MOST + SLACK
        finally:
            {"stop": redis_server.start, "freeze": redis_server.thaw}[way]()
        assert [type(o) for o in outcomes if not isinstance(o, StoreUnavailable)] == []
        assert await back(store) < BACK_WITHIN + SLACK
        await send(store)
        assert len(await inbox(store)) == 2
        assert await store.balance(ROLE) == AMPLE_BALANCE - 2


def test_a_refusal_says_that_the_provider_is_out_of_order() -> None:
    refusal = StoreUnavailable("no Redis")
    assert (refusal.reason, refusal.rule) == (Reason.MAINTENANCE, "store_available")


@asynchronous
async def test_a_send_whose_answer_was_lost_is_asked_for_again_and_charged_once(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    async with (
        Relay(redis_server.address, tmp_path / "relay").listening() as relay,
        session_in(relay.address) as store,
    ):
        relay.lose_answers(then_refuse=False)
        sent = await send(store, out_id="a")
        assert relay.lost.is_set()
        assert await inbox(store) == list(sent.message_ids)
        assert await store.balance(ROLE) == AMPLE_BALANCE - 1


@asynchronous
async def test_a_send_that_was_refused_for_want_of_an_answer_is_taken_back(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    async with (
        Relay(redis_server.address, tmp_path / "relay").listening() as relay,
        session_in(redis_server.address) as watching,
        session_in(relay.address) as store,
    ):
        await store.issue_token(ROLE, "t", now=NOON, lifetime=9, grace=9)
        before = await store.usage(ROLE, Quotas(), NOON)
        relay.lose_answers(then_refuse=True)
        assert await refused(store, charge(out_id="a", token="t")) is Reason.MAINTENANCE
        assert len(await inbox(watching)) == 1
        relay.refuses = False
        assert await back(store) < BACK_WITHIN + SLACK
        assert await inbox(store) == []
        assert await store.balance(ROLE) == AMPLE_BALANCE
        assert await store.usage(ROLE, Quotas(), NOON) == before
        assert await refused(store, charge(out_id="a", token="t")) is None


@asynchronous
async def test_a_reservation_that_was_refused_for_want_of_an_answer_is_given_back(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    async with (
        Relay(redis_server.address, tmp_path / "relay").listening() as relay,
        session_in(relay.address) as store,
    ):
        relay.lose_answers(then_refuse=True)
        with pytest.raises(StoreUnavailable):
            await store.reserve(charge(out_id="a"))
        relay.refuses = False
        await back(store)
        assert await store.balance(ROLE) == AMPLE_BALANCE
        assert await refused(store, charge(out_id="a")) is None


@pytest.mark.parametrize(("end", "messages", "left"), [("confirm", 1, 9), ("release", 0, 10)])
@asynchronous
async def test_a_reservation_ends_as_it_was_told_to_once_redis_is_back(
    redis_server: RedisServer, end: str, messages: int, left: int
) -> None:
    async with session_in(redis_server.address) as store:
        await store.set_balance(ROLE, 10)
        reserved = await store.reserve(charge(out_id="a"))
        redis_server.stop()
        try:
            if end == "confirm":
                with pytest.raises(StoreUnavailable):
                    await store.confirm(reserved)
            else:
                await store.release(reserved)
        finally:
            redis_server.start()
        await back(store)
        assert (len(await inbox(store)), await store.balance(ROLE)) == (messages, left)


def test_under_load_nothing_acknowledged_is_lost_and_nothing_refused_was_sent(
    redis_server: RedisServer,
) -> None:
    acknowledged: list[str] = []
    took: list[float] = []

    async def client(store: SessionStore, number: int, over: asyncio.Event) -> None:
        turn = 0
        while not over.is_set():
            turn += 1
            began = time.monotonic()
            try:
                sent = await send(store, f"138{number:04d}{turn:04d}", out_id=f"{number}-{turn}")
            except StoreUnavailable:
                await asyncio.sleep(0.01)
            else:
                acknowledged.extend(sent.message_ids)
            took.append(time.monotonic() - began)

    @asynchronous
    async def scenario() -> None:
        async with session_in(redis_server.address) as store:
            over = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                for number in range(50):
                    group.create_task(client(store, number, over))
                for _ in range(3):
                    await grown(acknowledged)
                    redis_server.stop()
                    await asyncio.to_thread(redis_server.start)
                    await back(store)
                await grown(acknowledged)
                over.set()
            assert max(took) < AT_MOST + SLACK
            assert await inbox(store) == sorted(acknowledged)
            assert await store.balance(ROLE) == AMPLE_BALANCE - len(acknowledged)

    scenario()


async def grown(items: list[Any], by: int = 200) -> None:
    """Return when there are so many more."""
    wanted = len(items) + by
    async with asyncio.timeout(20):
        while len(items) < wanted:
            await asyncio.sleep(0.005)


@asynchronous
async def test_who_waits_for_a_message_waits_over_an_outage(redis_server: RedisServer) -> None:
    async with session_in(redis_server.address) as store:
        waiting = asyncio.create_task(store.messages(ALL, after=0, limit=9, wait=30))
        await back(store)
        redis_server.stop()
        redis_server.start()
        await back(store)
        sent = await send(store)
        found, _ = await waiting
        assert [m.id for m in found] == list(sent.message_ids)


@asynchronous
async def test_a_wait_that_is_given_up_leaves_nothing_behind(redis_server: RedisServer) -> None:
    async with session_in(redis_server.address) as store:
        waits = [
            asyncio.create_task(store.messages(ALL, after=0, limit=9, wait=30)) for _ in range(3)
        ]
        await back(store)
        assert b"fp:{one}:arrived" in redis_server.say(b"PUBSUB CHANNELS")
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
        await back(store)
        assert b"fp:{one}:arrived" not in redis_server.say(b"PUBSUB CHANNELS")
        await send(store)


@asynchronous
async def test_what_redis_comes_to_after_the_deadline_is_not_done(
    redis_server: RedisServer,
) -> None:
    store = RedisStore(redis_server.address, run=-1.0)
    session = store.open("one")
    for _ in range(2):
        assert await refused(session, charge(out_id="a")) is Reason.MAINTENANCE
    assert await session.inbox_ends() == (0, 0, 0)
    assert await session.balance(ROLE) == AMPLE_BALANCE
    await store.close()
