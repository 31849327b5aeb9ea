"""Replies that are written piece by piece."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

_log = logging.getLogger(__name__)
STREAMS: web.AppKey[set[int]] = web.AppKey("streams", set)
"""The ids of the requests whose replies are being streamed."""

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
