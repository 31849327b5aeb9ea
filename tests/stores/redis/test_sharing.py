"""Two processes on one Redis: what one is told, the other knows by the time the call returns."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from fakeproviders.clock import ClockState
from fakeproviders.events import FAULT
from fakeproviders.faults.rule import FaultSpec
from fakeproviders.model import Call
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.sessions import BadSettings, SessionOver, Sessions
from fakeproviders.settings import AMPLE_BALANCE
from fakeproviders.soon import settled
from fakeproviders.stores.base import StoreUnavailable
from fakeproviders.stores.redis import Address, RedisStore
from fakeproviders.stores.redis import sharing as shared
from tests.asyncs import asynchronous
from tests.core import MOBILE, SEND, Core, post
from tests.redis_server import RedisServer
from tests.stores.conftest import PATIENCE

REFUSING = FaultSpec(provider="official", operation="send", do="rate_limited", times=3)
A_SEND = Call("official", "send", mobiles=(MOBILE,))


@asynccontextmanager
async def process(address: Address) -> AsyncIterator[Core]:
    """A process of a server, without its sockets."""
    store = RedisStore(address, run=PATIENCE, answer=PATIENCE)
    await store.start()
    core = Core(store=store)
    await core.open()
    try:
        yield core
    finally:
        await core.sessions.close()
        await store.close()


@asynccontextmanager
async def processes(address: Address) -> AsyncIterator[tuple[Core, Core]]:
    async with process(address) as one, process(address) as other:
        yield one, other


@asynchronous
async def test_a_session_made_by_one_is_served_by_the_other(redis_server: RedisServer) -> None:
    async with processes(redis_server.address) as (one, other):
        made = await one.sessions.create(name="checkout", seed=7, ttl=60)
        known = other.sessions.get(made.id)
        assert known is not None
        assert known.document() == made.document()
        account = made.accounts["official"]
        call = Call("official", "send", account=account.id)
        assert other.sessions.owner("official", "", call).session is known


@asynchronous
async def test_each_change_is_known_everywhere_when_the_call_returns(
    redis_server: RedisServer,
) -> None:
    async with processes(redis_server.address) as (one, other):
        mine = await one.sessions.create()
        its = other.sessions.get(mine.id)
        assert its is not None
        await one.sessions.patch(mine, "erban", {"quotas": {"mobile_per_day": 3}})
        assert its.accounts["erban"].settings.quotas.mobile_per_day == 3
        async with other.sessions.change(its):
            rule = its.faults.add(REFUSING)
        assert [known.id for known in mine.faults.rules] == [rule.id]
        await mine.clock.set(ClockState(mode="frozen", at="2026-01-01T23:59:00+08:00"))
        await mine.clock.advance(30)
        async with one.sessions.change(mine):
            pass
        assert its.clock.state() == mine.clock.state()
        await other.sessions.reset(its)
        assert mine.document() == its.document()
        assert mine.faults.rules == ()
        assert mine.clock.state().mode == "system"
        assert mine.accounts["erban"].settings.quotas.mobile_per_day is None


@asynchronous
async def test_a_deleted_session_is_over_everywhere(redis_server: RedisServer) -> None:
    async with processes(redis_server.address) as (one, other):
        mine = await one.sessions.create()
        its = other.sessions.get(mine.id)
        assert its is not None
        assert await other.sessions.delete(mine.id)
        assert one.sessions.get(mine.id) is None
        assert not await one.sessions.delete(mine.id)
        with pytest.raises(SessionOver):
            await one.sessions.reset(mine)


@asynchronous
async def test_an_identity_belongs_to_one_session_of_all_processes(
    redis_server: RedisServer,
) -> None:
    async with processes(redis_server.address) as (one, other):
        given = {"official": {"app_id": "the-same"}}
        await one.sessions.create(providers=given)
        with pytest.raises(BadSettings, match="belongs to another session"):
            await other.sessions.create(providers=given)


@asynchronous
async def test_sessions_and_balances_outlive_their_process(redis_server: RedisServer) -> None:
    async with process(redis_server.address) as first:
        session = await first.sessions.create()
        await session.store.set_balance("official", 5)
        async with first.sessions.change(session):
            session.faults.add(REFUSING)
        before = session.document()
    async with process(redis_server.address) as second:
        again = second.sessions.get(session.id)
        assert again is not None
        assert again.document() == before
        assert await again.store.balance("official") == 5
        await second.sessions.reset(again)
        assert await again.store.balance("official") == AMPLE_BALANCE


@asynchronous
async def test_a_rule_acts_as_often_as_it_may_over_all_processes(
    redis_server: RedisServer,
) -> None:
    async with processes(redis_server.address) as (one, other):
        mine = one.sessions.get("default")
        assert mine is not None
        async with one.sessions.change(mine):
            mine.faults.add(REFUSING)
        engines = [core.sessions.get("default").faults for core in (one, other)]  # type: ignore[union-attr]
        its = other.sessions.get("default")
        assert its is not None
        with its.events.subscribe(frozenset({FAULT})) as listener:
            draws = await asyncio.gather(
                *(settled(engine.draw(A_SEND, 0.0)) for engine in engines for _ in range(8))
            )
            told: list[dict[str, Any]] = []
            while len(told) < 3:
                await asyncio.wait_for(listener.wait(), PATIENCE)
                told += [event.data for event in listener.take().events]
        assert [fact["action"] for fact in told] == ["fired"] * 3
        assert told[-1]["fault"]["fired"] == 3
        assert sum(draw.fault.acts for draw in draws) == 3
        assert sorted(draw.nth for draw in draws if draw.fault.acts) == [0, 1, 2]
        for engine in engines:
            await engine.count_again()
            assert (engine.rules[0].matched, engine.rules[0].fired) == (3, 3)
            assert engine.rules[0].exhausted()


@asynchronous
async def test_a_signature_submitted_to_one_is_known_to_the_other(
    redis_server: RedisServer,
) -> None:
    async with processes(redis_server.address) as (one, other):
        values = {"access_token": await one.token(), "sign_key": "new", "signature": "【新签名】"}
        answer = await one.answer(OFFICIAL, post("/api/sms/signatures", values))
        assert answer["code"] == 0
        its = other.sessions.get("default")
        assert its is not None
        assert its.accounts["official"].signature("new") is not None


@asynchronous
async def test_two_processes_never_make_the_same_token(redis_server: RedisServer) -> None:
    async with processes(redis_server.address) as (one, other):
        tokens = {await core.token() for core in (one, other) for _ in range(5)}
        assert len(tokens) == 10
        values = {"access_token": min(tokens), **SEND}
        for core in (one, other):
            assert (await core.answer(OFFICIAL, post("/api/sms/send", values)))["code"] == 0


@asynchronous
async def test_changes_of_many_at_once_are_made_one_after_the_other(
    redis_server: RedisServer,
) -> None:
    async with processes(redis_server.address) as (one, other):

        async def add(sessions: Sessions) -> None:
            session = sessions.get("default")
            assert session is not None
            async with sessions.change(session):
                session.faults.add(REFUSING)

        await asyncio.gather(*(add(core.sessions) for core in (one, other) for _ in range(10)))
        for core in (one, other):
            session = core.sessions.get("default")
            assert session is not None
            assert [rule.id for rule in session.faults.rules] == [f"f{n}" for n in range(1, 21)]


@asynchronous
async def test_a_turn_ends_when_its_process_has_died(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "TURN_SECONDS", 0.2)
    async with processes(redis_server.address) as (one, other):
        died = one.sessions._sharing.turn()
        await died.__aenter__()
        began = time.monotonic()
        session = await other.sessions.create()
        assert time.monotonic() - began < 5
        assert one.sessions.get(session.id) is not None
        with pytest.raises(StoreUnavailable) as refused:
            await one.sessions._sharing.tell(session.document())
        assert "longer than a turn" in refused.value.why
        await died.__aexit__(None, None, None)


@asynchronous
async def test_use_elsewhere_keeps_a_session_alive(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "TELL_SECONDS", 0.01)
    async with processes(redis_server.address) as (desk, worker):
        session = await desk.sessions.create(ttl=60)
        worker.real.now = desk.real.now = desk.real.now + 50
        call = Call("official", "send", account=session.accounts["official"].id)
        worker.sessions.owner("official", "", call)
        while not await desk.sessions._sharing.last_used(session.id):
            await asyncio.sleep(0.01)
        desk.real.now += 50
        assert await desk.sessions.expire() == []
        desk.real.now += 50
        assert await desk.sessions.expire() == [session.id]
        assert worker.sessions.get(session.id) is None


@asynchronous
async def test_a_redis_that_lost_its_data_is_given_the_sessions_again(
    redis_server: RedisServer,
) -> None:
    async with processes(redis_server.address) as (one, other):
        session = await one.sessions.create()
        redis_server.stop()
        redis_server.start()
        redis_server.empty()
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    third = await other.sessions.create()
                    break
                except StoreUnavailable:
                    await asyncio.sleep(0.01)
            # It may have been cut off while that session was made, and hears of it when it is back.
            while one.sessions.get(third.id) is None:
                await asyncio.sleep(0.01)
        for core in (one, other):
            assert core.sessions.get(session.id) is not None
        assert other.sessions.get(third.id) is not None
        async with process(redis_server.address) as late:
            assert {s.id for s in late.sessions.all()} == {"default", session.id, third.id}
