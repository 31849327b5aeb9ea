"""A caller's connection in a fault's hands; see faults.base.Wire."""

import asyncio
import contextlib
import fcntl
import socket
import struct
import sys
import termios
from collections.abc import Callable

from fakeproviders.model import RawReply, RawRequest

_DRAIN_POLL = 0.001
"""Seconds between looks whether what was written has arrived, before an RST."""
_POLL = 0.1
"""Seconds between looks whether a caller is still there, while a fault keeps him waiting."""


class TransportWire:
    """A wire over an asyncio transport. ``asked`` is the request that is being answered."""

    def __init__(
        self,
        transport: asyncio.Transport,
        stopping: asyncio.Event,
        status_page: Callable[[int, RawRequest | None], RawReply],
    ) -> None:
        self._transport = transport
        self._stopping = stopping
        self._status_page = status_page
        self.asked: RawRequest | None = None

    def status_page(self, status: int) -> RawReply:
        """The page of the web server that was asked."""
        return self._status_page(status, self.asked)

    async def sleep(self, seconds: float) -> None:
        """Let real time pass while the caller waits."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        # Nobody is told of a caller who leaves in the middle of this, so that has to be looked for.
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
        """Bytes as they are; for a caller who has left, nothing."""
        if not self._transport.is_closing():
            self._transport.write(data)

    async def drain(self) -> None:
        """Until the caller's host has all of it: an RST would throw away what is still here."""
        transport = self._transport
        sock = transport.get_extra_info("socket")
        while not self._over() and (transport.get_write_buffer_size() or _unacknowledged(sock)):  # noqa: ASYNC110
            await asyncio.sleep(_DRAIN_POLL)

    def close(self) -> None:
        """FIN after what was written."""
        self._transport.close()

    def reset(self) -> None:
        """RST: abort alone would look like an orderly end, so lingering is switched off first."""
        if self._transport.is_closing():
            return
        sock = self._transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def _over(self) -> bool:
        return self._stopping.is_set() or self._transport.is_closing()


def _unacknowledged(sock: socket.socket) -> int:
    """Bytes in the kernel that the other side has not acknowledged."""
    answer = fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, bytes(4))
    return int.from_bytes(answer, sys.byteorder)
