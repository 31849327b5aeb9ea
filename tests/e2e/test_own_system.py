"""A team's own system replays the shipped scenarios, unchanged, through a target file alone."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.scenario.load import load
from fakeproviders.scenario.model import Scenario
from fakeproviders.scenario.mutations import mutations
from fakeproviders.scenario.replay import Job, Replay
from fakeproviders.scenario.results import ScenarioResult
from fakeproviders.scenario.shipped import shipped
from fakeproviders.scenario.targets.base import TargetError
from fakeproviders.scenario.targets.named import target_of
from tests.e2e.own_system.shop import shop
from tests.e2e.running import RunningServer

TARGET = Path(__file__).parent / "own_system" / "shop.target.yaml"


MUST_PASS = {
    "1-interface-not-configured", "3-signature-mismatch", "5a-clock-not-beijing", "5b-interface-wrong",
    "5c-sign-key-wrong", "5d-stale-token-cached", "6a-code-limit", "8a-template-id-empty",
    "8b-base-url-has-api-path", "9-endpoint-unreachable", "balance-insufficient", "hang",
    "quota-across-midnight",
}  # fmt: skip
Results = dict[str, ScenarioResult]


async def replayed(control: str, scenarios: Mapping[str, Scenario]) -> Results:
    """Scenarios at a shop of their own."""
    runner = web.AppRunner(shop(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        target = target_of(str(TARGET), {"SHOP_URL": url})
        jobs = [Job(name=name, scenario=s, target=target) for name, s in scenarios.items()]
        summary = await Replay(jobs, control_url=control, at_once=4).run()
        return {result.name: result for result in summary.results}
    finally:
        await runner.cleanup()


def shipped_scenarios() -> dict[str, Scenario]:
    return {name: load(path).value for name, path in shipped().items()}


@pytest.fixture(scope="module")
def results(running_server: RunningServer) -> Results:
    return asyncio.run(replayed(running_server.addresses.control, shipped_scenarios()))


def test_what_it_supports_passes(results: Results) -> None:
    tried = {name: r.reason for name, r in results.items() if r.outcome != "skipped"}
    assert {name: reason for name, reason in tried.items() if reason} == {}
    assert tried.keys() >= MUST_PASS


def test_what_it_does_not_support_is_skipped_with_a_reason(results: Results) -> None:
    reasons = {name: r.reason for name, r in results.items() if r.outcome == "skipped"}
    assert reasons["2-parameter-missing"] == Words(
        zh="目标没有动作 test_send", en="the target lacks the action test_send"
    )
    assert reasons["reply-lost"] == Words(
        zh="目标没有设置 sending.retries", en="the target lacks the setting sending.retries"
    )
    assert all(reasons.values())


def test_the_user_reads_the_shops_own_words(results: Results) -> None:
    (seen,) = results["3-signature-mismatch"].steps[1].seen
    assert seen.text == "Our texts carry a name that the gateway does not know us by."


def test_without_its_cause_a_scenario_fails_there_too(server: RunningServer) -> None:
    whole = shipped_scenarios()["3-signature-mismatch"]
    mutants = {mutant.without: mutant.scenario for mutant in mutations(whole)}
    results = asyncio.run(replayed(server.addresses.control, mutants))
    assert {r.outcome for r in results.values()} == {"failed"}


def test_a_shop_that_is_not_there_is_found_out_at_once() -> None:
    target = target_of(str(TARGET), {"SHOP_URL": "http://127.0.0.1:9"})
    with pytest.raises(TargetError, match=r"cannot connect to the target at http://127.0.0.1:9/"):
        asyncio.run(target.reach())
