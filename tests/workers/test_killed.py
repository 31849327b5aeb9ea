"""One of several processes is killed in the middle of what it does; the others do the rest."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e import clients
from tests.e2e.clients import MOBILE
from tests.e2e.killed import DUE, forward, is_settled, until
from tests.e2e.world import World
from tests.receiver import Receiver
from tests.redis_server import RedisServer
from tests.workers.crew import Crew


def test_a_hop_is_charged_on_both_sides_or_on_neither(
    crew: Crew, redis_server: RedisServer
) -> None:
    with ThreadPoolExecutor(2) as pool:
        forward(crew.world, redis_server, pool)
        for pid in crew.workers:
            crew.kill(pid)
    assert is_settled(crew.world, redis_server)


def test_a_desk_that_took_its_place_tells_what_the_killed_one_had_not(
    crew: Crew, redis_server: RedisServer
) -> None:
    with Receiver() as receiver:
        receiver.answers = [503]
        crew.world.freeze("2026-01-01T12:00:00+08:00")
        crew.world.patch("official", callback_url=receiver.url)
        clients.send_well(crew.world, "official")
        crew.world.advance(3)
        assert len(receiver.got) == 1
        crew.kill(crew.desk)
        crew.replaced(crew.desk, "was killed by SIGKILL")
        until(lambda: redis_server.say(DUE) == b":0\r\n", "told")
        told = [json.loads(arrived.body) for arrived in receiver.got]
        assert [one["mobile"] for one in told] == [MOBILE, MOBILE]
        assert told[0] == told[1]


def test_a_session_keeps_its_own_ports_and_what_takes_them_down(crew: Crew) -> None:
    control = crew.world.control
    session = control.post("/api/v1/sessions", {"dedicated_ports": True})
    world = World(crew.world.server, session, control)
    world.fault("erban", "refuse")
    clients.send_well(world, "official")
    crew.kill(crew.desk)
    crew.replaced(crew.desk, "was killed by SIGKILL")
    assert control.get(world.path)["official"]["url"] == session["official"]["url"]
    clients.send_well(world, "official")
    with pytest.raises(ConnectionRefusedError):
        clients.send_well(world, "erban")
