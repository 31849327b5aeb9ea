"""Quota arithmetic, for any moment and any rate."""

from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fakeproviders.clock import BEIJING
from fakeproviders.stores.windows import (
    DAY,
    HOUR,
    LATE,
    MINUTE,
    MobileCounters,
    TokenBucket,
    Windows,
    window,
    window_end,
)

MOMENTS = st.floats(1_000_000_000, 4_000_000_000)
RATES = st.sampled_from([1, 2, 3, 5, 7, 10, 13, 50, 100, 1000])
PARTS = {
    MINUTE: ("%Y-%m-%d %H:%M", timedelta(minutes=1)),
    HOUR: ("%Y-%m-%d %H", timedelta(hours=1)),
    DAY: ("%Y-%m-%d", timedelta(days=1)),
}


@given(MOMENTS, st.sampled_from([MINUTE, HOUR, DAY]))
def test_a_window_ends_where_the_calendar_says(moment: float, seconds: int) -> None:
    form, step = PARTS[seconds]
    beijing = datetime.fromtimestamp(int(moment), BEIJING)
    begin = datetime.strptime(beijing.strftime(form), form).replace(tzinfo=BEIJING)
    assert window_end(moment, seconds) == (begin + step).timestamp()


@given(MOMENTS, st.sampled_from([MINUTE, HOUR, DAY]))
def test_the_next_window_begins_at_the_end_of_this_one(moment: float, seconds: int) -> None:
    assert window(window_end(moment, seconds), seconds) == window(moment, seconds) + 1


def counted(counters: MobileCounters, *minutes: int) -> list[tuple[int, int]]:
    """What one more send in each of these minutes finds: the counts of its minute and its hour."""
    found = []
    for minute in minutes:
        counters.roll(Windows(minute, minute // 60, minute // 1440))
        found.append((counters.minute, counters.hour))
        counters.count()
    return found


def test_a_new_minute_keeps_the_hour_and_a_new_hour_the_day() -> None:
    counters = MobileCounters(Windows(61, 1, 0))
    assert counted(counters, 61, 61, 62, 121) == [(0, 0), (1, 1), (0, 2), (0, 0)]
    assert counters.day == 4


def test_a_minute_and_an_hour_are_known_beside_the_next() -> None:
    counters = MobileCounters(Windows(59, 0, 0))
    assert counted(counters, 59, 60, 59, 60) == [(0, 0), (0, 0), (1, 1), (1, 1)]
    assert counters.used(Windows(59, 0, 0)) == (2, 2, 4)
    assert counters.used(Windows(60, 1, 0)) == (2, 2, 4)
    assert counters.used(Windows(61, 1, 0)) == (0, 2, 4)
    counters.take_back(Windows(59, 0, 0))
    counters.take_back(Windows(58, 0, 0))
    assert counters.used(Windows(59, 0, 0)) == (1, 0, 2)
    assert counters.used(Windows(60, 1, 0)) == (2, 2, 2)


def taken(bucket: TokenBucket, rate: int, now: float, wanted: int) -> int:
    number = 0
    while number < wanted and bucket.fits(1, rate, now):
        bucket.add(1)
        number += 1
    return number


@given(RATES, MOMENTS, st.lists(st.floats(0, 3), max_size=8))
def test_never_more_than_a_burst_and_the_rate_since(
    rate: int, begin: float, steps: list[float]
) -> None:
    bucket, now, number = TokenBucket(), begin, 0
    for step in [0.0, *steps]:
        now += step
        number += taken(bucket, rate, now, 2 * rate)
    assert number <= rate + (now - begin) * rate + 0.5


@given(RATES.filter(lambda rate: rate > 1), MOMENTS, st.lists(st.floats(0, 3), max_size=8))
def test_never_less_when_more_is_always_wanted(rate: int, begin: float, steps: list[float]) -> None:
    """So little time passes at once that the bucket is never full, which would waste some."""
    bucket, now = TokenBucket(), begin
    number = taken(bucket, rate, now, 2 * rate)
    assert number == rate
    for step in steps:
        now += min(step, 1 / rate)
        number += taken(bucket, rate, now, 2 * rate)
    assert number > rate + (now - begin) * rate - 1 - 1e-3


@given(
    st.sampled_from([1, 2, 3, 5]),
    st.lists(st.tuples(st.floats(0, 0.6), st.floats(0, LATE * 0.9)), max_size=25),
)
def test_never_more_than_that_by_the_time_of_the_sends_when_some_come_late(
    rate: int, steps: list[tuple[float, float]]
) -> None:
    bucket, now, sent = TokenBucket(), 1000.0, list[float]()
    for step, late in steps:
        now += step
        if taken(bucket, rate, now - late, 1):
            sent.append(now - late)
    sent.sort()
    for first, begin in enumerate(sent):
        for last in range(first, len(sent)):
            assert last - first + 1 <= rate + (sent[last] - begin) * rate + 0.001


def test_what_comes_late_leaves_its_room_to_those_in_time() -> None:
    bucket = TokenBucket()
    assert taken(bucket, 10, 1000.0, 10) == 10
    assert bucket.look(10, 1000.1) == pytest.approx(9)
    assert not bucket.fits(1, 10, 1000.05)
    assert bucket.look(10, 1000.05) == pytest.approx(9.5)
    assert bucket.resets_at(10, 1000.05) == pytest.approx(1000.1)
    assert bucket.fits(1, 10, 1000.1)


@given(RATES, MOMENTS, st.floats(0, 0.9))
def test_at_the_moment_that_a_refusal_names_one_more_fits(
    rate: int, now: float, later: float
) -> None:
    bucket = TokenBucket()
    taken(bucket, rate, now, rate)
    now += later / rate
    assume(not bucket.fits(1, rate, now))
    resets_at = bucket.resets_at(rate, now)
    assert now < resets_at <= now + 1 / rate + 1e-6
    assert bucket.fits(1, rate, resets_at)


@pytest.mark.parametrize("rate", [1, 10, 1000])
def test_what_is_taken_back_can_be_used_again(rate: int) -> None:
    bucket = TokenBucket()
    taken(bucket, rate, 1000.0, rate)
    bucket.take_back(1, rate, 1000.0)
    assert taken(bucket, rate, 1000.0, 5) == 1


def test_what_has_drained_is_not_taken_back() -> None:
    bucket = TokenBucket()
    taken(bucket, 2, 1000.0, 1)
    taken(bucket, 2, 1000.5, 2)
    bucket.take_back(1, 2, 1000.0)
    assert taken(bucket, 2, 1000.5, 5) == 0


def test_a_rate_of_nothing_resets_at_no_time() -> None:
    assert TokenBucket().resets_at(0, 1000.0) == 1000.0
