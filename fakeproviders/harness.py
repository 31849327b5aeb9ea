"""The composition root: everything is built here, and only here.

One process, one event loop: a listener a provider, the control API, and what they share.
"""

import asyncio
import contextlib
import secrets
import signal
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from weakref import WeakKeyDictionary

import aiohttp
from aiohttp import web

from fakeproviders import memory
from fakeproviders.account import UPSTREAM
from fakeproviders.config import Addresses, Ports, ServersConfig, StartError
from fakeproviders.control.app import build_control
from fakeproviders.control.context import Context
from fakeproviders.dedicated import DedicatedPorts
from fakeproviders.listening import SHUTDOWN_SECONDS, app_runner, bind, url_of
from fakeproviders.loops import loop_factory
from fakeproviders.model import RawRequest
from fakeproviders.net import is_loopback
from fakeproviders.outgoing import Answer, Outgoing, client_session
from fakeproviders.panel.app import build_panel
from fakeproviders.pipeline import Pipeline
from fakeproviders.providers.base import Provider
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.receipts import Dispatcher
from fakeproviders.session import Session
from fakeproviders.sessions import Sessions
from fakeproviders.storing import new_store, started
from fakeproviders.tenancy import open_tenants
from fakeproviders.transport import Listener, server
from fakeproviders.upstream import UpstreamHop

__all__ = ["PROVIDERS", "Addresses", "Ports", "Servers", "ServersConfig", "StartError", "run"]

PROVIDERS: tuple[Provider, ...] = (OFFICIAL, RESELLER, ERBAN)
_EXPIRY_SECONDS = 1.0


class Servers:
    """All servers of one process. ``async with Servers() as servers: servers.addresses``."""

    def __init__(
        self, config: ServersConfig | None = None, real: Callable[[], float] = time.time
    ) -> None:
        self._config = config or ServersConfig()
        self._providers = {provider.name: provider for provider in PROVIDERS}
        self._store = new_store(self._config.store)
        self._allowed = self._config.allowed_addresses()
        self._real = real
        self.sessions = Sessions(PROVIDERS, self._store, real, self._allowed)
        self._dispatcher = Dispatcher(self._post, real)
        self._pipeline = Pipeline(self.sessions, self._hop, real, self._dispatcher.expect)
        self._hops: WeakKeyDictionary[Session, UpstreamHop] = WeakKeyDictionary()
        self._stack = contextlib.AsyncExitStack()
        self._http: aiohttp.ClientSession | None = None
        self._outgoing: Outgoing | None = None
        self._official = ""
        self._context: Context | None = None
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
        config, stopping = self._config, asyncio.Event()
        token = config.token or (None if is_loopback(config.host) else secrets.token_urlsafe(24))
        await self._stack.enter_async_context(started(self._store, config.store))
        default = await self.sessions.start()
        self._http = await self._stack.enter_async_context(aiohttp.ClientSession())
        callbacks = await self._stack.enter_async_context(client_session())
        self._outgoing = Outgoing(callbacks, self._allowed, timeout=config.callback_timeout_seconds)
        self._stack.push_async_callback(self._close_sessions)
        urls = {p.name: await self._listen(p, stopping) for p in PROVIDERS}
        self._official = urls[OFFICIAL.name]
        ports = DedicatedPorts(
            lambda session, provider: self._runner(self._providers[provider], stopping, session.id),
            config.host,
            partial(url_of, config.host),
        )
        self._stack.push_async_callback(ports.close_all)
        tenants = await self._stack.enter_async_context(
            open_tenants(self.sessions, self._describe, config.panel_database, self._real)
        )
        app = build_panel(tenants, bound_to=config.host, token=token)
        panel = await self._bind(app_runner(app), config.ports.panel)
        context = self._context = Context(
            sessions=self.sessions, store=self._store, urls=urls, panel=panel,
            letters=tenants.letters_of, ports=ports, dispatcher=self._dispatcher,
            tally=self._pipeline.tally, token=token,
        )  # fmt: skip
        app = build_control(context, stopping, bound_to=config.host)
        control = await self._bind(app_runner(app), config.ports.control)
        await self._stack.enter_async_context(_expiring(self.sessions))
        self._stack.callback(stopping.set)
        self._addresses = Addresses(
            control=control,
            official=urls["official"],
            reseller=urls["reseller"],
            erban=urls["erban"],
            panel=panel,
            session=context.describe(default),
            token=token,
        )

    async def _listen(self, provider: Provider, stopping: asyncio.Event) -> str:
        runner = self._runner(provider, stopping)
        return await self._bind(runner, getattr(self._config.ports, provider.name))

    def _runner(
        self, provider: Provider, stopping: asyncio.Event, session_id: str = ""
    ) -> web.ServerRunner:
        handle = partial(self._pipeline.handle, provider)
        listener = Listener(handle, provider, stopping, session_id)
        return web.ServerRunner(
            server(listener, asyncio.get_running_loop()), shutdown_timeout=SHUTDOWN_SECONDS
        )

    async def _bind(self, runner: web.BaseRunner, port: int) -> str:
        return await bind(runner, self._config.host, port, self._stack)

    def _describe(self, session: Session) -> dict[str, object]:
        assert self._context is not None  # noqa: S101 - nobody knows the panel's address before
        return self._context.describe(session)

    def _hop(self, session: Session) -> UpstreamHop:
        hop = self._hops.get(session)
        if hop is None:
            assert self._http is not None  # noqa: S101 - requests come after the start
            url = f"{self._official}/@{session.id}.{UPSTREAM}"
            reseller = session.accounts[RESELLER.name]
            hop = UpstreamHop(self._http, url, reseller, self._real)
            self._hops[session] = hop
            session.at_reset.append(hop.close)
            session.at_end.append(hop.close)
        return hop

    async def _post(self, url: str, request: RawRequest) -> Answer:
        assert self._outgoing is not None  # noqa: S101 - receipts come after the start
        return await self._outgoing.post(url, request)

    async def _close_sessions(self) -> None:
        for session in self.sessions.all():
            await session.clock.close()
        for hop in list(self._hops.values()):
            await hop.close()


def run(config: ServersConfig, on_ready: Callable[[Addresses], None]) -> None:
    """Serve until SIGINT or SIGTERM. Raises StartError."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_serve(config, on_ready))


async def _serve(config: ServersConfig, on_ready: Callable[[Addresses], None]) -> None:
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, done.set)
    async with Servers(config) as servers:
        memory.settle()
        on_ready(servers.addresses)
        await done.wait()


@contextlib.asynccontextmanager
async def _expiring(sessions: Sessions) -> AsyncIterator[None]:
    async def forever() -> None:
        while True:
            await asyncio.sleep(_EXPIRY_SECONDS)
            await sessions.expire()

    task = asyncio.get_running_loop().create_task(forever())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
