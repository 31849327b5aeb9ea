"""Quota arithmetic: fixed windows on Beijing time and a token bucket, as plain counters.

A window is named by its number since the epoch, so that "is it still the same window?" is one
comparison and nothing has to run at its end.
"""

from functools import lru_cache
from typing import NamedTuple

import msgspec

from fakeproviders.clock import BEIJING_OFFSET
from fakeproviders.failures import Reason

MINUTE, HOUR, DAY = 60, 3600, 86400

BUCKETS: dict[str, tuple[str, Reason]] = {
    "account_per_second": ("second", Reason.RATE_LIMITED),
    "account_per_day": ("day", Reason.CODE_QUOTA_EXCEEDED),
    "ip_per_day": ("day", Reason.IP_DAY_LIMIT),
    "mobile_per_minute": ("minute", Reason.MOBILE_MINUTE_LIMIT),
    "mobile_per_hour": ("hour", Reason.MOBILE_HOUR_LIMIT),
    "mobile_per_day": ("day", Reason.MOBILE_DAY_LIMIT),
}
"""Each bucket's window and what a send over its limit is refused for, in the order of checks."""

GRAIN = 1e-6
"""Seconds by which a token bucket may be early: epoch seconds in a float are only so fine."""

SECONDS = {"minute": MINUTE, "hour": HOUR, "day": DAY}


def window(now: float, seconds: int) -> int:
    """The number of the window that a moment lies in; days begin at midnight in Beijing."""
    return int(now + BEIJING_OFFSET) // seconds


def window_end(now: float, seconds: int) -> float:
    """The moment at which the window that holds ``now`` is over."""
    return float((window(now, seconds) + 1) * seconds - BEIJING_OFFSET)


class Windows(NamedTuple):
    """The numbers of the windows that a moment lies in."""

    minute: int
    hour: int
    day: int


def windows(now: float) -> Windows:
    """All of them at once."""
    return _windows(int(now + BEIJING_OFFSET) // MINUTE)


@lru_cache(maxsize=8)
def _windows(minute: int) -> Windows:
    return Windows(minute, minute * MINUTE // HOUR, minute * MINUTE // DAY)


class Counter:
    """How often something happened in the running window."""

    __slots__ = ("count", "number")

    def __init__(self) -> None:
        self.number = 0
        self.count = 0

    def used(self, number: int) -> int:
        """Uses in the window with this number."""
        return self.count if self.number == number else 0

    def add(self, number: int, amount: int) -> None:
        """Count uses in the window with this number; another window's count is forgotten."""
        if self.number != number:
            self.number = number
            self.count = 0
        self.count += amount

    def take_back(self, number: int, amount: int) -> None:
        """Undo uses, if their window is still the one that is counted."""
        if self.number == number:
            self.count = max(0, self.count - amount)


class MobileCounters(msgspec.Struct, gc=False):
    """The three windows of one mobile."""

    minute: int = 0
    hour: int = 0
    day: int = 0
    at: Windows = Windows(0, 0, 0)
    """What is counted; one object for all that are counted in the same minute."""

    def roll(self, now: Windows) -> None:
        """Bring the windows to these, forgetting counts of others."""
        if self.at is now:
            return
        if self.at.minute != now.minute:
            self.minute = 0
        if self.at.hour != now.hour:
            self.hour = 0
        if self.at.day != now.day:
            self.day = 0
        self.at = now

    def count(self) -> None:
        """Count one in each."""
        self.minute += 1
        self.hour += 1
        self.day += 1

    def take_back(self, counted: Windows) -> None:
        """Undo one, in those windows that are still the ones that are counted."""
        if self.at.minute == counted.minute:
            self.minute = max(0, self.minute - 1)
        if self.at.hour == counted.hour:
            self.hour = max(0, self.hour - 1)
        if self.at.day == counted.day:
            self.day = max(0, self.day - 1)


class TokenBucket:
    """So many sends a second, as many at once.

    ``used`` is what was counted and has not yet drained at ``at``; it drains evenly, ``rate`` a second.
    What is used stays used when the rate is changed, as in the windows.
    """

    __slots__ = ("at", "used")

    def __init__(self) -> None:
        self.used = 0.0
        self.at = 0.0

    def look(self, rate: int, now: float) -> float:
        """What counts as used now, at this rate. A clock that was set back drains nothing."""
        if now != self.at:
            self.used = max(0.0, self.used - max(0.0, now - self.at) * rate)
            self.at = now
        return self.used

    def fits(self, number: int, rate: int, now: float) -> bool:
        """Whether so many more can be counted now."""
        return self.look(rate, now) + number <= rate + min(0.5, GRAIN * max(1, rate))

    def add(self, number: int) -> None:
        """Count so many, at the moment of the last look."""
        self.used += number

    def take_back(self, number: int, rate: int, since: float) -> None:
        """Undo so many that were counted then; what of them has drained already is gone."""
        drained = max(0.0, self.at - since) * rate
        self.used = max(0.0, self.used - max(0.0, number - drained))

    def resets_at(self, rate: int, now: float) -> float:
        """The moment at which one more fits; ``now`` when it does already, or never will."""
        if rate == 0 or self.fits(1, rate, now):
            return now
        return now + (self.used + 1 - rate) / rate
