"""A journal that several processes write and any can read; what has been read is kept as one process would.

What this process answers goes to the store, and comes back from there like everybody's: in one order,
under one serial. Who reads brings the journal up to date first, by sync().
"""

import asyncio
import contextlib
import logging
import sys
from collections.abc import Iterator
from functools import partial
from typing import ClassVar

import msgspec

from fakeproviders.faults.rule import Rule
from fakeproviders.journal import MAX_ENTRIES, Budget, Entry, Journal, Watch
from fakeproviders.model import Accepted, Outcome, Refused
from fakeproviders.sharing.packing import (
    Providers,
    pack_answer,
    pack_request,
    unpack_answer,
    unpack_request,
)
from fakeproviders.stores.base import STORE_AVAILABLE, StoreUnavailable
from fakeproviders.stores.records import Kept, Page, Record, Records

_log = logging.getLogger(__name__)
PATIENCE = 1.0
"""Seconds that a request may be decided and unanswered: after that, its process has died."""
FOLLOW_SECONDS = 0.05
"""Between two looks at the store while somebody waits."""
_LOOK_AGAIN = 0.002
"""Seconds until an answer that is on its way is looked for again."""


class _Open(msgspec.Struct):
    """A request that was read and waits for its answer, or for one before it."""

    entry: Entry
    since: float
    is_answered: bool


