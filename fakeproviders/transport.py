"""The data plane's socket side: read a raw request, let the pipeline answer, write the reply.

The only aiohttp code between the wire and the providers.
"""

import asyncio
import contextlib
import fcntl
import logging
import socket
import struct
import sys
import termios
from collections.abc import Awaitable, Callable
from urllib.parse import unquote

from aiohttp import web
from aiohttp.http import HttpVersion11
from aiohttp.http_exceptions import HttpProcessingError

from fakeproviders.faults.base import Wire
from fakeproviders.http1 import head
from fakeproviders.model import RawReply, RawRequest
from fakeproviders.providers.base import Provider

_log = logging.getLogger(__name__)
_DRAIN_LIMIT = 64 << 20
"""Bytes of an oversized body that are read and thrown away before the connection is given up."""
_DRAIN_POLL = 0.001
"""Seconds between looks whether what was written has arrived, before an RST."""
_POLL = 0.1
"""Seconds between looks whether a caller is still there, while a fault keeps him waiting."""

_NONE = RawReply(0, (), b"")
Handle = Callable[[RawRequest, Wire], Awaitable[RawReply | None]]


class WrittenReply:
    """A reply that writes itself, in one piece: what aiohttp's protocol asks of a response."""

    __slots__ = ("_reply", "_request", "keep_alive")

    def __init__(self, reply: RawReply) -> None:
        self._reply = reply
        self.keep_alive = False

    async def prepare(self, request: web.BaseRequest) -> None:
        """Decide about the connection: HTTP/1.0 callers get a close (O: IIS does so)."""
        self._request = request
        self.keep_alive = request.keep_alive and request.version >= HttpVersion11

    async def write_eof(self, data: bytes = b"") -> None:
        """Write. Raises ConnectionResetError when the caller has left."""
        transport = self._request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the caller has left")
        start = head(self._reply, connection="" if self.keep_alive else "close")
        body = b"" if self._request.method == "HEAD" else self._reply.body
        transport.write(start + body + data)


class Gone(WrittenReply):
    """Where a fault has dealt with the connection: nothing more is written."""

    __slots__ = ()

    async def prepare(self, request: web.BaseRequest) -> None:
        """Nothing to prepare; the connection is over."""

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing to write."""


class Listener:
    """The handler of one provider's port."""

    def __init__(
        self, handle: Handle, provider: Provider, stopping: asyncio.Event, session_id: str = ""
    ) -> None:
        """``session_id`` makes it a session's own port: all its requests are that session's."""
        self._handle = handle
        self._max_body = provider.max_body
        self.status_page = provider.status_page
        self.stopping = stopping
        self._session_id = session_id

    async def __call__(self, request: web.BaseRequest) -> WrittenReply:
        """One request, from its head to its reply."""
        try:
            if "Expect" in request.headers:
                await _say_continue(request)
            body, too_large = await read_body(request, self._max_body)
            raw = raw_request(request, body, too_large=too_large)
            if self._session_id and not raw.session_id:
                raw.session_id, raw.prefixed = self._session_id, False
            reply = await self._handle(raw, AiohttpWire(request, self))
        except (web.RequestPayloadError, HttpProcessingError):
            return WrittenReply(self.status_page(400))
        except ConnectionError:
            return Gone(_NONE)
        except Exception:  # noqa: BLE001 - logged, and the server goes on
            _log.exception("a request could not be handled: a defect, please report it")
            return WrittenReply(self.status_page(500))
        return Gone(_NONE) if reply is None else WrittenReply(reply)


