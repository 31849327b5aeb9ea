"""The event stream over real sockets: nothing lost, nothing doubled, and it ends."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from fakeproviders.control.handlers import events as handler
from fakeproviders.events import QUEUE_LIMIT
from fakeproviders.journal import Journal
from fakeproviders.session import Session
from tests.control.sse import Listener
from tests.e2e import clients
from tests.e2e.running import RunningServer
from tests.e2e.world import World

MOBILE = "13800000000"


def send(world: World, number: int = 1) -> None:
    for _ in range(number):
        clients.send_well(world, "erban")


@pytest.fixture
def lone_world() -> Iterator[World]:
    """A session on a server of its own, which the test may stop."""
    with RunningServer() as server:
        yield World.create(server)


def listeners(session: Session) -> int:
    return len(session.events._subscriptions)


def left_alone(session: Session) -> bool:
    """Whether, soon, nobody listens any more."""
    deadline = time.monotonic() + 5
    while listeners(session) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not listeners(session)


def test_requests_and_messages_come_as_they_happen(world: World) -> None:
    send(world)
    with Listener(world) as listener:
        for number in (1, 2, 3):
            send(world)
            request, message = listener.take(2)
            assert (request.kind, request.data["id"]) == ("request", f"r{number}")
            assert request.data == world.requests()[-1]
            assert (message.kind, message.data) == ("message", world.messages()[-1])


@pytest.mark.fakeproviders(allow_unfired=True)
def test_only_the_types_asked_for(world: World) -> None:
    with Listener(world, types="message, clock") as listener:
        send(world)
        world.fault("erban", "maintenance")
        world.advance(60)
        send_event, clock_event = listener.take(2)
        assert (send_event.kind, clock_event.kind) == ("message", "clock")
    for asked in ("requests", "", "message,"):
        reply = world.control.call("GET", f"{world.path}/events", types=asked)
        assert (reply.status, reply.json()["errors"][0]["field"]) == (422, "types")


def test_fault_rules_are_followed(world: World) -> None:
    with Listener(world, types="fault") as listener:
        first = world.fault("erban", "maintenance", times=1)
        clients.send(world, "erban")
        world.fault("official", "maintenance")
        world.control.delete(f"{world.path}/faults/{first}")
        world.control.delete(f"{world.path}/faults")
        found = listener.take(5)
    seen = [(e.data["action"], e.data["fault"]["id"], e.data["fault"]["fired"]) for e in found]
    assert seen == [
        ("added", "f1", 0),
        ("fired", "f1", 1),
        ("added", "f2", 0),
        ("removed", "f1", 1),
        ("removed", "f2", 0),
    ]
    assert found[0].data["fault"]["do"] == "maintenance"


def test_the_clock_is_followed(world: World) -> None:
    with Listener(world, types="clock") as listener:
        world.freeze("2026-01-01T08:00:00+08:00")
        world.advance(0)
        world.advance(90)
        was_set, advanced = listener.take(2)
    assert was_set.data == {
        "action": "set",
        "mode": "frozen",
        "offset_seconds": 0.0,
        "at": "2026-01-01T08:00:00.000+08:00",
        "now": "2026-01-01T08:00:00.000+08:00",
    }
    assert advanced.data["action"] == "advanced"
    assert advanced.data["now"] == "2026-01-01T08:01:30.000+08:00"


def test_after_a_break_nothing_is_lost_or_doubled(world: World) -> None:
    seen: list[str] = []
    last_id = ""
    for taken in (1, 4, 2, 3, 6):
        with Listener(world, last_id) as listener:
            if not last_id:
                send(world, 8)
            seen += [f"{event.kind} {event.data['id']}" for event in listener.take(taken)]
            last_id = listener.last_id
        time.sleep(0.05)
    requests = [f"request r{number}" for number in range(8)]
    messages = [f"message {message['id']}" for message in world.messages()]
    assert sorted(seen) == sorted(requests + messages)
    assert [one for one in seen if one in requests] == requests
    assert [one for one in seen if one in messages] == messages


def test_the_first_id_is_a_position_too(world: World) -> None:
    with Listener(world) as listener:
        last_id = listener.last_id
    send(world)
    with Listener(world, last_id, types="request") as listener:
        assert listener.take(1)[0].data["id"] == "r0"


def test_the_reseller_hop_is_no_message(world: World) -> None:
    with Listener(world, types="message") as listener:
        clients.send_well(world, "reseller")
        clients.send_well(world, "erban")
        assert [event.data["provider"] for event in listener.take(2)] == ["reseller", "erban"]


def test_what_was_evicted_is_named(world: World) -> None:
    with Listener(world) as listener:
        last_id = listener.last_id
    session = world.server.harness.sessions.get(world.id)
    assert session is not None
    session.journal = Journal(max_entries=2)
    send(world, 5)
    with Listener(world, last_id, types="request") as listener:
        gap, *rows = listener.take(3)
    assert (gap.kind, gap.data) == ("gap", {"missed": {"requests": 3}})
    assert [row.data["id"] for row in rows] == ["r3", "r4"]


@pytest.mark.parametrize("last_id", ["nonsense", "1.0-0-0", "{life}-9-0", "{life}-0-9"])
def test_an_unknown_position_starts_over(world: World, last_id: str) -> None:
    send(world)
    with Listener(world) as listener:
        life = listener.last_id.partition("-")[0]
    with Listener(world, last_id.replace("{life}", life)) as listener:
        reset, request, message = listener.take(3)
    assert (reset.kind, reset.data) == ("reset", {"why": "unknown_position"})
    assert (request.data["id"], message.kind) == ("r0", "message")


def test_a_reset_says_so(world: World) -> None:
    with Listener(world) as listener:
        send(world)
        before = listener.take(2)[-1].id
        world.control.post(f"{world.path}/reset")
        send(world)
        kinds = [event.kind for event in listener.take(4)]
        assert kinds == ["reset", "clock", "request", "message"]
    with Listener(world, before, types="request") as listener:
        reset, request = listener.take(2)
        assert (reset.kind, request.data["id"]) == ("reset", "r1")


def test_it_ends_with_the_session(server: RunningServer) -> None:
    world = World.create(server)
    with Listener(world) as listener:
        world.delete()
        assert list(listener.events()) == []
    reply = world.control.call("GET", f"{world.path}/events")
    assert reply.status == 404


def test_it_ends_with_the_server() -> None:
    with ExitStack() as stack:
        with RunningServer() as server:
            listener = stack.enter_context(Listener(World.create(server)))
            began = time.monotonic()
        assert time.monotonic() - began < 3
        assert list(listener.events()) == []


def test_silence_is_broken_by_comments(
    server: RunningServer, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler, "HEARTBEAT_SECONDS", 0.05)
    with Listener(world) as listener:
        time.sleep(0.3)
        send(world)
        listener.take(1)
        assert listener.comments >= 2
    assert server.harness.sessions.get(world.id) is not None


def test_who_leaves_is_forgotten(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "HEARTBEAT_SECONDS", 0.05)
    session = world.server.harness.sessions.get(world.id)
    assert session is not None
    with Listener(world):
        assert listeners(session) == 1
    assert left_alone(session)


def test_what_the_queue_could_not_hold_is_counted(world: World) -> None:
    session = world.server.harness.sessions.get(world.id)
    assert session is not None

    async def tick() -> None:
        for _ in range(QUEUE_LIMIT + 234):
            await session.clock.advance(1)

    with Listener(world) as listener:
        world.server.call(tick())
        gap, first = listener.take(2)
    assert (gap.kind, gap.data, first.kind) == ("gap", {"missed": {"events": 234}}, "clock")


def test_who_does_not_read_holds_up_nobody(lone_world: World) -> None:
    """A bounded queue for a reader who sleeps, and an end all the same."""
    url = urlsplit(lone_world.control.url)
    with socket.create_connection((url.hostname or "", url.port or 0)) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.sendall(
            f"GET {lone_world.path}/events HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode()
        )
        assert sock.recv(10)
        session = lone_world.server.harness.sessions.get(lone_world.id)
        assert session is not None

        async def tick() -> None:
            for _ in range(2000):
                await session.clock.advance(1)
            await asyncio.sleep(0.05)

        (subscription,) = session.events._subscriptions
        rounds = 0
        while not subscription._queue and rounds < 200:
            lone_world.server.call(tick())
            rounds += 1
        lone_world.server.call(tick())
        assert len(subscription._queue) == QUEUE_LIMIT
        assert subscription._lost >= 1000
        lone_world.delete()
        assert left_alone(session)
