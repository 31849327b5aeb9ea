"""The conversation with one caller, on real sockets and both event loops: order, patience, and how it ends."""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NamedTuple

import pytest
import uvloop
from aiohttp import web

from fakeproviders import connection
from fakeproviders.faults.base import Wire
from fakeproviders.incoming import MOST_WAITING
from fakeproviders.model import RawReply, RawRequest
from fakeproviders.pages import CLOSE
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.transport import Handle, Listener, server

PATIENCE = 10.0
LOOPS = pytest.mark.parametrize(
    "loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"]
)
NewLoop = Callable[[], asyncio.AbstractEventLoop]
Talk = Callable[["Served"], Coroutine[Any, Any, None]]


class Served(NamedTuple):
    """A listener, and a connection to it."""

    runner: web.ServerRunner
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def connections(self) -> list[Any]:
        """Those that the server has."""
        return [] if self.runner.server is None else list(self.runner.server.connections)

    async def answers(self, number: int) -> list[str]:
        """The bodies of so many replies."""
        return [(await self.answer())[1] for _ in range(number)]

    async def answer(self) -> tuple[str, str]:
        """Head and body of the next reply."""
        async with asyncio.timeout(PATIENCE):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
            length = next(x for x in head.split("\r\n") if x.startswith("Content-Length: "))
            body = await self.reader.readexactly(int(length.partition(": ")[2]))
        return head, body.decode()

    async def ended(self) -> bool:
        """Whether nothing more comes, and the connection is over."""
        async with asyncio.timeout(PATIENCE):
            return await self.reader.read() == b""


