"""Two servers on one Redis: a send to one of them, its clock moved by the other."""

import json
from collections.abc import Iterator

import pytest
from msgspec import structs

from tests.e2e import clients
from tests.e2e.running import FREE, RunningServer
from tests.e2e.world import Control, World
from tests.receiver import Receiver
from tests.redis_server import RedisServer

NOON = "2026-01-01T12:00:00+08:00"


@pytest.fixture
def hosts(redis_server: RedisServer) -> Iterator[tuple[World, World]]:
    """The same session, seen through two servers."""
    config = structs.replace(FREE, store=redis_server.url)
    with RunningServer(config) as one, RunningServer(config) as two:
        here = World.create(one)
        control = Control(two.addresses.control)
        yield here, World(two, control.get(here.path), control)


@pytest.mark.parametrize("sends_here", [True, False])
def test_whoever_moves_the_clock_finds_the_receipts_told(
    hosts: tuple[World, World], sends_here: bool
) -> None:
    here, there = hosts
    with Receiver() as receiver:
        here.freeze(NOON)
        here.patch("official", callback_url=receiver.url)
        mobiles = [f"1380000000{turn}" for turn in range(5)]
        for mobile in mobiles:
            clients.send_well(here if sends_here else there, "official", mobile=mobile)
        there.advance(3)
        said = [json.loads(arrived.body) for arrived in receiver.got]
        assert [one["mobile"] for one in said] == mobiles
        assert {one["time"] for one in said} == {"2026-01-01 12:00:03"}
        here.advance(60)
        assert len(receiver.got) == len(mobiles)
        assert {m["status"] for m in here.messages()} == {"delivered"}


def test_a_message_driven_by_hand_is_told_by_whoever_was_asked(
    hosts: tuple[World, World],
) -> None:
    here, there = hosts
    with Receiver() as receiver:
        here.freeze(NOON)
        here.patch("official", callback_url=receiver.url)
        clients.send_well(here, "official")
        (message,) = there.messages()
        path = f"{there.path}/messages/{message['id']}/status"
        there.control.post(path, {"status": "undelivered", "error": "MK:0001"})
        assert len(receiver.got) == 1
        for world in (here, there):
            world.advance(60)
        (said,) = [json.loads(arrived.body) for arrived in receiver.got]
        assert (said["status"], said["error"]) == ("undelivered", "MK:0001")