class SharedJournal(Journal):
    """See Journal. What is read of entries here is as fresh as the last sync()."""

    is_shared: ClassVar[bool] = True

    def __init__(
        self,
        records: Records,
        providers: Providers,
        budget: Budget | None = None,
        max_entries: int = MAX_ENTRIES,
        patience: float = PATIENCE,
    ) -> None:
        super().__init__(budget, max_entries)
        self._records = records
        self._providers = providers
        self._max_entries = max_entries
        self._patience = patience
        self._began = 0
        """The serial at which the journal began."""
        self._next = 0
        """The serial of the next request that is to be read."""
        self._open: dict[int, _Open] = {}
        self._early: dict[int, bytes] = {}
        """Answers that were read before their requests."""
        self._reading = asyncio.Lock()
        self._followers = 0
        self._following: asyncio.Task[None] | None = None

    def append(self, entry: Entry) -> None:
        """Have an entry written, in a moment; one that a fault is to spoil is proved first."""
        if entry.posting is not None or not entry.draw.fault.acts:
            self._post(entry)

    def record(self, entry: Entry) -> Record:
        """What a send takes along to the store."""
        if entry.record is None:
            entry.record = Record(partial(pack_request, entry))
        return entry.record

    async def prove(self, entry: Entry) -> None:
        """Have it written now, as it was decided."""
        await self._records.put(self.record(entry), partial(pack_answer, entry))

    async def settle(self, entry: Entry) -> None:
        """Have written what its delivery has added.

        Who reads sees that a send of another process is not answered yet, and waits: such a reply need not.
        """
        if entry.draw.fault.acts:
            self._post(entry)
        elif entry.record is not None and entry.record.serial is not None:
            return
        if not _is_away(entry.outcome):
            await self._records.settled()

    async def sync(self) -> None:
        """Read on, up to the newest request that there is now, and their answers."""
        self._records.send()
        async with self._reading:
            end = sys.maxsize
            while True:
                page = await self._records.read()
                end = min(end, page.next)
                self._take(page)
                if page.requests and self.faults is not None:
                    # Counts that are as new as these requests, for who judges them.
                    await self.faults.count_again()
                self._admit()
                if self.next_serial >= end:
                    return
                if page.is_last:
                    await asyncio.sleep(_LOOK_AGAIN)

    async def wait_for(self, serial: int, seconds: float) -> bool:
        """As Journal.wait_for(), whoever adds it."""
        with self._followed():
            return await super().wait_for(serial, seconds)

    def observe(self, watch: Watch | None) -> None:
        """As Journal.observe(); while there is somebody to be told, it is read on and on."""
        if (watch is None) != (self._watch is None):
            self._follow(-1 if watch is None else 1)
        super().observe(watch)

    def close(self) -> None:
        """As Journal.close(); nothing is read any more."""
        super().close()
        self.observe(None)

    def clear(self) -> None:
        """Forget what was read."""
        super().clear()
        self._open.clear()

    def _post(self, entry: Entry) -> None:
        self._records.post(self.record(entry), partial(pack_answer, entry))

    def _take(self, page: Page) -> None:
        """Take over what was read."""
        requests = page.requests
        if page.first != self._began or page.next < self._next:
            self._start_over(page.first)
            requests = ()
        elif page.next - self._next > self._max_entries and self._watch is None:
            self._skip(page.next - self._max_entries)
            self._records.read_from(self._next)
            requests = ()
        for kept in requests:
            self._arrive(kept)
        for serial, answer in page.answers:
            self._answer(serial, answer)
        if page.is_last and requests is page.requests and self._next < page.next:
            self._skip(page.next)

    def _start_over(self, serial: int) -> None:
        """The journal was emptied, by whichever process."""
        self.clear()
        self._ring.first = self._began = serial
        self._go_on_with(serial)
        self._records.read_from(serial)

    def _skip(self, serial: int) -> None:
        """All before this request is gone from the store, or would be gone here as soon as it was read."""
        self._admit(all_of_them=True)
        missing = serial - self._next
        before = self.bytes
        gone = serial - self.oldest
        self._ring.skip(serial)
        self._budget.used -= before
        self._budget.evicted += gone
        self._go_on_with(serial)
        if self._watch is not None:
            self._watch.miss(missing)

    def _go_on_with(self, serial: int) -> None:
        self._next = serial
        self._early = {known: answer for known, answer in self._early.items() if known >= serial}

    def _arrive(self, kept: Kept) -> None:
        """A request was read: it has its answer, or waits for it."""
        if kept.serial > self._next:
            self._skip(kept.serial)
        self._next = kept.serial + 1
        entry = unpack_request(kept.request, self._providers, self._rule_of)
        answer = self._early.pop(kept.serial, b"") or kept.answer
        if answer:
            unpack_answer(answer, entry)
        elif kept.is_sent:
            entry.outcome = Accepted()
        now = asyncio.get_running_loop().time()
        self._open[kept.serial] = _Open(entry, now, bool(answer))

    def _rule_of(self, rule_id: str) -> Rule | None:
        return None if self.faults is None else self.faults.once(rule_id)

    def _answer(self, serial: int, answer: bytes) -> None:
        if serial >= self._next:
            self._early[serial] = answer
            return
        open_ = self._open.get(serial)
        entry = self.get(serial) if open_ is None else open_.entry
        if entry is not None:
            unpack_answer(answer, entry)
        if open_ is not None:
            open_.is_answered = True

    def _admit(self, *, all_of_them: bool = False) -> None:
        """Add, in order, those whose answers are here, and those that will never be answered."""
        overdue = asyncio.get_running_loop().time() - self._patience
        for serial in list(self._open):
            open_ = self._open[serial]
            if not (open_.is_answered or open_.since <= overdue or all_of_them):
                return
            del self._open[serial]
            super().append(open_.entry)

    @contextlib.contextmanager
    def _followed(self) -> Iterator[None]:
        self._follow(1)
        try:
            yield
        finally:
            self._follow(-1)

    def _follow(self, more: int) -> None:
        """As long as there are followers, others' entries are read without being asked for."""
        self._followers += more
        if self._followers and self._following is None:
            self._following = asyncio.get_running_loop().create_task(self._read_on())
        elif not self._followers and self._following is not None:
            self._following.cancel()
            self._following = None

    async def _read_on(self) -> None:
        while True:
            try:
                await self.sync()
            except StoreUnavailable:
                pass  # the next time reads it all
            except Exception:  # noqa: BLE001 - logged, and the next time is another one
                _log.exception("the journal could not be read: a defect, please report it")
            await asyncio.sleep(FOLLOW_SECONDS)


def _is_away(outcome: Outcome | None) -> bool:
    """Whether the store is known not to answer: nobody is to wait for it once more."""
    return isinstance(outcome, Refused) and outcome.rule == STORE_AVAILABLE


def journal_of(
    records: Records | None, budget: Budget | None = None, providers: Providers | None = None
) -> Journal:
    """The journal of a session, by what its store keeps of it: nothing, where there is one process."""
    return Journal(budget) if records is None else SharedJournal(records, providers or {}, budget)
