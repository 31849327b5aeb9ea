"""Replies that are written piece by piece."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from aiohttp import web

_log = logging.getLogger(__name__)
STREAMS: web.AppKey[set[int]] = web.AppKey("streams", set)
"""The ids of the requests whose replies are being streamed."""

EVENT_STREAM = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}
"""Headers of server-sent events."""
HEARTBEAT_SECONDS = 15.0
"""Of silence, after which such a stream says that it is still there."""

Write = Callable[[bytes], Awaitable[None]]
"""Returns when the reader has room for more."""


def has_begun(request: web.Request) -> bool:
    """Whether a reply is being streamed: then nothing else can be answered any more."""
    return id(request) in request.app[STREAMS]


async def stream(
    request: web.Request, headers: Mapping[str, str], body: Callable[[Write], Awaitable[None]]
) -> web.StreamResponse:
    """Send headers, then whatever ``body`` writes. A reader who leaves is no error."""
    response = web.StreamResponse(headers=dict(headers))
    request.app[STREAMS].add(id(request))
    try:
        await response.prepare(request)
        await body(response.write)
        await response.write_eof()
    except ConnectionError:
        pass
    except asyncio.CancelledError:
        raise
    except Exception:  # noqa: BLE001 - logged, and the reader sees that the reply is cut off
        _log.exception("%s broke off: a defect, please report it", request.path)
        if request.transport is not None:
            request.transport.abort()
    finally:
        request.app[STREAMS].discard(id(request))
    return response


async def first(*waiting: Coroutine[Any, Any, Any]) -> None:
    """Return when one of them does, or raise what it raises; the others are given up."""
    tasks = [asyncio.ensure_future(one) for one in waiting]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
