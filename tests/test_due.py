"""What is to be told, kept in Redis: by which desk, how often, and what becomes of it when one dies."""

import asyncio
from collections import Counter

import pytest
from msgspec import structs

from fakeproviders.clock import ClockState
from fakeproviders.model import Message
from fakeproviders.receipts import ATTEMPTS
from fakeproviders.settings import Receipts
from fakeproviders.stores.base import MessageFilter, StoreUnavailable
from fakeproviders.stores.redis import processes
from tests.asyncs import asynchronous
from tests.core import MOBILE, NOON
from tests.hosts import NOTHING_LEFT, PATIENCE, Host, hosts_on, until
from tests.redis_server import RedisServer
from tests.stores.charges import charge

OTHER = "13900000002"


def counts(*hosts: Host) -> Counter[str]:
    return Counter(said for host in hosts for said in host.said("message_id"))


@asynchronous
async def test_what_one_process_accepts_another_tells_in_time(redis_server: RedisServer) -> None:
    async with hosts_on(redis_server) as new:
        worker, desk = await new("worker"), await new("desk")
        sent = [await worker.send(), await worker.send(mobile=OTHER)]
        await desk.advance(2.999)
        assert desk.got == []
        await desk.advance(0.001)
        assert desk.said("message_id") == sent
        assert desk.moments == [3, 3]
        assert worker.got == []
        assert (await worker.message(sent[0])).done_at == NOON + 3
        assert new.left() == NOTHING_LEFT


@asynchronous
async def test_a_flowing_clock_hears_of_it(redis_server: RedisServer) -> None:
    async with hosts_on(redis_server) as new:
        worker, desk = await new("worker"), await new("desk")
        for host in (worker, desk):
            settings = {"receipts": {"after_seconds": 0}}
            await host.sessions.patch(host.session, "official", settings)
            await host.session.clock.set(ClockState(mode="system"))
        async with desk.duties.done():
            sent = await worker.send()
            await until(desk, 1)
        assert desk.said("message_id") == [sent]


@asynchronous
async def test_two_desks_tell_each_thing_once(redis_server: RedisServer) -> None:
    async with hosts_on(redis_server) as new:
        one, two = await new("one"), await new("two")
        sent = [await (one, two)[turn % 2].send() for turn in range(40)]
        await asyncio.gather(one.advance(60), two.advance(60))
        assert counts(one, two) == Counter(sent)
        assert new.left() == NOTHING_LEFT


@pytest.mark.parametrize("answers", [[500], ["connection refused", 500]], ids=len)
@asynchronous
async def test_what_a_desk_has_left_it_begins_anew_after_its_restart(
    redis_server: RedisServer, answers: list[int | str]
) -> None:
    async with hosts_on(redis_server) as new:
        first = await new("desk")
        first.answers = list(answers)
        sent = await first.send(out_id="order-7")
        await first.advance(3 + len(answers) - 1)
        assert len(first.got) == len(answers)
        await first.end()
        again = await new("desk")
        await again.advance(60)
        (got,) = again.got
        assert (got.fields["message_id"], got.fields["status"]) == (sent, "delivered")
        assert got.fields["time"] == "2024-05-06 12:00:03"
        await again.session.journal.sync()
        made = [entry.posting.attempt for entry in again.attempts() if entry.posting]
        assert made == [*range(1, len(answers) + 1), 1]
        assert new.left() == NOTHING_LEFT


