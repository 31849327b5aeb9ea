"""How a client should behave: a worked example.

- One message keeps its id through all retries: a lost reply costs no second SMS.
- Pauses between retries double, with jitter, so that a crowd of clients does not come back as one.
- A quota that has refused is left alone until its window begins anew.
- What a retry cannot change is not retried.
- A provider that is out of order is left for another one, and tried again after a while.
- When it is open whether a message was accepted, the provider is asked; while it is, it goes nowhere else.
"""

import random
import time
from typing import ClassVar

from gevent import sleep
from locust import task

from loadtests.attempts import Ending, Result
from loadtests.messages import Message
from loadtests.users.base import MAILBAG, SendingUser

CHANNELS = ("official", "erban-soap")
"""Providers in the order in which they are preferred."""
TRIES = 3
FIRST_PAUSE = 0.3
"""Seconds before the first retry; doubled for each that follows."""
JITTER = 0.4
"""At most so much of a pause is added to it."""
REST_SECONDS = 1.0
"""A provider out of order is not asked for so long."""
WINDOWS = {"mobile_minute_limit": 60, "mobile_hour_limit": 3600, "mobile_day_limit": 86_400,
           "code_quota_exceeded": 86_400, "ip_day_limit": 86_400}  # fmt: skip
"""Quotas whose windows are too long to wait for, in seconds; days begin at midnight in Beijing."""
BEIJING_SECONDS = 8 * 3600
PASSING = frozenset(
    {"rate_limited", "maintenance", "internal_error", "endpoint_unreachable", "token_expired"}
)
"""Refusals that end by themselves."""


class Breaker:
    """Keeps a client from a provider that is out of order, except for one probe now and then."""

    def __init__(self) -> None:
        self._closed_until: dict[str, float] = {}

    def lets_through(self, channel: str) -> bool:
        """Whether the provider may be asked; whoever is let through after a rest is the probe."""
        until = self._closed_until.get(channel)
        if until is None:
            return True
        if time.monotonic() < until:
            return False
        self.down(channel)
        return True

    def down(self, channel: str) -> None:
        """It is out of order."""
        self._closed_until[channel] = time.monotonic() + REST_SECONDS

    def up(self, channel: str) -> None:
        """It works."""
        self._closed_until.pop(channel, None)


class GoodClient(SendingUser):
    """One of the threads of an integration; what they learn of providers and quotas, they share."""

    breaker: ClassVar[Breaker] = Breaker()
    resting: ClassVar[dict[tuple[str, str], float]] = {}
    """Channel and mobile: the moment (epoch seconds) before which nothing is sent there."""

    @task
    def send_a_code(self) -> None:
        """One message, by whichever provider takes it."""
        message = MAILBAG.next()
        for channel in CHANNELS:
            if self._may_use(channel, message) and self._is_settled(channel, message):
                return

    def numbered(self, message: Message, tries: int) -> Message:
        """The message as it is sent the n-th time: the same."""
        del tries
        return message

    def _may_use(self, channel: str, message: Message) -> bool:
        rests_until = self.resting.get((channel, message.mobile), 0.0)
        return time.time() >= rests_until and self.breaker.lets_through(channel)

    def _is_settled(self, channel: str, message: Message) -> bool:
        """Send it, with retries; False when another provider may be asked."""
        is_open = False
        for tries in range(TRIES):
            if tries:
                sleep(FIRST_PAUSE * 2 ** (tries - 1) * (1 + JITTER * random.random()))
            result = self.doors.attempt(channel, self.numbered(message, tries))
            is_open = is_open or result.ending is Ending.UNKNOWN
            if result.ending is Ending.ACCEPTED or result.slug == "duplicate_request":
                self.breaker.up(channel)
                return True
            if not self._is_worth_a_retry(channel, message, result):
                break
        if result.ending is Ending.DOWN:
            self.breaker.down(channel)
        return is_open and self.doors.was_accepted(channel, message) is not False

    def _is_worth_a_retry(self, channel: str, message: Message, result: Result) -> bool:
        if result.slug in WINDOWS:
            self.resting[channel, message.mobile] = _next_window(WINDOWS[result.slug])
            return False
        return result.ending is not Ending.REFUSED or result.slug in PASSING


def _next_window(seconds: int) -> float:
    """The moment at which the window that we are in is over."""
    now = time.time() + BEIJING_SECONDS
    return now - now % seconds + seconds - BEIJING_SECONDS
