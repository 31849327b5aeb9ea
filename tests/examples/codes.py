"""Verification codes by SMS, as a shop sends them: by the official API, by the reseller when that is down.

It pauses when a provider is busy, changes the channel when one is out of service, and sends no code twice
when a reply is lost: then it asks again under the same ``out_id``, which a provider accepts only once.
"""

import time
import uuid
from collections.abc import Callable, Sequence

from tests.examples.channels import (
    BUSY,
    DONE,
    DOWN,
    DUPLICATE,
    REFUSED,
    Answer,
    Channel,
    NoAnswer,
    NoConnection,
)

TAKEN = {DONE, DUPLICATE}
TRIES = 3
FIRST_PAUSE = 0.5
"""Seconds; each further pause is twice as long."""


class NotSent(Exception):
    """The code was not sent; the text says why, channel by channel."""


class Unclear(Exception):
    """Nobody knows whether the code was sent: do not send another one yet."""


class CodeSender:
    """Sends codes over the first channel that takes them."""

    def __init__(
        self, channels: Sequence[Channel], sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._channels = channels
        self._sleep = sleep

    def send(self, mobile: str, code: str) -> str:
        """Send; the name of the channel that took it. Raises NotSent and Unclear."""
        out_id = uuid.uuid4().hex
        troubles = []
        for channel in self._channels:
            name = type(channel).__name__.lower()
            answer = self._patiently(channel, mobile, code, out_id)
            if answer.meaning in TAKEN:
                return name
            troubles.append(f"{name}: {answer.text}")
            if answer.meaning == REFUSED:
                break
        raise NotSent("; ".join(troubles))

    def _patiently(self, channel: Channel, mobile: str, code: str, out_id: str) -> Answer:
        """One channel, again while it is busy or does not answer. Raises Unclear."""
        lost = False
        for number in range(TRIES):
            if number:
                self._sleep(FIRST_PAUSE * 2 ** (number - 1))
            try:
                answer = channel.send(mobile, code, out_id)
            except NoConnection as error:
                answer = Answer(DOWN, str(error))
            except NoAnswer as error:
                answer, lost = Answer(BUSY, str(error)), True
            if answer.meaning != BUSY:
                break
        if lost and answer.meaning not in TAKEN:
            raise Unclear(answer.text)
        return answer
