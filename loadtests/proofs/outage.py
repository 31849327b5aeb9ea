"""Redis goes away under load and comes back, killed and then frozen: refused soon, nothing lost, nothing doubled."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from loadtests.proofs.crew import Crew, crew
from loadtests.proofs.judging import Case, judged
from loadtests.proofs.outages import AWAY, Outage, outage_checks
from loadtests.proofs.proof import Found, Show, figures_of
from loadtests.proofs.serving import BALANCE, serving, world
from loadtests.proofs.sizes import Size
from loadtests.redis_server import RedisServer, own_redis

MOST = 90_000
"""Attempts: what the inbox keeps, with room to spare."""
CONNECTIONS, REST = 16, 0.2
"""At once, of each process, and the seconds that a client waits after a refusal: it is Redis that is away,
and not the processor that is busy with refusals."""


class Way(NamedTuple):
    """How Redis goes away, and how it comes back."""

    name: str
    goes: Callable[[], None]
    returns: Callable[[], None]


async def outages(size: Size, show: Show) -> Found:
    """Workers on one Redis, which is away twice."""
    with own_redis() as redis, serving(workers=size.workers, store=redis.url) as running:
        async with world(running, {}) as where:
            stream = await where.stream("official", MOST // size.processes, CONNECTIONS)
            show_some = partial(_show, show, 3 * size.calm)
            async with crew([[stream]] * size.processes, show_some, rest=REST) as load:
                load.allow()
                found = [await _outage(load, way, size) for way in _ways(redis)]
                load.enough()
                records = await load.records()
            kept = await where.kept("official")
    checks = judged(Case("official", records, kept, 3 * size.calm, BALANCE, slugs={AWAY}))
    for one in found:
        checks += outage_checks(records, one, judges_time=size.judges_time)
    return Found(figures_of(records), checks)


def _ways(redis: RedisServer) -> tuple[Way, ...]:
    return (
        Way("killed", redis.stop, redis.start),
        Way("frozen", redis.freeze, redis.thaw),
    )


async def _outage(load: Crew, way: Way, size: Size) -> Outage:
    """One outage, from calm to calm."""
    await load.reach(accepted=load.accepted + size.calm)
    await asyncio.to_thread(way.goes)
    away = time.monotonic()
    await asyncio.sleep(size.outage_seconds)
    returning = time.monotonic()
    await asyncio.to_thread(way.returns)
    back = time.monotonic()
    await load.reach(accepted=load.accepted + size.calm)
    return Outage(way.name, away, returning, back, time.monotonic())


def _show(show: Show, total: int, ended: int, accepted: int) -> None:
    """What is refused meanwhile is no progress."""
    del ended
    show(min(accepted, total), total, accepted)
