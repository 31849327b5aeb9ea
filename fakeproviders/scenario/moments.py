"""How a scenario writes times: ``90s``, ``5m``; a moment, or the next such time of day in Beijing."""

import re
from datetime import datetime, timedelta

from fakeproviders.clock import BEIJING, parse_moment
from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)([smhd])", re.ASCII)
_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
LONGEST = 10 * 366 * 86400
"""Seconds by which a clock can be advanced at once."""


def seconds(advance: float | str) -> float:
    """Seconds of a number, or of a text such as ``90s``. Raises Misfit."""
    if isinstance(advance, str):
        found = _DURATION.fullmatch(advance)
        if found is None:
            words = Words(
                zh=f"{advance!r} 不是秒数，也不是 90s、5m、2h、1d 这样的写法",
                en=f"{advance!r} is neither a number of seconds nor like 90s, 5m, 2h, 1d",
            )
            raise Misfit("advance", words)
        advance = float(found[1]) * _UNITS[found[2]]
    if not 0 <= advance <= LONGEST:
        words = Words(zh=f"必须在 0 到 {LONGEST} 秒之间", en=f"must be from 0 to {LONGEST} seconds")
        raise Misfit("advance", words)
    return float(advance)


def moment(to: str, now: float) -> float:
    """Epoch seconds of an RFC 3339 text, or of the next time of day in Beijing. Raises Misfit."""
    found = _TIME_OF_DAY.fullmatch(to)
    if found is None:
        try:
            return parse_moment(to)
        except Misfit:
            words = Words(
                zh=f"{to!r} 既不是 RFC 3339 时间，也不是 HH:MM 或 HH:MM:SS",
                en=f"{to!r} is neither an RFC 3339 time nor HH:MM or HH:MM:SS",
            )
            raise Misfit("to", words) from None
    hour, minute, second = (int(part or 0) for part in found.groups())
    today = datetime.fromtimestamp(now, BEIJING)
    then = today.replace(hour=hour, minute=minute, second=second, microsecond=0)
    return (then if then > today else then + timedelta(days=1)).timestamp()
