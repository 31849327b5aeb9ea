"""A client that costs next to nothing: prepared bytes over keep-alive connections, no stream in between."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

from loadtests.bench.compared import NotAllGoodError

CONNECTIONS = 64
"""Enough that each of some workers that share a port gets several."""
AT_MOST = 120.0
"""Seconds for all of it."""
_END, _LENGTH = b"\r\n\r\n", b"content-length:"


class Hammered(NamedTuple):
    """How long all of it took, and how much came back."""

    seconds: float
    bytes_each: float
    """Of an answer, with its head."""


class _Connection(asyncio.Protocol):
    """One request at a time, until there are no more."""

    def __init__(self, todo: Iterator[bytes], mark: bytes) -> None:
        self._todo = todo
        self._mark = mark
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self.good = self.received = 0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass
        self._next()

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        self._buffer += data
        if _is_whole(self._buffer):
            self.good += self._mark in self._buffer
            self._buffer = b""
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.over.done():
            self.over.set_result(None)

    def _next(self) -> None:
        assert self._transport
        request = next(self._todo, None)
        if request is None:
            self._transport.close()
        else:
            self._transport.write(request)


async def hammer(
    port: int,
    requests: Sequence[bytes],
    *,
    connections: int = CONNECTIONS,
    mark: bytes = b'"code":0',
) -> Hammered:
    """Send all requests, one at a time on each connection; ``mark`` is in every good answer.

    Raises NotAllGoodError, TimeoutError.
    """
    loop = asyncio.get_running_loop()
    todo = iter(requests)
    begun = time.perf_counter()
    made = [
        (await loop.create_connection(lambda: _Connection(todo, mark), "127.0.0.1", port))[1]
        for _ in range(min(connections, len(requests)))
    ]
    async with asyncio.timeout(AT_MOST):
        await asyncio.gather(*(each.over for each in made))
    seconds = time.perf_counter() - begun
    good = sum(each.good for each in made)
    if good != len(requests):
        raise NotAllGoodError(f"{len(requests) - good} of {len(requests)} answers are not good")
    return Hammered(seconds, sum(each.received for each in made) / len(requests))


def _is_whole(answer: bytes) -> bool:
    """Whether all of an answer is here; one without a length never is."""
    head = answer.find(_END)
    if head < 0:
        return False
    place = answer[:head].lower().find(_LENGTH)
    if place < 0:
        return False
    length = int(answer[place + len(_LENGTH) : answer.find(b"\r\n", place)])
    return len(answer) >= head + len(_END) + length
