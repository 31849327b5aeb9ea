"""What a process has answered so far, as plain numbers; metrics.py puts them in Prometheus' words.

It is counted on every request's way, so nothing is made up here: one key and a few additions.
"""

from bisect import bisect_left
from collections.abc import Iterable
from operator import add
from typing import TypeVar

import msgspec

from fakeproviders.journal import Entry
from fakeproviders.model import Refused
from fakeproviders.outcome import outcome_word, reason_of

BOUNDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0)  # fmt: skip
"""Seconds up to which a duration falls into each class; the last class has no bound."""


KIND = ("provider", "door", "operation", "outcome", "reason")
"""What is counted together. All are words of ours: their number is bounded, whatever callers send."""
Kind = tuple[str, str, str, str, str]
K = TypeVar("K")


class Durations:
    """How many there were in each class, and the sum of them in seconds."""

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.total = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds

    @property
    def number(self) -> int:
        """How many there were."""
        return sum(self.counts)

    def merge(self, others: "Durations") -> None:
        """Count others too."""
        self.counts = list(map(add, self.counts, others.counts))
        self.total += others.total


class Counts(msgspec.Struct, frozen=True, array_like=True):
    """A tally as one process tells another of it."""

    requests: list[tuple[Kind, list[int], float]]
    """Of each kind how many there were in each class of duration, and their sum in seconds."""
    faults: list[tuple[str, str, int]]


class Tally:
    """Requests and how long they took, faults that acted. It outlives the sessions."""

    def __init__(self) -> None:
        self._took: dict[object, Durations] = {}
        """By what is at hand on the way; ``_kinds`` has the words for it, put once."""
        self._kinds: dict[object, Kind] = {}
        self.faults: dict[tuple[str, str], int] = {}

    def count(self, entry: Entry) -> None:
        """Count a request that has been answered."""
        call, outcome, fault = entry.call, entry.outcome, entry.draw.fault
        reason = outcome.reason if isinstance(outcome, Refused) else ""
        key = (
            entry.role, call.door, call.operation, type(outcome), reason, fault.acts,
            call.page is None,
        )  # fmt: skip
        took = self._took.get(key)
        if took is None:
            took = self._took[key] = Durations()
            words = outcome_word(entry), reason_of(entry) or ""
            self._kinds[key] = entry.role, call.door, call.operation, *words
        took.add(entry.took or 0.0)
        if fault.acts:
            for name in fault.names:
                self.faults[entry.role, name] = self.faults.get((entry.role, name), 0) + 1

    def counts(self) -> Counts:
        """All of it, for another process."""
        return Counts(
            [(kind, took.counts, took.total) for kind, took in self.requests().items()],
            [(*names, number) for names, number in self.faults.items()],
        )

    def add(self, counts: Counts) -> None:
        """Count what another process has counted."""
        for kind, numbers, total in counts.requests:
            took = Durations()
            took.counts, took.total = numbers, total
            self._kinds[kind] = kind
            self._took.setdefault(kind, Durations()).merge(took)
        for role, name, number in counts.faults:
            self.faults[role, name] = self.faults.get((role, name), 0) + number

    def requests(self) -> dict[Kind, Durations]:
        """All that were answered, by kind."""
        return _merged((self._kinds[key], took) for key, took in self._took.items())

    def took(self) -> dict[str, Durations]:
        """The same, by provider."""
        return _merged((kind[0], took) for kind, took in self.requests().items())


def _merged(parts: Iterable[tuple[K, Durations]]) -> dict[K, Durations]:
    whole: dict[K, Durations] = {}
    for key, durations in parts:
        whole.setdefault(key, Durations()).merge(durations)
    return whole
