"""Faults on a real connection, on both event loops: what the other side's kernel makes of them."""

import asyncio
import socket
from collections.abc import Callable
from typing import NamedTuple

import pytest
import uvloop
from aiohttp import web

from fakeproviders.faults.base import Wire
from fakeproviders.faults.registry import parse_do
from fakeproviders.http1 import head
from fakeproviders.model import RawReply, RawRequest
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.transport import Listener, server
from tests.faults.doubles import REPLY, Luck

LARGE = RawReply(200, (("Content-Type", "text/plain"),), b"0123456789abcdef" * 40_000)
LOOPS = pytest.mark.parametrize(
    "loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"]
)
NewLoop = Callable[[], asyncio.AbstractEventLoop]
PATIENCE = 10.0


class Seen(NamedTuple):
    """What a client got, and how it ended."""

    data: bytes
    ending: str
    pieces: tuple[int, ...]


def client(port: int) -> Seen:
    """Ask once, then read to the end."""
    pieces: list[bytes] = []
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi")
        ending = "eof"
        try:
            while piece := sock.recv(1 << 20):
                pieces.append(piece)
        except ConnectionResetError:
            ending = "reset"
    return Seen(b"".join(pieces), ending, tuple(map(len, pieces)))


def ask(loop: NewLoop, do: object, reply: RawReply = REPLY) -> Seen:
    """One request to a listener that has this fault and would give this reply."""
    fault = parse_do(do)

    async def handle(raw: RawRequest, wire: Wire) -> RawReply | None:
        assert raw.body == b"hi"
        return await fault.deliver(wire, reply, Luck())

    async def serve() -> Seen:
        listener = Listener(handle, OFFICIAL, asyncio.Event())
        runner = web.ServerRunner(server(listener, asyncio.get_running_loop()))
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            return await asyncio.to_thread(client, runner.addresses[0][1])
        finally:
            await runner.cleanup()

    with asyncio.Runner(loop_factory=loop) as runner:
        return runner.run(serve())


@LOOPS
@pytest.mark.parametrize(
    "do", ["reset", {"reset": {"after_bytes": 0}}, {"reply_lost": {"reset": True}}]
)
def test_rst_before_any_byte(loop: NewLoop, do: object) -> None:
    assert ask(loop, do) == Seen(b"", "reset", ())


@LOOPS
@pytest.mark.parametrize("number", [1, 20, 4096, 65_536, 300_000, 10_000_000])
def test_rst_after_exactly_so_many_bytes(loop: NewLoop, number: int) -> None:
    seen = ask(loop, {"reset": {"after_bytes": number}}, LARGE)
    whole = len(head(LARGE)) + len(LARGE.body)
    assert (len(seen.data), seen.ending) == (min(number, whole), "reset")
    assert b"HTTP/1.1 200 OK\r\n".startswith(seen.data[:17])


@LOOPS
@pytest.mark.parametrize("do", ["empty", "reply_lost"])
def test_fin_without_any_byte(loop: NewLoop, do: str) -> None:
    assert ask(loop, do) == Seen(b"", "eof", ())


@LOOPS
def test_fin_after_a_part_of_what_was_promised(loop: NewLoop) -> None:
    seen = ask(loop, {"truncate": {"bytes": 100_000}}, LARGE)
    top, _, body = seen.data.partition(b"\r\n\r\n")
    assert f"\r\nContent-Length: {len(LARGE.body)}\r\n".encode() in top + b"\r\n"
    assert (len(body), seen.ending) == (100_000, "eof")


@LOOPS
def test_pieces_with_time_between_them(loop: NewLoop) -> None:
    """They may arrive joined where this host is slow, but not all of them, and none is split."""
    seen = ask(loop, {"trickle": {"bytes": 10, "ms": 30}})
    whole = len(head(REPLY)) + len(REPLY.body)
    assert (len(seen.data), seen.ending) == (whole, "eof")
    assert len(seen.pieces) > 2
    assert all(size % 10 == 0 for size in seen.pieces[:-1])
    assert seen.data.endswith(b"\r\n\r\n" + REPLY.body)


@LOOPS
def test_bytes_that_are_no_http(loop: NewLoop) -> None:
    seen = ask(loop, {"garbage": {"bytes": 200_000}})
    assert (len(seen.data), seen.ending) == (200_000, "eof")
    assert seen.data[0] >= 0x80
