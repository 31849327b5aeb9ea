"""The session's events as a stream."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from aiohttp import web

from fakeproviders.control.bodies import only_known
from fakeproviders.control.context import STOPPING
from fakeproviders.control.follower import Follower
from fakeproviders.control.handlers.common import up_to_date
from fakeproviders.control.problems import bad_field
from fakeproviders.control.streaming import EVENT_STREAM, HEARTBEAT_SECONDS, Write, first
from fakeproviders.control.streaming import stream as streamed
from fakeproviders.events import KINDS, MESSAGE, REQUEST, Subscription
from fakeproviders.failures import Words
from fakeproviders.stores.base import StoreUnavailable

_PAUSE = 0.02
"""Seconds in which news gather, so that a load run does not write a packet a request."""
_AWAY_PAUSE = 0.5
"""Seconds after which a store that was away is asked again; the stream goes on where it was."""


async def stream(request: web.Request) -> web.StreamResponse:
    """Server-sent events of the kinds in ``types``: request, message, reply, fault, clock.

    ``gap`` says how much was missed, ``reset`` that all known before is void.
    Ends with the session or the server.
    """
    only_known(request, "types")
    session, kinds = await up_to_date(request), _kinds(request)
    with session.events.subscribe(kinds) as own:
        inbox = await session.store.inbox_ends()
        follower = Follower(session, own, request.headers.get("Last-Event-ID", ""), inbox)

        async def body(write: Write) -> None:
            ends = (own.closed.wait(), request.app[STOPPING].wait())
            await first(_write_all(follower, own, write), *ends)
            transport = request.transport
            if transport is not None and transport.get_write_buffer_size():
                transport.abort()  # who does not read cannot hold up the end

        return await streamed(request, EVENT_STREAM, body)


def _kinds(request: web.Request) -> frozenset[str]:
    asked = request.query.get("types")
    if asked is None:
        return frozenset(KINDS)
    kinds = frozenset(kind.strip() for kind in asked.split(","))
    if not kinds <= frozenset(KINDS):
        words = Words(
            zh=f"必须是 {'、'.join(KINDS)} 中的一个或几个，以逗号分隔",
            en=f"must be some of {', '.join(KINDS)}, joined by commas",
        )
        raise bad_field("types", words)
    return kinds


async def _write_all(follower: Follower, own: Subscription, write: Write) -> None:
    await write(follower.greeting())
    while True:
        try:
            if news := await follower.take():
                await write(news)
                await asyncio.sleep(_PAUSE)
            elif not await _news(follower, own):
                await write(b": still here\n\n")
        except StoreUnavailable:
            await asyncio.sleep(_AWAY_PAUSE)


async def _news(follower: Follower, own: Subscription) -> bool:
    """Wait for something to write; False when for long there was nothing."""
    waiting: list[Coroutine[Any, Any, Any]] = [own.wait()]
    if own.wants(REQUEST):
        waiting.append(follower.wait_for_request())
    if own.wants(MESSAGE):
        waiting.append(follower.wait_for_message())
    with suppress(TimeoutError):
        async with asyncio.timeout(HEARTBEAT_SECONDS):
            await first(*waiting)
            return True
    return False
