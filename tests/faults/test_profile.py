"""How a rule changes over time: outage windows, ramps, moments."""

from fractions import Fraction

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fakeproviders.clock import iso
from fakeproviders.faults.profile import Cycle, Ramp, moment
from fakeproviders.faults.registry import BadRule
from tests.faults.doubles import NOON, attempt

SECONDS = st.integers(1, 10_000)
SHARES = st.floats(0, 1)


@given(SECONDS, SECONDS, st.integers(0, 10**9))
def test_a_cycle_is_on_then_off_over_and_over(on: int, off: int, elapsed: int) -> None:
    cycle = Cycle(on_seconds=on, off_seconds=off)
    place = elapsed
    while place >= on + off:
        place -= (on + off) * max(1, place // (on + off))
    assert cycle.is_on(elapsed) is (place < on)
    assert cycle.is_on(elapsed + on + off) is cycle.is_on(elapsed)


@given(SECONDS, SECONDS)
def test_a_cycle_turns_at_its_moments(on: int, off: int) -> None:
    cycle = Cycle(on_seconds=on, off_seconds=off)
    turns = [0, on - 0.5, on, on + off - 0.5, on + off]
    assert [cycle.is_on(at) for at in turns] == [True, True, False, False, True]


@given(SHARES, SHARES, SECONDS, st.floats(-100, 20_000))
def test_a_ramp_lies_between_its_ends(start: float, end: float, over: int, elapsed: float) -> None:
    at = Ramp(start=start, end=end, over_seconds=over).at(elapsed)
    low, high = sorted((start, end))
    assert low - 1e-9 <= at <= high + 1e-9
    if 0 <= elapsed <= over:
        exact = Fraction(start) + (Fraction(end) - Fraction(start)) * Fraction(elapsed) / over
        assert at == pytest.approx(float(exact), abs=1e-9)


@given(SHARES, SHARES, SECONDS)
def test_a_ramp_begins_and_ends(start: float, end: float, over: int) -> None:
    ramp = Ramp(start=start, end=end, over_seconds=over)
    assert ramp.at(0) == ramp.at(-1) == start
    assert ramp.at(over) == ramp.at(over * 9) == pytest.approx(end)


@given(st.floats(0, 1e4), st.floats(0, 1e4))
def test_a_ramp_that_goes_up_never_goes_down(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assume(low < high)
    ramp = Ramp(over_seconds=5000)
    assert ramp.at(low) <= ramp.at(high)


@pytest.mark.parametrize(
    "bad",
    [
        {"start": -0.1, "over_seconds": 1},
        {"end": 1.1, "over_seconds": 1},
        {"over_seconds": 0},
        {"start": 0.5},
        {"over_seconds": 1, "to": 1},
    ],
)
def test_ramps_that_cannot_be(bad: dict[str, float]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(bad, Ramp)


@given(st.integers(0, 10**6), st.sampled_from("smhd"))
def test_a_moment_from_now(number: int, unit: str) -> None:
    seconds = number * {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit]
    assert moment(f"+{number}{unit}", NOON, "until") == NOON + seconds


@given(st.integers(0, 4_000_000_000_000))
def test_a_moment_in_words(milliseconds: int) -> None:
    at = milliseconds / 1000
    assert moment(iso(at), NOON, "since") == pytest.approx(at, abs=1e-3)


def test_moments_of_all_forms() -> None:
    assert moment(None, NOON, "since") is None
    assert moment("+1.5m", NOON, "since") == NOON + 90
    assert moment("2024-05-06T12:00:00", 0, "since") == NOON
    assert moment("2024-05-06T04:00:00Z", 0, "since") == NOON


@given(st.text() | st.text("+-.0123456789smhdTZ:", max_size=12))
def test_any_text_is_a_moment_or_a_bad_rule(text: str) -> None:
    found = attempt(lambda words: moment(words, NOON, "until"), text)
    if isinstance(found, BadRule):
        assert found.field == "until"
        assert found.message == f"{text!r} is neither an RFC 3339 time nor like +30s"
    else:
        assert found is not None
