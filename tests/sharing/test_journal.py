"""One journal of several processes: the same for whoever reads it, in one order, with nothing missing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fakeproviders.control.views import request_view
from fakeproviders.faults.rule import FaultSpec
from fakeproviders.journal import Entry
from fakeproviders.model import Refusal, Refused
from fakeproviders.outcome import outcomes
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.session import Session
from fakeproviders.sharing.journal import SharedJournal
from fakeproviders.sharing.packing import pack_answer, pack_request
from fakeproviders.soon import settled
from fakeproviders.stores.base import MessageFilter, StoreUnavailable
from fakeproviders.stores.records import Page, Record
from fakeproviders.stores.redis import Address, RedisStore
from fakeproviders.stores.redis import records as in_redis
from fakeproviders.stores.redis.asks import Keys
from fakeproviders.stores.redis.records import RedisRecords
from tests.asyncs import asynchronous
from tests.core import SEND, get, post
from tests.faults.doubles import RecordingWire
from tests.redis_server import RedisServer
from tests.sharing.test_packing import WireCore, on_the_wire
from tests.stores.charges import charge
from tests.stores.conftest import PATIENCE
from tests.stores.redis.relay import Relay


class Process(WireCore):
    """One of several processes on a Redis; all know the default session."""

    session: Session

    @property
    def journal(self) -> SharedJournal:
        assert isinstance(self.session.journal, SharedJournal)
        return self.session.journal

    async def read(self) -> list[dict[str, Any]]:
        """The journal as the control API shows it."""
        await self.journal.sync()
        return [request_view(serial, entry) for serial, entry in self.journal.since(0)]

    async def entries(self) -> list[Entry]:
        await self.journal.sync()
        return [entry for _, entry in self.journal.since(0)]


@contextlib.asynccontextmanager
async def processes(
    number: int, address: Address, *, run: float = PATIENCE, answer: float = PATIENCE
) -> AsyncIterator[list[Process]]:
    """So many, each with its own connection; ``run`` and ``answer`` as RedisStore has them."""
    stores = [RedisStore(address, run=run, answer=answer) for _ in range(number)]
    found = []
    try:
        for store in stores:
            await store.start()
            process = Process(store=store)
            process.session = await process.open()
            found.append(process)
        yield found
    finally:
        for process in found:
            process.session.journal.close()
            await process.sessions.close()
        for store in stores:
            await store.close()


class SlowWire(RecordingWire):
    """A connection on which a delay lasts until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        await self.go_on.wait()


class Counting:
    """Whoever counts what comes into a journal."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.missed = 0

    def add(self, entry: Entry) -> None:
        self.entries.append(entry)

    def miss(self, number: int) -> None:
        self.missed += number


def fresh(process: Process) -> RedisRecords:
    """The default session's journal, of which nothing was read."""
    assert isinstance(process.store, RedisStore)
    store = process.store.open(process.session.id)
    return RedisRecords(store._client, Keys(process.session.id, "fresh"))


