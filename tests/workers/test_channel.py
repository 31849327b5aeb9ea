"""What the supervisor and a process say to each other arrives as it was said."""

import asyncio
import socket
from pathlib import Path

import pytest

from fakeproviders.config import Addresses, Ports, ServersConfig
from fakeproviders.workers.channel import (
    Begin,
    Channel,
    Failed,
    Message,
    Ping,
    Pong,
    Ready,
)

CONFIG = ServersConfig(
    ports=Ports.free(),
    token="t",
    allow_callbacks=("app:8080",),
    panel_database=Path("p.sqlite3"),
    part="desk",
    workers=2,
    inherited={"control": (7, 8), "panel": (9,)},
)
ADDRESSES = Addresses(
    control="c", official="o", reseller="r", erban="e", panel="p",
    session={"id": "default", "seed": 0, "erban": {"signature": "【演示签名】"}},
)  # fmt: skip
ALL: list[Message] = [
    Begin(CONFIG), Begin(ServersConfig()), Ping(2), Pong(), Ready(ADDRESSES),
    Failed("端口被占用\\n", "in use", hopeless=True),
]  # fmt: skip


async def heard(said: bytes | list[Message]) -> list[Message]:
    """What arrives of what one side says before it ends."""
    ours, theirs = socket.socketpair()
    speaking, listening = await Channel.over(ours), await Channel.over(theirs)
    if isinstance(said, bytes):
        ours.send(said)
    else:
        for message in said:
            speaking.send(message)
    await speaking.close()
    speaking.send(Pong())  # to nobody
    arrived = [message async for message in listening.messages()]
    await listening.close()
    return arrived


@pytest.mark.parametrize("message", ALL, ids=lambda message: type(message).__name__)
def test_a_message_arrives_as_it_was_said(message: Message) -> None:
    assert asyncio.run(heard([message])) == [message]


def test_messages_arrive_in_their_order() -> None:
    assert asyncio.run(heard(ALL)) == ALL


def test_a_message_that_broke_off_is_none() -> None:
    assert asyncio.run(heard(b'{"type":"Pong"}\n{"type":"Ping","al')) == [Pong()]
