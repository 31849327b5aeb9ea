"""The conversation with one caller: his requests, one after another, in the order they came.

aiohttp's parser reads, and nothing else of aiohttp's is between the socket and the pipeline: its
request handler takes two tasks a request and builds objects that nobody here looks at, which is more
than half of what a bare request costs. A request that has come whole and needs no waiting is answered
within the call that brings it; only for the others is there a task.
"""

import asyncio
import logging
import socket
from collections.abc import Awaitable
from typing import Protocol

from aiohttp import StreamReader, web
from aiohttp.http import HttpVersion11
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.streams import EMPTY_PAYLOAD

from fakeproviders.http1 import head as head_of
from fakeproviders.incoming import Head, Incoming, read_body
from fakeproviders.model import RawReply, RawRequest
from fakeproviders.pages import CLOSE
from fakeproviders.soon import Soon, settled
from fakeproviders.wire import TransportWire

_log = logging.getLogger(__name__)
IDLE_SECONDS = 3600.0
"""Of silence between two requests, after which a caller is let go; at most twice as many."""


class Port(Protocol):
    """What a connection asks of the port that it came in by."""

    @property
    def max_body(self) -> int:
        """Bytes of a body that are read."""

    @property
    def stopping(self) -> asyncio.Event:
        """Set when the server stops."""

    def status_page(self, status: int, asked: RawRequest | None = None) -> RawReply:
        """The page of the web server with a status."""

    def begin(self, head: Head, body: bytes | None, caller: "Connection") -> Soon[RawReply | None]:
        """The reply to a request; ``body`` is None when it was too large. None leaves nothing to write."""


