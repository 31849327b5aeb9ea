"""Runs of scenarios that the control API has started, as many as are worth keeping."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from functools import partial
from itertools import count
from typing import Any

import msgspec
from aiohttp import web

from fakeproviders.control.problems import Problem, not_found
from fakeproviders.failures import Words
from fakeproviders.scenario.progress import (
    Progress,
    ScenarioFinished,
    ScenarioStarted,
    StepFinished,
)
from fakeproviders.scenario.results import ScenarioResult

_log = logging.getLogger(__name__)
KEPT, AT_ONCE, MOST_WAITING = 50, 4, 100
Work = Callable[["Run"], Any]
"""Makes the coroutine that runs a scenario, and tells the run what happens."""


class Run:
    """One run: what has been told of it so far, and its result in the end."""

    def __init__(self, run_id: str, scenario: str, about: dict[str, Any]) -> None:
        self.id = run_id
        self.scenario = scenario
        self.about = about
        """What it was asked for with: title, target, seed."""
        self.events: list[Progress] = []
        self.result: ScenarioResult | None = None
        self.stopped = False
        """Somebody has ended it."""
        self.broken_off = False
        self._changed = asyncio.Event()

    @property
    def state(self) -> str:
        """``waiting``, ``running``, ``finished``, ``stopped``; ``broken_off`` where a defect ended it."""
        if self.result is not None:
            return "finished"
        if self.stopped:
            return "stopped"
        if self.broken_off:
            return "broken_off"
        return "running" if self.events else "waiting"

    @property
    def over(self) -> bool:
        """Whether nothing more will be told."""
        return self.state in {"finished", "stopped", "broken_off"}

    def tell(self, event: Progress) -> None:
        """Something happened."""
        self.events.append(event)
        if isinstance(event, ScenarioFinished):
            self.result = event.result
        self.wake()

    def wake(self) -> None:
        """Let those look who wait."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def changed(self, told: int) -> None:
        """Return when more has been told than ``told`` events, or nothing more will be."""
        while len(self.events) <= told and not self.over:
            await self._changed.wait()

    def view(self) -> dict[str, Any]:
        """How it looks in the API's JSON."""
        finished = [event for event in self.events if isinstance(event, StepFinished)]
        begun = [event for event in self.events if isinstance(event, ScenarioStarted)]
        return {
            "id": self.id,
            "scenario": self.scenario,
            **self.about,
            "state": self.state,
            "session": begun[0].session if begun and not self.over else None,
            "steps": [msgspec.to_builtins(event.step) for event in finished],
            "result": msgspec.to_builtins(self.result),
        }


class Runs:
    """All runs that are kept; the oldest that is over makes room for a new one."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        """Those of runs that are not over, by the run's id."""
        self._places = asyncio.Semaphore(AT_ONCE)
        self._serial = count(1)

    def all(self) -> list[Run]:
        """Oldest first."""
        return list(self._runs.values())

    def get(self, run_id: str) -> Run:
        """A run. Raises Problem."""
        run = self._runs.get(run_id)
        if run is None:
            raise not_found(
                Words(
                    zh=f"没有运行 {run_id}：编号有误，或已被较新的运行挤出（保留最近 {KEPT} 次）",
                    en=f"there is no run {run_id}: a wrong id, or newer runs took its place ({KEPT} are kept)",
                )
            )
        return run

    def start(self, scenario: str, about: dict[str, Any], work: Work) -> Run:
        """Begin a run, or let it wait for its turn. Raises Problem when too many wait."""
        if len(self._tasks) >= AT_ONCE + MOST_WAITING:
            raise Problem(
                429,
                Words(
                    zh=f"已有 {len(self._tasks)} 次运行未结束，请稍后再试",
                    en=f"{len(self._tasks)} runs have not ended yet; try again later",
                ),
            )
        run = Run(f"run{next(self._serial)}", scenario, about)
        self._runs[run.id] = run
        self._make_room()
        task = asyncio.get_running_loop().create_task(self._work(run, work))
        self._tasks[run.id] = task
        task.add_done_callback(partial(self._over, run))
        return run

    async def stop(self, run: Run) -> None:
        """End a run and return when it is over, its session gone; one that is over stays as it is."""
        task = self._tasks.get(run.id)
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def close(self) -> None:
        """Break all off."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self, run: Run, work: Work) -> None:
        try:
            async with self._places:
                await work(run)
        except Exception:  # noqa: BLE001 - logged, and the run says that it was broken off
            _log.exception("run %s of %s failed: a defect, please report it", run.id, run.scenario)

    def _over(self, run: Run, task: "asyncio.Task[None]") -> None:
        del self._tasks[run.id]
        run.stopped = task.cancelled()
        run.broken_off = run.result is None and not run.stopped
        run.wake()

    def _make_room(self) -> None:
        over = [run.id for run in self._runs.values() if run.over]
        for run_id in over[: max(0, len(self._runs) - KEPT)]:
            del self._runs[run_id]


RUNS: web.AppKey[Runs] = web.AppKey("runs", Runs)


async def keeping_runs(app: web.Application) -> AsyncIterator[None]:
    """The application's runs, for as long as it runs."""
    app[RUNS] = Runs()
    yield
    await app[RUNS].close()
