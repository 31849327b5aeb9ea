"""Two workers against one, each on a Redis of its own: by CPU time, and by the clock on the wall.

Usage: ``python -m loadtests.bench.workers [REQUESTS]``

What counts is CPU time, measured on both at the same time, so that what disturbs one disturbs the other.
If each process had a core to itself, the one that needs most of it for a send would bound them all:
that is a capacity. By the clock, two workers share two cores with Redis, the desk and the client, and
their gain is bounded by the machine: ``wall_ratio`` states it, measured one after the other.

The Redis is as Debian delivers it: it keeps no append-only file. With one, synced every second, it has
more to do: those figures are named ``aof_``.
"""

import asyncio
import contextlib
import json
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import uvloop

from loadtests.bench import servers
from loadtests.bench.compared import WARM
from loadtests.bench.hammer import Hammered, hammer
from loadtests.bench.official_send import sends, token_of
from loadtests.redis_server import own_redis

REQUESTS = 30_000
ONE, TWO = 1, 2
DELIVERED, AOF = {"appendonly": "no"}, {"appendonly": "yes", "appendfsync": "everysec"}
"""How the Redis is set."""


class Spent(NamedTuple):
    """Microseconds of processor time that a send costs each."""

    workers: float
    """All together."""
    desk: float
    """And the supervisor."""
    redis: float

    def capacity(self, workers: int) -> float:
        """Sends a second if each process had a core to itself."""
        return 1e6 / max(self.workers / workers, self.desk, self.redis)


class Rig(NamedTuple):
    """Running servers, their processes, and the session that is sent to."""

    workers: Sequence[int]
    desk: Sequence[int]
    redis: Sequence[int]
    session: Mapping[str, str]

    @property
    def port(self) -> int:
        return int(self.session["url"].rpartition(":")[2])

    def used(self) -> list[float]:
        """Seconds of processor time so far: workers, desk, Redis."""
        groups = self.workers, self.desk, self.redis
        return [sum(map(servers.cpu_seconds_of, pids)) for pids in groups]


@contextlib.contextmanager
def rig(workers: int, settings: Mapping[str, str]) -> Iterator[Rig]:
    """Servers that may use all cores; the client keeps to its own."""
    servers.use_all_cores()
    options = ("--workers", str(workers), "--store")
    with (
        own_redis(**settings) as redis,
        servers.fakeproviders(*options, redis.url, core=None) as ours,
    ):
        found = servers.addresses(ours)
        servers.keep_to_own_core()
        yield Rig(
            workers=found["workers"],
            desk=[found["desk"], found["supervisor"]],
            redis=[redis.pid],
            session=found["session"]["official"],
        )


def measure(number: int) -> dict[str, float]:
    """What one worker and what two cost and carry, and their ratios."""
    alone = {workers: _per_second(workers, number) for workers in (ONE, TWO)}
    return {
        **_by_cpu(number, DELIVERED),
        **{f"aof_{name}": value for name, value in _by_cpu(number, AOF).items()},
        "one_per_second": alone[ONE],
        "two_per_second": alone[TWO],
        "wall_ratio": alone[TWO] / alone[ONE],
    }


def _by_cpu(number: int, settings: Mapping[str, str]) -> dict[str, float]:
    """Microseconds of processor time, the capacities that follow, and their ratio."""
    with rig(ONE, settings) as one, rig(TWO, settings) as two:
        first, second = uvloop.run(_spent([one, two], number))
    return {
        **{f"one_{name}_us": value for name, value in first._asdict().items()},
        **{f"two_{name}_us": value for name, value in second._asdict().items()},
        "one_capacity": first.capacity(ONE),
        "two_capacity": second.capacity(TWO),
        "ratio": second.capacity(TWO) / first.capacity(ONE),
    }


async def _spent(rigs: Sequence[Rig], number: int) -> list[Spent]:
    """What a send costs each, loaded at the same time. Raises NotAllGoodError."""
    run = [await _prepared(one, number) for one in rigs]
    before = [one.used() for one in rigs]
    await asyncio.gather(*(send() for send in run))
    return [
        Spent(*((now - then) / number * 1e6 for now, then in zip(one.used(), each, strict=True)))
        for one, each in zip(rigs, before, strict=True)
    ]


def _per_second(workers: int, number: int) -> float:
    """Sends a second by the clock. Raises NotAllGoodError."""

    async def timed(one: Rig) -> float:
        send = await _prepared(one, number)
        return number / (await send()).seconds

    with rig(workers, DELIVERED) as one:
        return uvloop.run(timed(one))


async def _prepared(one: Rig, number: int) -> Callable[[], Awaitable[Hammered]]:
    """What sends so many; the servers are warm and the bytes are ready."""
    token = await token_of(dict(one.session))
    load = sends(dict(one.session), token, WARM + number)
    await hammer(one.port, load[:WARM])
    return lambda: hammer(one.port, load[WARM:])


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    sys.stdout.write(json.dumps(measure(number)) + "\n")


if __name__ == "__main__":
    main()