def talk(loop: NewLoop, handle: Handle, with_it: Talk) -> None:
    """Serve with this handler, and talk to it over one connection."""

    async def serve() -> None:
        runner = web.ServerRunner(
            server(Listener(handle, OFFICIAL, asyncio.Event()), asyncio.get_running_loop()),
            shutdown_timeout=PATIENCE,
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            reader, writer = await asyncio.open_connection(*runner.addresses[0])
            await with_it(Served(runner, reader, writer))
            writer.close()
        finally:
            await runner.cleanup()

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(serve())


def get(path: str, *headers: str, version: str = "1.1") -> bytes:
    return "\r\n".join([f"GET {path} HTTP/{version}", "Host: x", *headers, "", ""]).encode()


def plain(text: str) -> RawReply:
    return RawReply(200, (("Content-Type", "text/plain"),), text.encode())


def echo(raw: RawRequest, wire: Wire) -> RawReply | Awaitable[RawReply | None]:
    """The path and the body; ``/slow`` takes its time, ``/gone`` ends the connection."""
    if raw.path == "/defect":
        raise ZeroDivisionError
    if raw.path == "/drops":
        return RawReply(500, (CLOSE,), raw.path.encode())
    reply = plain(raw.path + raw.body.decode())
    return _later(raw.path, reply, wire) if raw.path in {"/slow", "/gone"} else reply


async def _later(path: str, reply: RawReply, wire: Wire) -> RawReply | None:
    await wire.sleep(0.05)
    return reply if path == "/slow" else None


@LOOPS
def test_requests_sent_at_once_are_answered_in_their_order(loop: NewLoop) -> None:
    paths = ["/a", "/slow", "/b", "/slow", "/c"]

    async def with_it(served: Served) -> None:
        served.writer.write(b"".join(map(get, paths)))
        assert await served.answers(5) == paths

    talk(loop, echo, with_it)


@LOOPS
def test_who_sends_faster_than_he_is_answered_is_held_back_and_loses_nothing(loop: NewLoop) -> None:
    paths = ["/slow", *(f"/{number}" for number in range(20 * MOST_WAITING))]

    async def with_it(served: Served) -> None:
        for path in paths:
            served.writer.write(get(path, "X-Pad: " + "x" * 500))
        (one,) = served.connections()
        assert await served.answers(len(paths)) == paths
        assert not one._buffer_paused

    talk(loop, echo, with_it)


@LOOPS
def test_who_does_not_read_is_not_answered_further(loop: NewLoop) -> None:
    served_so_far = 0

    def large(raw: RawRequest, wire: Wire) -> RawReply:
        nonlocal served_so_far
        served_so_far += 1
        return plain("x" * (1 << 20))

    async def with_it(served: Served) -> None:
        sock = served.writer.get_extra_info("socket")
        assert isinstance(sock.family, socket.AddressFamily)
        served.writer.transport.pause_reading()  # type: ignore[attr-defined]
        served.writer.write(get("/") * 50)
        await asyncio.sleep(0.2)
        assert served_so_far < 50
        served.writer.transport.resume_reading()  # type: ignore[attr-defined]
        assert len(await served.answers(50)) == 50

    talk(loop, large, with_it)


@LOOPS
def test_a_body_may_come_in_pieces_and_ask_whether_it_may(loop: NewLoop) -> None:
    async def with_it(served: Served) -> None:
        served.writer.write(
            b"POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
        )
        async with asyncio.timeout(PATIENCE):
            assert await served.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        served.writer.write(b"ab")
        await asyncio.sleep(0.01)
        served.writer.write(b"cd" + get("/next"))
        assert await served.answers(2) == ["/pabcd", "/next"]

    talk(loop, echo, with_it)


@LOOPS
@pytest.mark.parametrize(
    "request_",
    [
        get("/last", "Connection: close"),
        get("/last", "Connection: keep-alive", version="1.0"),
        get("/last", "Connection: upgrade", "Upgrade: websocket"),
        get("/drops") + get("/never"),
    ],
    ids=["close", "HTTP/1.0", "upgrade", "the server's wish"],
)
def test_some_replies_are_the_last(loop: NewLoop, request_: bytes) -> None:
    async def with_it(served: Served) -> None:
        served.writer.write(request_)
        head, body = await served.answer()
        assert body in {"/last", "/drops"}
        assert head.count("\r\nConnection: close\r\n") == 1
        assert await served.ended()

    talk(loop, echo, with_it)


@LOOPS
def test_what_is_no_http_is_refused_once_those_before_it_are_answered(loop: NewLoop) -> None:
    async def with_it(served: Served) -> None:
        served.writer.write(get("/slow"))
        await asyncio.sleep(0.01)
        served.writer.write(b"\x16\x03\x01 no HTTP\r\n\r\n")
        assert (await served.answer())[1] == "/slow"
        head, _ = await served.answer()
        assert head.startswith("HTTP/1.1 400 Bad Request\r\n")
        assert await served.ended()

    talk(loop, echo, with_it)


@LOOPS
@pytest.mark.parametrize(
    "first",
    [
        get("/first"),
        get("/first", "Connection: close"),
        b"POST /fir HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nst",
    ],
    ids=["keep-alive", "close", "body"],
)
def test_garbage_in_the_same_piece_does_not_cost_those_before_it_their_answer(
    loop: NewLoop, first: bytes
) -> None:
    async def with_it(served: Served) -> None:
        served.writer.write(first[:9])
        await asyncio.sleep(0.01)
        served.writer.write(first[9:] + b"\xe7\x9f\xad no HTTP\r\n\r\n")
        head, body = await served.answer()
        assert body == "/first"
        if "Connection: close" not in head:
            assert (await served.answer())[0].startswith("HTTP/1.1 400 Bad Request\r\n")
        assert await served.ended()

    talk(loop, echo, with_it)


@LOOPS
@pytest.mark.parametrize("before", [b"", get("/slow")], ids=["at once", "waiting for its turn"])
def test_a_body_that_turns_out_to_be_no_chunks_is_refused(loop: NewLoop, before: bytes) -> None:
    chunked = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"

    async def with_it(served: Served) -> None:
        served.writer.write(before + chunked)
        await asyncio.sleep(0.01)
        served.writer.write(b"no length\r\n")
        if before:
            assert (await served.answer())[1] == "/slow"
        head, _ = await served.answer()
        assert head.startswith("HTTP/1.1 400 Bad Request\r\n")
        assert await served.ended()

    talk(loop, echo, with_it)


@LOOPS
def test_http_1_0_is_not_told_to_go_on(loop: NewLoop) -> None:
    async def with_it(served: Served) -> None:
        served.writer.write(
            b"POST /p HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"
        )
        await asyncio.sleep(0.01)
        served.writer.write(b"q")
        head, body = await served.answer()
        assert (head[:12], body) == ("HTTP/1.1 200", "/pq")

    talk(loop, echo, with_it)


@LOOPS
@pytest.mark.parametrize("cut", [4, 6, 8, 30])
def test_raw_bytes_in_a_request_line_are_as_good_as_encoded_ones(loop: NewLoop, cut: int) -> None:
    seen = []

    def note(raw: RawRequest, wire: Wire) -> RawReply:
        seen.append((raw.path, raw.query, raw.raw_headers[-1]))
        return plain("")

    request = "GET /短?c=信 HTTP/1.1\r\nHost: x\r\nX-Name: 信\r\n\r\n"

    async def with_it(served: Served) -> None:
        for encoded in (request.encode(), request.encode("gbk")):
            served.writer.write(encoded[:cut])
            await asyncio.sleep(0.01)
            served.writer.write(encoded[cut:])
            await served.answer()

    talk(loop, note, with_it)
    assert seen == [
        ("/短", "c=%E4%BF%A1", (b"X-Name", "信".encode())),
        ("/\ufffd\ufffd", "c=%D0%C5", (b"X-Name", "信".encode("gbk"))),
    ]


@LOOPS
def test_a_caller_may_leave_in_the_middle(loop: NewLoop) -> None:
    async def with_it(served: Served) -> None:
        served.writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")
        await asyncio.sleep(0.01)
        assert len(served.connections()) == 1
        served.writer.close()
        async with asyncio.timeout(PATIENCE):
            while served.connections():
                await asyncio.sleep(0.01)

    talk(loop, echo, with_it)


@LOOPS
def test_a_defect_is_a_page_and_a_line_in_the_log(
    loop: NewLoop, caplog: pytest.LogCaptureFixture
) -> None:
    async def with_it(served: Served) -> None:
        served.writer.write(get("/before") + get("/defect"))
        assert (await served.answer())[1] == "/before"
        head, _ = await served.answer()
        assert head.startswith("HTTP/1.1 500 ")

    with caplog.at_level(logging.ERROR):
        talk(loop, echo, with_it)
    assert "a defect, please report it" in caplog.text


@LOOPS
def test_a_reply_that_is_being_made_is_still_given_when_the_server_stops(loop: NewLoop) -> None:
    async def with_it(served: Served) -> None:
        served.writer.write(get("/slow") + get("/never"))
        await asyncio.sleep(0.01)
        stopping = asyncio.create_task(served.runner.cleanup())
        head, body = await served.answer()
        assert (body, "\r\nConnection: close\r\n" in head) == ("/slow", True)
        assert await served.ended()
        await stopping

    talk(loop, echo, with_it)


@LOOPS
def test_a_silent_caller_is_let_go(loop: NewLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "IDLE_SECONDS", 0.05)

    async def with_it(served: Served) -> None:
        served.writer.write(get("/a"))
        assert await served.answers(1) == ["/a"]
        assert await served.ended()

    talk(loop, echo, with_it)


@LOOPS
def test_nothing_follows_where_a_fault_has_ended_the_connection(loop: NewLoop) -> None:
    async def with_it(served: Served) -> None:
        served.writer.write(get("/gone") + get("/never"))
        assert await served.ended()

    talk(loop, echo, with_it)
