"""What the supervisor and a process of its say to each other: messages in JSON, one a line."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec

from fakeproviders.config import Addresses, ServersConfig


class Begin(msgspec.Struct, tag=True, frozen=True):
    """To a process, first of all: what it is to be."""

    config: ServersConfig


class Ping(msgspec.Struct, tag=True, frozen=True):
    """To a process: does it still work? And how many workers there are at the moment."""

    alive: int


class Pong(msgspec.Struct, tag=True, frozen=True):
    """From a process: it does."""


class Ready(msgspec.Struct, tag=True, frozen=True):
    """From a process: it serves."""

    addresses: Addresses


class Failed(msgspec.Struct, tag=True, frozen=True):
    """From a process, last of all: it cannot go on, and why."""

    zh: str
    en: str
    hopeless: bool
    """Whether another attempt, just now, would fail the same way."""


Message = Begin | Ping | Pong | Ready | Failed


def _decoded(kind: type, value: Any) -> Any:
    return Path(value) if issubclass(kind, Path) else value


_encode = msgspec.json.Encoder(enc_hook=str).encode  # a path, which msgspec does not know
_decode = msgspec.json.Decoder[Message](Message, dec_hook=_decoded).decode


class Channel:
    """One side of it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def over(cls, sock: socket.socket) -> "Channel":
        """The side that has this socket of a pair."""
        return cls(*await asyncio.open_unix_connection(sock=sock))

    def send(self, message: Message) -> None:
        """Say something. Nobody hears it when the other side is gone."""
        if not self._writer.is_closing():
            self._writer.write(_encode(message) + b"\n")

    async def messages(self) -> AsyncIterator[Message]:
        """What the other side says, until it is gone."""
        with contextlib.suppress(ConnectionError):
            async for line in self._reader:
                if line.endswith(b"\n"):  # it may have been killed in the middle of one
                    yield _decode(line)

    async def close(self) -> None:
        """Let what was said get there, and be gone."""
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
