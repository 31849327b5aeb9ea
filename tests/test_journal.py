"""The journal's bounds: in entries, in bytes, and in what all journals of a process hold together."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fakeproviders.faults.engine import NO_DRAW
from fakeproviders.journal import Budget, Entry, Journal
from fakeproviders.model import Call, RawReply, RawRequest
from fakeproviders.providers.official import OFFICIAL
from tests.asyncs import asynchronous, let_others_run
from tests.conftest import stories

PLAIN = 1024
"""What an entry without any bytes counts."""


def entry(
    body: int = 0,
    *,
    reply: int | None = None,
    path: str = "",
    query: str = "",
    headers: tuple[tuple[bytes, bytes], ...] = (),
) -> Entry:
    """A request with a body of so many bytes, and perhaps a reply of so many."""
    return Entry(
        at=0.0,
        real_at=0.0,
        role="official",
        provider=OFFICIAL,
        request=RawRequest("POST", path, query, {}, headers, b"x" * body),
        call=Call(provider="official", operation="send"),
        draw=NO_DRAW,
        outcome=None,
        reply=None if reply is None else RawReply(200, (), b"y" * reply),
    )


@pytest.mark.parametrize(
    ("one", "size"),
    [
        (entry(), 0),
        (entry(10), 10),
        (entry(10, reply=5), 15),
        (entry(path="/api", query="a=b"), 7),
        (entry(headers=((b"Host", b"x"), (b"X-Long", b"y" * 1000))), 1011),
    ],
)
def test_an_entry_counts_all_that_came_and_went(one: Entry, size: int) -> None:
    journal = Journal()
    journal.append(one)
    assert journal.bytes == PLAIN + size


class Kept:
    """A journal, and what a plain list says that was put into it since it was last empty."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.first = 0
        self.put: list[Entry] = []

    @property
    def there(self) -> list[Entry]:
        return [one for _, one in self.journal.since(0)]

    @property
    def gone(self) -> int:
        return len(self.put) - len(self.there)


class JournalsAgainstLists(RuleBasedStateMachine):
    """Three journals with a small budget between them."""

    @initialize(
        budget=st.integers(2000, 20_000),
        max_entries=st.integers(1, 8),
        max_bytes=st.integers(1000, 12_000),
    )
    def begin(self, budget: int, max_entries: int, max_bytes: int) -> None:
        self.bounds = budget, max_entries, max_bytes
        self.budget = Budget(budget)
        self.all = [Kept(Journal(self.budget, max_entries, max_bytes)) for _ in range(3)]

    @rule(which=st.integers(0, 2), body=st.integers(0, 6000), reply=st.integers(0, 2000))
    def append(self, which: int, body: int, reply: int) -> None:
        kept, one = self.all[which], entry(body, reply=reply)
        serial = kept.journal.next_serial
        kept.journal.append(one)
        kept.put.append(one)
        assert kept.journal.next_serial == serial + 1
        assert kept.journal.get(serial) is one, "the newest stays, whatever its size"

    @rule(which=st.integers(0, 2))
    def clear(self, which: int) -> None:
        kept = self.all[which]
        serial = kept.journal.next_serial
        kept.journal.clear()
        kept.first, kept.put = serial, []
        assert kept.journal.next_serial == serial, "serials never name two entries"
        assert kept.journal.bytes == 0

    @rule(which=st.integers(0, 2), amount=st.integers(0, 9000))
    def shrink(self, which: int, amount: int) -> None:
        kept = self.all[which]
        before, number = kept.journal.bytes, len(kept.there)
        freed = kept.journal.shrink(amount)
        self.budget.used -= freed
        assert freed == before - kept.journal.bytes
        assert freed >= amount or len(kept.there) == min(1, number)

    @invariant()
    def the_newest_are_there_and_the_rest_is_counted(self) -> None:
        for kept in self.all:
            there = kept.there
            assert there == kept.put[len(kept.put) - len(there) :]
            journal = kept.journal
            assert journal.evicted == kept.gone
            assert journal.oldest == kept.first + kept.gone
            assert journal.next_serial == kept.first + len(kept.put)
            assert journal.newest_first() == journal.since(0)[::-1]
            assert [serial for serial, _ in journal.since(0)] == list(
                range(journal.oldest, journal.next_serial)
            )

    @invariant()
    def nothing_is_over_its_bounds_but_the_newest(self) -> None:
        budget, max_entries, max_bytes = self.bounds
        for kept in self.all:
            assert len(kept.there) <= max_entries
            assert kept.journal.bytes <= max_bytes or len(kept.there) == 1
        assert self.budget.used == sum(kept.journal.bytes for kept in self.all)
        assert self.budget.used <= budget or all(len(kept.there) <= 1 for kept in self.all)

    @invariant()
    def what_is_lost_is_said(self) -> None:
        for kept in self.all:
            journal = kept.journal
            for serial in range(max(0, kept.first - 1), journal.next_serial + 2):
                lost = len(range(max(serial, kept.first), journal.oldest))
                assert journal.lost_since(serial) == lost
                assert (journal.get(serial) is None) is not (
                    journal.oldest <= serial < journal.next_serial
                )


