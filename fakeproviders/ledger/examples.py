"""A few cases of each kind, so that a verdict can show what it is about."""

from typing import Any

from fakeproviders.journal import Entry
from fakeproviders.ledger.document import MOST_EXAMPLES, Example, Kind


class Examples:
    """The first so many of each kind; ``began`` is the run's first moment in epoch seconds."""

    def __init__(self, began: float) -> None:
        self._began = began
        self._numbers: dict[Kind, int] = {}
        self.kept: list[Example] = []

    def add(self, kind: Kind, entry: Entry, **facts: Any) -> None:
        """Keep a case, unless there are enough of its kind."""
        number = self._numbers.get(kind, 0)
        if number < MOST_EXAMPLES:
            self._numbers[kind] = number + 1
            at = round(entry.real_at - self._began, 3)
            self.kept.append(Example(kind, at, entry.role, entry.call.mobile, facts))
