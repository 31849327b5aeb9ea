"""Moments that a request names: when to send, and from when on. Beijing wall-clock text, as clocks show it."""

from fakeproviders.clock import LATEST, beijing_text, parse_beijing
from fakeproviders.domain.attempt import Attempt
from fakeproviders.failures import Reason
from fakeproviders.model import Call, Refusal


def send_time_ahead(attempt: Attempt) -> None:
    """The time to send at, where one is given, can be read and is yet to come."""
    given = attempt.call.send_at
    if given is None:
        return
    if _moment(attempt, given) <= attempt.now:
        raise Refusal(Reason.TIME_INVALID, "past", given=given, now=beijing_text(attempt.now))


def since_readable(attempt: Attempt) -> None:
    """The time from which on replies are asked for, where one is given, can be read."""
    if attempt.call.since:
        _moment(attempt, attempt.call.since)


def since_moment(call: Call) -> float | None:
    """From when on replies are asked for, once since_readable has passed; None is from the beginning."""
    return parse_beijing(call.since) if call.since else None


def _moment(attempt: Attempt, given: str) -> float:
    """Epoch seconds. Raises Refusal for what is no time, or beyond what a clock can show."""
    try:
        moment = parse_beijing(given)
    except ValueError:
        moment = LATEST
    if moment >= LATEST:
        expected = beijing_text(attempt.now)
        raise Refusal(Reason.TIME_INVALID, "unreadable", given=given, expected=expected)
    return moment
