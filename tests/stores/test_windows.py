"""Quota arithmetic, for any moment and any rate."""

from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fakeproviders.clock import BEIJING
from fakeproviders.stores.windows import (
    DAY,
    HOUR,
    MINUTE,
    Counter,
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


def test_a_counter_knows_its_own_window_only() -> None:
    counter = Counter()
    counter.add(7, 2)
    assert (counter.used(7), counter.used(8)) == (2, 0)
    counter.take_back(8, 1)
    counter.take_back(7, 5)
    assert counter.used(7) == 0
    counter.add(8, 1)
    assert (counter.used(7), counter.used(8)) == (0, 1)


def test_a_new_minute_keeps_the_hour_and_a_new_hour_the_day() -> None:
    counters = MobileCounters()
    counters.roll(Windows(61, 1, 1))
    counters.minute = counters.hour = counters.day = 2
    counters.roll(Windows(62, 1, 1))
    assert (counters.minute, counters.hour, counters.day) == (0, 2, 2)
    counters.roll(Windows(121, 2, 1))
    assert (counters.minute, counters.hour, counters.day) == (0, 0, 2)
    counters.roll(Windows(1441, 24, 2))
    assert (counters.minute, counters.hour, counters.day) == (0, 0, 0)


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
