"""How a rule changes over time, on the session's clock: moments, outage windows, ramps."""

import re
from typing import Annotated

import msgspec

from fakeproviders.clock import parse_moment
from fakeproviders.failures import Words
from fakeproviders.faults.registry import BadRule
from fakeproviders.misfit import Misfit

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_RELATIVE = re.compile(r"\+(\d{1,9}(?:\.\d{1,6})?)([smhd])\Z", re.ASCII)
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Seconds = Annotated[float, msgspec.Meta(gt=0)]


class Cycle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``on_seconds`` in force, then ``off_seconds`` out of force, over and over; it begins in force."""

    on_seconds: Seconds
    off_seconds: Seconds

    def is_on(self, elapsed: float) -> bool:
        """Whether it is in force so many seconds after it began."""
        return elapsed % (self.on_seconds + self.off_seconds) < self.on_seconds


class Ramp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A probability that goes from ``start`` to ``end`` over so many seconds, and stays there."""

    start: Share = 0.0
    end: Share = 1.0
    over_seconds: Seconds

    def at(self, elapsed: float) -> float:
        """The probability so many seconds after the rule was added."""
        share = min(1.0, max(0.0, elapsed / self.over_seconds))
        return self.start + (self.end - self.start) * share


def moment(text: str | None, now: float, field: str) -> float | None:
    """Epoch seconds of RFC 3339 text, or of ``+30s`` and the like from now. Raises BadRule."""
    if text is None:
        return None
    relative = _RELATIVE.match(text)
    if relative:
        return now + float(relative[1]) * _SECONDS[relative[2]]
    try:
        return parse_moment(text)
    except Misfit:
        words = Words(
            zh=f"{text!r} 既不是 RFC 3339 时间，也不是 +30s 这样的写法",
            en=f"{text!r} is neither an RFC 3339 time nor like +30s",
        )
        raise BadRule(field, words) from None
