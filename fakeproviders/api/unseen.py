"""What comes to a list of the control API, waited for and handed out once."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from fakeproviders.api.link import Link
from fakeproviders.clients.control import LONGEST_WAIT

MOST = 10_000
"""Entries that one call can give."""
T = TypeVar("T")


class Unseen(Generic[T]):
    """The entries of one list: by query, those that nobody has waited for yet. ``shape`` is an entry's."""

    def __init__(self, link: Link, path: str, key: str, shape: type[T]) -> None:
        self._link = link
        self._path = path
        self._key = key
        self._shape = shape
        self._cursors: dict[tuple[tuple[str, str | None], ...], str] = {}
        """By query: how far the list has been waited for."""

    async def newest(
        self, within: float, fits: Callable[[T], bool], **query: str | None
    ) -> T | None:
        """The newest entry that fits, waiting so many seconds of real time for the first; None without."""
        deadline = time.monotonic() + within
        left = within
        while True:
            new = await self._next(min(max(left, 0.0), LONGEST_WAIT), query)
            found = [entry for entry in new if fits(entry)]
            if found:
                return found[-1]
            left = deadline - time.monotonic()
            if left <= 0:
                return None

    def forget(self) -> None:
        """Begin anew: the session was reset."""
        self._cursors.clear()

    async def _next(self, wait: float, query: dict[str, str | None]) -> list[T]:
        """What has come since the last time, waiting for the first."""
        asked = tuple(sorted(query.items()))
        document = await self._link.get(
            self._path, wait=wait, limit=MOST, cursor=self._cursors.get(asked, "0"), **query
        )
        self._cursors[asked] = document["cursor"]
        return [msgspec.convert(entry, self._shape) for entry in document[self._key]]
