"""Texts that name their owner."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.owned import owned, owner_of

PART = st.from_regex(r"[0-9a-z_-]+", fullmatch=True)


@given(PART, PART, PART)
def test_the_owner_is_read_back(session_id: str, role: str, rest: str) -> None:
    assert owner_of(owned(session_id, role, rest)) == (session_id, role[0])


@pytest.mark.parametrize("text", ["", "x", "a.b", "a.b.c.d", "..."])
def test_what_is_not_ours_names_nobody(text: str) -> None:
    assert owner_of(text) == ("", "")
