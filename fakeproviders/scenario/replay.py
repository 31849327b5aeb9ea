"""Many scenarios against one running server, so many at a time."""

import asyncio
import time
from collections.abc import Callable, Sequence

import msgspec

from fakeproviders.clock import iso
from fakeproviders.scenario.model import Scenario
from fakeproviders.scenario.progress import OnEvent, nobody
from fakeproviders.scenario.results import ScenarioResult, Summary
from fakeproviders.scenario.run import run_scenario
from fakeproviders.scenario.targets.base import Target


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario to run, and where."""

    name: str
    scenario: Scenario
    target: Target
    path: str | None = None
    seed: int | None = None


class Replay:
    """A replay on its way; ``summary`` is there at any time, also when it was broken off."""

    def __init__(
        self,
        jobs: Sequence[Job],
        *,
        control_url: str,
        token: str | None = None,
        at_once: int = 1,
        keep: bool = False,
        lang: str = "en",
        on_event: OnEvent = nobody,
        real: Callable[[], float] = time.time,
    ) -> None:
        self._jobs = jobs
        self._control_url = control_url
        self._token = token
        self._keep = keep
        self._lang = lang
        self._tell = on_event
        self._real = real
        self._began = real()
        self._took = 0.0
        self._results: list[ScenarioResult | None] = [None] * len(jobs)
        self._places = asyncio.Semaphore(at_once)
        self._at_target = {
            job.target.name: asyncio.Semaphore(min(job.target.at_once or at_once, at_once))
            for job in jobs
        }

    async def run(self) -> Summary:
        """Run all. Raises TargetError for a target that is not there, before any scenario."""
        started = asyncio.get_running_loop().time()
        for target in {job.target.name: job.target for job in self._jobs}.values():
            await target.reach()
        try:
            async with asyncio.TaskGroup() as group:
                for number, job in enumerate(self._jobs):
                    group.create_task(self._run(number, job))
        finally:
            self._took = asyncio.get_running_loop().time() - started
        return self.summary()

    def summary(self, *, interrupted: bool = False) -> Summary:
        """What has come to an end so far, in the order of the jobs."""
        return Summary(
            results=tuple(result for result in self._results if result is not None),
            started_at=iso(self._began),
            took=self._took,
            interrupted=interrupted,
        )

    async def _run(self, number: int, job: Job) -> None:
        async with self._at_target[job.target.name], self._places:
            self._results[number] = await run_scenario(
                job.scenario,
                name=job.name,
                control_url=self._control_url,
                target=job.target,
                token=self._token,
                seed=job.seed,
                path=job.path,
                keep=self._keep,
                lang=self._lang,
                on_event=self._tell,
                real=self._real,
            )
