"""What every part of a server is built on: the sessions and their store, the rules, the ways out."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from socket import gethostname

import aiohttp
from aiohttp import web

from fakeproviders.config import ServersConfig
from fakeproviders.hops import Hops
from fakeproviders.listening import SHUTDOWN_SECONDS, urls_of
from fakeproviders.model import RawRequest
from fakeproviders.outgoing import Answer, Outgoing, client_session
from fakeproviders.pipeline import Pipeline
from fakeproviders.providers.base import Provider
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.receipts import Dispatcher
from fakeproviders.session import Session
from fakeproviders.sessions import Sessions
from fakeproviders.sharing.tally import SharedTally
from fakeproviders.storing import new_store, started
from fakeproviders.transport import Listener, server

PROVIDERS: tuple[Provider, ...] = (OFFICIAL, RESELLER, ERBAN)


def _desk_of(config: ServersConfig) -> str | None:
    """By which a server's desk is known after a restart: its machine, and its port where that is chosen."""
    return f"{gethostname()}:{config.ports.control}" if config.ports.control else None


class Core:
    """Serves requests, whichever port they come by. Listens nowhere by itself."""

    def __init__(self, config: ServersConfig, real: Callable[[], float] = time.time) -> None:
        """Raises StartError."""
        self._config = config
        self._allowed = config.allowed_addresses()
        self._outgoing: Outgoing | None = None
        self.real = real
        self.stopping = asyncio.Event()
        """Set when the server stops."""
        self.store = new_store(config.store)
        self.sessions = Sessions(PROVIDERS, self.store, real, self._allowed, self.store.sharing())
        self.dispatcher = Dispatcher(self._post, real, config.desk or _desk_of(config))
        self.urls = urls_of(config)
        """The base URL of each server; where the port chosen is any, once it is bound."""
        self.hops = Hops(self.urls, real)
        self.pipeline = Pipeline(self.sessions, self.hops.of, real, self.dispatcher.expect)
        tallies = self.store.tallies(config.run) if config.run else None
        self.tally = SharedTally(self.pipeline.tally, tallies)

    async def start(self, stack: AsyncExitStack) -> Session:
        """Run until the stack is closed; the default session. Raises StartError."""
        config = self._config
        await stack.enter_async_context(started(self.store, config.store))
        await stack.enter_async_context(self.tally.told())
        stack.push_async_callback(self.sessions.close)
        default = await self.sessions.start()
        self.hops.http = await stack.enter_async_context(aiohttp.ClientSession())
        callbacks = await stack.enter_async_context(client_session())
        self._outgoing = Outgoing(callbacks, self._allowed, timeout=config.callback_timeout_seconds)
        stack.push_async_callback(self._close_sessions)
        return default

    def runner(self, provider: Provider, session_id: str = "") -> web.ServerRunner:
        """Serves a provider on a port that is yet to be bound; see Listener for ``session_id``."""
        handle = partial(self.pipeline.handle, provider)
        listener = Listener(handle, provider, self.stopping, session_id)
        return web.ServerRunner(
            server(listener, asyncio.get_running_loop()), shutdown_timeout=SHUTDOWN_SECONDS
        )

    async def _post(self, url: str, request: RawRequest) -> Answer:
        assert self._outgoing is not None  # noqa: S101 - receipts come after the start
        return await self._outgoing.post(url, request)

    async def _close_sessions(self) -> None:
        for session in self.sessions.all():
            await session.clock.close()
            session.journal.observe(None)
        await self.hops.close()
