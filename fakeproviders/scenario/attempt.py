"""One step being tried, and the record of a scenario that grows by it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from fakeproviders.clients.control import ControlError, Unreachable
from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit, told
from fakeproviders.scenario.model import Step
from fakeproviders.scenario.progress import OnEvent, StepFinished, StepStarted
from fakeproviders.scenario.results import (
    Check,
    Phase,
    Seen,
    StepResult,
    TimelineEvent,
    Trace,
)
from fakeproviders.scenario.steps import NothingThere, step_words
from fakeproviders.scenario.targets.base import TargetError
from fakeproviders.scenario.timeline import events_of
from fakeproviders.scenario.variables import BadTemplate
from fakeproviders.scenario.world import SHOWN, Mark, World

TRACED = 5
"""Requests whose decision traces a failed step shows."""


class Record:
    """What has happened in a scenario so far, by a clock that begins with it."""

    def __init__(self, name: str, on_event: OnEvent, real: Callable[[], float]) -> None:
        self.name = name
        self.steps: list[StepResult] = []
        self.events: list[TimelineEvent] = []
        self.tell = on_event
        self._real_start = real()
        self._start = asyncio.get_running_loop().time()

    def elapsed(self) -> float:
        """Seconds from its start."""
        return asyncio.get_running_loop().time() - self._start

    def since(self, moment: float) -> float:
        """Seconds from its start to a moment (real epoch seconds)."""
        return moment - self._real_start


class Attempt:
    """One step: begun, tried inside ``guard``, ended."""

    def __init__(
        self,
        record: Record,
        world: World,
        phase: Phase,
        index: int,
        step: Step | None,
        words: Words,
    ) -> None:
        self._record = record
        self._world = world
        self._phase = phase
        self._index = index
        self._step = step
        self._words = words
        self._started = record.elapsed()
        self._mark: Mark | None = None
        self._problem: Words | None = None
        self._error = False
        self.seen: tuple[Seen, ...] = ()
        self.checks: tuple[Check, ...] = ()

    async def begin(self, charged: Mapping[Any, int]) -> Mark:
        """Note where things stand, with the balances that will be asked about."""
        record = self._record
        record.tell(
            StepStarted(name=record.name, phase=self._phase, index=self._index, words=self._words)
        )
        self._mark = await self._world.mark(charged)
        return self._mark

    def fill_in(self, step: Step) -> None:
        """The step without templates."""
        self._step, self._words = step, step_words(step)

    @asynccontextmanager
    async def guard(self) -> AsyncIterator[None]:
        """What goes wrong inside is the step's problem: the target's failure, or it could not be tried."""
        try:
            yield
        except (TargetError, BadTemplate, NothingThere) as error:
            self._problem, self._error = why(error), self._phase == "given"
        except (ControlError, Misfit, msgspec.ValidationError) as error:
            self._problem, self._error = why(error), True

    async def end(self) -> bool:
        """Write down what became of it; whether the scenario goes on."""
        took = self._record.elapsed() - self._started
        requests, messages = await self._happened()
        passed = self._problem is None and all(check.ok for check in self.checks)
        ids = tuple(entry["id"] for entry in requests)
        result = StepResult(
            phase=self._phase,
            index=self._index,
            words=self._words,
            outcome="passed" if passed else "failed",
            error=self._error,
            cause=self._step is not None and self._step.cause,
            problem=self._problem,
            checks=self.checks,
            seen=self.seen,
            requests=ids,
            traces=() if passed else await self._traces(ids),
            started=self._started,
            took=took,
        )
        await self._write_down(result, requests, messages)
        return passed

    async def _write_down(
        self, result: StepResult, requests: Sequence[Any], messages: Sequence[Any]
    ) -> None:
        record = self._record
        record.steps.append(result)
        now = await self._world.now()
        record.events += events_of(self._step, result, requests, messages, now, record.since)
        record.tell(StepFinished(name=record.name, step=result))

    async def _happened(self) -> tuple[list[Any], list[Any]]:
        if self._mark is None:
            return [], []
        requests = await self._world.requests(cursor=self._mark.requests, limit=SHOWN)
        messages = await self._world.messages(cursor=self._mark.messages, limit=SHOWN)
        return requests, messages

    async def _traces(self, ids: Sequence[str]) -> tuple[Trace, ...]:
        """Those of the last requests; one that is gone meanwhile has none."""
        found = []
        for request in ids[-TRACED:]:
            with contextlib.suppress(ControlError):
                found.append(await self._world.trace(request))
        return tuple(found)


def why(error: Exception) -> Words:
    """What stood in the way, in words."""
    if isinstance(error, TargetError | BadTemplate | NothingThere):
        return error.words
    if isinstance(error, Misfit | msgspec.ValidationError):
        return told(error)
    if isinstance(error, Unreachable):
        return Words(zh=f"控制服务没有应答，可能已停止运行：`{error}`", en=str(error))
    return Words(
        zh=f"控制服务没有照办：`{error}`", en=f"the control server did not comply: {error}"
    )