class AiohttpWire:
    """A caller's connection in a fault's hands; see faults.base.Wire."""

    def __init__(self, request: web.BaseRequest, listener: Listener) -> None:
        self._request = request
        self._listener = listener

    def status_page(self, status: int) -> RawReply:
        """The page of the provider's web server."""
        return self._listener.status_page(status)

    async def sleep(self, seconds: float) -> None:
        """Let real time pass while the caller waits."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        # aiohttp tells a handler nothing of a caller who leaves, so that has to be looked for.
        while not self._over() and (left := until - loop.time()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(left, _POLL))

    async def wait(self, event: asyncio.Event) -> None:
        """Wait for an event while the caller waits."""
        while not self._over() and not event.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_POLL):
                    await event.wait()

    async def hang(self) -> None:
        """Silence until one side ends it."""
        await self.sleep(float("inf"))
        self.close()

    def write(self, data: bytes | bytearray) -> None:
        """Bytes as they are."""
        transport = self._request.transport
        if transport is not None:
            transport.write(data)

    async def drain(self) -> None:
        """Until the caller's host has all of it: an RST would throw away what is still here."""
        transport = self._request.transport
        if transport is None:
            return
        sock = transport.get_extra_info("socket")
        while not self._over() and (transport.get_write_buffer_size() or _unacknowledged(sock)):  # noqa: ASYNC110
            await asyncio.sleep(_DRAIN_POLL)

    def close(self) -> None:
        """FIN after what was written."""
        if self._request.transport is not None:
            self._request.transport.close()

    def reset(self) -> None:
        """RST: abort alone would look like an orderly end, so lingering is switched off first."""
        transport = self._request.transport
        if transport is None:
            return
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()

    def _over(self) -> bool:
        transport = self._request.transport
        return self._listener.stopping.is_set() or transport is None or transport.is_closing()


def _unacknowledged(sock: socket.socket) -> int:
    """Bytes in the kernel that the other side has not acknowledged."""
    answer = fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, bytes(4))
    return int.from_bytes(answer, sys.byteorder)


async def read_body(request: web.BaseRequest, limit: int) -> tuple[bytes, bool]:
    """The body, and whether it was longer than the limit; then it is drained and empty."""
    if not request.body_exists:
        return b"", False
    chunks: list[bytes] = []
    size = 0
    while chunk := await request.content.readany():
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
        elif size > _DRAIN_LIMIT:
            raise ConnectionResetError("a body without end")
        else:
            chunks.clear()
    return b"".join(chunks), size > limit


def raw_request(request: web.BaseRequest, body: bytes, *, too_large: bool) -> RawRequest:
    """The request as the codecs take it, its session prefix apart."""
    target = request.raw_path
    if not target.startswith("/"):
        target = request.rel_url.raw_path_qs
    path, _, query = target.partition("?")
    session_id = ""
    if path.startswith("/@"):
        session_id, _, rest = path[2:].partition("/")
        path = f"/{rest}"
    return RawRequest(
        method=request.method,
        path=unquote(path) if "%" in path else path,
        query=query,
        headers=request.headers,
        raw_headers=request.raw_headers,
        body=body,
        ip=request.remote or "",
        session_id=session_id,
        origin=f"http://{request.headers.get('Host') or _own_host(request)}",
        too_large=too_large,
    )


def _own_host(request: web.BaseRequest) -> str:
    """Where the request arrived, for one that does not say where it wanted to."""
    if request.transport is None:
        return ""
    host, port = request.transport.get_extra_info("sockname")[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


async def _say_continue(request: web.BaseRequest) -> None:
    if request.headers["Expect"].lower() == "100-continue" and request.transport is not None:
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def _no_complaints(record: logging.LogRecord) -> bool:
    """Whether a record is of a defect, and not of a caller who sent what is no HTTP."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def server(listener: Listener, loop: asyncio.AbstractEventLoop) -> web.Server:
    """An aiohttp server of one provider: no access log, lines long enough for GET bindings."""

    class Request(web.BaseRequest):
        """A request that aiohttp itself answers, as it is no HTTP, with the provider's own page."""

        async def _prepare_hook(self, response: web.StreamResponse) -> None:
            page = listener.status_page(response.status)
            for name in ("Server", "Content-Type"):
                response.headers.popall(name, None)
            response.headers.extend(page.headers)
            if isinstance(response, web.Response):
                response.body = page.body
                response.headers["Content-Length"] = str(len(page.body))

    def make(message, payload, protocol, writer, task):  # type: ignore[no-untyped-def]
        return Request(message, payload, protocol, writer, task, loop)

    aiohttp_log = logging.getLogger(f"{__name__}.http")
    aiohttp_log.addFilter(_no_complaints)

    return web.Server(
        listener,  # type: ignore[arg-type] # its replies are no StreamResponse, and do what one does
        request_factory=make,
        access_log=None,
        logger=aiohttp_log,
        max_line_size=1 << 16,
        max_field_size=1 << 16,
    )
