"""Comparing answers with what is wanted of them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.failures import Words
from fakeproviders.scenario.answers import fits, user_checks
from fakeproviders.scenario.expectations import count_words
from fakeproviders.scenario.model import UserSees
from fakeproviders.scenario.results import Seen
from fakeproviders.verify.expectation import Bounds


@pytest.mark.parametrize(
    ("wanted", "found", "fitting"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": 1}, {"b": 1}, False),
        ({"a": {"b": "x"}}, {"a": {"b": "x", "c": 0}}, True),
        ({"a": None}, {}, False),
        ({"a": None}, {"a": None}, True),
        ([{"a": 1}], [{"a": 2}, {"a": 1, "b": 0}], True),
        ([{"a": 1}, {"a": 1}], [{"a": 1}], False),
        ([], [], True),
        ([], [1], False),
        ([1], "1", False),
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        ("1", 1, False),
    ],
)
def test_what_fits(wanted: Any, found: Any, fitting: bool) -> None:
    assert fits(wanted, found) is fitting


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(), parts, max_size=3),
)


@given(values)
def test_everything_fits_itself(value: Any) -> None:
    assert fits(value, value)


@given(st.dictionaries(st.text(), values), st.dictionaries(st.text(), values))
def test_more_fields_do_not_matter(wanted: dict[str, Any], more: dict[str, Any]) -> None:
    assert fits(wanted, {**more, **wanted})


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (None, Words(zh="至少 1", en="at least 1")),
        (0, Words(zh="正好 0", en="exactly 0")),
        (Bounds(min=2), Words(zh="至少 2", en="at least 2")),
        (Bounds(max=3), Words(zh="至多 3", en="at most 3")),
        (Bounds(min=1, max=3), Words(zh="1 到 3", en="1 to 3")),
    ],
)
def test_counts_in_words(count: int | Bounds | None, words: Words) -> None:
    assert count_words(count) == words


def test_a_text_alone_already_wants_a_refusal() -> None:
    seen = [Seen(succeeded=True, text="慢了")]
    result, text = user_checks(UserSees(sees="慢了"), seen)
    assert (result.ok, text.ok) == (False, True)
