"""The core's nouns."""

import pytest

from fakeproviders.model import NO_CREDENTIAL, SEND, Call
from tests.core import request


def call(**fields: object) -> Call:
    return Call(provider="official", operation=SEND, **fields)  # type: ignore[arg-type]


def test_a_field_is_read_by_its_core_name() -> None:
    assert call(template_id="1001").field("template_id") == "1001"


def test_several_mobiles_are_met_as_one_text() -> None:
    assert call(mobiles=("13800000001", "13800000002")).field("mobile") == "13800000001,13800000002"


def test_a_template_parameter_is_a_field() -> None:
    assert call(params={"code": "1"}).field("params.code") == "1"
    assert call(params={"code": "1"}).field("params.minutes") is None
    assert call().field("params.code") is None


def test_a_name_that_is_no_field_is_an_error() -> None:
    with pytest.raises(AttributeError):
        call().field("colour")


def test_no_credential_is_never_right() -> None:
    assert not NO_CREDENTIAL.verify("secret")
    assert NO_CREDENTIAL.explain("secret") == {"given": "", "expected": "", "signed": ""}


def test_a_requests_address_carries_its_session() -> None:
    assert request("GET", "/").base_url == "http://127.0.0.1:9400"
    assert request("GET", "/", session="abc").base_url == "http://127.0.0.1:9400/@abc"
