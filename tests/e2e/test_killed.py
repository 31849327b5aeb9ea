"""A server is killed in the middle of what it does; the next one on the same Redis does the rest."""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e import clients
from tests.e2e.clients import MOBILE
from tests.e2e.killed import DUE, forward, is_settled, until
from tests.receiver import Receiver
from tests.redis_server import RedisServer
from tests.serving import FREE, PATIENCE, Start, default_world, first_line, serving


@pytest.fixture
def start(redis_server: RedisServer) -> Iterator[Start]:
    """Start ``serve`` on the Redis of the test."""
    with serving() as start:
        yield lambda: start("--json", *FREE, "--store", redis_server.url)


def kill(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait(PATIENCE)


def test_a_hop_is_charged_on_both_sides_or_on_neither(
    start: Start, redis_server: RedisServer
) -> None:
    with ThreadPoolExecutor(2) as pool:
        process = start()
        forward(default_world(first_line(process)), redis_server, pool)
        kill(process)
    assert is_settled(default_world(first_line(start())), redis_server)


def test_receipts_that_are_due_are_told_by_the_next_process(
    start: Start, redis_server: RedisServer
) -> None:
    with Receiver() as receiver:
        process = start()
        world = default_world(first_line(process))
        world.patch("official", callback_url=receiver.url, receipts={"after_seconds": 1.0})
        clients.send_well(world, "official")
        kill(process)
        assert redis_server.say(DUE) == b":1\r\n"
        first_line(start())
        until(lambda: redis_server.say(DUE) == b":0\r\n", "told")
        (said,) = [json.loads(arrived.body) for arrived in receiver.got]
        assert (said["mobile"], said["status"]) == (MOBILE, "delivered")
