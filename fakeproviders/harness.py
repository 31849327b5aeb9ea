"""The composition root: everything is built here, and only here.

One process, one event loop: a listener a provider, the control API, and what they share. Where several
processes serve (see fakeproviders.workers) each of them builds its part of it: ``desk`` or ``worker``.
"""

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable

from fakeproviders import memory
from fakeproviders.config import Addresses, Ports, ServersConfig, StartError
from fakeproviders.control.context import Workers
from fakeproviders.core import PROVIDERS, Core
from fakeproviders.desk import Desk
from fakeproviders.listening import bind
from fakeproviders.loops import loop_factory
from fakeproviders.providers.base import Provider

__all__ = ["PROVIDERS", "Addresses", "Ports", "Servers", "ServersConfig", "StartError", "run"]


class Servers:
    """All servers of one process. ``async with Servers() as servers: servers.addresses``."""

    def __init__(
        self, config: ServersConfig | None = None, real: Callable[[], float] = time.time
    ) -> None:
        self._config = (config or ServersConfig()).guarded()
        self._stack = contextlib.AsyncExitStack()
        self._core = Core(self._config, real)
        self.sessions = self._core.sessions
        self.workers = Workers(self._config.workers)
        """Where several processes serve: what their supervisor says of them."""
        self._addresses: Addresses | None = None

    @property
    def addresses(self) -> Addresses:
        """Where everything is. Raises RuntimeError before the start."""
        if self._addresses is None:
            raise RuntimeError("the servers have not been started")
        return self._addresses

    async def __aenter__(self) -> "Servers":
        """Start. Raises StartError; then nothing is left running."""
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Let requests in flight finish, then stop."""
        await self._stack.aclose()

    async def _start(self) -> None:
        config, core = self._config, self._core
        default = await core.start(self._stack)
        if config.part != "desk":
            for provider in PROVIDERS:
                core.urls[provider.name] = await self._listen(provider)
        if config.part != "worker":
            desk = Desk(core, config, self.workers)
            self._addresses = await desk.start(default, self._stack)
        else:
            self._addresses = Addresses(**core.urls, session={})
        self._stack.callback(core.stopping.set)

    async def _listen(self, provider: Provider) -> str:
        config, runner = self._config, self._core.runner(provider)
        port = getattr(config.ports, provider.name)
        shared = config.part == "worker"
        return await bind(runner, config.host, port, self._stack, shared=shared)


def run(config: ServersConfig, on_ready: Callable[[Addresses], None]) -> None:
    """Serve until SIGINT or SIGTERM. Raises StartError."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        done = asyncio.Event()
        runner.run(serve(config, lambda servers: on_ready(servers.addresses), done))


async def serve(
    config: ServersConfig, on_ready: Callable[[Servers], None], done: asyncio.Event
) -> None:
    """Serve until ``done`` is set, by SIGINT or SIGTERM if by nobody else. Raises StartError."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, done.set)
    async with Servers(config) as servers:
        memory.settle()
        on_ready(servers)
        await done.wait()