JournalsAgainstLists.TestCase.settings = settings(max_examples=stories(50))
TestJournalsAgainstLists = JournalsAgainstLists.TestCase


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=60))
def test_one_journal_evicts_exactly_what_it_must(bodies: list[int]) -> None:
    journal = Journal(Budget(1 << 30), 10, 20_000)
    sizes: list[int] = []
    evicted = 0
    for body in bodies:
        journal.append(entry(body))
        sizes.append(PLAIN + body)
        while len(sizes) > 10 or (sum(sizes) > 20_000 and len(sizes) > 1):
            sizes.pop(0)
            evicted += 1
        assert (journal.bytes, journal.evicted) == (sum(sizes), evicted)


def test_the_largest_journal_gives_way() -> None:
    budget = Budget(100_000)
    small, large, last = (Journal(budget) for _ in range(3))
    for _ in range(5):
        small.append(entry(1000))
    for _ in range(40):
        large.append(entry(1000))
    assert (small.evicted, large.evicted) == (0, 0)
    for _ in range(10):
        last.append(entry(1000))
    assert (small.evicted, last.evicted) == (0, 0)
    assert large.evicted > 0
    assert budget.used == small.bytes + large.bytes + last.bytes <= 100_000


def test_newest_entries_that_are_too_many_stay() -> None:
    budget = Budget(3000)
    journals = [Journal(budget) for _ in range(5)]
    for journal in journals:
        journal.append(entry(1000))
    assert [journal.evicted for journal in journals] == [0] * 5
    assert budget.used == 5 * 2024
    for journal in journals:
        journal.clear()
    assert budget.used == 0


def test_a_journal_that_is_cleared_twice_is_counted_once() -> None:
    budget = Budget()
    one, other = Journal(budget), Journal(budget)
    one.append(entry(10))
    other.append(entry(20))
    one.clear()
    one.clear()
    assert budget.used == other.bytes
    one.append(entry(30))
    assert budget.used == one.bytes + other.bytes


def test_journals_of_one_process_have_one_budget_and_others_their_own() -> None:
    journal = Journal(max_entries=2)
    for _ in range(3):
        journal.append(entry())
    assert journal.evicted == 1
    assert Journal().bytes == 0


def test_an_entry_keeps_its_headers_as_they_came_and_not_twice() -> None:
    one = entry(headers=((b"X-A", b"1"),))
    one.request.headers = {"X-A": "1"}
    Journal().append(one)
    assert one.request.raw_headers == ((b"X-A", b"1"),)
    assert one.request.headers == {}


# --- waiting ----------------------------------------------------------------------------------------


@asynchronous
async def test_who_waits_for_an_entry_gets_it() -> None:
    journal = Journal()
    waiting = [asyncio.create_task(journal.wait_for(serial, 20)) for serial in (0, 0, 1)]
    await let_others_run()
    assert not any(task.done() for task in waiting)
    journal.append(entry())
    await let_others_run()
    assert [task.done() for task in waiting] == [True, True, False]
    journal.append(entry())
    assert await asyncio.gather(*waiting) == [True, True, True]


@asynchronous
async def test_an_entry_that_is_there_or_was_is_not_waited_for() -> None:
    journal = Journal(max_entries=1)
    for _ in range(3):
        journal.append(entry())
    assert [await journal.wait_for(serial, 0) for serial in (0, 2, 3)] == [True, True, False]
    assert not await journal.wait_for(3, 0.01)


@asynchronous
async def test_who_waits_is_not_woken_by_a_journal_that_is_cleared() -> None:
    journal = Journal()
    journal.append(entry())
    waiting = asyncio.create_task(journal.wait_for(1, 20))
    await let_others_run()
    journal.clear()
    await let_others_run()
    assert not waiting.done()
    journal.append(entry())
    assert await waiting
