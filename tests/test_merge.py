"""Patches: objects merge, everything else replaces."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.merge import merged

VALUES = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("value", "patch", "expected"),
    [
        ({"a": 1, "b": 2}, {"b": 3}, {"a": 1, "b": 3}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"y": None}}, {"a": {"x": 1, "y": None}}),
        ({"a": [1, 2, 3]}, {"a": [4]}, {"a": [4]}),
        ({"a": {"x": 1}}, {"a": 5}, {"a": 5}),
        ({"a": 5}, {"a": {"x": 1}}, {"a": {"x": 1}}),
        ({}, {"new": {"x": 1}}, {"new": {"x": 1}}),
    ],
)
def test_merging(value: Any, patch: Any, expected: Any) -> None:
    assert merged(value, patch) == expected


@given(VALUES, VALUES)
def test_a_patch_applied_twice_is_as_good_as_once(value: Any, patch: Any) -> None:
    once = merged(value, patch)
    assert merged(once, patch) == once


@given(VALUES)
def test_an_empty_patch_changes_no_object(value: Any) -> None:
    assert merged({"whole": value}, {}) == {"whole": value}


def test_merging_leaves_the_original_alone() -> None:
    value = {"a": {"x": 1}}
    merged(value, {"a": {"x": 2}})
    assert value == {"a": {"x": 1}}
