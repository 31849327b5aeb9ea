# Made from clock.py by: python -m tests.api.synchronous
"""A session's clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from fakeproviders.api.moment import Moment, moment_text, shown
from fakeproviders.api.sync.link import SyncLink


class SyncClock:
    """What quotas, tokens, outage windows and receipts go by. All calls return what it then shows.

    >>> late = session.clock.freeze("2026-01-01T23:59:00")
    >>> midnight = session.clock.advance(minutes=1)
    >>> midnight.isoformat()
    '2026-01-02T00:00:00+08:00'
    """

    def __init__(self, link: SyncLink, path: str) -> None:
        self._link = link
        self._path = f"{path}/clock"

    def now(self) -> datetime:
        """What it shows, in Beijing time."""
        return shown(self._link.get(self._path))

    def set(self, moment: Moment) -> datetime:
        """Let it run on from a moment."""
        return self._put({"mode": "offset", "at": moment_text(moment)})

    def freeze(self, moment: Moment | None = None) -> datetime:
        """Let it stand still at a moment, or where it is; it then moves by ``advance`` only."""
        at = None if moment is None else moment_text(moment)
        return self._put({"mode": "frozen", "at": at})

    def unset(self) -> datetime:
        """Let it show real time again."""
        return self._put({"mode": "system"})

    def advance(
        self, seconds: float = 0, *, minutes: float = 0, hours: float = 0, days: float = 0
    ) -> datetime:
        """Move it forward. All that is due on the way has happened, in order, when this returns."""
        by = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self._move({"seconds": by.total_seconds()})

    def advance_to(self, moment: Moment) -> datetime:
        """The same, up to a moment. Raises ControlError for one that is past."""
        return self._move({"to": moment_text(moment)})

    def _put(self, state: Mapping[str, object]) -> datetime:
        return shown(self._link.put(self._path, state))

    def _move(self, way: Mapping[str, object]) -> datetime:
        return shown(self._link.post(f"{self._path}/advance", way))
