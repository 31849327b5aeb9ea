"""A bounded sequence that grows as it fills and forgets its oldest items first."""

from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Ring(Generic[T]):
    """Items numbered by a serial that never repeats, bounded in number and in bytes.

    Storage: one list with a head index; the dead front is cut off when it is the larger half, so
    that append, evict and look-up take constant time and an empty ring costs next to nothing.
    The newest item stays even when it alone is over ``max_bytes``.
    """

    __slots__ = ("_head", "_items", "_sizes", "bytes", "evicted", "first", "max_bytes", "max_items")

    def __init__(self, max_items: int, max_bytes: int | None = None) -> None:
        if max_items < 1:
            raise ValueError(f"a ring holds at least 1 item, not {max_items}")
        self.max_items = max_items
        self.max_bytes = max_bytes
        self.bytes = 0
        self.first = 0
        """The serial of the oldest item that is still here."""
        self.evicted = 0
        """How many items had to go because of the bounds."""
        self._items: list[T | None] = []
        self._sizes: deque[int] = deque()
        self._head = 0

    def __len__(self) -> int:
        return len(self._items) - self._head

    @property
    def next_serial(self) -> int:
        """The serial that the next item gets."""
        return self.first + len(self._items) - self._head

    def append(self, item: T, size: int = 0) -> list[T]:
        """Add an item of so many bytes; returns what had to go for it, oldest first."""
        self._items.append(item)
        if self.max_bytes is not None:
            self._sizes.append(size)
            self.bytes += size
            too_large = self.bytes > self.max_bytes
        else:
            too_large = False
        gone: list[T] = []
        if too_large or len(self._items) - self._head > self.max_items:
            while self._overflows():
                gone.append(self.evict())
        return gone

    def evict(self) -> T:
        """Drop the oldest item, for want of room elsewhere. Raises IndexError when there is none."""
        item = self._items[self._head]
        assert item is not None  # noqa: S101 - only the dead front holds None
        self._items[self._head] = None
        self._head += 1
        self.first += 1
        self.evicted += 1
        if self.max_bytes is not None:
            self.bytes -= self._sizes.popleft()
        if self._head * 2 > len(self._items):
            del self._items[: self._head]
            self._head = 0
        return item

    def get(self, serial: int) -> T | None:
        """The item with this serial, or None when it is gone or not yet there."""
        index = serial - self.first
        return self._items[self._head + index] if 0 <= index < len(self) else None

    def since(self, serial: int) -> Iterator[tuple[int, T]]:
        """Items from this serial on, oldest first, with their serials."""
        for number in range(max(serial, self.first), self.next_serial):
            item = self.get(number)
            if item is not None:
                yield number, item

    def newest_first(self) -> Iterator[tuple[int, T]]:
        """All items, newest first, with their serials."""
        for number in range(self.next_serial - 1, self.first - 1, -1):
            item = self.get(number)
            if item is not None:
                yield number, item

    def skip(self, serial: int) -> None:
        """Go on with this serial: the items before it, here or never here, count as gone for want of room."""
        evicted = self.evicted + max(0, serial - self.first)
        self.clear()
        self.first, self.evicted = serial, evicted

    def clear(self) -> None:
        """Drop everything; serials go on, so that none ever names two items."""
        self.first = self.next_serial
        self.evicted = self.bytes = self._head = 0
        self._items.clear()
        self._sizes.clear()

    def _overflows(self) -> bool:
        number = len(self._items) - self._head
        if number > self.max_items:
            return True
        return self.max_bytes is not None and self.bytes > self.max_bytes and number > 1
