"""What only the store in Redis does."""

import re
import socket
from collections.abc import Iterator
from importlib.resources import files

import pytest

from fakeproviders.failures import Reason
from fakeproviders.model import Refusal
from fakeproviders.settings import AMPLE_BALANCE
from fakeproviders.stores.base import MessageFilter, StoreUnavailable
from fakeproviders.stores.records import Kept, Record
from fakeproviders.stores.redis import RedisStore
from fakeproviders.stores.redis.scripts import IDLE_SECONDS
from tests.asyncs import asynchronous
from tests.conftest import require_tool
from tests.redis_server import RedisServer
from tests.stores.charges import MOBILE, NOON, OTHER, ROLE, accepted, charge, refused, send
from tests.stores.redis.opened import session_in

ALL = MessageFilter()
SCRIPTS = files("fakeproviders.stores.redis") / "lua"
DECLARED = re.compile(r"redis\.call\('\w+', (?!(?:[A-Z_]+|key|unpack\(KEYS\)|ask\.channel)[,)])")


def keys_of(server: RedisServer) -> list[bytes]:
    lines = server.say(b"KEYS *").split(b"\r\n")
    return sorted(line for line in lines if line.startswith(b"fp:"))


def number(reply: bytes) -> int:
    return int(reply.strip().lstrip(b":"))


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return str(found.getsockname()[1])


@pytest.fixture
def cluster() -> Iterator[RedisServer]:
    """A Redis Cluster of one node, which insists that a script stays in one slot."""
    settings = {
        "bind": "127.0.0.1", "port": free_port(), "cluster-port": free_port(), "cluster-enabled": "yes",
    }  # fmt: skip
    with RedisServer(require_tool("redis-server"), **settings) as server:
        assert server.say(b"CLUSTER ADDSLOTSRANGE 0 16383") == b"+OK\r\n"
        while b"cluster_state:ok" not in server.say(b"CLUSTER INFO"):
            pass
        yield server


def test_no_script_touches_a_key_that_it_was_not_given() -> None:
    for path in SCRIPTS.iterdir():
        assert DECLARED.findall(path.read_text("utf-8")) == [], path.name


@asynchronous
async def everything(server: RedisServer) -> None:
    """Something of all that a session does."""
    async with session_in(server.address) as store:
        await store.issue_token(ROLE, "t", now=NOON, lifetime=60, grace=1)
        await store.issue_once(ROLE, "o", now=NOON, lifetime=60)
        sent = await send(store, MOBILE, OTHER, token="o", out_id="a", account_per_second=9)
        reserved = await store.reserve(charge(out_id="b"))
        await store.release(reserved)
        await store.confirm(await store.reserve(charge(out_id="c")))
        await store.set_status(sent.message_ids[0], "delivered", "", NOON)
        await store.pending.claim(sent.message_ids[0], "desk", at=NOON)
        await store.pending.done(sent.message_ids[1], "desk")
        reply = await store.add_reply(ROLE, MOBILE, "x", NOON)
        await store.fetch_replies(ROLE, since=None, limit=9)
        await store.mark_read(ROLE, reply.id)
        assert len(await store.latest_messages(MessageFilter(mobile=MOBILE), 9)) == 2


def test_a_sessions_keys_share_a_slot_and_go_by_themselves(redis_server: RedisServer) -> None:
    everything(redis_server)
    keys = keys_of(redis_server)
    assert len(keys) > 8
    assert {key.split(b":")[1] for key in keys} == {b"{one}"}
    for key in keys:
        assert 0 < number(redis_server.say(b"TTL " + key)) <= IDLE_SECONDS, key


@asynchronous
async def test_a_dropped_session_leaves_no_key(redis_server: RedisServer) -> None:
    store = RedisStore(redis_server.address)
    session = store.open("one")
    await send(session, out_id="a")
    await send(session, now=NOON + 86400)
    await store.drop("one")
    await store.close()
    assert keys_of(redis_server) == []


@asynchronous
async def test_a_live_sessions_keys_are_kept_however_its_clock_stands(
    redis_server: RedisServer,
) -> None:
    async with session_in(redis_server.address) as store:
        await send(store)
        keys = keys_of(redis_server)
        for key in keys:
            redis_server.say(b"EXPIRE %b 5" % key)
        await store.touch()
        assert all(number(redis_server.say(b"TTL " + key)) > 5 for key in keys)


@asynchronous
async def test_a_clock_set_back_by_a_day_finds_what_was_used_then(
    redis_server: RedisServer,
) -> None:
    async with session_in(redis_server.address) as store:
        assert await accepted(store, 3, mobile_per_day=2) == 2
        assert await accepted(store, 3, now=NOON + 86400, mobile_per_day=2) == 2
        assert await refused(store, charge(mobile_per_day=2)) is Reason.MOBILE_DAY_LIMIT


@asynchronous
async def test_a_sends_journal_entry_is_written_in_the_same_step(redis_server: RedisServer) -> None:
    async with session_in(redis_server.address) as store:
        first, second = Record(lambda: b"first"), Record(lambda: b"second")
        await store.commit(charge(), first)
        with pytest.raises(Refusal):
            await store.commit(charge(account_per_day=1), second)
        assert (first.serial, second.serial) == (0, 1)
        page = await store.records.read()
        assert page.requests == [
            Kept(0, b"first", b"", is_sent=True),
            Kept(1, b"second", b"", is_sent=False),
        ]


@asynchronous
async def test_scripts_that_redis_has_forgotten_are_loaded_again(redis_server: RedisServer) -> None:
    async with session_in(redis_server.address) as store:
        await send(store)
        redis_server.say(b"SCRIPT FLUSH")
        await send(store)
        assert await store.balance(ROLE) == AMPLE_BALANCE - 2


@asynchronous
async def test_a_redis_that_takes_no_writes_is_not_ready(redis_server: RedisServer) -> None:
    store = RedisStore(redis_server.address)
    assert await store.ready()
    redis_server.say(b"CONFIG SET maxmemory 1")
    try:
        assert not await store.ready()
        with pytest.raises(StoreUnavailable, match="maintenance") as raised:
            await store.open("one").commit(charge())
        assert raised.value.why.startswith("OOM")
    finally:
        redis_server.say(b"CONFIG SET maxmemory 0")
    assert await store.ready()
    await store.close()


@asynchronous
async def test_a_mobiles_messages_are_found_among_many(redis_server: RedisServer) -> None:
    async with session_in(redis_server.address) as store:
        for turn in range(450):
            await send(store, OTHER if turn % 150 == 7 else MOBILE)
        found, cursor = await store.messages(MessageFilter(OTHER), after=0, limit=2, wait=0)
        rest, end = await store.messages(MessageFilter(OTHER), after=cursor, limit=9, wait=0)
        newest = await store.latest_messages(MessageFilter(OTHER), 2, before=300)
        assert [int(m.id[6:]) for m in (*found, *rest)] == [7, 157, 307]
        assert [int(m.id[6:]) for m in newest] == [157, 7]
        assert end == 450
        assert len(await store.latest_messages(MessageFilter(MOBILE), 1000)) == 447
        assert len(await store.latest_messages(ALL, 1000)) == 450


def test_a_cluster_takes_every_script(cluster: RedisServer) -> None:
    everything(cluster)
