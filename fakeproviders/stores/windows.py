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

LATE = 2.0
"""Seconds by which a send may come after others that were made later; more is a clock that was set back.
Each process looks at the clock before it asks the store, and waits no longer than a second for it."""

SECONDS = {"minute": MINUTE, "hour": HOUR, "day": DAY}


def window(now: float, seconds: int) -> int:
    """The number of the window that a moment lies in; days begin at midnight in Beijing."""
    return int(now + BEIJING_OFFSET) // seconds


def window_end(now: float, seconds: int) -> float:
    """The moment at which the window that holds ``now`` is over."""
    return float((window(now, seconds) + 1) * seconds - BEIJING_OFFSET)


class Windows(NamedTuple):
    """The numbers of the windows that a moment lies in, or what is used in them."""

    minute: int
    hour: int
    day: int


def windows(now: float) -> Windows:
    """All of them at once."""
    return _windows(int(now + BEIJING_OFFSET) // MINUTE)


@lru_cache(maxsize=8)
def _windows(minute: int) -> Windows:
    return Windows(minute, minute * MINUTE // HOUR, minute * MINUTE // DAY)


class Past(msgspec.Struct, gc=False):
    """A mobile's minute and hour that were counted before the ones that are now."""

    minute_number: int = -1
    minute: int = 0
    hour_number: int = -1
    hour: int = 0


_NEVER = Past()


class MobileCounters(msgspec.Struct, gc=False):
    """One mobile on one day: its minute and its hour, and those before them.

    Of two processes, one may bring what was sent before a minute's end after the other's first of the
    next: each is counted where it belongs.
    """

    at: Windows
    """What is counted; one object for all that are counted in the same minute."""
    minute: int = 0
    hour: int = 0
    day: int = 0
    past: Past | None = None

    def roll(self, now: Windows) -> None:
        """Count in these windows from here on, with what was counted in them already."""
        at = self.at
        if at.minute == now.minute:
            return
        past = self.past = self.past or Past()
        found = past.minute if past.minute_number == now.minute else 0
        past.minute_number, past.minute, self.minute = at.minute, self.minute, found
        if at.hour != now.hour:
            found = past.hour if past.hour_number == now.hour else 0
            past.hour_number, past.hour, self.hour = at.hour, self.hour, found
        self.at = now

    def count(self) -> None:
        """Count one in each."""
        self.minute += 1
        self.hour += 1
        self.day += 1

    def used(self, now: Windows) -> Windows:
        """The counts of these windows."""
        if self.at.minute == now.minute:
            return Windows(self.minute, self.hour, self.day)
        past = self.past or _NEVER
        minute = past.minute if past.minute_number == now.minute else 0
        if self.at.hour == now.hour:
            return Windows(minute, self.hour, self.day)
        return Windows(minute, past.hour if past.hour_number == now.hour else 0, self.day)

    def take_back(self, counted: Windows) -> None:
        """Undo one, in those windows that are still known."""
        past = self.past
        self.day = max(0, self.day - 1)
        if self.at.minute == counted.minute:
            self.minute = max(0, self.minute - 1)
        elif past is not None and past.minute_number == counted.minute:
            past.minute = max(0, past.minute - 1)
        if self.at.hour == counted.hour:
            self.hour = max(0, self.hour - 1)
        elif past is not None and past.hour_number == counted.hour:
            past.hour = max(0, past.hour - 1)


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
        """What counts as used at a moment, at this rate. A clock that was set back drains nothing.

        What comes late must leave room for what was made since: what drained meanwhile still counts.
        """
        passed = now - self.at
        if -LATE < passed < 0:
            return min(self.used - passed * rate, max(self.used, rate))
        if passed:
            self.used = max(0.0, self.used - max(0.0, passed) * rate)
            self.at = now
        return self.used

    def fits(self, number: int, rate: int, now: float) -> bool:
        """Whether so many more can be counted now."""
        return self.look(rate, now) + number <= rate + min(0.5, GRAIN * max(1, rate))

    def add(self, number: int) -> None:
        """Count so many, which fit."""
        self.used += number

    def take_back(self, number: int, rate: int, since: float) -> None:
        """Undo so many that were counted then; what of them has drained already is gone."""
        drained = max(0.0, self.at - since) * rate
        self.used = max(0.0, self.used - max(0.0, number - drained))

    def resets_at(self, rate: int, now: float) -> float:
        """The moment at which one more fits; ``now`` when it does already, or never will."""
        if rate == 0 or self.fits(1, rate, now):
            return now
        return self.at + max(0.0, self.used + 1 - rate) / rate