async def back(process: Process) -> None:
    """Return when its Redis is there again, and all that it owed is paid."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(StoreUnavailable):
                await process.session.store.balance("official")
                return
            await asyncio.sleep(0.01)


async def until(condition: Any) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


@asynchronous
async def test_all_processes_read_the_same_in_one_order(redis_server: RedisServer) -> None:
    async with processes(3, redis_server.address) as (one, two, reader):
        for number in range(3):
            await one.official_send(out_id=f"a{number}")
            await two.reseller_send(out_id=f"b{number}")
            await two.reply(ERBAN, get("/WebService/SmsService.asmx", {}))
        both = (one, two) * 20
        await asyncio.gather(*(process.official_send(mobile="1") for process in both))
        seen = await reader.read()
        assert [row["id"] for row in seen] == [f"r{serial}" for serial in range(92)]
        assert [row["operation"] for row in seen[:5]] == [
            "token",
            "send",
            "send",
            "help",
            "token",
        ]
        assert all(row["status"] and row["took_ms"] is not None for row in seen)
        assert await one.read() == await two.read() == seen
        assert (reader.journal.evicted, reader.journal.oldest) == (0, 0)


def test_what_is_read_is_what_one_process_shows(redis_server: RedisServer) -> None:
    """But for what differs between two runs: tokens, ids of messages."""

    async def requests(process: WireCore) -> None:
        session = process.sessions.all()[0]
        session.faults.add(
            FaultSpec(provider="official", operation="send", do="reply_lost", after=1, times=1)
        )
        for changed in ({}, {}, {"mobile": "12"}, {"template_id": ""}):
            raw = post("/api/sms/send", {"access_token": "t", **SEND, **changed})
            await process.spoilt(OFFICIAL, raw)

    @asynchronous
    async def scenario() -> None:
        alone = WireCore()
        session = await alone.open()
        await requests(alone)
        expected = [request_view(serial, entry) for serial, entry in session.journal.since(0)]
        async with processes(2, redis_server.address) as (one, reader):
            await requests(one)
            reader.session.faults.adopt(*one.session.faults.known())
            assert await reader.read() == expected

    scenario()


@pytest.mark.parametrize("operation", ["send", "balance"])
@asynchronous
async def test_a_request_is_proved_before_a_fault_spoils_its_reply(
    redis_server: RedisServer, operation: str
) -> None:
    async with processes(2, redis_server.address) as (one, reader):
        token, wire = await one.token(), SlowWire()
        one.session.faults.add(FaultSpec(provider="*", do="delay"))
        raw = get("/api/sms/balance", {"access_token": token})
        if operation == "send":
            raw = post("/api/sms/send", {"access_token": token, **SEND})
        handled = one.pipeline.handle(OFFICIAL, on_the_wire(raw), wire)
        delivery = asyncio.ensure_future(settled(handled))
        await until(lambda: wire.done)
        proved = (await reader.entries())[-1]
        assert (proved.written, proved.took, outcomes(proved)) == (
            None,
            None,
            ("fault", "accepted"),
        )
        wire.go_on.set()
        assert await delivery == proved.reply
        assert (await reader.entries())[-1] is proved
        assert (proved.written, proved.took) == (proved.reply, 0.0)


@asynchronous
async def test_who_waits_hears_of_what_another_process_answers(redis_server: RedisServer) -> None:
    async with processes(2, redis_server.address) as (one, reader):
        counting = Counting()
        reader.journal.observe(counting)
        waiting = asyncio.ensure_future(reader.journal.wait_for(1, PATIENCE))
        await one.official_send()
        assert await waiting
        await until(lambda: len(counting.entries) == 2)
        reader.journal.observe(None)
        await one.official_send()
        assert len(await reader.entries()) == 4
        assert len(counting.entries) == 2
        assert not await reader.journal.wait_for(4, 0.01)


@asynchronous
async def test_who_waits_hears_of_it_after_a_defect_too(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with processes(2, redis_server.address) as (one, other):
        read, failed = RedisRecords.read, asyncio.Event()

        async def broken_once(records: RedisRecords) -> Page:
            if not failed.is_set():
                failed.set()
                raise RuntimeError("a defect")
            return await read(records)

        monkeypatch.setattr(RedisRecords, "read", broken_once)
        waiting = asyncio.create_task(one.journal.wait_for(0, PATIENCE))
        await failed.wait()
        await other.official_send()
        assert await waiting
    assert "the journal could not be read: a defect, please report it" in caplog.text


@asynchronous
async def test_a_reset_empties_it_everywhere_and_serials_go_on(redis_server: RedisServer) -> None:
    async with processes(2, redis_server.address) as (one, reader):
        await one.official_send()
        await reader.read()
        await one.official_send()
        await one.sessions.reset(one.session)
        await one.official_send()
        for process in (reader, one):
            assert [row["id"] for row in await process.read()] == ["r4", "r5"]
            assert process.journal.evicted == process.journal.lost_since(0) == 0
        late = Process(store=reader.store)
        late.session = await late.open()
        assert [row["id"] for row in await late.read()] == ["r4", "r5"]


@pytest.mark.parametrize("known", [0, 3])
@asynchronous
async def test_what_was_forgotten_before_it_was_read_is_counted(
    redis_server: RedisServer, known: int
) -> None:
    async with processes(2, redis_server.address) as (one, reader):
        await reader.journal.sync()
        counting = Counting()
        reader.journal._watch = counting
        for number in range(10):
            if number == known:
                await reader.journal.sync()
            await one.reply(OFFICIAL, get("/api/sms/balance", {}))
        redis_server.say(b"XTRIM fp:{default}:journal MAXLEN 4")
        assert [row["id"] for row in await reader.read()] == ["r6", "r7", "r8", "r9"]
        assert (counting.missed, len(counting.entries)) == (6 - known, 4 + known)
        assert (reader.journal.evicted, reader.journal.lost_since(5)) == (6, 1)
        reader.journal._watch = None


@asynchronous
async def test_of_very_many_only_the_newest_are_read_unless_they_are_counted(
    redis_server: RedisServer,
) -> None:
    async with processes(2, redis_server.address) as (one, reader):
        for _ in range(10):
            await one.reply(OFFICIAL, get("/api/sms/balance", {}))
        for counting in (None, Counting()):
            few = SharedJournal(fresh(reader), one.sessions.providers, max_entries=4)
            few._watch = counting
            await few.sync()
            assert [serial for serial, _ in few.since(0)] == [6, 7, 8, 9]
            assert few.evicted == 6
            assert counting is None or (len(counting.entries), counting.missed) == (10, 0)


@asynchronous
async def test_one_whose_process_died_before_it_answered_is_there(
    redis_server: RedisServer,
) -> None:
    async with processes(2, redis_server.address) as (one, reader):
        await one.official_send()
        (_, answered) = await one.entries()
        for limit in (None, 0):
            dying = Record(lambda: pack_request(answered))
            with contextlib.suppress(Refusal):
                await settled(one.session.store.commit(charge(account_per_day=limit), dying))
        await one.official_send()
        journal = SharedJournal(fresh(reader), one.sessions.providers, patience=0.05)
        await journal.sync()
        found = [entry for _, entry in journal.since(0)]
        assert [outcomes(entry) for entry in found] == [
            *[("accepted",)] * 3, (), *[("accepted",)] * 2
        ]  # fmt: skip
        assert [entry.written is None for entry in found] == [
            False,
            False,
            True,
            True,
            False,
            False,
        ]
        late = Record(bytes)
        late.serial = 2
        records = one.session.store.records
        assert records is not None
        await records.put(late, lambda: pack_answer(answered))
        await journal.sync()
        assert found[2].written == answered.written


@pytest.mark.parametrize("way", ["stop", "freeze"])
@asynchronous
async def test_what_is_refused_while_redis_is_away_is_written_when_it_is_back(
    redis_server: RedisServer, way: str
) -> None:
    async with processes(2, redis_server.address, run=0.3, answer=0.4) as (one, reader):
        token = await one.token()
        getattr(redis_server, way)()
        try:
            for number in range(3):
                sends = {"access_token": token, **SEND, "out_id": f"away{number}"}
                assert (await one.answer(OFFICIAL, post("/api/sms/send", sends)))["code"]
            with pytest.raises(StoreUnavailable):
                await one.journal.sync()
        finally:
            {"stop": redis_server.start, "freeze": redis_server.thaw}[way]()
        await back(one)
        await back(reader)
        async with asyncio.timeout(PATIENCE):
            while len(found := await reader.entries()) < 4:
                await asyncio.sleep(0.01)
        assert [entry.call.out_id for entry in found] == ["", "away0", "away1", "away2"]
        rules = [entry.outcome.rule for entry in found if isinstance(entry.outcome, Refused)]
        assert rules == ["store_available"] * 3
        assert not await reader.session.store.latest_messages(MessageFilter(), 9)


@asynchronous
async def test_a_send_that_was_done_and_taken_back_stands_there_once_and_refused(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    async with (
        Relay(redis_server.address, tmp_path / "relay").listening() as relay,
        processes(1, redis_server.address) as (reader,),
        processes(1, relay.address, run=0.3, answer=0.4) as (one,),
    ):
        token = await one.token()
        relay.lose_answers(then_refuse=True)
        sends = {"access_token": token, **SEND}
        assert (await one.answer(OFFICIAL, post("/api/sms/send", sends)))["code"]
        assert len(await reader.session.store.latest_messages(MessageFilter(), 9)) == 1
        relay.refuses = False
        await back(one)
        found = await reader.entries()
        assert [entry.call.operation for entry in found] == ["token", "send"]
        assert isinstance(found[1].outcome, Refused)
        assert (found[1].outcome.rule, found[1].written) == ("store_available", found[1].reply)
        assert not await reader.session.store.latest_messages(MessageFilter(), 9)


def test_of_too_many_that_wait_for_redis_the_oldest_are_lost_and_counted(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_redis, "MOST_WAITING", 3)

    @asynchronous
    async def scenario() -> None:
        async with processes(2, redis_server.address) as (one, reader):
            await one.reply(OFFICIAL, get("/api/sms/balance", {}))
            redis_server.stop()
            for number in range(5):
                await one.reply(OFFICIAL, get(f"/{number}", {}))
            redis_server.start()
            await back(one)
            await back(reader)
            async with asyncio.timeout(PATIENCE):
                while (found := await reader.read())[-1]["path"] != "/4":
                    await asyncio.sleep(0.01)
            assert [(row["id"], row["path"]) for row in found] == [
                ("r3", "/2"),
                ("r4", "/3"),
                ("r5", "/4"),
            ]
            assert reader.journal.evicted == 3

    scenario()


@pytest.mark.parametrize("trimmed", [0, 2])
@asynchronous
async def test_a_ledger_counts_what_any_process_answers_and_says_what_it_could_not(
    redis_server: RedisServer, trimmed: int
) -> None:
    async with processes(2, redis_server.address) as (one, desk):
        await one.official_send()
        ledger = await desk.session.start_ledger("run")
        async with desk.journal._reading:  # it comes to nothing while it is read on and on
            await one.official_send()
            await one.official_send(mobile="12")
            redis_server.say(f"XTRIM fp:{{default}}:journal MAXLEN {4 - trimmed}".encode())
        await desk.journal.sync()
        desk.session.end_ledger()
        await one.official_send()
        await desk.journal.sync()
        document = ledger.document()
        doors = {door.operation: (door.attempts, door.accepted) for door in document.doors}
        assert doors == (
            {"send": (1, 0), "token": (1, 1)} if trimmed else {"send": (2, 1), "token": (2, 2)}
        )
        assert document.missed == trimmed
        assert sum(slot.seconds.count for slot in document.series.slots) == doors["send"][0]
