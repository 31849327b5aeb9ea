"""The journal: every request of a session as it came in and was answered, in a bounded ring.

Entries keep raw bytes and facts; they are put into words when somebody reads them.
"""

from collections.abc import Mapping
from functools import lru_cache
from itertools import chain
from typing import ClassVar, Protocol

import msgspec

from fakeproviders.arrivals import Arrivals
from fakeproviders.faults.engine import Draw, FaultEngine
from fakeproviders.faults.rule import Rule
from fakeproviders.model import Call, Outcome, RawReply, RawRequest
from fakeproviders.providers.base import Provider
from fakeproviders.ring import Ring
from fakeproviders.stores.records import Record

MAX_ENTRIES, MAX_BYTES = 10_000, 64 << 20
PROCESS_BYTES = 512 << 20
"""What all journals of a process may hold together."""
_NO_HEADERS: Mapping[str, str] = {}
"""The raw headers stay; the parsed ones would double what an entry holds."""
_ENTRY_OVERHEAD = 1024
"""Bytes that an entry takes beside what was sent and answered, about."""


class Posting(msgspec.Struct, frozen=True, gc=False):
    """One attempt at a request of our own."""

    attempt: int
    """From 1; 0 when a fault kept it from being sent."""
    accepted: bool = False
    """Whether it was answered 2xx."""
    error: str = ""
    """Why there was no answer."""
    next_at: float | None = None
    """The moment of the session's clock at which it is tried again."""


class Entry(msgspec.Struct, gc=False):
    """One request. Moments are epoch seconds; ``at`` of the session's clock, ``real_at`` of the host."""

    at: float
    real_at: float
    role: str
    provider: Provider
    request: RawRequest
    call: Call
    draw: Draw
    outcome: Outcome | None
    """None when a fault kept the request from being handled."""
    reply: RawReply | None
    """As encoded; what a transport fault makes of it, is in ``written``."""
    took: float | None = None
    """Seconds from the last byte read to the reply being handed to the socket, delays included.

    None while a fault is still at it.
    """
    written: RawReply | None = None
    """What was written as a reply; None when a fault dealt with the connection, or still does."""
    hint: str = ""
    """For requests that belong to no session: why they are here."""
    rules: tuple[Rule, ...] = ()
    """The fault rules that were in force, so that a near miss can be explained."""
    posting: Posting | None = None
    """What came of a request that we made; None for one that was made of us."""
    record: Record | None = None
    """Its place in a journal that several processes share, once it is on its way there."""

    @property
    def direction(self) -> str:
        """``in`` for a request that came in, ``out`` for a call of our own: a receipt."""
        return "in" if self.posting is None else "out"


def _size(entry: Entry) -> int:
    request, reply = entry.request, entry.reply
    size = _ENTRY_OVERHEAD + len(request.path) + len(request.query) + len(request.body)
    size += _headers_size(request.raw_headers)
    return size if reply is None else size + len(reply.body)


@lru_cache(maxsize=256)
def _headers_size(raw_headers: tuple[tuple[bytes, bytes], ...]) -> int:
    """Most callers send the same with each of their requests."""
    return sum(map(len, chain.from_iterable(raw_headers)))


class Budget:
    """What the journals of a process hold together; over it, the largest give way."""

    def __init__(self, max_bytes: int = PROCESS_BYTES) -> None:
        self.max_bytes = max_bytes
        self._journals: set[Journal] = set()
        self.used = 0
        self.evicted = 0
        """Entries that had to go, of journals that are gone too."""

    def enter(self, journal: "Journal") -> None:
        """Count a journal from its first entry on."""
        self._journals.add(journal)

    def leave(self, journal: "Journal") -> None:
        """Count a journal no longer."""
        self._journals.discard(journal)
        self.used -= journal.bytes

    def make_room(self) -> None:
        """Shrink the largest journals, to a hundredth under the bound so that this is rare."""
        target = self.max_bytes - self.max_bytes // 100
        for journal in sorted(self._journals, key=lambda j: j.bytes, reverse=True):
            self.used -= journal.shrink(self.used - target)
            if self.used <= target:
                return