class Connection(Incoming):
    """One caller's. ``ip`` and ``wire`` are there once it is made."""

    wire: TransportWire

    def __init__(
        self, port: Port, everyone: set["Connection"], loop: asyncio.AbstractEventLoop
    ) -> None:
        super().__init__(loop)
        self._port = port
        self._everyone = everyone
        self._task: asyncio.Task[None] | None = None
        self._busy = False
        self._ending = False
        self._answered = 0
        self._idle: asyncio.TimerHandle | None = None
        self.ip = ""
        self.raw_headers: tuple[tuple[bytes, bytes], ...] = ()
        """The last request's. The next one's are mostly the same: so the journal keeps them once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio's: the caller is there."""
        super().connection_made(transport)
        assert self.transport is not None  # noqa: S101 - it was just made
        sock = self.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        peer = self.transport.get_extra_info("peername")  # None for one who has left already
        self.ip = str(peer[0]) if peer else ""
        self.wire = TransportWire(self.transport, self._port.stopping, self._port.status_page)
        self._everyone.add(self)
        self._look_whether_idle(-1)

    def connection_lost(self, exc: BaseException | None) -> None:
        """asyncio's: the caller has left."""
        super().connection_lost(exc)
        self._ending = True
        self._break_off(exc or ConnectionResetError("the caller has left"))
        self._requests.clear()
        if self._idle is not None:
            self._idle.cancel()
        if self._task is None:
            self._everyone.discard(self)

    def data_received(self, data: bytes) -> None:
        """asyncio's: bytes have come. Answers as much as can be answered at once."""
        if self._ending:
            return
        self._ending = self._read(data)
        if self._busy:
            self._hold_back()
        else:
            self._serve()

    def resume_writing(self) -> None:
        """asyncio's: the caller has taken what was written."""
        super().resume_writing()
        if not self._busy:
            self._serve()

    def own_host(self) -> str:
        """Where the caller arrived, for a request that does not say where it wanted to."""
        if self.transport is None:
            return ""
        host, port = self.transport.get_extra_info("sockname")[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def close(self) -> None:
        """End it: now, or after the reply that is being made."""
        self._ending = True
        self._requests.clear()
        if not self._busy:
            self.force_close()

    def force_close(self) -> None:
        """End it now; what was written still arrives."""
        self._requests.clear()
        if self.transport is not None:
            self.transport.close()

    async def shutdown(self, seconds: float | None) -> None:
        """End it, with so much time for the reply that is being made."""
        task = self._task
        if task is not None:
            await asyncio.wait({task}, timeout=seconds)
            task.cancel()
            self.force_close()
            await asyncio.wait({task}, timeout=seconds)
        self.force_close()

    def _serve(self) -> None:
        """Answer those who wait, until one of them has to be waited for."""
        self._busy = True
        while self._requests and self._task is None and not self._paused:
            request = self._requests.popleft()
            if request is None:
                self._refuse()
            else:
                self._answer(*request)
        self._busy = self._task is not None
        if self._requests or self._buffer_paused:
            self._hold_back()

    def _answer(self, head: Head, body: StreamReader) -> None:
        self._answered += 1
        try:
            if not body.is_eof():
                self._wait_for(head, self._read_and_handle(head, body))
                return
            whole = body.read_nowait()
            if body is self._body:
                self._body = EMPTY_PAYLOAD
            begun = self._port.begin(
                head, whole if len(whole) <= self._port.max_body else None, self
            )
            if isinstance(begun, RawReply):
                self._write(head, begun)
            elif begun is None:
                self._end()
            else:
                self._wait_for(head, begun)
        except web.RequestPayloadError:
            self._write(head, self._port.status_page(400), last=True)
        except Exception:  # noqa: BLE001 - logged, and the server goes on
            self._fail(head)

    def _wait_for(self, head: Head, reply: Awaitable[RawReply | None]) -> None:
        self._task = self._loop.create_task(self._finish(head, reply))

    async def _read_and_handle(self, head: Head, body: StreamReader) -> RawReply | None:
        """A request whose body is still on its way."""
        if _asks_to_go_on(head) and self.transport is not None:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        whole = await read_body(body, self._port.max_body)
        return await settled(self._port.begin(head, whole, self))

    async def _finish(self, head: Head, reply: Awaitable[RawReply | None]) -> None:
        """Wait for a reply and write it; then go on with those that came meanwhile."""
        try:
            made = await reply
            if made is None:
                self._end()
            else:
                self._write(head, made)
        except (web.RequestPayloadError, HttpProcessingError):
            self._write(head, self._port.status_page(400), last=True)
        except ConnectionError:
            self._end()
        except Exception:  # noqa: BLE001 - logged, and the server goes on
            self._fail(head)
        finally:
            self._task = None
            if self.transport is None:
                self._everyone.discard(self)
            self._serve()

    def _fail(self, head: Head) -> None:
        _log.exception("a request could not be handled: a defect, please report it")
        self._write(head, self._port.status_page(500))

    def _refuse(self) -> None:
        """Answer what is no HTTP; nothing after it can be made sense of."""
        page = self._port.status_page(400)
        if self.transport is not None:
            self.transport.write(head_of(page) + page.body)
        self._end()

    def _write(self, head: Head, reply: RawReply, *, last: bool = False) -> None:
        """Write a reply, in one piece. HTTP/1.0 callers get a close (O: IIS does so)."""
        transport = self.transport
        if transport is None or transport.is_closing():
            return
        ends = self._ending and not self._requests
        closes = reply.status >= 400 and CLOSE in reply.headers
        last = last or ends or closes or head.should_close or head.version < HttpVersion11
        start = head_of(reply, connection="close" if last else "")
        transport.write(start if head.method == "HEAD" else start + reply.body)
        if last:
            self._end()

    def _end(self) -> None:
        self._ending = True
        self.force_close()

    def _look_whether_idle(self, answered: int) -> None:
        """Let a caller go who has asked nothing since the last look."""
        if answered == self._answered and not self._busy:
            self.force_close()
        else:
            self._idle = self._loop.call_later(
                IDLE_SECONDS, self._look_whether_idle, self._answered
            )


def _asks_to_go_on(head: Head) -> bool:
    """Whether the caller keeps the body back until it is asked for; HTTP/1.0 has no such thing."""
    expected = head.headers.get("Expect", "").lower()
    return expected == "100-continue" and head.version >= HttpVersion11


class Connections:
    """Those of one port: what an aiohttp runner asks of a web.Server."""

    def __init__(self, port: Port, loop: asyncio.AbstractEventLoop) -> None:
        self._port = port
        self._loop = loop
        self._all: set[Connection] = set()

    def __call__(self) -> Connection:
        """A new caller's."""
        return Connection(self._port, self._all, self._loop)

    @property
    def connections(self) -> list[Connection]:
        """All there are."""
        return list(self._all)

    def pre_shutdown(self) -> None:
        """Take no more requests."""
        for connection in self.connections:
            connection.close()

    async def shutdown(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the runner's
        """End all, with so many seconds for the replies that are being made."""
        await asyncio.gather(*(each.shutdown(timeout) for each in self.connections))
