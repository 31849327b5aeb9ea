"""When a session's clock showed a moment, however often it was set, stopped or advanced."""

from collections import deque
from itertools import chain, islice
from math import inf
from typing import NamedTuple

MOST_TURNS = 1000


class _Turn(NamedTuple):
    """From ``at`` on the clock went on from what it ``shows``, or stood still."""

    at: float
    shows: float
    runs: bool

    def reaches(self, moment: float) -> float:
        """When it shows the moment, if it is left alone; inf is never."""
        if self.shows >= moment:
            return self.at
        return self.at + moment - self.shows if self.runs else inf


class Dial:
    """``at`` is the host's time, what the clock ``shows`` the session's; both in seconds."""

    def __init__(self, at: float, shows: float) -> None:
        self._turns = deque([_Turn(at, shows, runs=True)], MOST_TURNS)

    def turn(self, at: float, shows: float, *, runs: bool) -> None:
        """The clock was set or advanced."""
        self._turns.append(_Turn(at, shows, runs))

    def reached(self, moment: float, after: float) -> float:
        """The host's time, not before ``after``, at which the clock showed the moment; inf is not yet."""
        ends = chain((turn.at for turn in islice(self._turns, 1, None)), (inf,))
        for turn, end in zip(self._turns, ends, strict=True):
            at = max(after, turn.reaches(moment))
            if at < end:
                return at
        return inf
