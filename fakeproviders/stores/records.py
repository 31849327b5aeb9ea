"""What a store keeps of a session's journal for all processes; it knows requests as bytes only.

A request has two parts: what is known of it when it is decided, and what it was answered. They are
numbered by serials from 0 on, that never repeat while a session lives.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import msgspec

Pack = Callable[[], bytes]
"""Makes a part when it is wanted: of what is known by then."""


class Record(msgspec.Struct, gc=False):
    """One request on its way into the journal that all processes share."""

    pack: Pack | None
    """Makes the request's part; gone when it has, so that nothing holds what it was made of."""
    part: bytes = b""
    serial: int | None = None
    """Where it is; None while nobody knows that."""
    asked: tuple[int, int] | None = None
    """What asked for it to be written, and at which place, where the answer was never seen; else None."""

    def packed(self) -> bytes:
        """The request's part, as it was when it was first wanted."""
        if self.pack is not None:
            self.part, self.pack = self.pack(), None
        return self.part


class Kept(NamedTuple):
    """One request as it is kept. ``answer`` is empty where that stands apart, or is yet to come."""

    serial: int
    request: bytes
    answer: bytes
    is_sent: bool
    """Whether something was sent and charged in the same step."""


class Page(NamedTuple):
    """What was written since one looked."""

    first: int
    """The serial at which the journal began, when it was last emptied."""
    next: int
    """The serial that the next request gets."""
    requests: Sequence[Kept]
    answers: Sequence[tuple[int, bytes]]
    is_last: bool
    """False when there may be more at once."""


class Records(Protocol):
    """The journal of one session in a store."""

    def post(self, record: Record, answer: Pack) -> None:
        """Have it written, in a few milliseconds.

        While the store is away it is kept, within bounds, and written as soon as the store is back.
        """

    async def put(self, record: Record, answer: Pack) -> None:
        """Return when it is written, as far as it is known; more can be posted later.

        A store that is away is told by what is posted later.
        """

    def send(self) -> None:
        """Hand over now what was posted."""

    async def settled(self) -> None:
        """Return when all that was posted is written; soon, where the store is away."""

    def read_from(self, serial: int) -> None:
        """Go on with this request."""

    async def read(self) -> Page:
        """What was written since the last time. Raises StoreUnavailable."""
