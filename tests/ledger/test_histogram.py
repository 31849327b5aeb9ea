"""The histogram: bounded, true to within a step, and two of them add up."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.ledger.histogram import BOUNDS, Histogram

VALUES = st.lists(st.floats(0, 1e5), min_size=1, max_size=60)


def of(values: list[float]) -> Histogram:
    made = Histogram()
    for value in values:
        made.add(value)
    return made


@given(VALUES, st.floats(0, 1))
def test_a_quantile_is_true_to_within_a_step(values: list[float], share: float) -> None:
    found = of(values).quantile(share)
    exact = sorted(values)[max(0, -int(-share * len(values) // 1) - 1)]
    assert found <= max(values)
    if exact <= BOUNDS[-1]:
        assert found <= max(exact * 1.3, BOUNDS[0])


@given(VALUES, VALUES)
def test_two_add_up_to_the_one_of_both(some: list[float], others: list[float]) -> None:
    whole, both = of(some), of(some + others)
    whole.merge(of(others))
    assert whole.steps == both.steps
    assert (whole.count, whole.most) == (both.count, both.most)
    assert whole.total == pytest.approx(both.total)


@given(VALUES)
def test_it_survives_json(values: list[float]) -> None:
    made = of(values)
    assert msgspec.json.decode(msgspec.json.encode(made), type=Histogram) == made


def test_nothing_has_no_quantile() -> None:
    assert Histogram().quantile(0.5) == 0


def test_it_is_bounded() -> None:
    made = of([2.0**power for power in range(-60, 60)])
    assert len(made.steps) <= len(BOUNDS)
    assert made.count == 120
