"""The composition root: everything is built here, and only here.

One process, one event loop: a listener a provider, the control API, and what they share.
"""

import asyncio
import contextlib
import errno
import gc
import secrets
import signal
import time
from collections.abc import AsyncIterator, Callable
from weakref import WeakKeyDictionary

import aiohttp
import msgspec
from aiohttp import web

from fakeproviders.account import UPSTREAM
from fakeproviders.control.app import build_control
from fakeproviders.control.context import Context
from fakeproviders.dedicated import DedicatedPorts
from fakeproviders.failures import Words
from fakeproviders.faults.base import Wire
from fakeproviders.misfit import Misfit
from fakeproviders.model import RawReply, RawRequest
from fakeproviders.net import is_loopback
from fakeproviders.outgoing import (
    TIMEOUT_SECONDS,
    AllowedAddresses,
    Answer,
    Outgoing,
    client_session,
)
from fakeproviders.pipeline import Pipeline
from fakeproviders.providers.base import Provider
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.receipts import Dispatcher
from fakeproviders.session import Session
from fakeproviders.sessions import Sessions
from fakeproviders.stores.memory import MemoryStore
from fakeproviders.transport import Listener, server
from fakeproviders.upstream import UpstreamHop

PROVIDERS: tuple[Provider, ...] = (OFFICIAL, RESELLER, ERBAN)
_SHUTDOWN_SECONDS = 5.0
_EXPIRY_SECONDS = 1.0


class Ports(msgspec.Struct, frozen=True, kw_only=True):
    """Where to listen; 0 is any free port."""

    control: int = 9400
    official: int = 9401
    reseller: int = 9402
    erban: int = 9403

    @classmethod
    def free(cls) -> "Ports":
        """All free ones."""
        return cls(control=0, official=0, reseller=0, erban=0)


class HarnessConfig(msgspec.Struct, frozen=True, kw_only=True):
    """What can be chosen about a server. ``token`` guards the control API; off loopback one is made."""

    host: str = "127.0.0.1"
    ports: Ports = Ports()
    token: str | None = None
    allow_callbacks: tuple[str, ...] = ()
    """``HOST`` or ``HOST:PORT``, beside loopback: where receipts may be sent."""
    callback_timeout_seconds: float = TIMEOUT_SECONDS
    """Of real time, for one attempt."""


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """Where everything is, once it runs: base URLs without a trailing slash."""

    control: str
    official: str
    reseller: str
    erban: str
    session: dict[str, object]
    """The default session's object, as the control API shows it."""
    token: str | None = None

    def of(self, provider: str) -> str:
        """A provider's base URL."""
        return str(getattr(self, provider))


class StartError(Exception):
    """The server cannot start; one readable line says why and what to do."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self._words = words

    def words(self, lang: str) -> str:
        """The line in ``zh`` or ``en``."""
        return self._words[lang]


class Harness:
    """All servers of one process. ``async with Harness() as harness: harness.addresses``."""

    def __init__(
        self, config: HarnessConfig | None = None, real: Callable[[], float] = time.time
    ) -> None:
        self._config = config or HarnessConfig()
        self._providers = {provider.name: provider for provider in PROVIDERS}
        self._store = MemoryStore()
        self._allowed = _allowed(self._config)
        self._real = real
        self.sessions = Sessions(PROVIDERS, self._store, real, self._allowed)
        self._dispatcher = Dispatcher(self._post, real)
        self._pipeline = Pipeline(self.sessions, self._hop, real, self._dispatcher.expect)
        self._hops: WeakKeyDictionary[Session, UpstreamHop] = WeakKeyDictionary()
        self._stack = contextlib.AsyncExitStack()
        self._http: aiohttp.ClientSession | None = None
        self._outgoing: Outgoing | None = None
        self._official = ""
        self._addresses: Addresses | None = None

    @property
    def addresses(self) -> Addresses:
        """Where everything is. Raises RuntimeError before the start."""
        if self._addresses is None:
            raise RuntimeError("the harness has not been started")
        return self._addresses

    async def __aenter__(self) -> "Harness":
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
            self._url,
        )
        self._stack.push_async_callback(ports.close_all)
        context = Context(
            sessions=self.sessions, store=self._store, urls=urls, ports=ports,
            dispatcher=self._dispatcher, token=token,
        )  # fmt: skip
        control = await self._serve_control(context, stopping)
        await self._stack.enter_async_context(_expiring(self.sessions))
        self._stack.callback(stopping.set)
        self._addresses = Addresses(
            control=control,
            official=urls["official"],
            reseller=urls["reseller"],
            erban=urls["erban"],
            session=context.describe(default),
            token=token,
        )

    async def _listen(self, provider: Provider, stopping: asyncio.Event) -> str:
        runner = self._runner(provider, stopping)
        return await self._bind(runner, getattr(self._config.ports, provider.name))

    def _runner(
        self, provider: Provider, stopping: asyncio.Event, session_id: str = ""
    ) -> web.ServerRunner:
        async def handle(raw: RawRequest, wire: Wire) -> RawReply | None:
            return await self._pipeline.handle(provider, raw, wire)

        listener = Listener(handle, provider, stopping, session_id)
        return web.ServerRunner(
            server(listener, asyncio.get_running_loop()), shutdown_timeout=_SHUTDOWN_SECONDS
        )

    def _url(self, port: int) -> str:
        return f"http://{_url_host(self._config.host)}:{port}"

    async def _serve_control(self, context: Context, stopping: asyncio.Event) -> str:
        app = build_control(context, stopping, bound_to=self._config.host)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
        return await self._bind(runner, self._config.ports.control)

    async def _bind(self, runner: web.BaseRunner, port: int) -> str:
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        host = self._config.host
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise _cannot_listen(host, port, error) from None
        return self._url(runner.addresses[0][1])

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


def run(config: HarnessConfig, on_ready: Callable[[Addresses], None]) -> None:
    """Serve until SIGINT or SIGTERM. Raises StartError."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(config, on_ready))


async def _serve(config: HarnessConfig, on_ready: Callable[[Addresses], None]) -> None:
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, done.set)
    async with Harness(config) as harness:
        _settle_memory()
        on_ready(harness.addresses)
        await done.wait()


def _settle_memory() -> None:
    """Take what was made at the start out of the garbage collector's sight.

    Requests make no cycles; without this, full collections walk through all imported modules again
    and again, a tenth of the time under load.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


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


def _allowed(config: HarnessConfig) -> AllowedAddresses:
    try:
        return AllowedAddresses(config.allow_callbacks)
    except Misfit as error:
        raise StartError(
            Words(
                zh=f"--allow-callback 的值无效：{error.words.zh}",
                en=f"--allow-callback: {error.words.en}",
            )
        ) from None


def _url_host(host: str) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - what the user asked for
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _cannot_listen(host: str, port: int, error: OSError) -> StartError:
    if error.errno == errno.EADDRINUSE:
        return StartError(
            Words(
                zh=f"{host} 的端口 {port} 已被占用：请停掉占用它的程序，"
                "或用 --port-base / --*-port 换一个（0 为任意空闲端口）",
                en=f"port {port} on {host} is in use: stop what uses it, "
                "or choose another with --port-base or --*-port (0 is any free one)",
            )
        )
    why = error.strerror or str(error)
    return StartError(
        Words(
            zh=f"无法在 {host}:{port} 上监听：{why}",
            en=f"cannot listen on {host}:{port}: {why}",
        )
    )
