"""The short way of reading a JSON send gives what the long way gives, for any body."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import structs

from fakeproviders.model import Call
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.providers.official.wire import _read_common_send
from tests.core import SEND, request

WHOLE = {"access_token": "default.o.1", **SEND}
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
ODD = VALUES | st.lists(VALUES, max_size=2) | st.dictionaries(st.text(max_size=5), VALUES, max_size=2)  # fmt: skip
CHANGES = st.dictionaries(st.sampled_from([*WHOLE, "out_id", "mobiles", "x"]), ODD, max_size=3)
LEFT_OUT = st.sets(st.sampled_from([*WHOLE]), max_size=2)


def read(body: bytes, content_type: str = "application/json") -> Call:
    return OFFICIAL.decode(request("POST", "/api/sms/send", body, {"Content-Type": content_type}))


def read_the_long_way(body: bytes) -> Call:
    """Under a type that says the same in unusual words."""
    return read(body, "Application/JSON")


def fields(call: Call) -> dict[str, str]:
    """As text, so that NaN is itself."""
    return {name: repr(value) for name, value in structs.asdict(call).items()}


@given(CHANGES, LEFT_OUT)
@example({"template_id": None}, set())
@example({"template_id": 1001, "mobile": 13800000001}, set())
@example({"params": '{"code": "1"}'}, set())
@example({"signature": ""}, set())
@example({}, {"access_token"})
def test_any_send(changes: dict[str, Any], left_out: set[str]) -> None:
    body = json.dumps({k: v for k, v in {**WHOLE, **changes}.items() if k not in left_out})
    assert fields(read(body.encode())) == fields(read_the_long_way(body.encode()))


@given(st.binary(max_size=60))
@example(b"\xff")
@example(b"[" * 5000)
@example(b'{"mobile":"1","mobile":"2"}')
@example(b"null")
def test_any_body(body: bytes) -> None:
    assert fields(read(body)) == fields(read_the_long_way(body))


@pytest.mark.parametrize("twice", ["mobile", "params", "access_token"])
def test_the_last_of_two_values_counts(twice: str) -> None:
    body = json.dumps(WHOLE)[:-1] + f', "{twice}": ' + json.dumps(WHOLE[twice]) + "}"
    assert fields(read(body.encode())) == fields(read_the_long_way(body.encode()))


def test_a_common_send_does_go_the_short_way() -> None:
    raw = request(
        "POST", "/api/sms/send", json.dumps(WHOLE).encode(), {"Content-Type": "application/json"}
    )
    assert _read_common_send(Call("official", "send"), raw)
