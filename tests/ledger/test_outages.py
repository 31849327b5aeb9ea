"""When a provider was out of order, and how soon it was used again."""

from fakeproviders.failures import Reason
from fakeproviders.faults.rule import FaultSpec, Rule
from fakeproviders.faults.status import Status
from tests.ledger.stories import Story


def rule(**spec: object) -> Rule:
    return Rule("f1", FaultSpec(**{"provider": "official", "do": "status", **spec}), 0.0)  # type: ignore[arg-type]


def failing(story: Story, *moments: float, rules: tuple[Rule, ...]) -> None:
    for at in moments:
        story.send(at, fault=Status(), rules=rules, code=f"{at * 10:06.0f}")


def test_an_outage_ends_with_its_rule_and_is_over_with_the_next_success() -> None:
    story, rules = Story(), (rule(),)
    failing(story, 1, 2, 3, rules=rules)
    story.send(5, provider="erban", code="111111")
    story.send(9, code="222222")
    (outage,) = story.told().outages
    assert (outage.provider, outage.began, outage.failures) == ("official", 1, 3)
    assert (outage.ended, outage.recovered_after) == (5, 4)


def test_a_rule_that_has_run_out_has_ended() -> None:
    story, spent = Story(), rule(times=3)
    spent.counts.matched = spent.counts.fired = 3
    failing(story, 1, 2, 3, rules=(spent,))
    (outage,) = story.told().outages
    assert (outage.ended, outage.recovered_after) == (3, None)


def test_an_outage_that_lasts_has_no_end() -> None:
    story = Story()
    failing(story, 1, 2, 3, rules=(rule(),))
    assert [(o.ended, o.recovered_after) for o in story.told().outages] == [(None, None)]


def test_a_few_failures_are_no_outage() -> None:
    story, rules = Story(), (rule(),)
    failing(story, 1, 2, rules=rules)
    story.send(3, code="222222")
    failing(story, 4, rules=rules)
    assert story.told().outages == []


def test_a_refusal_that_says_so_is_one_too() -> None:
    story = Story()
    for at in (0, 1, 2):
        story.send(at, Reason.MAINTENANCE)
    story.send(4)
    assert [(o.ended, o.recovered_after) for o in story.told().outages] == [(2, 2)]


def test_a_listener_that_is_down_is_one_though_nobody_is_seen_to_fail() -> None:
    story, down = Story(), (rule(do="refuse"),)
    story.send(1, provider="erban", rules=down, code="111111")
    story.send(3, provider="erban", code="222222")
    story.send(4, code="333333")
    (outage,) = story.told().outages
    assert (outage.provider, outage.began, outage.ended, outage.recovered_after) == (
        "official", 1, 3, 1,
    )  # fmt: skip
