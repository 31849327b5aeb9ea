"""The client of the proofs against real servers: each ending is noted for what it is."""

import pytest

from loadtests.attempts import Ending
from loadtests.doors import DOORS, OfficialDoor
from loadtests.messages import Message
from loadtests.proofs.client import Client
from loadtests.proofs.job import Stream
from loadtests.proofs.records import Record
from tests.asyncs import run
from tests.e2e.sockets import request
from tests.e2e.world import World

MESSAGE = Message("id-1", "13900000001", "246810")


def attempted(world: World, door: str) -> Record:
    who = world.session[DOORS[door].provider]
    asked = OfficialDoor(world.session["official"]).token()
    token = request("POST", asked.url, asked.body, asked.headers).json()["data"]["access_token"]

    async def attempt() -> Record:
        client = Client(Stream(door, who, 1, 1, token))
        try:
            return await client.attempt(MESSAGE)
        finally:
            client.close()

    return run(attempt())


@pytest.mark.parametrize("door", ["official", "reseller", "erban-form"])
def test_what_is_accepted_is_in_the_inbox_as_it_was_told(world: World, door: str) -> None:
    record = attempted(world, door)
    (message,) = world.messages()
    assert (record.ending, record.out_id, record.provider) == (
        Ending.ACCEPTED, MESSAGE.id, DOORS[door].provider,
    )  # fmt: skip
    assert record.message_id in {message["id"], ""}
    assert bool(record.message_id) is (door != "erban-form")
    assert record.began < record.ended


@pytest.mark.parametrize(
    ("door", "fault", "ending", "slug"),
    [
        ("official", "maintenance", Ending.REFUSED, "maintenance"),
        ("official", {"reply_lost": {}}, Ending.UNKNOWN, ""),
        ("official", {"reset": {}}, Ending.UNKNOWN, ""),
        ("official", {"garbage": {}}, Ending.UNKNOWN, ""),
        ("erban-form", "maintenance", Ending.DOWN, ""),
        ("reseller", "upstream_unavailable", Ending.UNKNOWN, "upstream_unavailable"),
    ],
)
def test_what_is_not_accepted_is_told_apart(
    world: World, door: str, fault: object, ending: Ending, slug: str
) -> None:
    world.fault(DOORS[door].provider, fault, operation="send")
    record = attempted(world, door)
    assert (record.ending, record.slug, record.message_id) == (ending, slug, "")
