"""What is posted to the journal goes in few entries; what nobody can ask for any more goes."""

from collections.abc import Sequence
from functools import partial

import pytest

from fakeproviders.stores.records import Page, Record
from fakeproviders.stores.redis import records
from fakeproviders.stores.redis.asks import RecordAsk
from fakeproviders.stores.redis.records import WRITTEN_AT_ONCE
from fakeproviders.stores.redis.session import RedisSession
from tests.asyncs import asynchronous
from tests.redis_server import RedisServer
from tests.stores.charges import charge
from tests.stores.redis.opened import session_in

ANSWERS = b"fp:{one}:answers"


async def sent(store: RedisSession, number: int) -> list[Record]:
    """Requests that are in the journal, without their answers."""
    noted = [Record(lambda: b"request") for _ in range(number)]
    for record in noted:
        await store.commit(charge(), record)
    return noted


async def answered(store: RedisSession, noted: Sequence[Record]) -> None:
    """Return when Redis has an answer to each: its serial."""
    for record in noted:
        store.records.post(record, partial(str.encode, str(record.serial)))
    store.records.send()
    await store.settled()


async def read_all(store: RedisSession) -> list[tuple[int, bytes]]:
    """All answers that there are."""
    found: list[tuple[int, bytes]] = []
    page: Page | None = None
    while page is None or not page.is_last:
        page = await store.records.read()
        found += page.answers
    return found


def entries(server: RedisServer) -> int:
    return int(server.say(b"XLEN " + ANSWERS).strip().lstrip(b":"))


@asynchronous
async def test_answers_that_are_posted_together_are_one_entry(redis_server: RedisServer) -> None:
    async with session_in(redis_server.address) as store:
        noted = await sent(store, WRITTEN_AT_ONCE + 1)
        await answered(store, noted)
        assert entries(redis_server) == 2
        expected = [(serial, b"%d" % serial) for serial in range(len(noted))]
        assert await read_all(store) == expected
        assert await read_all(store) == []


@asynchronous
async def test_a_reader_takes_a_bounded_number_of_entries_at_once(
    redis_server: RedisServer,
) -> None:
    async with session_in(redis_server.address) as store:
        noted = await sent(store, 120)
        for record in noted:
            await answered(store, [record])
        page = await store.records.read()
        assert not page.is_last
        assert 0 < len(page.answers) < 120
        assert len(page.answers) + len(await read_all(store)) == 120


def test_answers_to_requests_that_are_gone_from_the_journal_go(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = 20
    monkeypatch.setattr(records, "RecordAsk", partial(RecordAsk, journal_limit=limit))

    @asynchronous
    async def scenario() -> None:
        async with session_in(redis_server.address) as store:
            for record in await sent(store, 3 * limit):
                await answered(store, [record])
            assert [serial for serial, _ in await read_all(store)][-limit:] == list(
                range(2 * limit, 3 * limit)
            )
            assert entries(redis_server) == limit

    scenario()
