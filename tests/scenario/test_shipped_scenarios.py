"""The shipped scenarios: none passes without its cause, and every failure of the catalogue has one.

That they pass is what they are themselves tests of: pytest collects them from ``scenarios``.
"""

from functools import cache

import pytest

from fakeproviders.failures import catalogue
from fakeproviders.scenario.load import load
from fakeproviders.scenario.model import TARGETS, Scenario
from fakeproviders.scenario.mutations import mutations
from fakeproviders.scenario.shipped import FOLDERS, folder, shipped
from tests.e2e.running import RunningServer
from tests.scenario.replaying import run_all

CAUSES_OF_SECTION_5 = ("5a-", "5b-", "5c-", "5d-")


@cache
def scenarios(place: str = "") -> dict[str, Scenario]:
    root = folder() / place
    return {n: load(path).value for n, path in shipped().items() if path.is_relative_to(root)}


@pytest.mark.parametrize("place", FOLDERS)
def test_none_passes_without_any_one_part_of_its_cause(server: RunningServer, place: str) -> None:
    mutants = [
        (f"{name} without {mutant.without}", mutant.scenario)
        for name, scenario in scenarios(place).items()
        for mutant in mutations(scenario)
    ]
    assert len(mutants) >= len(scenarios(place))
    results = run_all(server, mutants)
    assert [r.name for r in results if r.outcome != "failed" or r.error] == []


@pytest.mark.parametrize("client", [name for name in TARGETS if name != "panel"])
def test_at_a_bare_client_each_passes_or_is_skipped_with_a_reason(
    server: RunningServer, client: str
) -> None:
    results = run_all(server, scenarios().items(), target=client)
    assert {r.name: r.reason for r in results if r.outcome == "failed"} == {}
    assert all(r.reason is not None for r in results if r.outcome == "skipped")
    assert sum(r.outcome == "passed" for r in results) >= 4


def test_every_failure_of_the_catalogue_has_a_scenario() -> None:
    shown = {scenario.failure for scenario in scenarios().values()}
    assert set(catalogue()) - shown == set()


def test_every_section_of_the_guide_has_one_and_each_proves_its_remedy() -> None:
    guide = scenarios("guide")
    assert {s.section for s in guide.values()} == {"preface", *"123456789"}
    for name, scenario in guide.items():
        assert any(step.expect.user and step.expect.user.succeeds for step in scenario.remedy), name


@pytest.mark.parametrize("start", CAUSES_OF_SECTION_5)
def test_each_cause_of_section_5_has_a_scenario_of_its_own(start: str) -> None:
    found = [s for name, s in scenarios("guide").items() if name.startswith(start)]
    assert found
    assert {s.section for s in found} == {"5"}
