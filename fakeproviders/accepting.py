"""Takes in callers who come in hundreds at once.

uvloop takes in one caller a turn of its loop, so that under full load new callers wait for as many turns
as there are callers before them. Here a turn takes in all that wait.
"""

import asyncio
import errno
import logging
import socket
from collections.abc import Sequence
from typing import cast

from aiohttp import web

_log = logging.getLogger(__name__)
BACKLOG = 1024
"""Callers who may wait: for a desk that is being replaced, or because hundreds come at once."""
_FULL = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_FULL_SECONDS = 1.0
"""How long nobody is taken in when the process can have no more sockets."""


class Site(web.BaseSite):
    """Sockets that a runner's server listens on; they are bound already."""

    def __init__(self, runner: web.BaseRunner, sockets: Sequence[socket.socket]) -> None:
        super().__init__(runner, backlog=BACKLOG)
        self._sockets = sockets

    @property
    def name(self) -> str:
        """Where it is."""
        return ", ".join(str(one.getsockname()) for one in self._sockets)

    async def start(self) -> None:
        """Listen."""
        await super().start()
        assert self._runner.server is not None  # noqa: S101 - the runner was set up
        # Listening does what a site asks of an asyncio.Server, and is none.
        self._server = cast("asyncio.Server", Listening(self._sockets, self._runner.server))


class Listening:
    """Listens until it is closed; each caller is given to a protocol that ``protocol`` makes."""

    def __init__(self, sockets: Sequence[socket.socket], protocol: web.Server) -> None:
        self._loop = asyncio.get_running_loop()
        self._protocol = protocol
        self._beginning: set[asyncio.Task[object]] = set()
        self._closed = False
        self.sockets = tuple(sockets)
        for one in self.sockets:
            one.setblocking(False)  # noqa: FBT003 - its own signature
            one.listen(BACKLOG)
            self._loop.add_reader(one, self._take_in, one)

    def close(self) -> None:
        """Take nobody in any more."""
        if self._closed:
            return
        self._closed = True
        for one in self.sockets:
            self._loop.remove_reader(one)
            one.close()

    def _take_in(self, listening: socket.socket) -> None:
        for _ in range(BACKLOG):
            try:
                caller, _ = listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in _FULL:
                    raise
                self._pause(listening, error)
                return
            caller.setblocking(False)  # noqa: FBT003 - its own signature
            beginning = self._loop.connect_accepted_socket(self._protocol, caller)
            task = self._loop.create_task(beginning)
            self._beginning.add(task)
            task.add_done_callback(self._beginning.discard)

    def _pause(self, listening: socket.socket, error: OSError) -> None:
        _log.warning("no more callers are taken in for %g s: %s", _FULL_SECONDS, error.strerror)
        self._loop.remove_reader(listening)
        self._loop.call_later(_FULL_SECONDS, self._go_on, listening)

    def _go_on(self, listening: socket.socket) -> None:
        if not self._closed:
            self._loop.add_reader(listening, self._take_in, listening)


def bound(host: str, port: int, *, shared: bool) -> list[socket.socket]:
    """A socket for each address of a host. Raises OSError.

    ``shared``: other processes may bind the same, and callers are spread over them.
    """
    sockets: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in dict.fromkeys(
            socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        ):
            one = socket.socket(family, kind, protocol)
            sockets.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if shared:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(address)
    except OSError:
        for one in sockets:
            one.close()
        raise
    return sockets
