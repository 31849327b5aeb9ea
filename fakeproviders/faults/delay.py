"""``delay``: the reply comes late."""

import asyncio
from math import exp
from statistics import NormalDist
from typing import ClassVar, Literal

from fakeproviders.failures import Words
from fakeproviders.faults.base import Chance, Fault, Wire, between
from fakeproviders.misfit import Misfit
from fakeproviders.model import RawReply

_HOUR_MS = 3_600_000
_NORMAL = NormalDist()


class Delay(Fault, frozen=True):
    """Waits before the reply. The request is handled first: a caller that gives up has sent all the same.

    ``ms`` is the delay; ``distribution`` says how it varies:

    - ``fixed`` (or ``uniform``): plus or minus up to ``jitter_ms``;
    - ``normal``: standard deviation ``jitter_ms``;
    - ``lognormal``: median ``ms``, shape ``sigma``;
    - ``ramp``: from ``ms`` to ``to_ms`` over ``over_seconds`` of the session's clock, then it stays.

    Never over ``cap_ms``. ``clock: session`` waits until the session's clock has gone on by so much.
    """

    name: ClassVar[str] = "delay"

    ms: float = 1000.0
    jitter_ms: float = 0.0
    distribution: Literal["fixed", "uniform", "normal", "lognormal", "ramp"] = "fixed"
    sigma: float = 0.5
    to_ms: float | None = None
    over_seconds: float = 60.0
    cap_ms: float = _HOUR_MS
    clock: Literal["real", "session"] = "real"

    def __post_init__(self) -> None:
        for name in ("ms", "jitter_ms", "cap_ms"):
            between(name, getattr(self, name), 0, _HOUR_MS)
        between("sigma", self.sigma, 0, 10)
        if (self.to_ms is not None) != (self.distribution == "ramp"):
            words = Words(
                zh="to_ms 与 distribution 的 ramp 必须一起用",
                en="to_ms and distribution ramp go together",
            )
            raise Misfit("", words)
        if self.to_ms is not None:
            between("to_ms", self.to_ms, 0, _HOUR_MS)
            between("over_seconds", self.over_seconds, 0.001, 10 * 366 * 86400)

    def milliseconds(self, chance: Chance) -> float:
        """How long this reply waits."""
        return min(max(0.0, self._drawn(chance)), self.cap_ms)

    async def deliver(self, wire: Wire, reply: RawReply, chance: Chance) -> RawReply | None:
        """Wait, then let the reply go."""
        seconds = self.milliseconds(chance) / 1000
        if self.clock == "real":
            await wire.sleep(seconds)
        else:
            due = asyncio.Event()
            chance.call_after(seconds, due.set)
            await wire.wait(due)
        return reply

    def _drawn(self, chance: Chance) -> float:
        if self.distribution == "ramp":
            share = min(1.0, chance.elapsed / self.over_seconds)
            return self.ms + ((self.to_ms or 0.0) - self.ms) * share
        luck = chance.uniform("delay")
        if self.distribution in {"fixed", "uniform"}:
            return self.ms + self.jitter_ms * (2 * luck - 1)
        deviation = _NORMAL.inv_cdf(min(max(luck, 1e-12), 1 - 1e-12))
        if self.distribution == "normal":
            return self.ms + self.jitter_ms * deviation
        return self.ms * exp(self.sigma * deviation)
