"""Ports of a session's own: listeners that can be taken down without harm to others."""

import asyncio
import logging
import socket
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from aiohttp import web

from fakeproviders.clock import Timer
from fakeproviders.session import Session

_log = logging.getLogger(__name__)
Serve = Callable[[Session, str], web.ServerRunner]
AGAIN_SECONDS, _PAUSE = 3.0, 0.05
"""Real seconds that a process may take to go away whose ports are wanted, and between two attempts."""


class DedicatedPort:
    """One provider's listener of one session: up, or down with its port still held.

    Down means that connections are refused: a socket is bound to the port and does not listen, so
    that nobody else gets the port meanwhile.
    """

    def __init__(
        self, make_runner: Callable[[], web.ServerRunner], host: str, port: int = 0
    ) -> None:
        self._make_runner = make_runner
        self._host = host
        self._port = port
        self._runner: web.ServerRunner | None = None
        self._held: socket.socket | None = None
        self._changing = asyncio.Lock()

    @property
    def port(self) -> int:
        """The port, once it was up for the first time."""
        return self._port

    async def up_again(self) -> None:
        """Listen where a process did that may not be gone altogether. Raises OSError."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + AGAIN_SECONDS
        while True:
            try:
                await self.up()
            except OSError:
                if loop.time() >= deadline:
                    raise
                await asyncio.sleep(_PAUSE)
            else:
                return

    async def up(self) -> None:
        """Listen. Raises OSError when the port cannot be had."""
        async with self._changing:
            if self._runner is not None:
                return
            sock = self._take_socket()
            runner = self._make_runner()
            await runner.setup()
            try:
                await web.SockSite(runner, sock).start()
            except OSError:
                sock.close()
                await runner.cleanup()
                raise
            self._runner = runner

    async def down(self) -> None:
        """Refuse connections, and end those there are."""
        async with self._changing:
            if self._runner is None:
                return
            await self._end()
            self._held = self._bound()

    async def close(self) -> None:
        """Give the port back."""
        async with self._changing:
            await self._end()
            if self._held is not None:
                self._held.close()
                self._held = None

    async def _end(self) -> None:
        """Stop listening, and end the connections there are, whatever still waits on them."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        for site in list(runner.sites):
            await site.stop()
        for connection in runner.server.connections if runner.server else ():
            connection.force_close()
        await runner.cleanup()

    def _take_socket(self) -> socket.socket:
        held, self._held = self._held, None
        return held or self._bound()

    def _bound(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((self._host, self._port))
        except OSError:
            sock.close()
            raise
        self._port = sock.getsockname()[1]
        return sock


class DedicatedPorts:
    """The dedicated ports of all sessions. ``serve`` makes a runner for a session's provider."""

    def __init__(self, serve: Serve, host: str, url_of_port: Callable[[int], str]) -> None:
        self._serve = serve
        self._host = host
        self._url_of_port = url_of_port
        self._by_session: dict[str, dict[str, DedicatedPort]] = {}
        self._timers: dict[str, Timer] = {}

    async def open(self, session: Session, providers: Iterable[str]) -> None:
        """Give a session ports of its own; they end with it. Raises OSError."""
        for port in self._make(session, dict.fromkeys(providers, 0)):
            await port.up()
        self._name(session)

    async def open_again(self, session: Session, ports: Mapping[str, int]) -> bool:
        """Give a session the ports that it had in another process, by provider; False where one cannot be had.

        Then it has none, and lives on with the ports of all.
        """
        try:
            for port in self._make(session, ports):
                await port.up_again()
        except OSError as error:
            _log.warning(
                "session %s has lost its own ports %s (%s); the shared ones still serve it",
                session.id, ", ".join(map(str, ports.values())), error.strerror or error,
            )  # fmt: skip
            await self.close(session.id)
            session.own_urls = {}
            return False
        self._name(session)
        return True

    def numbers(self, session: Session) -> dict[str, int]:
        """A session's own ports, by provider."""
        return {p: port.port for p, port in self._by_session.get(session.id, {}).items()}

    def has(self, session: Session) -> bool:
        """Whether a session has ports of its own."""
        return session.id in self._by_session

    async def settle(self, session: Session) -> None:
        """Bring a session's ports up or down as its ``refuse`` rules say at this moment."""
        now = session.clock.now()
        refusing = [rule for rule in session.faults.rules if rule.refuses and rule.in_force(now)]
        for rule in refusing:
            rule.counts.matched = rule.counts.fired = 1  # it acts by being in force
        for provider, port in self._by_session.get(session.id, {}).items():
            if any(rule.provider in (provider, "*") for rule in refusing):
                await port.down()
            else:
                await port.up()
        self._settle_next(session, now)

    def _settle_next(self, session: Session, now: float) -> None:
        """Settle again when the next of the rules begins or ends."""
        timer = self._timers.pop(session.id, None)
        if timer is not None:
            timer.cancel()
        moments = [
            moment
            for rule in session.faults.rules
            if rule.refuses
            for moment in (rule.since, rule.until)
            if moment is not None and moment > now
        ]
        if moments and self.has(session):
            settle = partial(self.settle, session)
            self._timers[session.id] = session.clock.call_at(min(moments), settle)

    def _make(self, session: Session, numbers: Mapping[str, int]) -> list[DedicatedPort]:
        ports = {
            provider: DedicatedPort(partial(self._serve, session, provider), self._host, number)
            for provider, number in numbers.items()
        }
        self._by_session[session.id] = ports
        session.at_end.append(partial(self.close, session.id))
        return list(ports.values())

    def _name(self, session: Session) -> None:
        session.own_urls = {p: self._url_of_port(n) for p, n in self.numbers(session).items()}

    async def close(self, session_id: str) -> None:
        """End a session's ports."""
        self._timers.pop(session_id, None)
        for port in self._by_session.pop(session_id, {}).values():
            await port.close()

    async def close_all(self) -> None:
        """End all of them."""
        for session_id in list(self._by_session):
            await self.close(session_id)
