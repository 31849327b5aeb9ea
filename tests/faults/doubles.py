"""Stand-ins for a connection, a draw's luck and a session's clock, and calls to try rules on."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from fakeproviders.clock import SessionClock
from fakeproviders.faults.engine import Draw, FaultEngine
from fakeproviders.faults.registry import BadRule
from fakeproviders.faults.rule import FaultSpec, Rule
from fakeproviders.model import SEND, Call, RawReply

T = TypeVar("T")
R = TypeVar("R")
NOON = 1_714_968_000.0
"""2024-05-06 12:00:00 in Beijing."""
MOBILE = "13800000001"
REPLY = RawReply(
    200,
    (("Content-Type", "application/json; charset=utf-8"), ("Server", "nginx")),
    '{"code":0,"msg":"短信发送成功"}'.encode(),
)


class RecordingWire:
    """A connection that notes what is done with it."""

    def __init__(self) -> None:
        self.done: list[object] = []

    async def sleep(self, seconds: float) -> None:
        self.done.append(seconds)

    async def wait(self, event: asyncio.Event) -> None:
        await event.wait()
        self.done.append("waited")

    async def hang(self) -> None:
        self.done.append("hang")

    def write(self, data: bytes | bytearray) -> None:
        self.done.append(bytes(data))

    async def drain(self) -> None:
        self.done.append("drained")

    def status_page(self, status: int) -> RawReply:
        return RawReply(status, (("Content-Type", "text/html"),), b"the provider's own")

    def close(self) -> None:
        self.done.append("close")

    def reset(self) -> None:
        self.done.append("reset")

    @property
    def written(self) -> bytes:
        return b"".join(data for data in self.done if isinstance(data, bytes))


class Luck:
    """A draw whose numbers are given; 0.5 is the middle of every distribution."""

    def __init__(self, number: float = 0.5, elapsed: float = 0.0) -> None:
        self.number = number
        self.elapsed = elapsed
        self.later: list[tuple[float, Callable[[], None]]] = []

    def uniform(self, label: str) -> float:
        del label
        return self.number

    def call_after(self, seconds: float, action: Callable[[], None]) -> None:
        self.later.append((seconds, action))


class Session:
    """An engine with a clock that the test moves."""

    def __init__(self, seed: str = "7|test") -> None:
        self.now = NOON
        self.engine = FaultEngine(seed, SessionClock(lambda: self.now))

    def add(self, provider: str = "official", do: object = None, **rule: object) -> Rule:
        return self.engine.add(spec(provider, do, **rule))

    def draw(self, **fields: Any) -> Draw:
        return self.drawn(call(**fields))

    def drawn(self, subject: Call) -> Draw:
        """What a call meets with now."""
        draw = self.engine.draw(subject, self.now)
        assert isinstance(draw, Draw)
        return draw

    def draws(self, number: int, **fields: Any) -> list[str]:
        """What so many calls in a row meet with."""
        return [self.draw(**fields).fault.label for _ in range(number)]


def spec(provider: str = "official", do: object = None, **rule: object) -> FaultSpec:
    """A rule as the control API reads it. Raises msgspec.ValidationError."""
    whole: Mapping[str, object] = {
        "provider": provider,
        **({} if do is None else {"do": do}),
        **rule,
    }
    return msgspec.convert(whole, FaultSpec)


def attempt(parse: Callable[[T], R], given: T) -> R | BadRule:
    """What is read, or the complaint; whatever else is raised fails the test."""
    try:
        return parse(given)
    except BadRule as bad:
        return bad


def call(
    provider: str = "official", operation: str = SEND, mobile: str = MOBILE, **fields: Any
) -> Call:
    """A call as a codec reads it; several mobiles are joined by commas."""
    mobiles = tuple(mobile.split(",")) if mobile else ()
    return Call(provider=provider, operation=operation, mobiles=mobiles, **fields)
