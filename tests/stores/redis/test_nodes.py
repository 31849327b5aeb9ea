"""A Redis Cluster of three: each session lives on one node, and together on all of them."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakeproviders.clock import ClockState
from fakeproviders.faults.rule import FaultSpec
from fakeproviders.model import Call
from fakeproviders.soon import settled
from fakeproviders.stores.base import MessageFilter, StoreUnavailable
from fakeproviders.stores.redis import Address, RedisStore
from fakeproviders.stores.redis.nodes import slot_of
from tests.asyncs import asynchronous
from tests.conftest import require_tool
from tests.redis_server import RedisServer
from tests.stores.charges import MOBILE, send
from tests.stores.redis.test_sharing import processes

RANGES = ((0, 5460), (5461, 10922), (10923, 16383))


class Cluster(NamedTuple):
    nodes: list[RedisServer]
    address: Address
    """Of one of them."""


def free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        found = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [one.getsockname()[1] for one in found]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    ports = free_ports(2 * len(RANGES))
    with ExitStack() as stack:
        servers = []
        for place, (first, last) in enumerate(RANGES):
            port, bus = ports[2 * place : 2 * place + 2]
            chosen = {"port": str(port), "cluster-port": str(bus), "appendonly": "no"}
            server = RedisServer(
                require_tool("redis-server"), bind="127.0.0.1", **chosen,
                **{"cluster-enabled": "yes"},
            )  # fmt: skip
            servers.append(stack.enter_context(server))
            assert server.say(b"CLUSTER ADDSLOTSRANGE %d %d" % (first, last)) == b"+OK\r\n"
            if place:
                meet = b"CLUSTER MEET 127.0.0.1 %d %d" % (ports[0], ports[1])
                assert server.say(meet) == b"+OK\r\n"
        for server in servers:
            while b"cluster_slots_ok:16384" not in server.say(b"CLUSTER INFO"):
                pass
            while b"cluster_state:ok" not in server.say(b"CLUSTER INFO"):
                pass
        yield Cluster(servers, Address(host="127.0.0.1", port=ports[0]))


def sessions_on(server: RedisServer) -> set[str]:
    lines = server.say(b"KEYS fp:*").split(b"\r\n")
    return {line.split(b"{")[1].split(b"}")[0].decode() for line in lines if b"{" in line}


@asynchronous
async def test_sessions_are_spread_and_each_is_whole(cluster: Cluster) -> None:
    async with processes(cluster.address) as (one, other):
        made = [await one.sessions.create() for _ in range(12)]
        for session in made:
            await send(session.store, MOBILE)
            await session.clock.set(ClockState(mode="frozen", at="2026-01-01T00:00:00+08:00"))
            async with one.sessions.change(session):
                session.faults.add(FaultSpec(provider="official", do="rate_limited"))
        for session in made:
            known = other.sessions.get(session.id)
            assert known is not None
            assert known.document() == session.document()
            assert len(await known.store.latest_messages(MessageFilter(), 9)) == 1
            draw = await settled(known.faults.draw(Call("official", "send"), known.clock.now()))
            assert draw.fault.acts
            await session.faults.count_again()
            assert session.faults.rules[0].fired == 1
        places = [sessions_on(server) for server in cluster.nodes]
        assert all(places)
        for session in made:
            assert sum(session.id in place for place in places) == 1


@asynchronous
async def test_a_cluster_that_lacks_slots_is_refused(cluster: Cluster) -> None:
    with RedisServer(
        require_tool("redis-server"),
        **{"cluster-enabled": "yes", "cluster-port": str(free_ports(1)[0])},
    ) as lone:
        store = RedisStore(lone.address)
        with pytest.raises(StoreUnavailable) as refused:
            await store.start()
        assert refused.value.why == "the cluster serves 0 of its 16384 slots"
        await store.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tag=st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1))
def test_slots_are_reckoned_as_redis_does(cluster: Cluster, tag: str) -> None:
    assert (
        cluster.nodes[0].say(f"CLUSTER KEYSLOT {tag}".encode()) == f":{slot_of(tag)}\r\n".encode()
    )
