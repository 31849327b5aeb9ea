"""The verdict on a load run: each check with what was expected and what was found."""

from typing import Literal

import msgspec

from fakeproviders.failures import Words
from fakeproviders.ledger.document import Document
from fakeproviders.load.thresholds import Thresholds

Outcome = Literal["passed", "failed", "skipped"]
"""``skipped``: nothing happened that it could be judged by, or it was not asked for."""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One check. ``name`` is its threshold's."""

    name: str
    title: Words
    outcome: Outcome
    expected: Words
    actual: Words
    advice: Words
    """What a client does about it; shown when it failed."""


class Stats(msgspec.Struct, frozen=True, kw_only=True):
    """What the load itself has counted, on its side of the wire; of workers, up to their last report."""

    requests: int = 0
    failures: int = 0
    errors: dict[str, int] = {}
    """The failures by what went wrong."""
    unanswered: str = ""
    """Where the system under load has not answered one request: what came instead."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """A run and what is to be said of it."""

    plan: str
    title: Words
    session: str
    users: dict[str, int]
    count: int
    shape: str
    workers: int
    thresholds: Thresholds
    checks: tuple[Check, ...]
    stats: Stats
    ledger: Document

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return not self.failed

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the checks that failed."""
        return tuple(check.name for check in self.checks if check.outcome == "failed")

    def number(self, outcome: Outcome) -> int:
        """How many checks ended so."""
        return sum(check.outcome == outcome for check in self.checks)
