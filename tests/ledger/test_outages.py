"""When a provider was out of order, and how soon it was used again."""

import pytest

from fakeproviders.failures import Reason
from fakeproviders.faults.profile import Cycle
from fakeproviders.faults.rule import FaultSpec, Rule
from fakeproviders.faults.status import Status
from fakeproviders.ledger import outages
from tests.ledger.stories import BEGAN, Story

Ending = tuple[float | None, float | None]


def rule(rule_id: str = "f1", added: float = 0.0, **spec: object) -> Rule:
    given = {"provider": "official", "do": "status", **spec}
    return Rule(rule_id, FaultSpec(**given), BEGAN + added)  # type: ignore[arg-type]


def failing(story: Story, *moments: float, rules: tuple[Rule, ...]) -> None:
    for at in moments:
        story.send(at, fault=Status(), rules=rules, code=f"{at * 10:06.0f}")


def endings(story: Story) -> list[Ending]:
    return [(outage.ended, outage.recovered_after) for outage in story.told().outages]


def endings_at(story: Story, at: float) -> list[Ending]:
    return [(outage.ended, outage.recovered_after) for outage in story.ended(at).outages]


def test_an_outage_ends_with_its_rule_and_is_over_with_the_next_success() -> None:
    story, down = Story(), rule()
    failing(story, 1, 2, 3, rules=(down,))
    story.removed(4, down)
    story.send(5, provider="erban", code="111111")
    assert endings(story) == [(4, None)]
    story.send(9, code="222222")
    (outage,) = story.told().outages
    assert (outage.provider, outage.began, outage.failures) == ("official", 1, 3)
    assert (outage.ended, outage.recovered_after) == (4, 5)


def test_an_outage_ends_with_its_rule_though_nobody_sends_for_long() -> None:
    story, down = Story(), rule()
    failing(story, 1, 2, 3, rules=(down,))
    story.removed(4, down)
    story.send(64, code="222222")
    assert endings(story) == [(4, 60)]


def test_a_provider_that_is_never_used_again_has_not_recovered() -> None:
    story, down = Story(), rule()
    failing(story, 1, 2, 3, rules=(down,))
    story.removed(4, down)
    assert endings_at(story, 300) == [(4, None)]


def test_a_rule_that_has_run_out_has_ended() -> None:
    story, spent = Story(), rule(times=3)
    spent.counts.matched = spent.counts.fired = 3
    failing(story, 1, 2, 3, rules=(spent,))
    assert endings(story) == [(3, None)]
    story.send(64, code="222222")
    assert endings(story) == [(3, 61)]


def test_a_rule_with_a_last_moment_ends_then() -> None:
    story, down = Story(), rule(until="+20s")
    failing(story, 1, 2, 3, 8, rules=(down,))
    assert endings(story) == [(None, None)]
    story.send(21, code="222222", rules=(down,))
    assert endings(story) == [(20, 1)]


def test_a_rule_in_cycles_ends_with_the_one_in_which_it_last_acted() -> None:
    cycle = rule(cycle=Cycle(on_seconds=5, off_seconds=5))
    story = Story()
    failing(story, 1, 2, 3, 12, rules=(cycle,))
    story.send(17, code="222222", rules=(cycle,))
    assert endings(story) == [(15, 2)]


def test_cycles_begin_at_since() -> None:
    cycle = rule(since="+2s", cycle=Cycle(on_seconds=5, off_seconds=5))
    story = Story()
    failing(story, 3, 4, 5, rules=(cycle,))
    story.send(9, code="222222", rules=(cycle,))
    assert endings(story) == [(7, 2)]


def test_a_last_moment_that_the_clock_was_set_to_is_when_it_was_set() -> None:
    story, down = Story(), rule(until="+1h")
    failing(story, 1, 2, 3, rules=(down,))
    story.turned(7, shows=3700)
    story.send(9, code="222222", rules=(down,), clock=3702)
    assert endings(story) == [(7, 2)]


def test_a_clock_that_stands_still_never_gets_to_the_last_moment() -> None:
    story, down = Story(), rule(until="+20s")
    story.turned(0, shows=0, runs=False)
    for at in (1, 2, 3):
        story.send(at, fault=Status(), rules=(down,), clock=0, code=f"11111{at}")
    assert endings(story) == [(None, None)]
    story.turned(40, shows=5, runs=True)
    assert endings_at(story, 100) == [(55, None)]


def test_an_outage_lasts_as_long_as_any_rule_that_made_it() -> None:
    story, one, other = Story(), rule(), rule("f2")
    failing(story, 1, 2, rules=(one, other))
    failing(story, 3, rules=(other,))
    story.removed(2.5, one)
    assert endings(story) == [(None, None)]
    story.removed(5, other)
    assert endings(story) == [(5, None)]


def test_an_outage_that_lasts_has_no_end() -> None:
    story = Story()
    failing(story, 1, 2, 3, rules=(rule(),))
    assert endings(story) == [(None, None)]
    assert endings_at(story, 300) == [(None, None)]


