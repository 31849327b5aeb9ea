"""A server whose state is in a Redis: it survives the server, and its absence is an answer in form."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from fakeproviders.harness import Ports, ServersConfig
from fakeproviders.storing import new_store
from tests.e2e import clients
from tests.e2e.clients import SENDS, send_well
from tests.e2e.running import RunningServer
from tests.e2e.world import World
from tests.redis_server import RedisServer

WITHIN = 1.5
"""Seconds for a refusal: one, and what a busy machine adds."""


@pytest.fixture
def served(redis_server: RedisServer) -> Iterator[RunningServer]:
    with RunningServer(ServersConfig(ports=Ports.free(), store=redis_server.url)) as server:
        yield server


def is_ready(world: World) -> bool:
    return world.control.call("GET", "/readyz").status == 200


def wait_until_ready(world: World) -> None:
    deadline = time.monotonic() + 10
    while not is_ready(world):
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("provider", SENDS)
def test_a_send_is_kept_in_redis(served: RunningServer, provider: str) -> None:
    world = World.create(served)
    send_well(world, provider)
    (message,) = world.messages()
    assert message["mobile"] == clients.MOBILE
    assert world.balance(provider) == 999_999_999
    world.control.post(f"{world.path}/reset")
    assert world.messages() == []
    assert world.balance(provider) == 1_000_000_000
    world.delete()
    assert not served.complaints.take()


def test_what_was_sent_is_there_when_the_server_starts_again(redis_server: RedisServer) -> None:
    config = ServersConfig(ports=Ports.free(), store=redis_server.url)
    seen = []
    for _ in range(2):
        with RunningServer(config) as server:
            world = World.create(server)
            world.id, world.path = "default", "/api/v1/sessions/default"
            world.session = world.control.get(world.path)
            send_well(world, "erban")
            seen.append([message["id"] for message in world.messages()])
    assert seen[1][:1] == seen[0]
    assert len(seen[1]) == 2


def test_while_redis_is_away_each_provider_refuses_in_its_own_form(
    served: RunningServer, redis_server: RedisServer
) -> None:
    world = World.create(served)
    send_well(world, "official")  # with a token, from now on
    for provider in SENDS:
        world.fault(provider, "maintenance", times=1)
    out_of_order = {provider: send(world) for provider, send in SENDS.items()}
    redis_server.stop()
    try:
        assert not is_ready(world)
        for provider, send in SENDS.items():
            began = time.monotonic()
            reply = send(world)
            assert time.monotonic() - began < WITHIN
            assert (reply.status, reply.body) == (
                out_of_order[provider].status,
                out_of_order[provider].body,
            )
        problem = world.control.call("GET", f"{world.path}/messages")
        assert (problem.status, problem.headers["Retry-After"]) == (503, "1")
    finally:
        redis_server.start()
    wait_until_ready(world)
    last = world.request(world.requests()[-1]["id"])
    assert last["reason"] == "maintenance"
    assert last["trace"][-1]["rule"] == "store_available"
    assert last["trace"][-1]["en"].startswith("the store is away: ")
    assert "not_duplicate" not in [step["rule"] for step in last["trace"]]
    for provider in SENDS:
        send_well(world, provider)
    assert len(world.messages()) == 1 + len(SENDS)
    told = [line.partition(" at ")[0] for line in served.complaints.take()]
    assert told == ["Redis", "Redis"]


def test_a_receipt_that_fell_due_meanwhile_is_brought_when_redis_is_back(
    served: RunningServer, redis_server: RedisServer
) -> None:
    world = World.create(served)
    world.patch("erban", callback_url="http://127.0.0.1:9/", receipts={"after_seconds": 0.3})
    due = time.monotonic() + 0.3
    send_well(world, "erban")
    redis_server.stop()
    while time.monotonic() < due + 0.1:
        assert not is_ready(world)
    redis_server.start()
    wait_until_ready(world)
    deadline = time.monotonic() + 10
    while not world.requests(operation="receipt"):
        assert time.monotonic() < deadline
    assert world.messages()[0]["status"] == "delivered"


def test_a_clock_that_others_cannot_be_told_of_stays_where_it_is(
    served: RunningServer, redis_server: RedisServer
) -> None:
    world = World.create(served)
    world.freeze("2024-05-06T12:00:00+08:00")
    redis_server.stop()
    moved = world.control.call("POST", f"{world.path}/clock/advance", {"seconds": 3})
    assert (moved.status, moved.headers["Retry-After"]) == (503, "1")
    assert world.control.get(f"{world.path}/clock")["now"] == "2024-05-06T12:00:00.000+08:00"
    redis_server.start()
    wait_until_ready(world)
    world.advance(3)


@pytest.mark.parametrize(
    ("lang", "address", "says"),
    [
        ("zh", "redis://ann:secret@127.0.0.1:1/0", "连不上 --store 指定的 Redis（127.0.0.1:1/0）"),
        ("en", "redis://ann:secret@127.0.0.1:1/0", "the Redis of --store (127.0.0.1:1/0)"),
        ("zh", "nonsense", "--store 的值无效：'nonsense' 不是 Redis 地址"),
        ("en", "nonsense", "--store: 'nonsense' is no Redis address"),
    ],
)
def test_a_server_without_its_redis_says_so_in_one_line(lang: str, address: str, says: str) -> None:
    command = [sys.executable, "-m", "fakeproviders", "serve", "--port-base", "0", "--lang", lang]
    done = subprocess.run(
        [*command, "--store", address], capture_output=True, text=True, timeout=50
    )
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert "secret" not in done.stderr


def test_without_an_address_the_state_is_in_the_process() -> None:
    assert type(new_store(None)).__name__ == "MemoryStore"
