"""What the reseller makes of requests: in every form, and of bytes that are none."""

import json
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.failures import Reason
from fakeproviders.model import Refused
from fakeproviders.providers.official.settings import OfficialSettings
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.providers.reseller.above import account_above
from fakeproviders.providers.reseller.settings import demo_settings
from tests.core import FORM, JSON, SEND, Core, get, post, request
from tests.providers.official.test_wire import METHODS, OBJECTS, QUERIES, TYPES

ROUTES = {
    "/": ("home", ["GET", "HEAD"]),
    "/api/sms/": ("send", ["POST"]),
    "/api/sms/balance": ("balance", ["GET"]),
    "/api/sms/report": ("report", ["GET"]),
}


def member(**changed: Any) -> dict[str, Any]:
    return Core().member(**{**SEND, **changed})


@pytest.mark.parametrize("path", list(ROUTES))
@pytest.mark.parametrize("method", METHODS)
def test_every_path_has_its_methods(path: str, method: str) -> None:
    operation, methods = ROUTES[path]
    call = RESELLER.decode(request(method, path))
    if method in methods:
        assert call.operation == operation
    else:
        assert call.page is not None
        assert call.page.status == 405
        assert dict(call.page.headers)["Allow"] == ", ".join(methods)


@pytest.mark.parametrize("path", ["/api/sms", "/api/sms/api/sms/", "/api/sms/send", "/index.php"])
def test_other_paths_are_unknown(path: str) -> None:
    call = RESELLER.decode(request("POST", path))
    assert call.page is not None
    assert (call.operation, call.page.status) == ("unknown", 404)


def test_the_home_page_is_html() -> None:
    call = RESELLER.decode(request("GET", "/"))
    assert call.page is not None
    assert call.page.status == 200
    assert b"<html" in call.page.body


@given(
    st.sampled_from(METHODS),
    st.one_of(st.sampled_from(list(ROUTES)), st.text()),
    QUERIES,
    TYPES,
    st.one_of(st.binary(), OBJECTS),
)
def test_no_bytes_raise(method: str, path: str, query: str, kind: str, body: bytes) -> None:
    raw = request(method, path, body, {"Content-Type": kind})
    raw.query = query
    call = RESELLER.decode(raw)
    reply = RESELLER.encode(call, Refused(Reason.PARAMETER_MISSING), RESELLER.default_settings())
    assert msgspec.json.decode(reply.body)["code"] == 1001
    call.credential.verify("secret")
    call.credential.explain("secret")


@pytest.mark.parametrize("depth", [900, 980, 990, 995, 1000, 100_000])
def test_no_depth_raises(depth: int) -> None:
    body = b'{"params":%s%s}' % (b"[" * depth, b"]" * depth)
    call = RESELLER.decode(request("POST", "/api/sms/", body, JSON))
    assert call.unreadable or call.missing


def test_json_and_form_mean_the_same_and_have_one_proof() -> None:
    by_json = RESELLER.decode(post("/api/sms/", member()))
    params = json.dumps(SEND["params"], separators=(",", ":"), sort_keys=True)
    form = urlencode({**member(), "params": params}).encode()
    by_form = RESELLER.decode(request("POST", "/api/sms/", form, FORM))
    assert by_form == by_json
    assert by_form.credential.verify("demo-api-key")


def test_a_query_is_proved_like_a_body() -> None:
    values = Core().member(message_id="1")
    assert RESELLER.decode(get("/api/sms/report", values)).credential.verify("demo-api-key")


@pytest.mark.parametrize(
    "name", ["member_id", "timestamp", "sign_key", "signature", "mobile", "params"]
)
@pytest.mark.parametrize("value", [None, ""])
def test_what_a_send_needs_is_missed(name: str, value: str | None) -> None:
    assert RESELLER.decode(post("/api/sms/", member(**{name: value}))).missing == name


def test_a_missing_proof_is_missed() -> None:
    values = member()
    del values["sign"]
    assert RESELLER.decode(post("/api/sms/", values)).missing == "sign"


@pytest.mark.parametrize("name", ["template_id", "out_id"])
def test_what_a_send_can_do_without_is_not_missed(name: str) -> None:
    assert RESELLER.decode(post("/api/sms/", member(**{name: None}))).missing == ""


def test_a_report_needs_one_of_two_ids() -> None:
    core = Core()
    assert RESELLER.decode(get("/api/sms/report", core.member())).missing == "message_id"
    assert RESELLER.decode(get("/api/sms/report", core.member(out_id="a"))).missing == ""
    assert RESELLER.decode(get("/api/sms/report", {"out_id": "a"})).missing == "member_id"


def test_a_client_is_configured_with_this() -> None:
    assert RESELLER.describe(RESELLER.default_settings(), "http://127.0.0.1:9402") == {
        "url": "http://127.0.0.1:9402",
        "member_id": "10001",
        "api_key": "demo-api-key",
        "sign_key": "demo-sign",
        "signature": "【演示签名】",
        "template_id": "1001",
    }


def test_the_account_above_fits_what_the_reseller_was_told() -> None:
    reseller = demo_settings()
    above = account_above(reseller)
    assert isinstance(above, OfficialSettings)
    assert (above.account, above.secret) == (reseller.upstream_app_id, reseller.upstream_app_secret)
    assert reseller.upstream_sign_key is None
    assert above.signatures is None
    assert above.templates is None


@pytest.mark.parametrize("seconds", [0, -1, 3601])
def test_a_time_out_must_make_sense(seconds: float) -> None:
    with pytest.raises(msgspec.ValidationError, match="upstream_timeout_seconds"):
        msgspec.convert(
            {"member_id": "1", "api_key": "k", "upstream_timeout_seconds": seconds},
            RESELLER.settings_type,
        )
