"""Addresses of a Redis, as they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.misfit import Misfit
from fakeproviders.stores.redis import Address, parse_address

GOOD = {
    "redis://localhost": Address(host="localhost"),
    "redis://10.0.0.1:7000/3": Address(host="10.0.0.1", port=7000, db=3),
    "redis://[::1]:7000": Address(host="::1", port=7000),
    "redis://:p%40ss@h/1": Address(host="h", db=1, password="p@ss"),
    "rediss://ann:secret@h": Address(host="h", username="ann", password="secret", tls=True),
    "unix:///run/redis.sock": Address(path="/run/redis.sock"),
    "unix:///run/redis.sock?db=2": Address(path="/run/redis.sock", db=2),
}
BAD = ["", "localhost", "localhost:6379", "http://h", "redis://", "redis://h:x", "redis://h/x", "redis://h/-1",
       "redis://h:99999", "unix://", "redis://h/0/1", "unix:///s?db=x", "redis://[::1"]  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_an_address_is_read(text: str) -> None:
    assert parse_address(text) == GOOD[text]


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_address_is_named_with_one_that_is(text: str) -> None:
    with pytest.raises(Misfit) as raised:
        parse_address(text)
    for words in (raised.value.words.zh, raised.value.words.en):
        assert repr(text) in words
        assert "redis://host:6379/0" in words


def test_a_password_is_not_shown() -> None:
    assert str(parse_address("redis://ann:secret@h:1/0")) == "h:1"


@given(st.one_of(st.text(), st.text().map(lambda rest: f"redis://{rest}")))
def test_any_text_is_an_address_or_a_misfit(text: str) -> None:
    try:
        address = parse_address(text)
    except Misfit:
        return
    assert address.host or address.path
    assert 0 < address.port < 65536
