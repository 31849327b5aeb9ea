"""What is still to be done, as Redis keeps it: what is due, who tells it, what is left open."""

import pytest
from msgspec import structs

from fakeproviders.settings import Receipts
from fakeproviders.stores.base import Charge
from fakeproviders.stores.pending import Onward, told_reply
from fakeproviders.stores.redis import RedisStore
from fakeproviders.stores.redis.session import RedisSession
from tests.asyncs import asynchronous
from tests.redis_server import RedisServer
from tests.stores.charges import MOBILE, NOON, OTHER, charge
from tests.stores.redis.opened import session_in

ONWARD = Onward("R1", "sign-key")
REPLY = told_reply("one.o.000000001")


def told(wanted: Charge) -> Charge:
    """The same, of an account that wants to be told after 3 seconds."""
    return structs.replace(wanted, receipts=Receipts(after_seconds=3.0), called_back=True)


async def sent(store: RedisSession, wanted: Charge) -> tuple[str, ...]:
    return (await store.commit(wanted)).message_ids


@asynchronous
async def test_a_send_that_is_to_be_told_of_is_due_with_it(redis_server: RedisServer) -> None:
    async with session_in(redis_server.address) as store:
        first, second = await sent(store, told(charge(MOBILE, OTHER)))
        (timed,) = await sent(store, told(charge(send_at=NOON + 0.25)))
        await store.commit(charge())
        await store.commit(structs.replace(told(charge()), receipts=Receipts(after_seconds=None)))
        reserved = await store.reserve(told(charge()), ONWARD)
        due = [(first, NOON + 3), (second, NOON + 3), (timed, NOON + 3.25)]
        assert await store.pending.due() == due
        confirmed = await store.confirm(reserved)
        assert confirmed is not None
        (late,) = confirmed.message_ids
        assert await store.pending.due() == sorted([*due, (late, NOON + 3)], key=lambda d: d[1])


@asynchronous
async def test_one_desk_has_it_until_it_is_done_or_the_desk_is_gone(
    redis_server: RedisServer,
) -> None:
    async with session_in(redis_server.address) as store:
        (thing,) = await sent(store, told(charge()))
        claim, done = store.pending.claim, store.pending.done
        assert await claim(thing, "one") == "one"
        assert await claim(thing, "one") == "one"
        assert await claim(thing, "two", ["three"]) == "one"
        await done(thing, "two")
        assert await store.pending.due() == [(thing, NOON + 3)]
        assert await claim(thing, "two", ["one"]) == "two"
        assert await claim(thing, "one") == "two"
        await done(thing, "two")
        assert await store.pending.due() == []
        assert await claim(thing, "one") == ""


@asynchronous
async def test_a_thing_of_now_is_kept_by_being_claimed(redis_server: RedisServer) -> None:
    async with session_in(redis_server.address) as store:
        assert await store.pending.claim(REPLY, "one", at=NOON) == "one"
        assert await store.pending.due() == [(REPLY, NOON)]
        await store.pending.done(REPLY, "one")
        assert await store.pending.due() == []


@pytest.mark.parametrize("way", ["evicted", "cleared"])
@asynchronous
async def test_what_is_forgotten_is_not_due(redis_server: RedisServer, way: str) -> None:
    store = RedisStore(redis_server.address, inbox_limit=1)
    session = store.open("one")
    (thing,) = await sent(session, told(charge()))
    await session.pending.claim(thing, "one")
    await session.reserve(told(charge()), ONWARD)
    if way == "evicted":
        await session.commit(charge())
    else:
        await session.clear()
        assert await session.pending.left_by(store.processes.name) == []
    assert await session.pending.due() == []
    assert await session.pending.claim(thing, "two") == ""
    await store.close()


@pytest.mark.parametrize("end", ["confirm", "release"])
@asynchronous
async def test_another_process_ends_what_one_has_left_open(
    redis_server: RedisServer, end: str
) -> None:
    dead, alive = RedisStore(redis_server.address), RedisStore(redis_server.address)
    session, other = dead.open("one"), alive.open("one")
    await session.set_balance("official", 10)
    wanted = told(charge(MOBILE, OTHER, fee=2, out_id="mine", account_per_day=9))
    await session.reserve(wanted, ONWARD)
    await session.reserve(charge())  # goes nowhere: nobody can ask about it
    ((reserved, onward),) = await other.pending.left_by(dead.processes.name)
    assert (reserved.charge, onward) == (wanted, ONWARD)
    assert await other.pending.left_by(alive.processes.name) == []
    await getattr(other, end)(reserved)
    assert await other.pending.left_by(dead.processes.name) == []
    found = await other.message_by_out_id("official", "mine")
    assert (found is not None) == (end == "confirm")
    assert await other.balance("official") == (5 if end == "confirm" else 9)
    for store in (dead, alive):
        await store.close()
