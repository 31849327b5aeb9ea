"""One scenario, from a new session to its result. Everything goes over HTTP, and has an end.

new session -> given and cause -> steps -> remedy -> session removed
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from fakeproviders.clients.control import ControlClient, ControlError, Unreachable, control_client
from fakeproviders.clock import iso
from fakeproviders.failures import Words
from fakeproviders.merge import merged
from fakeproviders.misfit import Misfit
from fakeproviders.scenario import steps
from fakeproviders.scenario.actions import ACTIONS
from fakeproviders.scenario.attempt import Attempt, Record, why
from fakeproviders.scenario.expectations import checks_of
from fakeproviders.scenario.fake import Fake
from fakeproviders.scenario.model import PanelState, Scenario, Setup, Step
from fakeproviders.scenario.progress import OnEvent, ScenarioFinished, ScenarioStarted, nobody
from fakeproviders.scenario.results import Check, Outcome, Phase, ScenarioResult, StepResult
from fakeproviders.scenario.targets.base import Driven, Target, TargetError
from fakeproviders.scenario.variables import variables
from fakeproviders.scenario.world import Mark, World

SCENARIO_SECONDS = 300.0
"""Real seconds that a scenario may take as a whole."""
LOOK_AGAIN_SECONDS = 0.25
"""What changes without a request, as a message's status, is looked at this often."""
PREPARED = Words(zh="准备环境与原因", en="Set the scene, with what makes it fail")
_NOT_POSSIBLE = (TargetError, ControlError, Unreachable, Misfit, msgspec.ValidationError)
"""What keeps a scenario from being tried."""


async def run_scenario(
    scenario: Scenario,
    *,
    name: str,
    control_url: str,
    target: Target,
    token: str | None = None,
    seed: int | None = None,
    path: str | None = None,
    keep: bool = False,
    lang: str = "en",
    on_event: OnEvent = nobody,
    real: Callable[[], float] = time.time,
) -> ScenarioResult:
    """Run a scenario in a session of its own, in any event loop.

    ``seed`` replaces the scenario's own; ``keep`` leaves the session there. ``lang`` is that of
    texts which the server has in one language alone. Whatever goes wrong is in the result.
    """
    about = ScenarioResult(
        name=name,
        title=Words(zh=scenario.title.zh, en=scenario.title.en),
        section=scenario.section,
        failure=scenario.failure,
        tags=scenario.tags,
        outcome="skipped",
        reason=target.lacks(scenario),
        seed=scenario.seed if seed is None else seed,
        target=target.name,
        path=path,
        started_at=iso(real()),
    )
    result = about
    if about.reason is None:
        async with control_client(control_url, token=token, lang=lang) as control:
            run = _Run(scenario, about, control, target, Record(name, on_event, real))
            result = await run.result(keep=keep)
    on_event(ScenarioFinished(name=name, result=result))
    return result


