"""A session's clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from fakeproviders.api.link import Link
from fakeproviders.api.moment import Moment, moment_text, shown


class Clock:
    """What quotas, tokens, outage windows and receipts go by. All calls return what it then shows.

    >>> late = await session.clock.freeze("2026-01-01T23:59:00")
    >>> midnight = await session.clock.advance(minutes=1)
    >>> midnight.isoformat()
    '2026-01-02T00:00:00+08:00'
    """

    def __init__(self, link: Link, path: str) -> None:
        self._link = link
        self._path = f"{path}/clock"

    async def now(self) -> datetime:
        """What it shows, in Beijing time."""
        return shown(await self._link.get(self._path))

    async def set(self, moment: Moment) -> datetime:
        """Let it run on from a moment."""
        return await self._put({"mode": "offset", "at": moment_text(moment)})

    async def freeze(self, moment: Moment | None = None) -> datetime:
        """Let it stand still at a moment, or where it is; it then moves by ``advance`` only."""
        at = None if moment is None else moment_text(moment)
        return await self._put({"mode": "frozen", "at": at})

    async def unset(self) -> datetime:
        """Let it show real time again."""
        return await self._put({"mode": "system"})

    async def advance(
        self, seconds: float = 0, *, minutes: float = 0, hours: float = 0, days: float = 0
    ) -> datetime:
        """Move it forward. All that is due on the way has happened, in order, when this returns."""
        by = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return await self._move({"seconds": by.total_seconds()})

    async def advance_to(self, moment: Moment) -> datetime:
        """The same, up to a moment. Raises ControlError for one that is past."""
        return await self._move({"to": moment_text(moment)})

    async def _put(self, state: Mapping[str, object]) -> datetime:
        return shown(await self._link.put(self._path, state))

    async def _move(self, way: Mapping[str, object]) -> datetime:
        return shown(await self._link.post(f"{self._path}/advance", way))
