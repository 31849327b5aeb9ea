"""What people and tests ask: the control API and the panel; and what happens without being asked."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial

import msgspec
from aiohttp import web

from fakeproviders.config import Addresses, ServersConfig
from fakeproviders.control.app import build_control
from fakeproviders.control.context import Context, Workers
from fakeproviders.core import Core
from fakeproviders.dedicated import DedicatedPorts
from fakeproviders.duties import Duties
from fakeproviders.listening import app_runner, bind, take_over, url_of
from fakeproviders.panel.app import build_panel
from fakeproviders.session import Session
from fakeproviders.sessions import Sessions
from fakeproviders.tenancy import open_tenants

_EXPIRY_SECONDS = 1.0


class Desk:
    """Control API, panel, and the sessions' own ports. The core knows where the providers are."""

    def __init__(self, core: Core, config: ServersConfig, workers: Workers) -> None:
        self._core = core
        self._config = config
        self._workers = workers
        self._context: Context | None = None

    async def start(self, default: Session, stack: AsyncExitStack) -> Addresses:
        """Run until the stack is closed. Raises StartError."""
        core, config = self._core, self._config
        ports = self._dedicated_ports()
        stack.push_async_callback(ports.close_all)
        tenants = await stack.enter_async_context(
            open_tenants(core.sessions, self._describe, config.panel_database, core.real)
        )
        self._context = Context(  # before callers come: some may wait already
            sessions=core.sessions, store=core.store, panel=core.urls["panel"],
            urls={name: core.urls[name] for name in core.sessions.providers},
            letters=tenants.letters_of, ports=ports, dispatcher=core.dispatcher,
            tally=core.tally, token=config.token,
            workers=self._workers if config.part == "desk" else None,
        )  # fmt: skip
        app = build_panel(tenants, bound_to=config.host, token=config.token)
        core.urls["panel"] = await self._listen("panel", app, stack)
        self._context = msgspec.structs.replace(self._context, panel=core.urls["panel"])
        app = build_control(self._context, core.stopping, bound_to=config.host)
        core.urls["control"] = await self._listen("control", app, stack)
        await self._open_ports_again(ports)
        await stack.enter_async_context(_expiring(core.sessions))
        if core.store.processes is not None:
            duties = Duties(core.sessions, core.store.processes, core.dispatcher, core.hops.of)
            await stack.enter_async_context(duties.done())
        return Addresses(
            **core.urls,
            session=self._context.describe(default),
            token=config.token,
        )

    async def _listen(self, name: str, app: web.Application, stack: AsyncExitStack) -> str:
        config, runner = self._config, app_runner(app)
        if name in config.inherited:
            return await take_over(runner, config.host, config.inherited[name], stack)
        return await bind(runner, config.host, getattr(config.ports, name), stack)

    def _dedicated_ports(self) -> DedicatedPorts:
        core, host = self._core, self._config.host
        return DedicatedPorts(
            lambda session, provider: core.runner(core.sessions.providers[provider], session.id),
            host,
            partial(url_of, host),
        )

    async def _open_ports_again(self, ports: DedicatedPorts) -> None:
        """Listen on what sessions had of their own at this desk before it was replaced."""
        for session in self._core.sessions.all():
            own = session.own_ports
            if own is not None and own.desk == self._core.dispatcher.desk:
                await ports.open_again(session, own.numbers)
                await ports.settle(session)

    def _describe(self, session: Session) -> dict[str, object]:
        assert self._context is not None  # noqa: S101 - nobody knows the panel's address before
        return self._context.describe(session)


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
