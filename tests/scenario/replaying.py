"""Running scenarios in a test: one, or many at once, against a running server and over HTTP alone."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from fakeproviders.scenario.lint import scenario_findings
from fakeproviders.scenario.load import parse
from fakeproviders.scenario.model import Scenario
from fakeproviders.scenario.replay import Job, Replay
from fakeproviders.scenario.results import Check, ScenarioResult
from fakeproviders.scenario.run import run_scenario
from fakeproviders.scenario.targets.named import target_of
from tests.e2e.running import RunningServer

AT_ONCE = 8


def scenario_of(text: str) -> Scenario:
    """The scenario that a text is. Raises BadFile."""
    path = Path("test.scenario.yaml")
    return parse(text.encode(), path, Scenario, scenario_findings).value


def run(server: RunningServer, scenario: Scenario | str, **options: Any) -> ScenarioResult:
    """Run one scenario at its own target, or at ``target``."""
    made = scenario_of(scenario) if isinstance(scenario, str) else scenario
    chosen = options.pop("target", None) or target_of(made.target)
    url = options.pop("control_url", server.addresses.control)
    whole = {"name": "test", "control_url": url, "target": chosen, **options}
    return asyncio.run(run_scenario(made, **whole))


def run_all(
    server: RunningServer, scenarios: Iterable[tuple[str, Scenario]], target: str | None = None
) -> Sequence[ScenarioResult]:
    """Run many, each at its own target or all at one, in the order in which they are given."""
    jobs = [Job(name=n, scenario=s, target=target_of(target or s.target)) for n, s in scenarios]
    replay = Replay(jobs, control_url=server.addresses.control, at_once=AT_ONCE)
    return asyncio.run(replay.run()).results


def wrong_checks(result: ScenarioResult) -> list[Check]:
    """The checks that kept it from passing."""
    return [check for step in result.steps for check in step.checks if not check.ok]