def test_what_comes_after_the_run_changes_nothing() -> None:
    story, down = Story(), rule(times=4)
    failing(story, 1, 2, 3, rules=(down,))
    assert endings_at(story, 5) == [(None, None)]
    story.removed(6, down)
    down.counts.matched = down.counts.fired = 4
    assert endings(story) == [(None, None)]


def test_the_newest_ends_of_rules_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "MOST_REMOVED", 1)
    story, down = Story(), rule("f2")
    failing(story, 1, 2, 3, rules=(down,))
    for at, each in ((4, rule("f1")), (5, down)):
        story.removed(at, each)
    assert endings(story) == [(5, None)]


def test_a_few_failures_are_no_outage() -> None:
    story, rules = Story(), (rule(),)
    failing(story, 1, 2, rules=rules)
    story.send(3, code="222222")
    failing(story, 4, rules=rules)
    assert story.told().outages == []
    assert story.ended(300).outages == []


def test_a_refusal_that_says_so_is_one_too() -> None:
    story = Story()
    for at in (0, 1, 2):
        story.send(at, Reason.MAINTENANCE)
    assert endings(story) == [(None, None)]
    story.send(4)
    assert endings(story) == [(2, 2)]


def test_an_outage_without_a_rule_has_ended_with_its_last_failure_when_the_run_is_over() -> None:
    story = Story()
    for at in (0, 1, 2):
        story.send(at, Reason.MAINTENANCE)
    assert endings_at(story, 300) == [(2, None)]


@pytest.mark.parametrize(
    "above", [rule(provider="upstream"), rule(do="refuse"), rule(provider="*", do="refuse")]
)
def test_the_reseller_is_out_of_order_as_long_as_the_platform_above_it(above: Rule) -> None:
    story = Story()
    for at in (1, 2, 3):
        story.send(at, Reason.UPSTREAM_UNAVAILABLE, provider="reseller", rules=(above,))
    assert endings(story) == [(None, None)]
    story.removed(9, above)
    story.send(11, provider="reseller")
    assert endings(story) == [(9, 2)]


def test_an_acceptance_from_before_a_failure_ends_nothing() -> None:
    story, down = Story(), rule()
    failing(story, 1, 2, 3, rules=(down,))
    story.send(0.5, code="222222")
    assert endings(story) == [(None, None)]


def test_a_listener_that_is_down_is_one_though_nobody_is_seen_to_fail() -> None:
    story, down = Story(), rule(do="refuse")
    story.added(1, down)
    story.removed(3, down)
    assert endings(story) == [(3, None)]
    story.send(4, code="333333")
    (outage,) = story.told().outages
    assert (outage.provider, outage.began, outage.ended, outage.recovered_after) == (
        "official", 1, 3, 1,
    )  # fmt: skip


def test_a_listener_is_down_from_since_to_until() -> None:
    story, down = Story(), rule(do="refuse", since="+5s", until="+8s")
    story.added(0, down)
    story.send(2, code="111111", rules=(down,))
    assert story.told().outages == []
    story.now = BEGAN + 300
    (outage,) = story.told().outages
    assert (outage.began, outage.ended, outage.recovered_after) == (5, 8, None)


def test_a_listener_that_was_up_again_before_it_should_go_down_was_never_down() -> None:
    story, down = Story(), rule(do="refuse", since="+5s")
    story.added(0, down)
    story.removed(4, down)
    assert story.ended(300).outages == []


def test_a_rule_whose_time_was_over_before_the_run_took_nothing_down() -> None:
    story = Story()
    story.added(0, rule(do="refuse", added=-60, until="+8s"))
    story.added(0, rule("f2", do="refuse", added=-60, since="+2s", until="+8s"))
    assert story.told().outages == []
    assert story.ended(300).outages == []


def test_a_listener_goes_down_when_the_clock_is_set_to_it() -> None:
    story, down = Story(), rule(do="refuse", since="+1h")
    story.turned(0, shows=0, runs=False)
    story.added(0, down)
    assert story.told().outages == []
    story.turned(6, shows=3600, runs=False)
    story.removed(9, down)
    (outage,) = story.ended(300).outages
    assert (outage.began, outage.ended) == (6, 9)


def test_an_answer_on_an_open_connection_does_not_end_a_listeners_outage() -> None:
    story, down = Story(), rule(do="refuse")
    story.added(1, down)
    story.send(1.2, code="111111", rules=(down,))
    assert endings(story) == [(None, None)]


def test_when_all_listeners_are_down_those_are_out_of_order_that_were_in_use() -> None:
    story, down = Story(), rule(provider="*", do="refuse")
    story.send(0.5, provider="erban", code="111111")
    story.added(1, down)
    story.removed(3, down)
    assert [outage.provider for outage in story.told().outages] == ["erban"]
