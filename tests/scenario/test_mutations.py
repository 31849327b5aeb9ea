"""A scenario's mutants: each lacks one part of the cause, and all parts have their turn."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.scenario.mutations import mutations, pruned
from fakeproviders.scenario.targets.needs import leaves
from tests.e2e.running import RunningServer
from tests.scenario.replaying import run_all, scenario_of

WHOLE = """
title: {zh: 试验, en: A trial}
given: {clock: {mode: system}, faults: [{provider: erban, do: hang}]}
cause:
  clock: {mode: offset, offset_seconds: 60}
  faults: [{provider: official, operation: send, do: maintenance}, {provider: reseller, script: "ok, fail"}]
  providers: {official: {balance: 0, quotas: {account_per_day: 1}}, erban: {enabled: false}}
  panel:
    settings: {sms: {channel: erban, official: {signature: 【别家】}}}
    drafts: {interface: {app_id: x}}
    notifications: {operation_code: {row: false}}
steps:
  - {do: save}
  - {do: clear_cache, cause: true}
"""


def test_every_part_of_the_cause_is_taken_away_once() -> None:
    whole = scenario_of(WHOLE)
    assert [mutant.without for mutant in mutations(whole)] == [
        "cause.clock",
        "cause.faults[0] (official send maintenance)",
        "cause.faults[1] (reseller ok, fail)",
        "cause.providers.official.balance",
        "cause.providers.official.quotas.account_per_day",
        "cause.providers.erban.enabled",
        "cause.panel.settings.sms.channel",
        "cause.panel.settings.sms.official.signature",
        "cause.panel.drafts.interface.app_id",
        "cause.panel.notifications.operation_code.row",
        "steps[1]",
    ]
    assert all(mutant.scenario.given == whole.given for mutant in mutations(whole))
    assert all(mutant.scenario != whole for mutant in mutations(whole))


def test_a_mutant_of_a_real_scenario_does_not_pass(server: RunningServer) -> None:
    whole = scenario_of(
        """
title: {zh: 试验, en: A trial}
target: client:official
cause: {faults: [{provider: official, operation: send, do: maintenance, times: 1}]}
steps: [{do: send, with: {mobile: "13800138000"}, expect: {user: {failure: maintenance}}}]
"""
    )
    (mutant,) = mutations(whole)
    results = run_all(server, [("whole", whole), (mutant.without, mutant.scenario)])
    assert [result.outcome for result in results] == ["passed", "failed"]


trees = st.recursive(
    st.integers() | st.lists(st.integers()),
    lambda parts: st.dictionaries(st.sampled_from("abc"), parts, min_size=1),
).filter(lambda tree: isinstance(tree, dict))


@given(trees)
def test_each_leaf_is_pruned_and_nothing_else(tree: dict[str, Any]) -> None:
    whole = dict(leaves(tree))
    pruned_paths = []
    for path, rest in pruned(tree):
        pruned_paths.append(path)
        assert dict(leaves(rest)) == {name: v for name, v in whole.items() if name != path}
    assert pruned_paths == list(whole)
