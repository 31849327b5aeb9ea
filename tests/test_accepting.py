"""Callers who come at once are taken in at once, whatever the event loop."""

import asyncio
import errno
import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import cast

import pytest
import uvloop
from aiohttp import web

from fakeproviders import accepting
from fakeproviders.accepting import Listening, bound

MANY = 100
HOST = "127.0.0.1"


class Greeting(asyncio.Protocol):
    """Says a byte to whoever comes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast("asyncio.Transport", transport).write(b"!")
        cast("asyncio.Transport", transport).close()


@pytest.fixture(
    params=[asyncio.SelectorEventLoop, uvloop.new_event_loop], ids=["asyncio", "uvloop"]
)
def runner(request: pytest.FixtureRequest) -> Iterator[asyncio.Runner]:
    with asyncio.Runner(loop_factory=request.param) as runner:
        yield runner


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    (one,) = bound(HOST, 0, shared=False)
    with one:
        yield one


async def serve(one: socket.socket) -> Listening:
    return Listening([one], cast("web.Server", Greeting))


def callers(stack: ExitStack, address: tuple[str, int], number: int) -> list[socket.socket]:
    found = [stack.enter_context(socket.create_connection(address)) for _ in range(number)]
    for caller in found:
        caller.settimeout(20)
    return found


def test_all_who_wait_are_taken_in_in_one_turn(
    runner: asyncio.Runner, listening: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[int] = []
    take_in = Listening._take_in

    def counted(self: Listening, one: socket.socket) -> None:
        take_in(self, one)
        turns.append(len(self._beginning))

    monkeypatch.setattr(Listening, "_take_in", counted)
    with ExitStack() as stack:
        server = runner.run(serve(listening))
        waiting = callers(stack, listening.getsockname(), MANY)

        async def greeted() -> None:
            loop = asyncio.get_running_loop()
            for caller in waiting:
                caller.setblocking(False)
            assert await asyncio.gather(*(loop.sock_recv(c, 1) for c in waiting)) == [b"!"] * MANY
            server.close()

        runner.run(greeted())
    assert max(turns) == MANY


def test_a_process_without_descriptors_takes_callers_in_later(
    runner: asyncio.Runner,
    listening: socket.socket,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(accepting, "_FULL_SECONDS", 0.01)
    full = OSError(errno.EMFILE, "Too many open files")

    class Full(socket.socket):
        """Has no descriptor for the first who comes."""

        times = 1

        def accept(self) -> tuple[socket.socket, object]:
            if self.times:
                self.times -= 1
                raise full
            return super().accept()

    with ExitStack() as stack:
        one = stack.enter_context(Full(fileno=listening.detach()))
        server = runner.run(serve(one))
        (caller,) = callers(stack, one.getsockname(), 1)
        caller.setblocking(False)

        async def greeted() -> bytes:
            said = await asyncio.get_running_loop().sock_recv(caller, 1)
            server.close()
            return said

        with caplog.at_level(logging.WARNING):
            assert runner.run(greeted()) == b"!"
    assert "no more callers are taken in for 0.01 s: Too many open files" in caplog.text
    caplog.clear()


def test_nobody_is_taken_in_after_the_end(runner: asyncio.Runner, listening: socket.socket) -> None:
    address = listening.getsockname()

    async def begin_and_end() -> None:
        server = await serve(listening)
        server.close()
        server.close()

    runner.run(begin_and_end())
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)


def test_a_port_that_is_taken_leaves_no_socket_behind(listening: socket.socket) -> None:
    listening.listen()
    with pytest.raises(OSError, match="in use") as refused:
        bound(HOST, listening.getsockname()[1], shared=False)
    assert refused.value.errno == errno.EADDRINUSE


def test_several_processes_can_have_a_port_that_is_shared() -> None:
    with ExitStack() as stack:
        (one,) = bound(HOST, 0, shared=True)
        stack.enter_context(one)
        (other,) = bound(HOST, one.getsockname()[1], shared=True)
        stack.enter_context(other)
        assert one.getsockname() == other.getsockname()
