"""The light client, against the bare handler: it counts what is good, whatever pieces the answers come in."""

import asyncio
import os

import pytest

from loadtests.bench import servers
from loadtests.bench.client import request
from loadtests.bench.compared import NotAllGoodError
from loadtests.bench.hammer import hammer
from tests.asyncs import run

ANSWER = b'HTTP/1.1 200 OK\r\nContent-LENGTH: 10\r\n\r\n{"code":0}'


async def against(*pieces: bytes, number: int = 5, mark: bytes = b'"code":0') -> float:
    """Bytes each, of a server that answers every request with these pieces."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await hammer(port, [b"ask\n"] * number, connections=2, mark=mark)
        return found.bytes_each


@pytest.mark.parametrize("at", [1, 20, len(ANSWER) - 12, len(ANSWER) - 1])
def test_an_answer_may_come_in_pieces(at: int) -> None:
    assert run(against(ANSWER[:at], ANSWER[at:])) == len(ANSWER)


def test_answers_without_the_mark_are_no_success() -> None:
    with pytest.raises(NotAllGoodError, match="5 of 5"):
        run(against(ANSWER, mark=b"other"))


def test_a_connection_that_breaks_is_no_success() -> None:
    async def scenario() -> None:
        async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()

        async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
            await hammer(server.sockets[0].getsockname()[1], [b"ask\n"] * 3)

    with pytest.raises(NotAllGoodError, match="3 of 3"):
        run(scenario())


def test_it_loads_a_real_server() -> None:
    with servers.bare("json") as bare:
        load = [request("POST", "http://127.0.0.1/", b"{}", "application/json")] * 20
        assert run(hammer(int(bare.ready), load)).seconds > 0


def test_a_childs_pid_is_found_and_its_time_is_counted() -> None:
    with servers.bare("json") as bare:
        assert bare.process.pid in servers.children_of(os.getpid())
        assert bare.cpu_seconds() > 0


def test_a_request_without_a_content_type_names_none() -> None:
    assert request("GET", "http://127.0.0.1/a?b=c", b"", "") == (
        b"GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n"
    )
