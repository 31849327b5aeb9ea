"""Times as scenarios write them."""

from contextlib import suppress
from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.clock import BEIJING, parse_moment
from fakeproviders.misfit import Misfit
from fakeproviders.scenario.moments import LONGEST, moment, seconds

NOON = parse_moment("2026-11-23T12:00:00+08:00")


@pytest.mark.parametrize(
    ("advance", "value"),
    [(0, 0.0), (12, 12.0), (1.5, 1.5), ("90s", 90.0), ("5m", 300.0), ("1.5h", 5400.0), ("2d", 172800.0)],
)  # fmt: skip
def test_a_duration_is_a_number_or_has_a_unit(advance: float | str, value: float) -> None:
    assert seconds(advance) == value


@pytest.mark.parametrize(
    "advance", ["", "5", "m", "5 m", "-5m", "5w", "１m", -1, LONGEST + 1, "9999d"]
)
def test_what_is_no_duration_is_refused(advance: float | str) -> None:
    with pytest.raises(Misfit) as caught:
        seconds(advance)
    assert caught.value.field == "advance"


@pytest.mark.parametrize(
    ("to", "then"),
    [
        ("12:00:01", "2026-11-23T12:00:01+08:00"),
        ("23:59", "2026-11-23T23:59:00+08:00"),
        ("12:00", "2026-11-24T12:00:00+08:00"),
        ("00:00", "2026-11-24T00:00:00+08:00"),
        ("2026-11-30T00:00:00Z", "2026-11-30T08:00:00+08:00"),
        ("2026-11-30T00:00:00", "2026-11-30T00:00:00+08:00"),
    ],
)
def test_a_time_of_day_is_the_next_in_beijing(to: str, then: str) -> None:
    assert moment(to, NOON) == parse_moment(then)


@pytest.mark.parametrize("to", ["", "24:00", "12:60", "1:00", "noon", "12:00:60"])
def test_what_is_no_time_is_refused(to: str) -> None:
    with pytest.raises(Misfit) as caught:
        moment(to, NOON)
    assert caught.value.field == "to"


@given(st.times(), st.floats(0, 4e9))
def test_the_next_time_of_day_is_within_a_day_and_shows_on_the_clock(at: time, now: float) -> None:
    to = at.strftime("%H:%M:%S")
    then = moment(to, now)
    assert now < then <= now + 86400
    assert datetime.fromtimestamp(then, BEIJING).strftime("%H:%M:%S") == to


@given(st.text(max_size=20))
def test_no_text_breaks_them(text: str) -> None:
    for read in (seconds, lambda to: moment(to, NOON)):
        with suppress(Misfit):
            assert isinstance(read(text), float)
