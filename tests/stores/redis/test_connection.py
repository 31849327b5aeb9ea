"""One connection: what goes out together, and whose answer is whose."""

import asyncio
from typing import Any

import pytest

from fakeproviders.stores.redis.connection import (
    STALLED_SECONDS,
    CommandFailed,
    Connection,
    ConnectionLost,
)
from tests.asyncs import asynchronous, let_others_run


class Line(asyncio.Transport):
    """Keeps what is written; ends when it is told to."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self.connection = connection
        self.written: list[bytes] = []
        connection.connection_made(self)

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    def abort(self) -> None:
        self.connection.connection_lost(None)


def connected() -> tuple[Connection, Line, list[list[Any]]]:
    heard: list[list[Any]] = []
    connection = Connection(heard.append)
    return connection, Line(connection), heard


@asynchronous
async def test_all_commands_of_a_turn_go_out_in_one_write() -> None:
    connection, line, _ = connected()
    for number in range(3):
        connection.execute(("GET", number))
    assert line.written == []
    await let_others_run()
    (packet,) = line.written
    assert packet.count(b"GET") == 3
    connection.execute(("PING",))
    await let_others_run()
    assert len(line.written) == 2


@asynchronous
async def test_answers_come_in_the_order_of_the_commands() -> None:
    connection, _, heard = connected()
    answers = [connection.execute(("GET", number)) for number in range(4)]
    connection.data_received(b"$1\r\na\r\n-WRONGTYPE no")
    connection.data_received(b"\r\n>3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\n5\r\n_\r\n#f\r\n")
    assert await answers[0] == b"a"
    with pytest.raises(CommandFailed) as raised:
        await answers[1]
    assert raised.value.code == "WRONGTYPE"
    assert (await answers[2], await answers[3]) == (None, False)
    assert [list(push) for push in heard] == [[b"message", b"c", b"5"]]


@asynchronous
async def test_an_answer_that_comes_too_late_is_nobodys() -> None:
    connection, _, _ = connected()
    soon = asyncio.get_running_loop().time() + 0.03
    first, second = connection.execute(("GET", 1), soon), connection.execute(("GET", 2))
    with pytest.raises(TimeoutError):
        await first
    assert len(connection) == 2
    connection.data_received(b":1\r\n:2\r\n")
    assert await second == 2


@pytest.mark.parametrize("noise", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b":1\r\n:2\r\n"])
@asynchronous
async def test_what_is_no_redis_is_left(noise: bytes) -> None:
    connection, _, _ = connected()
    answer = connection.execute(("PING",))
    connection.data_received(noise)
    assert connection.ended.is_set()
    if not noise.startswith(b":"):
        with pytest.raises(ConnectionLost, match="no Redis"):
            await answer
    with pytest.raises(ConnectionLost):
        connection.execute(("PING",))


@asynchronous
async def test_a_connection_that_answers_nothing_is_given_up() -> None:
    connection, _, _ = connected()
    answer = connection.execute(("PING",))
    connection._last_sign -= STALLED_SECONDS
    with pytest.raises(ConnectionLost, match="answers nothing"):
        await answer


@asynchronous
async def test_who_asks_after_others_gave_up_waits_no_longer_than_allowed() -> None:
    connection, _, _ = connected()
    loop = asyncio.get_running_loop()
    for _ in range(2):  # the second long before a silent connection is given up
        began = loop.time()
        with pytest.raises(TimeoutError):
            await connection.execute(("GET", "a"), began + 0.05)
        assert loop.time() - began < STALLED_SECONDS / 2
    connection.abort()
