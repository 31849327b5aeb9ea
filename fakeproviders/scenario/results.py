"""What became of scenarios: each step, each expectation, and what happened meanwhile.

Plain data: reports are made of it, and the control API shows it as it is.
"""

import math
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from fakeproviders.failures import Words

Outcome = Literal["passed", "failed", "skipped"]
StepOutcome = Literal["passed", "failed"]
Phase = Literal["given", "steps", "remedy"]
About = Literal["user", "received", "order", "strict", "inbox", "quota", "charged"]
EventKind = Literal["step", "request", "fault", "clock", "message"]
PHASES = {
    "given": Words(zh="准备", en="given"),
    "steps": Words(zh="步骤", en="steps"),
    "remedy": Words(zh="处理", en="remedy"),
}


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A result or a part of one."""


class Check(Record, frozen=True, kw_only=True):
    """One expectation and what was found. ``hints`` say of near misses why they are none."""

    about: About
    what: Words
    expected: Words
    actual: Words
    ok: bool
    hints: tuple[Words, ...] = ()


class Seen(Record, frozen=True, kw_only=True):
    """What the target answered to one action. ``text`` is what its user reads."""

    succeeded: bool
    text: str = ""
    failure: str | None = None
    data: dict[str, Any] = {}


def sayable(seen: Seen) -> Seen:
    """An answer without what JSON and pages cannot hold, and JSON's escapes can bring in nevertheless."""
    return Seen(
        succeeded=seen.succeeded,
        text=_sayable(seen.text),
        failure=_sayable(seen.failure),
        data=_sayable(seen.data),
    )


_DEEPEST = 40
"""Levels of an answer's data."""


def _sayable(value: Any, depth: int = 0) -> Any:
    """Lone surrogates become question marks; what is no number, or nested too deeply, null."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if depth > _DEEPEST or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, Mapping):
        return {_sayable(key): _sayable(part, depth + 1) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_sayable(part, depth + 1) for part in value]
    return value


class Decision(Record, frozen=True, kw_only=True):
    """One line of a request's decision trace."""

    rule: str
    passed: bool
    words: Words


class Trace(Record, frozen=True, kw_only=True):
    """Why a provider answered a request as it did; ``outcome`` and ``reason`` are the journal's."""

    request: str
    provider: str
    operation: str
    outcome: str
    reason: str | None
    decisions: tuple[Decision, ...]


class StepResult(Record, frozen=True, kw_only=True):
    """One step. ``index`` counts from 1 within its phase; ``given`` is one step.

    ``started`` is seconds from the scenario's start, ``took`` seconds. ``traces`` are there for a
    step that did not pass.
    """

    phase: Phase
    index: int
    words: Words
    outcome: StepOutcome
    error: bool = False
    """It failed because it could not be tried: a setup that was refused, a target that is not there."""
    cause: bool = False
    """Whether it is part of what makes the scenario fail."""
    problem: Words | None = None
    """Why it could not be done."""
    checks: tuple[Check, ...] = ()
    seen: tuple[Seen, ...] = ()
    """An answer each time that the action was done."""
    requests: tuple[str, ...] = ()
    """Ids, in the journal, of what the providers received meanwhile."""
    traces: tuple[Trace, ...] = ()
    started: float
    took: float


class TimelineEvent(Record, frozen=True, kw_only=True):
    """Something that happened; ``at`` is seconds from the scenario's start.

    ``session_at`` is the session's clock then (RFC 3339); ``data`` is what the control API says of it.
    """

    at: float
    session_at: str
    kind: EventKind
    words: Words
    ok: bool = True
    """False for a refused or broken request, and for a step that did not pass."""
    data: dict[str, Any] = {}


class ScenarioResult(Record, frozen=True, kw_only=True):
    """One scenario. ``reason`` says why it was skipped, or what went wrong first."""

    name: str
    title: Words
    section: str | None = None
    failure: str | None = None
    tags: tuple[str, ...] = ()
    outcome: Outcome
    error: bool = False
    """It failed because it could not be tried; nothing is known of what it is about."""
    reason: Words | None = None
    seed: int
    target: str
    """``panel``, ``client:official`` and the like, or the target file's path."""
    path: str | None = None
    """The file that it was read from, where it was one that the user named."""
    session: str | None = None
    """The session that was kept."""
    steps: tuple[StepResult, ...] = ()
    not_run: int = 0
    """Steps that an earlier one kept from being tried."""
    events: tuple[TimelineEvent, ...] = ()
    started_at: str = ""
    """RFC 3339, real time."""
    took: float = 0.0
    """Seconds."""

    @property
    def failed_step(self) -> StepResult | None:
        """The step that ended it."""
        return next((step for step in self.steps if step.outcome != "passed"), None)


class Summary(Record, frozen=True, kw_only=True):
    """Many scenarios, in the order in which they were asked for."""

    results: tuple[ScenarioResult, ...]
    started_at: str
    took: float
    interrupted: bool = False
    """Ctrl-C ended it: scenarios that had not come to an end are not among the results."""

    def count(self, outcome: Outcome) -> int:
        """How many ended so."""
        return sum(result.outcome == outcome for result in self.results)

    @property
    def errors(self) -> int:
        """How many of those that failed could not be tried."""
        return sum(result.error for result in self.results)

    @property
    def good(self) -> bool:
        """Whether no scenario failed."""
        return not self.count("failed")
