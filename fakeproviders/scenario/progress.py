"""What is told of a scenario while it runs."""

from collections.abc import Callable

import msgspec

from fakeproviders.failures import Words
from fakeproviders.scenario.results import Phase, ScenarioResult, StepResult


class Told(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """Something happened to the scenario of that name."""

    name: str


class ScenarioStarted(Told, frozen=True, kw_only=True, tag="scenario_started"):
    """Its session is there."""

    title: Words
    session: str
    target: str
    steps: int
    """How many there are, the remedy's and the preparation among them."""


class StepStarted(Told, frozen=True, kw_only=True, tag="step_started"):
    """A step has begun."""

    phase: Phase
    index: int
    words: Words


class StepFinished(Told, frozen=True, kw_only=True, tag="step_finished"):
    """A step is over."""

    step: StepResult


class ScenarioFinished(Told, frozen=True, kw_only=True, tag="scenario_finished"):
    """It is over, or was skipped."""

    result: ScenarioResult


Progress = ScenarioStarted | StepStarted | StepFinished | ScenarioFinished
OnEvent = Callable[[Progress], None]


def nobody(event: Progress) -> None:
    """Listens to nothing."""
