"""The ring behaves like a plain list from which the oldest go, and counts what went."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fakeproviders.ring import Ring


class RingAgainstList(RuleBasedStateMachine):
    """Every item that ever was, with its size, and which of them a bounded sequence would still have."""

    @initialize(max_items=st.integers(1, 6), max_bytes=st.one_of(st.none(), st.integers(0, 20)))
    def begin(self, max_items: int, max_bytes: int | None) -> None:
        self.ring: Ring[str] = Ring(max_items, max_bytes)
        self.kept: list[tuple[int, str, int]] = []
        self.next = 0
        self.evicted = 0

    @rule(size=st.integers(0, 12))
    def append(self, size: int) -> None:
        item = f"item {self.next}"
        self.kept.append((self.next, item, size))
        self.next += 1
        gone = []
        while len(self.kept) > self.ring.max_items or self._too_many_bytes():
            gone.append(self.kept.pop(0)[1])
        self.evicted += len(gone)
        assert self.ring.append(item, size) == gone

    @rule()
    def clear(self) -> None:
        self.ring.clear()
        self.kept.clear()
        self.evicted = 0

    @rule(serial=st.integers(-2, 30))
    def look_up(self, serial: int) -> None:
        there = {number: item for number, item, _ in self.kept}
        assert self.ring.get(serial) == there.get(serial)

    @rule(serial=st.integers(-2, 30))
    def read_on(self, serial: int) -> None:
        assert list(self.ring.since(serial)) == [(n, i) for n, i, _ in self.kept if n >= serial]

    @invariant()
    def holds_the_same(self) -> None:
        items = [(number, item) for number, item, _ in self.kept]
        assert list(self.ring.newest_first()) == items[::-1]
        assert len(self.ring) == len(items)
        assert self.ring.next_serial == self.next
        assert self.ring.evicted == self.evicted
        if self.ring.max_bytes is not None:
            assert self.ring.bytes == sum(size for _, _, size in self.kept)

    def _too_many_bytes(self) -> bool:
        limit = self.ring.max_bytes
        whole = sum(size for _, _, size in self.kept)
        return limit is not None and whole > limit and len(self.kept) > 1


TestRingAgainstList = RingAgainstList.TestCase


def test_an_item_larger_than_the_bound_stays_alone() -> None:
    ring: Ring[str] = Ring(10, 100)
    ring.append("small", 10)
    assert ring.append("large", 1000) == ["small"]
    assert list(ring.since(0)) == [(1, "large")]


@given(st.integers(max_value=0))
def test_a_ring_of_nothing_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="at least 1 item"):
        Ring(number)


def test_the_dead_front_does_not_pile_up() -> None:
    ring: Ring[int] = Ring(3)
    for number in range(10_000):
        ring.append(number)
    assert len(ring._items) <= 8


def test_what_is_skipped_counts_as_evicted_whether_it_was_there_or_not() -> None:
    ring: Ring[str] = Ring(9, 100)
    ring.append("a", 5)
    ring.skip(4)
    assert (len(ring), ring.first, ring.evicted, ring.bytes) == (0, 4, 4, 0)
    ring.append("b", 5)
    ring.skip(5)
    assert (ring.next_serial, ring.evicted) == (5, 5)
