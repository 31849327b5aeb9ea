"""Moments of a session's clock, as the control API writes them."""

from collections.abc import Mapping
from datetime import datetime

Moment = str | datetime
"""RFC 3339, or a datetime; without an offset it is Beijing time."""
ClockSetting = Moment | Mapping[str, object]
"""A moment to stand still at, or the control API's ``{"mode": ..., "at": ...}``."""


def moment_text(moment: Moment) -> str:
    """As RFC 3339."""
    return moment.isoformat() if isinstance(moment, datetime) else moment


def clock_state(setting: ClockSetting) -> Mapping[str, object]:
    """As the control API's clock state."""
    if isinstance(setting, Mapping):
        return setting
    return {"mode": "frozen", "at": moment_text(setting)}


def shown(document: Mapping[str, str]) -> datetime:
    """What a clock shows, from the control API's JSON of it."""
    return datetime.fromisoformat(document["now"])
