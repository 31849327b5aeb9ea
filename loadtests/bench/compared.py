"""Servers loaded at the same time: what each uses of the processor for a request, and how late it answers.

They share a core and the client has the other, so what disturbs one disturbs all: their ratio holds
where figures of separate runs differ by a fifth.

The 99th percentile is one of full load: each client connection asks again as soon as it has its answer, so
as many requests as connections are always under way at each server, and their processes take turns on the
core. It is mostly time in line, seen from the client, and says something beside the other server's alone.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from loadtests.bench.client import drive
from loadtests.bench.servers import Server

WARM = 500
"""Requests before the measurement, to each."""


class NotAllGoodError(Exception):
    """Some requests were not answered as they should be, so nothing was measured."""


class Side(NamedTuple):
    """One of the servers, and its requests; ``mark`` is in every good answer."""

    server: Server
    port: int
    load: Sequence[bytes]
    mark: bytes = b'"code":0'
    warm: Sequence[bytes] | None = None
    """Requests to warm it up with; without them the load's first."""


async def compared(sides: Mapping[str, Side]) -> dict[str, float]:
    """``<name>_us`` of processor time a request, and ``<name>_p99_ms``, by each one's name."""
    await _driven([side._replace(load=side.warm or side.load[:WARM]) for side in sides.values()])
    before = {name: side.server.cpu_seconds() for name, side in sides.items()}
    late = await _driven(list(sides.values()))
    found: dict[str, float] = {}
    for (name, side), p99 in zip(sides.items(), late, strict=True):
        used = side.server.cpu_seconds() - before[name]
        found[f"{name}_us"] = used / len(side.load) * 1e6
        found[f"{name}_p99_ms"] = p99 * 1e3
    return found


async def _driven(sides: Sequence[Side]) -> list[float]:
    """The 99th percentile of each side's seconds, once all its answers are good."""
    answers = await asyncio.gather(*(drive(s.port, s.load, mark=s.mark) for s in sides))
    for each in answers:
        if each.good != each.number:
            raise NotAllGoodError(
                f"{each.number - each.good} of {each.number} answers are not good"
            )
    return [each.p99 for each in answers]
