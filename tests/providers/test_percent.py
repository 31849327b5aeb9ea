"""Percent-encoding is undone as the standard library does it."""

from urllib.parse import unquote_to_bytes

from hypothesis import example, given
from hypothesis import strategies as st

from fakeproviders.providers.percent import unquoted

ESCAPED = st.text("%0aAfF9zZ+=& é好", max_size=40).map(str.encode)


@given(ESCAPED | st.binary(max_size=40))
@example(b"%%41%4%zz%E4%BD%a0%")
def test_any_bytes(encoded: bytes) -> None:
    assert unquoted(encoded) == unquote_to_bytes(encoded)
