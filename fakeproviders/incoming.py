"""One caller's bytes to requests, in the order they came.

aiohttp's parser reads them. Where it fails it is helped in two points, so that nobody else waits for
that. It takes no raw 8-bit byte in a request line, where the web servers of this field do (O: http.sys,
Tomcat 6, nginx): such bytes are percent-encoded and read again. And when it meets what is no HTTP, it
keeps the requests before that in the same piece to itself: they are read again, too, since an old client
that counts its Content-Length in characters is answered.
"""

import asyncio
import re
from collections import deque
from contextlib import suppress

from aiohttp import StreamReader, web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpRequestParser, RawRequestMessage
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.streams import EMPTY_PAYLOAD

Head = RawRequestMessage
"""A request without its body, as aiohttp's parser gives it."""

LONGEST_LINE = 1 << 16
"""Bytes of a request line or header: GET bindings are long."""
READ_AHEAD = 1 << 16
"""Bytes of a body that are read before somebody takes them."""
MOST_WAITING = 100
"""Requests sent ahead of their turn before the caller is no longer read from."""
_DRAIN_LIMIT = 64 << 20
"""Bytes of an oversized body that are read and thrown away before the connection is given up."""
_EIGHT_BIT = re.compile(rb"[\x80-\xff]")


class Incoming(BaseProtocol):
    """The reading half of a connection: requests that wait for their turn, and the last one's body."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._parser = self._new_parser()
        self._requests: deque[tuple[Head, StreamReader] | None] = deque()
        """Those whose turn is yet to come; None stands for what is no HTTP."""
        self._body: StreamReader = EMPTY_PAYLOAD
        """The last request's, until it is taken; until it is whole no other request begins."""
        self._begun = bytearray()
        """What has come of a request whose head is not whole."""
        self._buffer_paused = False
        """Whether the caller is held back; where aiohttp's base knows this, it heeds it."""

    def resume_reading(self, *how: bool, **more: bool) -> None:
        """aiohttp's: a body has room again. It says so after every body, where nothing was paused."""
        if self._reading_paused:
            super().resume_reading(*how, **more)

    def _new_parser(self) -> HttpRequestParser:
        return HttpRequestParser(
            self,
            self._loop,
            READ_AHEAD,
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_LINE,
            payload_exception=web.RequestPayloadError,
        )

    def _read(self, data: bytes) -> bool:
        """Take bytes in; whether what follows them cannot be read: no HTTP, or a protocol after it."""
        in_head = self._body is EMPTY_PAYLOAD or self._body.is_eof()
        try:
            assert self._parser is not None  # noqa: S101 - it was made with the connection
            requests, upgrades, _ = self._parser.feed_data(data)
        except HttpProcessingError as error:
            with suppress(HttpProcessingError):
                if in_head:
                    return self._read_again(_line_in_ascii(bytes(self._begun + data)))
            self._break_off(web.RequestPayloadError(str(error)))
            return True
        if requests:
            self._requests.extend(requests)
            self._body = requests[-1][1]
            if self._begun:
                self._begun.clear()
        elif in_head:
            self._begun += data
        return upgrades

    def _read_again(self, unread: bytes) -> bool:
        """As _read(), for what the parser has failed at. Raises HttpProcessingError where it does so again.

        Line by line, so that only the line goes wrong that is no HTTP: each request has ended before it.
        """
        self._parser = parser = self._new_parser()
        self._begun = bytearray(unread)
        upgrades = False
        for line in unread.splitlines(keepends=True):
            requests, upgrades, _ = parser.feed_data(line)
            if requests:
                self._requests.extend(requests)
                self._body = requests[-1][1]
                self._begun.clear()
        return upgrades

    def _break_off(self, why: BaseException) -> None:
        """Nothing more can be read: neither the rest of a body nor another request."""
        if self._body.is_eof():
            self._requests.append(None)
        else:
            self._body.set_exception(why)

    def _hold_back(self) -> None:
        """Read no more from a caller who sends faster than he is answered, or do again."""
        held, transport = len(self._requests) >= MOST_WAITING, self.transport
        if held == self._buffer_paused or transport is None or transport.is_closing():
            return
        self._buffer_paused = held
        if held:
            transport.pause_reading()
        elif not self._reading_paused:
            transport.resume_reading()


def _line_in_ascii(data: bytes) -> bytes:
    """The same bytes, those of the first line that are no ASCII percent-encoded."""
    end = data.find(b"\n")
    line = data if end < 0 else data[:end]
    if line.isascii():
        return data
    return _EIGHT_BIT.sub(lambda byte: b"%%%02X" % byte[0][0], line) + data[len(line) :]


async def read_body(body: StreamReader, limit: int) -> bytes | None:
    """All of a body, or None when it is longer than the limit; then it is drained.

    Raises ConnectionResetError for one without end.
    """
    chunks: list[bytes] = []
    size = 0
    while chunk := await body.readany():
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
        elif size > _DRAIN_LIMIT:
            raise ConnectionResetError("a body without end")
        else:
            chunks.clear()
    return None if size > limit else b"".join(chunks)
