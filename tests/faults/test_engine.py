"""When a rule acts: which calls it counts, which of those it acts on, and in which order rules are tried."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.clock import iso
from fakeproviders.failures import Reason, catalogue
from fakeproviders.faults.base import NO_FAULT
from fakeproviders.faults.engine import NO_DRAW, FaultEngine, stable_uniform
from fakeproviders.faults.registry import BadRule
from fakeproviders.faults.rule import PROVIDERS, Rule
from fakeproviders.model import OPERATIONS, OWN_CALLS, PAGES
from tests.faults.doubles import MOBILE, NOON, Session, call, spec

PASS = NO_FAULT.label
FAIL = "internal_error"
CALLS = 12
SEEDED_7 = [0, 1, 4, 7, 15, 18, 19, 21, 22]
FIRST_7 = 0.0458776719676417


def fired(session: Session, number: int = CALLS, **fields: Any) -> list[int]:
    """Which of so many calls met with a fault, from 0."""
    return [n for n, label in enumerate(session.draws(number, **fields)) if label != PASS]


# --- counts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, list(range(CALLS))),
        ({"times": 2}, [0, 1]),
        ({"after": 3}, list(range(3, CALLS))),
        ({"after": 3, "times": 2}, [3, 4]),
        ({"every": 4}, [3, 7, 11]),
        ({"every": 4, "times": 2}, [3, 7]),
        ({"every": 4, "after": 1}, [4, 8]),
        ({"every": 3, "after": 2, "times": 2}, [4, 7]),
        ({"probability": 1.0}, list(range(CALLS))),
        ({"probability": 0.0}, []),
        ({"after": 100}, []),
    ],
)
def test_which_of_the_matching_calls(rule: dict[str, Any], expected: list[int]) -> None:
    session = Session()
    added = session.add(do="maintenance", **rule)
    assert fired(session) == expected
    assert added.fired == len(expected)


@given(st.integers(0, 5), st.integers(1, 5), st.integers(1, 5) | st.none())
def test_counts_against_their_words(after: int, every: int, times: int | None) -> None:
    session = Session()
    session.add(do="maintenance", after=after, every=every, times=times)
    whole = [n for n in range(30) if n >= after and (n - after) % every == every - 1]
    assert fired(session, 30) == whole[:times]


def test_a_rule_counts_only_what_it_meets() -> None:
    session = Session()
    rule = session.add(do="maintenance", match={"mobile": {"prefix": "138"}}, after=1)
    for mobile in ("139", "138", "139", "1381", "139"):
        session.draw(mobile=mobile)
    assert (rule.matched, rule.fired) == (2, 1)


def test_a_rule_that_has_run_out_counts_no_more() -> None:
    session = Session()
    rule = session.add(do="maintenance", times=1)
    assert not rule.exhausted()
    session.draws(5)
    assert (rule.matched, rule.fired, rule.exhausted()) == (1, 1, True)


@pytest.mark.parametrize(
    ("rule", "exhausted_after"),
    [
        ({"times": 2, "every": 2}, 4),
        ({"after": 3, "times": 1}, 4),
        ({"probability": 0.0, "times": 1}, None),
        ({"per": "mobile", "times": 1}, None),
        ({}, None),
    ],
)
def test_when_a_rule_has_run_out(rule: dict[str, Any], exhausted_after: int | None) -> None:
    session = Session()
    added = session.add(do="maintenance", **rule)
    for number in range(8):
        assert added.exhausted() is (exhausted_after is not None and number >= exhausted_after)
        session.draw()


# --- scripts ----------------------------------------------------------------------------------------


def test_a_script_walks_and_ends() -> None:
    session = Session()
    rule = session.add(script="fail, fail, rate_limited x2, ok")
    expected = [FAIL, FAIL, "rate_limited", "rate_limited", PASS, PASS, PASS]
    assert session.draws(7) == expected
    assert (rule.matched, rule.fired, rule.exhausted()) == (5, 4, True)


def test_ok_shields_the_rules_after_it_and_an_ended_script_does_not() -> None:
    session = Session()
    session.add(script="ok, fail, ok")
    session.add(do="maintenance")
    assert session.draws(4) == [PASS, FAIL, PASS, "maintenance"]


def test_ok_is_a_draw_that_names_its_rule() -> None:
    session = Session()
    session.add(script="ok")
    draw = session.draw()
    assert (draw.fault, draw.rule_id, draw.nth) == (NO_FAULT, "f1", 0)
    assert session.draw() is NO_DRAW


def test_a_script_after_some_calls() -> None:
    session = Session()
    session.add(script="fail, ok, fail", after=2)
    assert session.draws(7) == [PASS, PASS, FAIL, PASS, FAIL, PASS, PASS]


def test_a_script_for_each_mobile() -> None:
    session = Session()
    rule = session.add(script="fail, ok, rate_limited", per="mobile")
    asked = ["1", "2", "1", "1", "2", "3", "2", "1"]
    met = [session.draw(mobile=mobile).fault.label for mobile in asked]
    assert met == [FAIL, FAIL, PASS, "rate_limited", PASS, FAIL, "rate_limited", PASS]
    assert (rule.matched, rule.fired, rule.exhausted()) == (7, 5, False)
    assert rule.counts.by_value == {"1": [3, 2], "2": [3, 2], "3": [1, 1]}


def test_times_for_each_template() -> None:
    session = Session()
    session.add(do="maintenance", per="template_id", times=1, after=1)
    asked = ["a", "b", "a", "b", "a", "b"]
    met = [session.draw(template_id=one).fault.acts for one in asked]
    assert met == [False, False, True, True, False, False]


def test_a_step_that_probability_passes_over_is_gone() -> None:
    session = Session()
    rule = session.add(script="fail x50", probability=0.5)
    met = session.draws(60)
    assert 10 < met.count(FAIL) < 40
    assert rule.matched == 50
    assert rule.fired == met.count(FAIL)


# --- order ------------------------------------------------------------------------------------------


def test_the_oldest_rule_that_acts_comes_first() -> None:
    session = Session()
    session.add(do="maintenance", times=1)
    session.add(do="rate_limited", after=1)
    session.add(do="internal_error")
    assert session.draws(4) == ["maintenance", FAIL, "rate_limited", "rate_limited"]


def test_a_rule_that_lets_pass_has_counted_the_call() -> None:
    session = Session()
    first = session.add(do="maintenance", after=2)
    second = session.add(do="rate_limited")
    session.draws(3)
    assert [(r.matched, r.fired) for r in (first, second)] == [(3, 1), (2, 2)]


def test_ids_are_never_used_twice_until_the_engine_restarts() -> None:
    session = Session()
    assert [session.add(do="maintenance").id for _ in range(2)] == ["f1", "f2"]
    removed = session.engine.remove("f1")
    assert removed is not None
    assert removed.id == "f1"
    assert session.engine.remove("f1") is None
    assert session.engine.get("f1") is None
    with pytest.raises(BadRule):
        session.add(do="nothing of the kind")
    assert session.add(do="maintenance").id == "f3"
    session.engine.clear()
    assert session.engine.rules == ()
    assert session.add(do="maintenance").id == "f4"
    session.engine.restart()
    assert session.add(do="maintenance").id == "f1"


def test_the_rules_of_a_journal_entry_stay_as_they_were() -> None:
    session = Session()
    session.add(do="maintenance")
    before = session.engine.rules
    session.add(do="maintenance")
    session.engine.clear()
    assert [rule.id for rule in before] == ["f1"]


def test_a_refused_listener_answers_no_request() -> None:
    session = Session()
    session.add(do="refuse")
    assert session.draw() is NO_DRAW


# --- providers and operations -----------------------------------------------------------------------


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_provider_or_all(provider: str) -> None:
    session = Session()
    session.add(provider=provider, do="maintenance")
    hit = [p for p in PROVIDERS if session.draw(provider=p).fault.acts]
    assert hit == [provider]
    session.engine.clear()
    session.add(provider="*", do="maintenance")
    assert all(session.draw(provider=p).fault.acts for p in PROVIDERS)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o not in OWN_CALLS])
def test_an_operation_named(operation: str) -> None:
    session = Session()
    session.add(operation=operation, do="maintenance")
    hit = [o for o in OPERATIONS if session.draw(operation=o).fault.acts]
    assert hit == [operation]


@pytest.mark.parametrize("slug", sorted(Reason))
def test_a_rule_without_an_operation_leaves_documents_alone(slug: str) -> None:
    session = Session()
    session.add(do=slug)
    hit = {o for o in OPERATIONS if session.draw(operation=o).fault.acts}
    own = set(OPERATIONS) - PAGES - OWN_CALLS
    assert hit == (own | PAGES if catalogue()[slug].everywhere else own)


def test_an_unreachable_endpoint_is_so_everywhere() -> None:
    assert [slug for slug, entry in catalogue().items() if entry.everywhere] == [
        "endpoint_unreachable"
    ]
    session = Session()
    session.add(do=[{"delay": {"ms": 1}}, "endpoint_unreachable"])
    assert session.draw(operation="wsdl").fault.acts


def test_a_document_is_not_counted_by_a_rule_that_leaves_it_alone() -> None:
    session = Session()
    rule = session.add(do="maintenance", times=1)
    session.draw(operation="wsdl")
    session.draw(operation="help")
    assert rule.matched == 0
    assert session.draw().fault.acts


def test_all_operations_are_documents_too() -> None:
    session = Session()
    session.add(operation="*", do="maintenance")
    hit = {o for o in OPERATIONS if session.draw(operation=o).fault.acts}
    assert hit == {*OPERATIONS} - OWN_CALLS


# --- time -------------------------------------------------------------------------------------------


def at_times(session: Session, *seconds: float) -> list[bool]:
    found = []
    for second in seconds:
        session.now = NOON + second
        found.append(session.draw().fault.acts)
    return found


def test_since_and_until() -> None:
    session = Session()
    rule = session.add(do="maintenance", since="+10s", until="+1m")
    assert at_times(session, 0, 9.9, 10, 59.9, 60, 100) == [False, False, True, True, False, False]
    assert rule.matched == 2


def test_moments_in_words() -> None:
    session = Session()
    session.add(do="maintenance", since=iso(NOON + 5), until="2024-05-06T12:00:07+08:00")
    assert at_times(session, 4, 5, 6.9, 7) == [False, True, True, False]


def test_an_outage_comes_and_goes() -> None:
    session = Session()
    session.add(do="maintenance", cycle={"on_seconds": 10, "off_seconds": 20})
    expected = [True, True, False, False, True, True, False]
    assert at_times(session, 0, 9.9, 10, 29.9, 30, 39, 40) == expected


def test_a_cycle_begins_with_since() -> None:
    session = Session()
    session.add(do="maintenance", since="+5s", cycle={"on_seconds": 1, "off_seconds": 1})
    assert at_times(session, 4.9, 5, 6, 7, 8) == [False, True, False, True, False]


def test_a_probability_that_rises() -> None:
    session = Session()
    rule = session.add(do="maintenance", probability={"over_seconds": 100})
    assert [rule.probability_at(NOON + s) for s in (0, 25, 100, 500)] == [0, 0.25, 1, 1]
    assert fired(session, 50) == []
    session.now = NOON + 100
    assert fired(session, 50) == list(range(50))
    session.now = NOON + 50
    assert 100 < len(fired(session, 400)) < 300


def test_a_rule_that_is_certain_has_no_chance_in_its_draw() -> None:
    session = Session()
    session.add(do="maintenance")
    assert session.draw().chance is None


# --- probability ------------------------------------------------------------------------------------


def seeded(seed: str, number: int = 10_000, p: float = 0.3) -> list[int]:
    session = Session(seed)
    session.add(do="maintenance", probability=p)
    return fired(session, number)


@pytest.mark.parametrize("seed", ["0|default", "1|checkout", "2|", "99|测试"])
def test_ten_thousand_draws_keep_their_rate(seed: str) -> None:
    """4 standard errors: sqrt(10000 * 0.3 * 0.7) = 45.8."""
    assert abs(len(seeded(seed)) - 3000) <= 4 * 45.83


def test_the_same_seed_fires_at_the_same_matches_and_another_at_others() -> None:
    assert seeded("1|a", 500) == seeded("1|a", 500)
    assert seeded("1|a", 500) != seeded("2|a", 500)
    assert seeded("1|a", 500) != seeded("1|b", 500)


def test_two_rules_of_a_session_draw_apart() -> None:
    session = Session()
    session.add(do="maintenance", probability=0.5, match={"mobile": "1"})
    session.add(do="maintenance", probability=0.5, match={"mobile": "2"})
    assert fired(session, 200, mobile="1") != fired(session, 200, mobile="2")


def test_what_fires_is_what_the_number_says() -> None:
    session = Session("7|test")
    session.add(do="maintenance", probability=0.3)
    for nth in range(200):
        draw = session.draw()
        chance = stable_uniform("7|test", "f1", nth, "fire")
        assert draw.fault.acts is (chance < 0.3)
        if draw.fault.acts:
            assert (draw.nth, draw.chance) == (nth, chance)


def test_the_numbers_stay_what_they_are() -> None:
    """A seed of yesterday's log must fail today's run in the same places."""
    assert seeded("7|test", 30) == SEEDED_7
    assert stable_uniform("7|test", "f1", 0, "fire") == pytest.approx(FIRST_7)


def test_other_calls_in_between_change_nothing() -> None:
    plain, mixed = Session(), Session()
    for session in (plain, mixed):
        session.add(do="maintenance", probability=0.4, match={"mobile": MOBILE})
    expected = fired(plain, 100)
    found = []
    for number in range(100):
        for _ in range(number % 4):
            mixed.draw(mobile="139")
        if mixed.draw().fault.acts:
            found.append(number)
    assert found == expected


def test_each_value_has_its_numbers_whatever_the_others_do() -> None:
    one, other = Session(), Session()
    for session in (one, other):
        session.add(do="maintenance", probability=0.4, per="mobile")
    apart = {m: [one.draw(mobile=m).fault.acts for _ in range(50)] for m in "123"}
    mixed: dict[str, list[bool]] = {m: [] for m in "123"}
    for _ in range(50):
        for m in "321":
            mixed[m].append(other.draw(mobile=m).fault.acts)
    assert mixed == apart
    assert len({tuple(met) for met in apart.values()}) == 3


@given(st.text(), st.text(), st.integers(0), st.text())
def test_a_number_is_from_0_to_1_and_depends_on_nothing_else(
    key: str, rule: str, nth: int, label: str
) -> None:
    number = stable_uniform(key, rule, nth, label)
    assert 0 <= number < 1
    assert number == stable_uniform(key, rule, nth, label)


def test_numbers_are_spread_evenly() -> None:
    numbers = [stable_uniform("k", "f1", nth, "x") for nth in range(20_000)]
    for tenth in range(10):
        share = sum(tenth / 10 <= n < (tenth + 1) / 10 for n in numbers)
        assert abs(share - 2000) <= 4 * (20_000 * 0.09) ** 0.5


def test_whoever_watches_is_told() -> None:
    session = Session()
    told: list[tuple[str, str]] = []
    session.engine.watch = lambda action, rule: told.append((action, rule.id))
    session.add(do="maintenance", after=1, times=1)
    session.add(script="ok", match={"mobile": "1"})
    session.draws(3)
    session.draw(mobile="1")
    session.engine.remove("f1")
    session.engine.restart()
    assert told == [
        ("added", "f1"),
        ("added", "f2"),
        ("fired", "f1"),
        ("removed", "f1"),
        ("removed", "f2"),
    ]


def test_a_draw_without_a_session_is_no_fault() -> None:
    assert NO_DRAW.fault is NO_FAULT
    assert FaultEngine("x", Session().engine._clock).draw(call(), NOON) is NO_DRAW


def test_meets_is_misses_without_words() -> None:
    rule = Rule("f1", spec(do="maintenance", match={"mobile": "1"}, since="+5s"), NOON)
    for now in (NOON, NOON + 6):
        for operation in ("send", "help"):
            for mobile in ("1", "2"):
                subject = call(operation=operation, mobile=mobile)
                assert rule.meets(subject, now) is (not rule.misses(subject, now))
