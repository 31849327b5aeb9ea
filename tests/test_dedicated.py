"""A session's own listener: up, down with its port held, up again."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from fakeproviders import dedicated
from fakeproviders.dedicated import DedicatedPort, DedicatedPorts
from tests.asyncs import asynchronous

HOST = "127.0.0.1"
ASK = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


async def at_once(request: web.BaseRequest) -> web.StreamResponse:
    del request
    return web.Response(text="here")


def port_of(handler: Handler = at_once) -> DedicatedPort:
    return DedicatedPort(lambda: web.ServerRunner(web.Server(handler, access_log=None)), HOST)


async def connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(HOST, port)


async def answers(port: int) -> bool:
    reader, writer = await connect(port)
    writer.write(ASK)
    line = await reader.readline()
    writer.close()
    return line == b"HTTP/1.1 200 OK\r\n"


async def refuses(port: int) -> bool:
    try:
        _, writer = await connect(port)
    except ConnectionRefusedError:
        return True
    writer.close()
    return False


@asynchronous
async def test_down_and_up_on_the_same_port() -> None:
    port = port_of()
    await port.up()
    number = port.port
    assert number > 0
    for _ in range(3):
        assert await answers(number)
        await port.down()
        assert await refuses(number)
        await port.up()
        assert port.port == number
    await port.close()
    assert await refuses(number)


@asynchronous
async def test_nobody_else_gets_the_port_while_it_is_down() -> None:
    port = port_of()
    await port.up()
    await port.down()
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind((HOST, port.port))
    await port.close()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind((HOST, port.port))


@asynchronous
async def test_what_is_done_twice_is_done_once() -> None:
    port = port_of()
    await port.down()
    await port.close()
    await port.up()
    await port.up()
    assert await answers(port.port)
    await port.down()
    await port.down()
    assert await refuses(port.port)
    await port.close()
    await port.close()


@asynchronous
async def test_changes_at_the_same_time_come_one_after_the_other() -> None:
    port = port_of()
    await port.up()
    number = port.port
    await asyncio.gather(*(change() for change in [port.down, port.up] * 5))
    assert await answers(number)
    await asyncio.gather(*(change() for change in [port.up, port.down] * 5))
    assert await refuses(number)
    await port.close()


@pytest.mark.parametrize("end", ["down", "close"])
@asynchronous
async def test_callers_who_wait_do_not_hold_it_up(end: str) -> None:
    """One is idle, one waits for an answer that never comes; both see the end of the connection."""
    waiting, left = asyncio.Event(), asyncio.Event()

    async def never(request: web.BaseRequest) -> web.StreamResponse:
        waiting.set()
        transport = request.transport
        assert transport is not None
        while not transport.is_closing():
            await asyncio.sleep(0.01)
        left.set()
        return web.Response()

    port = port_of(never)
    await port.up()
    idle, idle_writer = await connect(port.port)
    reader, writer = await connect(port.port)
    writer.write(ASK)
    await waiting.wait()
    async with asyncio.timeout(4):  # aiohttp by itself waits for a minute
        await getattr(port, end)()
    assert left.is_set()
    assert await idle.read() == await reader.read() == b""
    for each in (idle_writer, writer):
        each.close()
    await port.close()


@asynchronous
async def test_a_port_that_cannot_be_had() -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = port_of()
        port._port = other.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            await port.up()


class _Session:
    """As much of a session as its ports look at."""

    def __init__(self) -> None:
        self.id = "s1"
        self.at_end: list[Callable[[], Awaitable[None]]] = []
        self.own_urls: dict[str, str] = {}


def serving() -> DedicatedPorts:
    return DedicatedPorts(
        lambda session, provider: web.ServerRunner(web.Server(at_once, access_log=None)),
        HOST,
        lambda port: f"http://{HOST}:{port}",
    )


@asynchronous
async def test_ports_end_with_their_session() -> None:
    session: Any = _Session()
    ports = serving()
    assert not ports.has(session)
    await ports.open(session, ["official", "erban"])
    assert ports.has(session)
    numbers = [int(url.rpartition(":")[2]) for url in session.own_urls.values()]
    assert list(session.own_urls) == ["official", "erban"]
    assert [await answers(number) for number in numbers] == [True, True]
    for action in session.at_end:
        await action()
    assert not ports.has(session)
    assert [await refuses(number) for number in numbers] == [True, True]
    await ports.close("unknown")
    await ports.close_all()


@asynchronous
async def test_another_process_opens_the_same_ports_as_soon_as_it_can_have_them() -> None:
    session: Any = _Session()
    before, after = serving(), serving()
    await before.open(session, ["official", "erban"])
    numbers = before.numbers(session)
    asyncio.get_running_loop().call_later(0.2, asyncio.create_task, before.close_all())
    again: Any = _Session()
    assert await after.open_again(again, numbers)
    assert after.numbers(again) == numbers
    assert again.own_urls == session.own_urls
    for number in numbers.values():
        assert await answers(number)
    await after.close_all()


@asynchronous
async def test_a_session_lives_on_without_ports_that_another_has(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(dedicated, "AGAIN_SECONDS", 0.1)
    holder: Any = _Session()
    holding, ports = serving(), serving()
    await holding.open(holder, ["erban"])
    taken = holding.numbers(holder)["erban"]
    with socket.create_server((HOST, 0)) as free:
        number = free.getsockname()[1]
    session: Any = _Session()
    session.own_urls = {"erban": "http://before"}
    assert not await ports.open_again(session, {"official": number, "erban": taken})
    assert session.own_urls == ports.numbers(session) == {}
    assert not ports.has(session)
    assert await refuses(number)
    assert f"session s1 has lost its own ports {number}, {taken}" in caplog.text
    await holding.close_all()