class _Run:
    """A scenario on its way."""

    def __init__(
        self,
        scenario: Scenario,
        about: ScenarioResult,
        control: ControlClient,
        target: Target,
        record: Record,
    ) -> None:
        self._scenario = scenario
        self._about = about
        self._control = control
        self._target = target
        self._record = record
        self._count = 1 + len(scenario.steps) + len(scenario.remedy)

    async def result(self, *, keep: bool) -> ScenarioResult:
        """What became of it."""
        outcome: Outcome = "failed"
        error = False
        kept: str | None = None
        try:
            async with self._world(keep=keep) as world, asyncio.timeout(SCENARIO_SECONDS):
                kept = world.id if keep else None
                async with self._target.drive(world.session) as driven:
                    await self._all_steps(world, driven)
        except TimeoutError:
            reason: Words | None = _too_long()
        except _NOT_POSSIBLE as obstacle:
            reason, error = why(obstacle), True
        else:
            last = self._record.steps[-1]
            outcome, error, reason = last.outcome, last.error, _first_wrong(last)
        return msgspec.structs.replace(
            self._about,
            outcome=outcome,
            error=error,
            reason=reason,
            session=kept,
            steps=tuple(self._record.steps),
            not_run=self._count - len(self._record.steps),
            events=tuple(self._record.events),
            took=self._record.elapsed(),
        )

    @asynccontextmanager
    async def _world(self, *, keep: bool) -> AsyncIterator[World]:
        """A session, which is removed in the end; one to be kept too, when the run is broken off."""
        world = await World.create(
            self._control,
            name=f"replay {self._about.name}",
            seed=self._about.seed,
            dedicated_ports=self._scenario.dedicated_ports,
            lasting=keep,
        )
        try:
            yield world
        except asyncio.CancelledError:
            keep = False  # there will be no result to tell its id
            raise
        finally:
            if not keep:
                with contextlib.suppress(ControlError, Unreachable):
                    await asyncio.shield(world.delete())

    async def _all_steps(self, world: World, driven: Driven) -> None:
        """Up to the first that does not pass."""
        about = self._about
        self._record.tell(
            ScenarioStarted(
                name=about.name,
                title=about.title,
                session=world.id,
                target=about.target,
                steps=self._count,
            )
        )
        fixed = {"session": world.session, "fake": Fake(about.seed)}
        names = variables(self._scenario.variables, fixed)
        if not await self._prepare(world, driven, names):
            return
        phases: tuple[tuple[Phase, Sequence[Step]], ...] = (
            ("steps", self._scenario.steps),
            ("remedy", self._scenario.remedy),
        )
        for phase, own in phases:
            for index, step in enumerate(own, 1):
                attempt = Attempt(self._record, world, phase, index, step, steps.step_words(step))
                if not await self._step(attempt, step, world, driven, names):
                    return

    async def _prepare(self, world: World, driven: Driven, names: Mapping[str, Any]) -> bool:
        """The step ``given``; whether it went well."""
        attempt = Attempt(self._record, world, "given", 1, None, PREPARED)
        async with attempt.guard():
            await attempt.begin({})
            given = steps.filled_setup(self._scenario.given, names)
            cause = steps.filled_setup(self._scenario.cause, names)
            await _set_up(world, driven, given, cause)
        return await attempt.end()

    async def _step(
        self, attempt: Attempt, step: Step, world: World, driven: Driven, names: Mapping[str, Any]
    ) -> bool:
        async with attempt.guard():
            mark = await attempt.begin(step.expect.charged)
            step = steps.filled_step(step, {**names, "codes": await world.codes()})
            attempt.fill_in(step)
            attempt.seen = tuple(await steps.done(step, world, driven))
            attempt.checks = await self._checked(step, attempt, world, driven, mark)
        return await attempt.end()

    async def _checked(
        self, step: Step, attempt: Attempt, world: World, driven: Driven, mark: Mark
    ) -> tuple[Check, ...]:
        """The checks, looked at again for as long as the expectation allows.

        An action that only looks at something is done again then; another has had its answer.
        """
        expect, looks = step.expect, step.do is not None and ACTIONS[step.do].looks
        if expect.user is not None:
            in_own_words = self._target.expected(expect.user)
            expect = msgspec.structs.replace(expect, user=in_own_words)
        loop = asyncio.get_running_loop()
        deadline, cursor = loop.time() + expect.within, mark.requests
        while True:
            checks = await checks_of(expect, attempt.seen, world, mark)
            left = deadline - loop.time()
            wrong = [check for check in checks if not check.ok]
            final = not looks and any(check.about == "user" for check in wrong)
            if not wrong or left <= 0 or final:
                return checks
            cursor = await world.wait_for_request(cursor, min(left, LOOK_AGAIN_SECONDS))
            if looks:
                attempt.seen = tuple(await steps.done(step, world, driven))


async def _set_up(world: World, driven: Driven, given: Setup, cause: Setup) -> None:
    """The state of the world before the first step: ``cause`` is laid over ``given``.

    The target comes first. It is installed with the account's own credentials, which a provider's
    settings may then take away.
    """
    await driven.prepare(
        PanelState(
            settings=merged(given.panel.settings, cause.panel.settings),
            drafts=merged(given.panel.drafts, cause.panel.drafts),
            notifications=merged(given.panel.notifications, cause.panel.notifications),
        )
    )
    for setup in (given, cause):
        for role, settings in setup.providers.items():
            await world.patch(role, settings)
    clock = cause.clock or given.clock
    if clock is not None:
        await world.set_clock(clock)
    for rule in (*given.faults, *cause.faults):
        await world.add_fault(rule)


def _first_wrong(step: StepResult) -> Words | None:
    """Why it failed, in a line; None for one that passed."""
    check = next((check for check in step.checks if not check.ok), None)
    if step.problem is not None or check is None:
        return step.problem
    return Words(
        zh=f"{check.what.zh}：应为 {check.expected.zh}，实际为 {check.actual.zh}",
        en=f"{check.what.en}: expected {check.expected.en}, got {check.actual.en}",
    )


def _too_long() -> Words:
    return Words(
        zh=f"整个场景超过 {SCENARIO_SECONDS:g} 秒仍未结束",
        en=f"the whole scenario took more than {SCENARIO_SECONDS:g} s",
    )
