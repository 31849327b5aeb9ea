"""What a fault can do: hooks with harmless defaults, so that nobody asks which fault it is."""

import asyncio
from collections.abc import Callable
from typing import ClassVar, Protocol

import msgspec

from fakeproviders.failures import Reason, Words
from fakeproviders.faults.chaos import ORDERLY, Chaos
from fakeproviders.misfit import Misfit
from fakeproviders.model import RawReply


class Wire(Protocol):
    """The caller's connection, as far as a fault may touch it."""

    async def sleep(self, seconds: float) -> None:
        """Let real time pass, or less when the server stops or the caller leaves."""

    async def wait(self, event: asyncio.Event) -> None:
        """Wait for an event, or less when the server stops or the caller leaves."""

    async def hang(self) -> None:
        """Keep the connection open and silent until the caller leaves or the server stops."""

    def status_page(self, status: int) -> RawReply:
        """The error page of the web server in front of this provider."""

    def write(self, data: bytes | bytearray) -> None:
        """Put bytes on the connection as they are."""

    async def drain(self) -> None:
        """Wait until what was written has reached the caller's host, or less as for sleep."""

    def close(self) -> None:
        """End the connection in order: what was written arrives, then FIN."""

    def reset(self) -> None:
        """End the connection with RST."""


class Chance(Protocol):
    """The circumstances of one draw: its random numbers, and the session's time."""

    @property
    def elapsed(self) -> float:
        """Seconds of the session's clock since the rule was added."""

    def uniform(self, label: str) -> float:
        """In [0, 1): depends on the rule and its n-th match alone, the same for the same label."""

    def call_after(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something when the session's clock has gone on by so much, or is cleared."""


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """One scripted failure; its fields are its settings in YAML and JSON."""

    name: ClassVar[str] = ""
    acts: ClassVar[bool] = True

    @property
    def intercepts(self) -> bool:
        """True: the request is read and nothing is done with it; nothing is sent or charged."""
        return False

    @property
    def reason(self) -> Reason | None:
        """The refusal this fault stands for, decided before the rules; None leaves it to them."""
        return None

    @property
    def label(self) -> str:
        """What it is called in a rule."""
        return self.name

    @property
    def names(self) -> tuple[str, ...]:
        """What is counted when it acts: its name without settings, or those of its parts."""
        return (self.name or self.label,)

    @property
    def chaos(self) -> Chaos:
        """What it does to a delivery receipt; nothing, for all but ``receipt``."""
        return ORDERLY

    async def deliver(self, wire: Wire, reply: RawReply, chance: Chance) -> RawReply | None:
        """At the socket: the reply to write, or None when the connection has been dealt with."""
        del wire, chance
        return reply


class Interception(Fault, frozen=True):
    """A fault in place of the reply: the request is read, and nothing is done with it."""

    @property
    def intercepts(self) -> bool:
        """Always."""
        return True


class NoFault(Fault, frozen=True):
    """Nothing happens: the object for "no rule fired"."""

    acts = False


NO_FAULT = NoFault()


def between(name: str, value: float, low: float, high: float) -> None:
    """Raises Misfit for a setting out of bounds."""
    if not low <= value <= high:
        words = Words(
            zh=f"{name} 必须在 {low:g} 到 {high:g} 之间，而不是 {value:g}",
            en=f"{name} must be between {low:g} and {high:g}, not {value:g}",
        )
        raise Misfit("", words)
