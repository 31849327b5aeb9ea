"""Coroutines in tests, each on an event loop of its own; and servers in tests, which leave nothing open."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from aiohttp import web

P = ParamSpec("P")
T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """What the coroutine returns."""
    return asyncio.run(work)


def asynchronous(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """A test that is a coroutine, as pytest and hypothesis take it."""

    @wraps(test)
    def plain(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return plain


async def let_others_run() -> None:
    """Give every task that can go on the chance to; no time passes."""
    for _ in range(10):
        await asyncio.sleep(0)


async def listen(runner: web.BaseRunner, host: str, port: int = 0) -> socket.socket:
    """Serve on a port, or any free one, until ``stop_listening``. What listens there."""
    await runner.setup()
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family)
    await web.SockSite(runner, listener).start()
    return listener


async def stop_listening(runner: web.BaseRunner, listener: socket.socket) -> None:
    """Take no connection any more; those there are go on until the runner's cleanup.

    What asyncio (up to Python 3.13.0) has accepted but not begun when its server closes stays open for ever.
    """
    asyncio.get_running_loop().remove_reader(listener)
    await let_others_run()
    for site in tuple(runner.sites):
        await site.stop()
