"""The tallies of several processes: their sum is what all answered, and it never goes back."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from fakeproviders.failures import Reason
from fakeproviders.faults.reset import Reset
from fakeproviders.sharing.tally import SharedTally
from fakeproviders.stores.redis import Address, RedisStore
from fakeproviders.stores.redis.tallies import IDLE_SECONDS
from fakeproviders.tally import Tally
from tests.asyncs import asynchronous, run
from tests.entries import an_entry
from tests.redis_server import RedisServer
from tests.stores.conftest import PATIENCE


def tally(accepted: int = 0, refused: int = 0, resets: int = 0) -> Tally:
    found = Tally()
    entries = [
        *[an_entry()] * accepted,
        *[an_entry(refused=Reason.MOBILE_INVALID)] * refused,
        *[an_entry(fault=Reset())] * resets,
    ]
    for entry in entries:
        entry.took = 0.5
        found.count(entry)
    return found


def numbers(whole: Tally) -> dict[str, tuple[int, float]]:
    """How many ended so, and how long they took together."""
    return {kind[3]: (took.number, took.total) for kind, took in whole.requests().items()}


@contextlib.asynccontextmanager
async def process(
    address: Address, own: Tally, server: str = "a", seconds: float = 1000.0
) -> AsyncIterator[SharedTally]:
    store = RedisStore(address)
    await store.start()
    shared = SharedTally(own, store.tallies(server), seconds)
    try:
        async with shared.told():
            yield shared
    finally:
        await store.close()


def test_alone_it_is_ones_own() -> None:
    own = tally(1)
    assert run(SharedTally(own, None).whole()) is own


class Broken:
    """Tallies that cannot be told, until they can."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.told = asyncio.Event()

    async def put(self, packed: bytes) -> None:
        self.left -= 1
        if self.left >= 0:
            raise RuntimeError("a defect")
        self.told.set()

    async def others(self) -> list[bytes]:
        return []


@asynchronous
async def test_a_defect_is_a_line_in_the_log_and_others_are_told_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tallies = Broken(2)
    async with SharedTally(tally(), tallies, 0.001).told(), asyncio.timeout(PATIENCE):
        await tallies.told.wait()
    assert caplog.text.count("the tally could not be told: a defect, please report it") == 2


@asynchronous
async def test_what_processes_have_counted_is_summed_when_they_have_ended(
    redis_server: RedisServer,
) -> None:
    address = redis_server.address
    async with process(address, tally(accepted=1, resets=1)) as desk:
        async with process(address, tally(accepted=2, refused=3, resets=2)):
            pass
        async with process(address, tally(accepted=40), server="b"):
            pass
        for _ in range(2):
            whole = await desk.whole()
            assert numbers(whole) == {
                "accepted": (3, 1.5),
                "refused": (3, 1.5),
                "fault": (3, 1.5),
            }
            assert whole.faults == {("official", "reset"): 3}
    assert 0 < int(redis_server.say(b"TTL {fp}:tally:a").strip()[1:]) <= IDLE_SECONDS


@asynchronous
async def test_others_are_told_again_and_again(redis_server: RedisServer) -> None:
    own = tally(accepted=1)
    async with (
        process(redis_server.address, tally()) as desk,
        process(redis_server.address, own, seconds=0.01),
    ):
        for number in (1, 2):
            async with asyncio.timeout(PATIENCE):
                while numbers(await desk.whole()).get("accepted", (0, 0))[0] < number:
                    pass
            own.count(an_entry())


@asynchronous
async def test_it_does_not_go_back_while_redis_is_away(redis_server: RedisServer) -> None:
    async with process(redis_server.address, tally(accepted=1)) as desk:
        async with process(redis_server.address, tally(accepted=2)):
            pass
        assert numbers(await desk.whole()) == {"accepted": (3, 1.5)}
        redis_server.stop()
        assert numbers(await desk.whole()) == {"accepted": (3, 1.5)}
        redis_server.start()


@pytest.mark.parametrize("counted", [tally(), tally(1, 2, 3)])
def test_counts_added_to_nothing_are_the_same(counted: Tally) -> None:
    whole = Tally()
    whole.add(counted.counts())
    assert numbers(whole) == numbers(counted)
    assert whole.faults == counted.faults
