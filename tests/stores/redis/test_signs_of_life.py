"""Which processes live: seen by their signs of life, and not doubted because Redis was away."""

import asyncio

import pytest

from fakeproviders.stores.pending import Due
from fakeproviders.stores.redis import RedisStore, processes
from tests.asyncs import asynchronous
from tests.redis_server import RedisServer

PATIENCE = 10.0


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.0)


@asynchronous
async def test_who_has_ended_is_gone_and_who_lives_is_not(redis_server: RedisServer) -> None:
    one, two = RedisStore(redis_server.address), RedisStore(redis_server.address)
    for store in (one, two):
        await store.start()
    await two.processes.live_as("desk")
    known = {one.processes.name, two.processes.name, "desk"}
    assert await one.processes.known() == known
    assert await one.processes.gone(known) == set()
    await two.close()
    assert await one.processes.gone(known) == known - {one.processes.name}
    await one.processes.forget("desk")
    assert await one.processes.known() == known - {"desk"}
    await one.close()


@asynchronous
async def test_who_shows_no_sign_is_given_time(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.05)
    store = RedisStore(redis_server.address)
    await store.start()
    assert await store.processes.gone({"killed"}) == set()
    async with asyncio.timeout(PATIENCE):
        while await store.processes.gone({"killed"}) != {"killed"}:
            await asyncio.sleep(0.01)
    await store.close()


@asynchronous
async def test_when_redis_was_away_everybody_is_given_time_anew(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = asyncio.Event()

    def heard(due: Due | None) -> None:
        assert due is None
        back.set()

    store = RedisStore(redis_server.address)
    await store.start()
    store.processes.listen(heard)
    assert await store.processes.gone({"killed"}) == {"killed"}
    monkeypatch.setattr(processes, "GRACE_SECONDS", PATIENCE)
    redis_server.stop()
    redis_server.start()
    async with asyncio.timeout(PATIENCE):
        await back.wait()
    assert await store.processes.gone({"killed"}) == set()
    await store.close()
