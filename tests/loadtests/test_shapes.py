"""The shapes: never more users than there are to be, at the right time, and then the end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.shapes import SHAPES, users_at


@given(
    st.sampled_from(sorted(SHAPES)), st.floats(0, 0.999), st.floats(1, 1e4), st.integers(1, 10_000)
)
def test_there_are_always_some_and_never_too_many(
    shape: str, share: float, whole: float, count: int
) -> None:
    users = users_at(shape, share * whole, whole, count)
    assert users is not None
    assert 1 <= users <= count


@pytest.mark.parametrize("shape", list(SHAPES))
def test_a_run_comes_to_an_end_and_has_reached_its_height(shape: str) -> None:
    assert users_at(shape, 30, 30, 100) is None
    assert max(users_at(shape, tenth / 10, 30, 100) or 0 for tenth in range(300)) == 100


@pytest.mark.parametrize(
    ("shape", "at", "users"),
    [
        ("steady", 0, 100), ("bombing", 0, 100), ("ramp", 0, 1), ("ramp", 10, 50), ("ramp", 25, 100),
        ("burst", 0.5, 10), ("burst", 1.5, 100), ("burst", 2, 10), ("burst", 5, 100), ("spike", 3, 10),
        ("spike", 15, 100), ("spike", 20, 10),
    ],
)  # fmt: skip
def test_a_moment_of_a_shape(shape: str, at: float, users: int) -> None:
    assert users_at(shape, at, 30, 100) == users
