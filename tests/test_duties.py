"""What a desk does without being asked: hears of what is due, and settles what the dead have left."""

import asyncio

import pytest
from msgspec import structs

from fakeproviders.settings import Receipts
from fakeproviders.stores.pending import Onward
from fakeproviders.stores.redis import processes
from tests.asyncs import asynchronous
from tests.core import FakeHop
from tests.hosts import NOTHING_LEFT, PATIENCE, Host, Hosts, hosts_on, until
from tests.redis_server import RedisServer
from tests.stores.charges import ROLE, charge

ONWARD = Onward("R1", "sign-key")


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.0)


async def left_open(new: Hosts) -> tuple[Host, Host, FakeHop]:
    """A process that has forwarded a send, a desk, and the desk's way to find out about it."""
    worker, desk = await new("worker"), await new("desk")
    desk.hop = hop = FakeHop()
    await desk.session.store.set_balance(ROLE, 10)
    await worker.session.store.reserve(charge(out_id="mine"), ONWARD)
    return worker, desk, hop


@asynchronous
async def test_what_a_living_process_has_forwarded_is_its_own_affair(
    redis_server: RedisServer,
) -> None:
    async with hosts_on(redis_server) as new:
        _, desk, hop = await left_open(new)
        await desk.duties.look()
        assert hop.open == []


@pytest.mark.parametrize("accepted", [True, False])
@asynchronous
async def test_what_a_dead_process_has_forwarded_is_found_out_about(
    redis_server: RedisServer, accepted: bool
) -> None:
    async with hosts_on(redis_server) as new:
        worker, desk, hop = await left_open(new)
        await worker.end()
        for _ in range(3):
            await desk.duties.look()
        ((onward, confirm, release),) = hop.open
        assert onward == ONWARD
        assert worker.redis.processes.name in await desk.redis.processes.known()
        await (confirm if accepted else release)()
        assert await desk.session.store.balance(ROLE) == (9 if accepted else 10)
        found = await desk.session.store.message_by_out_id(ROLE, "mine")
        assert (found is not None) == accepted
        await desk.duties.look()
        assert await desk.redis.processes.known() == {desk.redis.processes.name}
        assert len(hop.open) == 1


@asynchronous
async def test_what_was_announced_while_redis_was_away_is_read(redis_server: RedisServer) -> None:
    async with hosts_on(redis_server) as new:
        worker, desk = await new("worker"), await new("desk")
        async with desk.duties.done():
            desk.redis.processes.listen(lambda due: None)  # as if nothing was heard
            sent = await worker.send()
            await desk.session.clock.advance(3)
            assert desk.got == []
            desk.duties._heard(None)
            await until(desk, 1)
        assert desk.said("message_id") == [sent]


@asynchronous
async def test_after_a_break_a_desk_listens_again(redis_server: RedisServer) -> None:
    async with hosts_on(redis_server) as new:
        worker, desk = await new("worker"), await new("desk")
        async with desk.duties.done():
            redis_server.stop()
            redis_server.start()
            await _back(worker)
            await _back(desk)
            sent = await worker.send()
            await asyncio.wait_for(_scheduled(desk), PATIENCE)
            await desk.session.clock.advance(3)
        assert desk.said("message_id") == [sent]


@asynchronous
async def test_a_session_that_is_not_known_yet_is_read_when_it_is(
    redis_server: RedisServer,
) -> None:
    async with hosts_on(redis_server) as new:
        worker, desk = await new("worker"), await new("desk")
        session = desk.sessions._by_id.pop("default")
        async with desk.duties.done():
            sent = await worker.send()
            await desk.redis.ready()  # what was announced before has been heard
            desk.sessions._by_id["default"] = session
            await desk.duties.look()
            await session.clock.advance(3)
        assert desk.said("message_id") == [sent]


@asynchronous
async def test_what_a_clock_has_forgotten_is_read_again(redis_server: RedisServer) -> None:
    async with hosts_on(redis_server) as new:
        desk = await new("desk")
        sent = await desk.send()
        await desk.dispatcher.due.read(desk.session)
        desk.session.clock.clear()
        await desk.session.clock.advance(3)
        assert desk.got == []
        await desk.duties.look()
        await desk.session.clock.advance(0)
        assert desk.said("message_id") == [sent]
        assert new.left() == NOTHING_LEFT


@asynchronous
async def test_a_desk_begins_although_redis_is_away(redis_server: RedisServer) -> None:
    async with hosts_on(redis_server) as new:
        desk = await new("desk")
        wanted = structs.replace(charge(), receipts=Receipts(), called_back=True)
        await desk.session.store.commit(wanted)  # type: ignore[misc]
        redis_server.stop()
        async with desk.duties.done():
            redis_server.start()
            await asyncio.wait_for(_scheduled(desk), PATIENCE)
        await desk.session.clock.advance(3)
        assert len(desk.got) == 1


async def _back(host: Host) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await host.redis.ready():
            await asyncio.sleep(0.01)


async def _scheduled(host: Host) -> None:
    """Return when something is on the session's clock."""
    while not host.session.clock._due:
        await asyncio.sleep(0.01)