class Watch(Protocol):
    """Whoever counts what comes into a journal."""

    def add(self, entry: Entry) -> None:
        """An entry was added."""

    def miss(self, number: int) -> None:
        """So many were forgotten before this process could read them."""


class Journal:
    """One session's requests. Followers wait for the next serial."""

    is_shared: ClassVar[bool] = False
    """Whether other processes write and read it too."""

    def __init__(
        self,
        budget: Budget | None = None,
        max_entries: int = MAX_ENTRIES,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._budget = budget or Budget()
        self._ring: Ring[Entry] = Ring(max_entries, max_bytes)
        self._arrivals = Arrivals()
        self._closed = False
        self._watch: Watch | None = None
        self.faults: FaultEngine | None = None
        """The session's, so that the rules are found that entries of other processes name."""

    def append(self, entry: Entry) -> None:
        """Add an entry; the oldest go when there are too many, or too many bytes."""
        entry.request.headers = _NO_HEADERS
        if self._closed:
            return
        ring, budget = self._ring, self._budget
        before = ring.bytes
        if not before:
            budget.enter(self)
        budget.evicted += len(ring.append(entry, _size(entry)))
        budget.used += ring.bytes - before
        if budget.used > budget.max_bytes:
            budget.make_room()
        if self._arrivals.awaited is not None:
            self._arrivals.announce()
        if self._watch is not None:
            self._watch.add(entry)

    def observe(self, watch: "Watch | None") -> None:
        """Tell of each entry as it is added: decided, and not delivered yet. None tells nobody."""
        self._watch = watch

    def record(self, entry: Entry) -> Record | None:
        """What a send takes along to the store; None where this process alone writes the journal."""
        del entry
        return None

    async def prove(self, entry: Entry) -> None:
        """Return when every process can find an entry that was added, though its reply may get lost."""

    async def settle(self, entry: Entry) -> None:
        """Its reply goes out next: every process can find what was written, and how long it took."""

    async def sync(self) -> None:
        """Read what other processes have added. Raises StoreUnavailable."""

    @property
    def entries(self) -> int:
        """How many there are."""
        return len(self._ring)

    @property
    def bytes(self) -> int:
        """What the entries take, about."""
        return self._ring.bytes

    def shrink(self, amount: int) -> int:
        """Drop the oldest entries, all but the newest, until so many bytes are free; returns how many."""
        before = self._ring.bytes
        while len(self._ring) > 1 and before - self._ring.bytes < amount:
            self._ring.evict()
            self._budget.evicted += 1
        return before - self._ring.bytes

    @property
    def evicted(self) -> int:
        """How many entries are gone."""
        return self._ring.evicted

    @property
    def next_serial(self) -> int:
        """The serial that the next entry gets."""
        return self._ring.next_serial

    @property
    def oldest(self) -> int:
        """The serial of the oldest entry that is still here; the next one's when there is none."""
        return self._ring.first

    def lost_since(self, serial: int) -> int:
        """How many entries with this serial or a later one are gone."""
        return max(0, min(self._ring.first - serial, self._ring.evicted))

    def get(self, serial: int) -> Entry | None:
        """The entry with this serial, unless it is gone."""
        return self._ring.get(serial)

    def since(self, serial: int) -> list[tuple[int, Entry]]:
        """Entries from this serial on, oldest first."""
        return list(self._ring.since(serial))

    def newest_first(self) -> list[tuple[int, Entry]]:
        """All entries, newest first."""
        return list(self._ring.newest_first())

    async def wait_for(self, serial: int, seconds: float) -> bool:
        """Wait until there is an entry with this serial; False when the time is over."""
        return await self._arrivals.wait_until(lambda: self._ring.next_serial > serial, seconds)

    def close(self) -> None:
        """Forget everything for good: what is still appended is dropped, and waiters are let go."""
        self.clear()
        self._closed = True
        self._arrivals.close()

    def clear(self) -> None:
        """Forget everything; serials go on."""
        self._budget.leave(self)
        self._ring.clear()