@asynchronous
async def test_another_desk_waits_until_it_is_sure(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hosts_on(redis_server) as new:
        one, two = await new("one"), await new("two")
        async with one.duties.done(), two.duties.done():
            one.answers = [500] * ATTEMPTS
            sent = await one.send()
            await one.advance(3)
            await two.advance(30)
            await two.duties.look()
            assert (len(one.got), two.got) == (1, [])
        await one.end()
        await two.duties.look()
        await two.advance(30)
        assert two.got == []
        monkeypatch.setattr(processes, "GRACE_SECONDS", 0.0)
        await two.duties.look()
        await two.advance(0)
        assert two.said("message_id") == [sent]
        assert new.left() == NOTHING_LEFT


@pytest.mark.parametrize("way", ["given up", "never", "no address", "held by hand", "reset"])
@asynchronous
async def test_what_is_over_is_not_kept(redis_server: RedisServer, way: str) -> None:
    async with hosts_on(redis_server) as new:
        desk = await new("desk")
        if way == "given up":
            desk.answers = [500] * ATTEMPTS
        elif way == "never":
            desk.fault({"never": True})
        sent = await desk.send()
        if way == "no address":
            await desk.sessions.patch(desk.session, "official", {"callback_url": None})
        elif way == "held by hand":
            await desk.drive(sent, "submitted")
        elif way == "reset":
            await desk.sessions.reset(desk.session)
        await desk.advance(86400)
        assert len(desk.got) == (ATTEMPTS if way == "given up" else 0)
        assert new.left() == NOTHING_LEFT


@pytest.mark.parametrize("copies", [2, 3])
@asynchronous
async def test_it_is_kept_until_the_last_letter_was_accepted(
    redis_server: RedisServer, copies: int
) -> None:
    async with hosts_on(redis_server) as new:
        desk = await new("desk")
        desk.fault({"copies": copies})
        desk.answers = [*([200] * (copies - 1)), 500, 500]
        await desk.send()
        await desk.advance(4)
        assert new.left() != NOTHING_LEFT
        await desk.advance(2)
        assert len(desk.got) == copies + 2
        assert new.left() == NOTHING_LEFT


@asynchronous
async def test_what_was_driven_by_hand_is_told_once(redis_server: RedisServer) -> None:
    async with hosts_on(redis_server) as new:
        one, two = await new("one"), await new("two")
        sent = await one.send()
        for host in (one, two):
            await host.dispatcher.due.read(host.session)
        await one.drive(sent, "undelivered")
        await one.advance(60)
        await two.advance(60)
        assert (one.said("status"), two.got) == (["undelivered"], [])
        assert new.left() == NOTHING_LEFT


@asynchronous
async def test_what_was_driven_by_hand_is_told_again_after_a_restart(
    redis_server: RedisServer,
) -> None:
    async with hosts_on(redis_server) as new:
        desk = await new("desk")
        desk.answers = [500]
        sent = await desk.send()
        await desk.advance(1)
        await desk.drive(sent, "undelivered", "UNKNOWN")
        await desk.advance(0)
        assert len(desk.got) == 1
        await desk.end()
        again = await new("desk")
        await again.advance(60)
        assert [(g.fields["status"], g.fields["error"]) for g in again.got] == [
            ("undelivered", "UNKNOWN")
        ]
        assert new.left() == NOTHING_LEFT


@asynchronous
async def test_a_reply_that_was_not_accepted_is_told_again_after_a_restart(
    redis_server: RedisServer,
) -> None:
    async with hosts_on(redis_server) as new:
        desk = await new("desk")
        desk.answers = [500]
        reply = await desk.session.store.add_reply("official", MOBILE, "TD", NOON)
        await desk.dispatcher.pass_on(desk.session, reply)
        assert len(desk.got) == 1
        await desk.end()
        again = await new("desk")
        await again.advance(0)
        assert again.said("content") == ["TD"]
        found = await again.session.store.reply(reply.id)
        assert found is not None
        assert found.status == "read"
        assert new.left() == NOTHING_LEFT


@asynchronous
async def test_what_is_confirmed_only_when_redis_is_back_is_told_too(
    redis_server: RedisServer,
) -> None:
    async with hosts_on(redis_server) as new:
        desk = await new("desk")
        store = desk.session.store
        async with desk.duties.done():
            wanted = structs.replace(charge(), receipts=Receipts(), called_back=True)
            reserved = await store.reserve(wanted)
            redis_server.stop()
            try:
                with pytest.raises(StoreUnavailable):
                    await store.confirm(reserved)
            finally:
                redis_server.start()
            (message,) = await _inbox(desk)
            await desk.advance(3)
            assert desk.said("message_id") == [message.id]


@asynchronous
async def test_what_fell_due_while_redis_was_away_is_told_when_it_is_back(
    redis_server: RedisServer,
) -> None:
    async with hosts_on(redis_server) as new:
        desk = await new("desk")
        sent = await desk.send()
        await desk.dispatcher.due.read(desk.session)
        redis_server.stop()
        try:
            await desk.session.clock.advance(3.5)
        finally:
            redis_server.start()
        await _inbox(desk)
        await desk.session.clock.advance(1)
        assert desk.said("message_id") == [sent]
        assert new.left() == NOTHING_LEFT


async def _inbox(desk: Host) -> list[Message]:
    """What is in it, as soon as Redis answers."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return list(await desk.session.store.latest_messages(MessageFilter(), 9))
            except StoreUnavailable:
                await asyncio.sleep(0.01)
