"""``refuse``: a session's own listener is down, and nobody else's."""

import socket
from collections.abc import Iterator

import pytest

from tests.e2e import clients
from tests.e2e.raw import EOF, PROVIDERS, Seen, base, read, send_bytes
from tests.e2e.running import RunningServer
from tests.e2e.sockets import connect
from tests.e2e.world import World

NOON = "2026-03-10T12:00:00+08:00"
on_each_provider = pytest.mark.parametrize("provider", PROVIDERS)


@pytest.fixture
def own(server: RunningServer) -> Iterator[World]:
    """A session with ports of its own."""
    world = World.create(server, dedicated_ports=True)
    yield world
    server.settle(world.id)
    world.delete()


def is_up(world: World, provider: str) -> bool:
    """Whether a connection can be had."""
    try:
        connect(base(world, provider)).close()
    except ConnectionRefusedError:
        return False
    return True


def up(world: World) -> list[str]:
    return [provider for provider in PROVIDERS if is_up(world, provider)]


@on_each_provider
def test_sends_go_to_the_sessions_own_address(own: World, provider: str) -> None:
    assert "/@" not in base(own, provider)
    clients.send_well(own, provider)
    assert [m["provider"] for m in own.messages()] == [provider]


@on_each_provider
def test_a_listener_that_is_down_refuses(own: World, world: World, provider: str) -> None:
    before = own.charges()
    rule = own.fault(provider, "refuse")
    assert up(own) == [p for p in PROVIDERS if p != provider]
    with pytest.raises(ConnectionRefusedError):
        clients.SENDS[provider](own)
    assert own.charges() == before
    assert own.requests(provider=provider) == []
    clients.send_well(world, provider)
    own.control.delete(f"{own.path}/faults/{rule}")
    clients.send_well(own, provider)


def test_all_of_them_at_once(own: World) -> None:
    own.fault("*", "refuse")
    assert up(own) == []
    own.control.delete(f"{own.path}/faults")
    assert up(own) == list(PROVIDERS)


def test_two_rules_for_one_listener(own: World) -> None:
    first, second = own.fault("erban", "refuse"), own.fault("*", {"refuse": {}})
    own.control.delete(f"{own.path}/faults/{second}")
    assert up(own) == ["official", "reseller"]
    own.control.delete(f"{own.path}/faults/{first}")
    assert up(own) == list(PROVIDERS)


def test_a_reset_brings_it_up(own: World) -> None:
    own.fault("erban", "refuse")
    own.control.post(f"{own.path}/reset")
    assert up(own) == list(PROVIDERS)
    clients.send_well(own, "erban")


def test_an_outage_on_the_sessions_clock(own: World) -> None:
    """Down from the tenth second to the sixtieth, and then up for good."""
    own.freeze(NOON)
    own.fault("erban", "refuse", since="+10s", until="+60s")
    assert is_up(own, "erban")
    (rule,) = own.control.get(f"{own.path}/faults")["faults"]
    assert rule["fired"] == 0
    own.advance(9)
    assert is_up(own, "erban")
    own.advance(1)
    assert not is_up(own, "erban")
    (rule,) = own.control.get(f"{own.path}/faults")["faults"]
    assert (rule["matched"], rule["fired"]) == (1, 1)
    own.advance(49)
    assert not is_up(own, "erban")
    own.advance(1)
    assert is_up(own, "erban")
    own.advance(3600)
    clients.send_well(own, "erban")


def test_an_outage_that_one_advance_passes_over(own: World) -> None:
    own.freeze(NOON)
    own.fault("erban", "refuse", since="+10s", until="+60s")
    own.advance(100)
    clients.send_well(own, "erban")
    (rule,) = own.control.get(f"{own.path}/faults")["faults"]
    assert rule["fired"] == 1


def test_the_clock_may_also_be_set(own: World) -> None:
    own.freeze(NOON)
    own.fault("erban", "refuse", until="+60s")
    assert not is_up(own, "erban")
    own.freeze("2026-03-10T12:01:00+08:00")
    assert is_up(own, "erban")


@on_each_provider
def test_connections_that_there_were_are_ended(own: World, provider: str) -> None:
    """One is idle, one hangs at a fault: neither holds the outage up."""
    if provider == "official":
        clients.token_of(own)
    own.fault(provider, "hang", operation="send")
    idle, hanging = connect(base(own, provider)), connect(base(own, provider))
    with idle, hanging:
        hanging.sendall(send_bytes(own, provider))
        assert own.requests(outcome="fault", cursor=0, wait=10)
        hanging.settimeout(4)
        idle.settimeout(4)
        own.fault(provider, "refuse")
        assert read(idle) == read(hanging) == Seen(b"", EOF, ())
    assert not is_up(own, provider)


def test_its_port_is_kept_while_it_is_down(own: World) -> None:
    own.fault("erban", "refuse")
    port = int(base(own, "erban").rpartition(":")[2])
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", port))


def test_the_reseller_of_a_session_is_up_when_the_platform_is_not(own: World) -> None:
    """Its way above is the common listener, which no session can take down."""
    own.fault("official", "refuse")
    clients.send_well(own, "reseller")


def test_ports_end_with_their_session(server: RunningServer) -> None:
    world = World.create(server, dedicated_ports=True)
    world.fault("erban", "refuse")
    world.fault("official", "hang")
    with connect(base(world, "official")) as sock:
        sock.settimeout(4)
        sock.sendall(send_bytes_without_token(world))
        assert world.requests(cursor=0, wait=10)
        world.delete()
        assert read(sock) == Seen(b"", EOF, ())
    assert up(world) == []


def send_bytes_without_token(world: World) -> bytes:
    world.kept["token"] = "none"
    return send_bytes(world, "official")


@pytest.mark.parametrize("provider", [*PROVIDERS, "*"])
def test_a_session_without_ports_of_its_own_cannot(world: World, provider: str) -> None:
    reply = world.control.call(
        "POST", f"{world.path}/faults", {"provider": provider, "do": "refuse"}
    )
    assert reply.status == 409
    assert '"dedicated_ports": true' in reply.json()["detail"]
    assert world.control.get(f"{world.path}/faults") == {"faults": []}
    clients.send_well(world, "erban")


@pytest.mark.parametrize(
    ("surplus", "field"),
    [
        ({"times": 1}, "times"),
        ({"match": {"mobile": "1"}}, "match"),
        ({"after": 1}, "after"),
        ({"probability": 0.5}, "probability"),
        ({"operation": "send"}, "operation"),
        ({"per": "mobile"}, "per"),
        ({"every": 2}, "every"),
        ({"cycle": {"on_seconds": 1, "off_seconds": 1}}, "cycle"),
    ],
)
def test_a_listener_that_is_down_counts_nothing(
    own: World, surplus: dict[str, object], field: str
) -> None:
    rule = {"provider": "erban", "do": "refuse", **surplus}
    reply = own.control.call("POST", f"{own.path}/faults", rule)
    assert reply.status == 422
    assert reply.json()["errors"][0]["field"] == field
    assert is_up(own, "erban")
