"""Exactness: what the store does is found exact, and every single deviation is found."""

import random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fakeproviders.failures import Reason
from fakeproviders.ledger import limits
from fakeproviders.ledger.document import Document, Limit
from fakeproviders.model import Accepted, BatchSent, Refusal, Refused, Sent
from fakeproviders.settings import Quotas
from fakeproviders.stores.base import BucketUse, Charge, Draft
from fakeproviders.stores.memory import MemoryStore
from fakeproviders.stores.windows import LATE
from tests.ledger.stories import BEGAN, MOBILE, Story

QUOTAS = Quotas(
    account_per_second=3, account_per_day=40, mobile_per_minute=2, mobile_per_hour=5, ip_per_day=30
)


def of(story: Story, bucket: str) -> Limit:
    return next(limit for limit in story.told().limits if limit.bucket == bucket)


@pytest.mark.parametrize("seed", range(5))
def test_what_the_store_does_is_exact(seed: int) -> None:
    told = told_by_the_store(seed)
    assert {limit.bucket for limit in told.limits} >= {"account_per_second", "mobile_per_minute"}
    assert [limit.inexact for limit in told.limits if limit.over or limit.short] == []
    assert told.reasons.wrong == 0
    assert told.reasons.checked > 50


def told_by_the_store(seed: int) -> Document:
    """The ledger of many sends, each decided by the real store."""
    chance, story = random.Random(seed), Story()
    story.accounts["official"].settings.quotas = QUOTAS
    store, now = MemoryStore().open("s"), 0.0
    for _ in range(400):
        now += chance.choice((0.0, 0.05, 0.3, 40.0))
        mobiles = tuple(f"1390000000{chance.randrange(4)}" for _ in range(chance.choice((1, 1, 2))))
        charge = Charge(
            role="official", now=BEGAN + now, quotas=QUOTAS, ip="10.0.0.1", segments=1, fee_each=0,
            drafts=tuple(Draft(mobile, "x") for mobile in mobiles),
        )  # fmt: skip
        call: dict[str, Any] = {"mobiles": mobiles, "ip": "10.0.0.1"}
        try:
            store.commit(charge)
        except Refusal as refusal:
            story.send(now, refusal.reason, facts=refusal.facts, **call)
        else:
            story.send(now, **call)
    return story.told()


def test_one_more_than_the_limit_is_found() -> None:
    story = Story(mobile_per_minute=2)
    for number in range(3):
        story.send(number, out_id=str(number))
    found = of(story, "mobile_per_minute")
    assert (found.over, found.short, found.peak) == (1, 0, 1.5)
    assert (found.inexact[0].key, found.inexact[0].used) == (MOBILE, 3)


def test_one_less_than_the_limit_is_found() -> None:
    story = Story(mobile_per_minute=2)
    story.send(0)
    story.limited(1, "mobile_per_minute", free_at=40)
    assert (of(story, "mobile_per_minute").over, of(story, "mobile_per_minute").short) == (0, 1)


def test_less_than_the_limit_is_right_when_nothing_was_refused() -> None:
    story = Story(account_per_day=10)
    story.send(0)
    assert (of(story, "account_per_day").over, of(story, "account_per_day").short) == (0, 0)


@given(st.lists(st.integers(0, 7), min_size=1, max_size=6).filter(any))
@example([6, 0, 6])
@example([3, 4, 4])
def test_a_rate_may_be_full_once_and_then_drains(counts: list[int]) -> None:
    story, rate = Story(account_per_second=3), 3
    for second, count in enumerate(counts):
        for number in range(count):
            story.send(second + number / 10, out_id=f"{second}.{number}")
    spans = (counts[i:j] for i in range(len(counts)) for j in range(i + 1, len(counts) + 1))
    is_over = any(sum(span) > rate * (len(span) + 1) for span in spans)
    assert (of(story, "account_per_second").over > 0) == is_over


def test_what_was_used_before_the_run_counts() -> None:
    story = Story(account_per_day=3)
    use = BucketUse("account_per_day", "", 2, 3, "day", BEGAN + 1000)
    story.ledger._limits.begin("official", [use], BEGAN)
    story.send(0, out_id="1")
    assert of(story, "account_per_day").over == 0
    story.send(1, out_id="2")
    assert of(story, "account_per_day").over == 1


def test_a_limit_that_is_changed_is_judged_as_it_was() -> None:
    story = Story(account_per_day=2)
    story.send(0, out_id="1")
    story.send(1, out_id="2")
    story.accounts["official"].settings.quotas = Quotas(account_per_day=1)
    story.limited(2, "account_per_day", free_at=1000, out_id="3")
    assert (of(story, "account_per_day").over, of(story, "account_per_day").short) == (0, 0)


def test_a_batch_counts_mobile_by_mobile() -> None:
    story = Story(mobile_per_minute=1)
    facts = {"bucket": "mobile_per_minute", "key": "2", "used": 1, "limit": 1, "resets_at": BEGAN}
    entry = story.send(0, mobiles=("1", "2", "2"), operation="batch")
    results = (
        ("1", Accepted(Sent(("1",), 1, 1))),
        ("2", Accepted(Sent(("2",), 1, 1))),
        ("2", Refused(Reason.MOBILE_MINUTE_LIMIT, rule="test", facts=facts)),
    )
    entry.outcome = Accepted(BatchSent(results))
    fresh = Story(mobile_per_minute=1)
    fresh.ledger.add(entry)
    found = of(fresh, "mobile_per_minute")
    assert (found.accepted, found.refused, found.over, found.short) == (2, 1, 0, 0)


