"""What this process has answered so far, as plain numbers; metrics.py puts them in Prometheus' words.

It is counted on every request's way, so nothing is made up here: one key and a few additions.
"""

from bisect import bisect_left

from fakeproviders.journal import Entry
from fakeproviders.outcome import outcome_word, reason_of

BOUNDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0)  # fmt: skip
"""Seconds up to which a duration falls into each class; the last class has no bound."""


KIND = ("provider", "door", "operation", "outcome", "reason")
"""What is counted together. All are words of ours: their number is bounded, whatever callers send."""
Kind = tuple[str, str, str, str, str]


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


class Tally:
    """Requests and how long they took, faults that acted. It outlives the sessions."""

    def __init__(self) -> None:
        self.requests: dict[Kind, int] = {}
        self.took: dict[str, Durations] = {}
        self.faults: dict[tuple[str, str], int] = {}

    def count(self, entry: Entry) -> None:
        """Count a request that has been answered."""
        call, role = entry.call, entry.role
        kind = role, call.door, call.operation, outcome_word(entry), reason_of(entry) or ""
        self.requests[kind] = self.requests.get(kind, 0) + 1
        took = self.took.get(role)
        if took is None:
            took = self.took[role] = Durations()
        took.add(entry.took or 0.0)
        if entry.draw.fault.acts:
            for name in entry.draw.fault.names:
                self.faults[role, name] = self.faults.get((role, name), 0) + 1
