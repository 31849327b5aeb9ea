"""What is sent: a verification code to one of the plan's mobiles, under an id of its own."""

import random
from typing import NamedTuple
from uuid import uuid4

MINUTES = "5"
CODES, STRIDE = 1_000_000, 7919
"""Codes in steps that have no factor in common with their number: a million go by before one comes again."""


class Message(NamedTuple):
    """One message. ``id`` stays the same however often it is tried, if the client is a good one."""

    id: str
    mobile: str
    code: str

    @property
    def params(self) -> dict[str, str]:
        """The parameters of the session's template."""
        return {"code": self.code, "minutes": MINUTES}

    def text(self, signature: str) -> str:
        """All of it, for providers without templates."""
        return f"{signature}您的验证码是{self.code}，{MINUTES}分钟内有效。"


def new_id() -> str:
    """An id that no other message has, in no process."""
    return uuid4().hex[:24]


def mobile(number: int) -> str:
    """The n-th mobile of a pool of up to a hundred million."""
    return f"139{number:08d}"


class Mailbag:
    """An endless supply of messages to so many mobiles."""

    def __init__(self, mobiles: int, seed: str) -> None:
        self._mobiles = mobiles
        self._random = random.Random(seed)
        self._code = self._random.randrange(CODES)

    def next(self) -> Message:
        """A message to one of the mobiles."""
        self._code = (self._code + STRIDE) % CODES
        return Message(new_id(), mobile(self._random.randrange(self._mobiles)), f"{self._code:06d}")