@pytest.mark.parametrize(
    ("reason", "facts", "why"),
    [
        (Reason.MOBILE_MINUTE_LIMIT, {}, "no_bucket"),
        (Reason.MOBILE_HOUR_LIMIT, {"used": 2, "limit": 2}, "other_bucket"),
        (Reason.MOBILE_MINUTE_LIMIT, {"used": 3, "limit": 3}, "other_limit"),
        (Reason.MOBILE_MINUTE_LIMIT, {"used": 1, "limit": 2}, "not_reached"),
        (Reason.MOBILE_MINUTE_LIMIT, {"used": 2, "limit": 2}, None),
    ],
)
def test_a_refusal_is_held_against_its_facts(
    reason: Reason, facts: dict[str, Any], why: str | None
) -> None:
    story = Story(mobile_per_minute=2)
    whole = {"bucket": "mobile_per_minute", "key": MOBILE, **facts} if facts else {}
    story.send(0, reason, facts=whole)
    told = story.told()
    assert told.reasons.checked == 1
    found = [example.facts["why"] for example in told.examples if example.kind == "reason"]
    assert found == ([] if why is None else [why])


def test_memory_is_bounded_and_says_what_was_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_WINDOWS", 4)
    story = Story(mobile_per_minute=1)
    for number in range(6):
        story.send(0, mobiles=(str(number),))
    for number in range(3):
        story.send(120, mobiles=(str(number),))
    found = of(story, "mobile_per_minute")
    assert (found.windows, found.accepted, found.not_judged) == (7, 7, 2)


def test_sends_of_windows_that_are_not_followed_are_counted_by_the_mobile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MOST_WINDOWS", 1)
    story = Story(mobile_per_day=9, account_per_day=9)
    story.send(0)
    for mobiles in (("1",), ("1", "2", "2"), (MOBILE,)):
        story.send(1, mobiles=mobiles)
    found = of(story, "mobile_per_day")
    assert (found.windows, found.accepted, found.not_judged) == (1, 2, 4)
    assert of(story, "account_per_day").not_judged == 0


def test_windows_are_looked_through_once_in_each_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_WINDOWS", 4)
    looked = []

    def counted(each: Any) -> list[Any]:
        looked.append(each)
        return sorted(each)

    monkeypatch.setattr(limits, "sorted", counted, raising=False)
    story = Story(mobile_per_day=1)
    for number in range(50):
        story.send(number / 10, mobiles=(str(number),))
    assert len(looked) <= 1
    assert of(story, "mobile_per_day").not_judged == 46


NEXT_MINUTE = -BEGAN % 60


def full_at_the_end_of_a_minute(monkeypatch: pytest.MonkeyPatch) -> Story:
    """A mobile a minute is followed before a minute's end, and two in the next are one too many."""
    monkeypatch.setattr(limits, "MOST_WINDOWS", 3)
    story = Story(mobile_per_minute=1)
    for number in range(3):
        story.send(NEXT_MINUTE - 1, mobiles=(str(number),))
    story.send(NEXT_MINUTE + 0.5, mobiles=("3",))
    return story


def test_what_comes_a_little_late_is_counted_in_its_own_window(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = full_at_the_end_of_a_minute(monkeypatch)
    facts = {"bucket": "mobile_per_minute", "key": "1", "used": 1, "limit": 1, "resets_at": BEGAN}
    story.send(NEXT_MINUTE - 0.001, Reason.MOBILE_MINUTE_LIMIT, mobiles=("1",), facts=facts)
    found = of(story, "mobile_per_minute")
    assert (found.windows, found.accepted, found.refused, found.not_judged) == (4, 4, 1, 0)
    assert (found.over, found.short) == (0, 0)


def test_what_comes_too_late_for_its_window_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    story = full_at_the_end_of_a_minute(monkeypatch)
    story.send(NEXT_MINUTE + LATE, mobiles=("4",))
    facts = {"bucket": "mobile_per_minute", "key": "1", "used": 1, "limit": 1, "resets_at": BEGAN}
    story.send(NEXT_MINUTE - 0.001, Reason.MOBILE_MINUTE_LIMIT, mobiles=("1",), facts=facts)
    found = of(story, "mobile_per_minute")
    assert (found.windows, found.refused, found.not_judged, found.short) == (5, 0, 1, 0)


def test_a_key_that_was_left_out_of_a_window_stays_out_when_there_is_room_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MOST_WINDOWS", 2)
    story = Story(mobile_per_minute=2)
    for seconds, mobile in ((-1, "1"), (-1, "2"), (0, "1"), (0, "2"), (1, "3"), (LATE, "3")):
        story.send(NEXT_MINUTE + seconds, mobiles=(mobile,))
    facts = {"bucket": "mobile_per_minute", "key": "3", "used": 2, "limit": 2, "resets_at": BEGAN}
    story.send(NEXT_MINUTE + 30, Reason.MOBILE_MINUTE_LIMIT, mobiles=("3",), facts=facts)
    story.send(NEXT_MINUTE + 61, mobiles=("3",))
    found = of(story, "mobile_per_minute")
    assert (found.windows, found.accepted, found.not_judged, found.short) == (5, 5, 3, 0)
