"""What the official API makes of requests: in every form, and of bytes that are none."""

import json
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.failures import Reason
from fakeproviders.model import Call, Refused
from fakeproviders.providers.official import OFFICIAL
from tests.core import DEMO_SIGNATURE, FORM, JSON, MOBILE, SEND, get, post, request

ROUTES = {
    "/api/oauth/access_token": ("token", ["POST"]),
    "/api/sms/send": ("send", ["POST"]),
    "/api/sms/batch": ("batch", ["POST"]),
    "/api/sms/report": ("report", ["GET"]),
    "/api/sms/balance": ("balance", ["GET"]),
    "/api/sms/signatures": ("signatures", ["GET", "POST"]),
    "/api/sms/templates": ("templates", ["GET", "POST"]),
}
METHODS = ["GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS"]
NAMES = st.sampled_from(
    ["app_id", "sign_key", "timestamp", "nonce", "sign", "access_token", "signature", "mobile",
     "mobiles", "template_id", "params", "out_id", "message_id", "name", "content", "other"]
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=8).map(
    lambda value: json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
)
QUERIES = st.one_of(
    st.text(max_size=20),
    st.binary(max_size=20).map(lambda raw: raw.decode("utf-8", "surrogateescape")),
    st.dictionaries(NAMES, st.text(st.characters(exclude_categories=["Cs"]))).map(urlencode),
)
TYPES = st.one_of(
    st.sampled_from(
        ["", "application/json", "application/json; charset=gbk", "application/json;charset=utf-7",
         "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=gb2312",
         "application/x-www-form-urlencoded; charset=utf-16", "multipart/form-data; boundary=x",
         "text/plain; charset=unicode_escape", "text/xml; charset=", ";;;charset==", "a/b;charset=\"x"]
    ),
    st.text(max_size=30),
)  # fmt: skip


def send(**changed: Any) -> dict[str, Any]:
    """A send's parameters; None takes one out."""
    values = {"access_token": "default.o.1", **SEND, **changed}
    return {name: value for name, value in values.items() if value is not None}


def call_of(values: dict[str, Any], path: str = "/api/sms/send") -> Call:
    return OFFICIAL.decode(post(path, values))


@pytest.mark.parametrize("path", list(ROUTES))
@pytest.mark.parametrize("method", METHODS)
def test_every_path_has_its_methods(path: str, method: str) -> None:
    operation, methods = ROUTES[path]
    call = OFFICIAL.decode(request(method, path))
    if method in methods:
        assert (call.operation, call.page) == (operation, None)
        assert call.submits == (method == "POST")
    else:
        assert call.page is not None
        assert call.page.status == 405
        assert dict(call.page.headers)["Allow"] == ", ".join(methods)


@pytest.mark.parametrize(
    "path", ["/", "/api/sms", "/api/sms/send/", "/API/SMS/SEND", "//api/sms/send"]
)
def test_other_paths_are_unknown(path: str) -> None:
    call = OFFICIAL.decode(request("POST", path))
    assert call.page is not None
    assert (call.operation, call.page.status) == ("unknown", 404)


@given(
    st.sampled_from(METHODS),
    st.one_of(st.sampled_from(list(ROUTES)), st.text()),
    QUERIES,
    TYPES,
    st.one_of(st.binary(), OBJECTS),
)  # fmt: skip
def test_no_bytes_raise(method: str, path: str, query: str, kind: str, body: bytes) -> None:
    raw = request(method, path, body, {"Content-Type": kind})
    raw.query = query
    call = OFFICIAL.decode(raw)
    reply = OFFICIAL.encode(call, Refused(Reason.PARAMETER_MISSING), OFFICIAL.default_settings())
    assert msgspec.json.decode(reply.body)["code"] == 40000
    assert all(isinstance(mobile, str) for mobile in call.mobiles)
    call.mobile.encode()
    call.credential.verify("secret")
    call.credential.explain("secret")


@pytest.mark.parametrize("depth", [100, 900, 980, 990, 995, 1000, 5000, 100_000])
@pytest.mark.parametrize("name", ["params", "mobiles", "nonce", "signature"])
def test_no_depth_raises(name: str, depth: int) -> None:
    for path in ("/api/oauth/access_token", "/api/sms/batch"):
        body = b'{"%s":%s%s}' % (name.encode(), b"[" * depth, b"]" * depth)
        call = OFFICIAL.decode(request("POST", path, body, JSON))
        call.credential.verify("secret")


@given(
    st.fixed_dictionaries(
        {name: st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
         for name in ("access_token", "sign_key", "signature", "mobile", "template_id", "out_id")}
    ),
    st.dictionaries(st.text("abc", max_size=3), st.text(st.characters(exclude_categories=["Cs"]))),
)  # fmt: skip
def test_json_and_form_mean_the_same(values: dict[str, str], params: dict[str, str]) -> None:
    by_json = call_of({**values, "params": params})
    form = urlencode({**values, "params": json.dumps(params)}).encode()
    by_form = OFFICIAL.decode(request("POST", "/api/sms/send", form, FORM))
    assert by_form == by_json


def test_a_form_in_gbk_means_the_same() -> None:
    values = send(params=json.dumps({"code": "验", "minutes": "5"}, ensure_ascii=False))
    body = urlencode(values, encoding="gb18030").encode()
    kind = {"Content-Type": f"{FORM['Content-Type']}; charset=GBK"}
    call = OFFICIAL.decode(request("POST", "/api/sms/send", body, kind))
    assert call.signature == DEMO_SIGNATURE
    assert call.params == {"code": "验", "minutes": "5"}


@pytest.mark.parametrize("name", ["sign_key", "signature", "mobile", "params"])
@pytest.mark.parametrize("value", [None, "", []])
def test_what_a_send_needs_is_missed(name: str, value: object) -> None:
    assert call_of(send(**{name: value})).missing == name


@pytest.mark.parametrize("name", ["template_id", "out_id"])
def test_what_a_send_can_do_without_is_not_missed(name: str) -> None:
    assert call_of(send(**{name: None})).missing == ""


def test_a_send_without_a_token_is_not_one_that_misses_a_parameter() -> None:
    call = call_of(send(access_token=None))
    assert (call.missing, call.token, call.foreign) == ("", "", ())


def test_a_send_built_for_another_channel_is_known_by_its_parameters() -> None:
    call = call_of({"account": "1", "password": "2", "mobile": MOBILE, "content": "x"})
    assert call.missing == "access_token"
    assert call.foreign == ("account", "content", "password")


def test_with_a_token_other_parameters_do_no_harm() -> None:
    call = call_of(send(extra="1"))
    assert (call.missing, call.foreign) == ("", ())


def test_a_batch_needs_mobiles() -> None:
    assert call_of(send(mobiles=[]), "/api/sms/batch").missing == "mobiles"
    assert call_of(send(), "/api/sms/batch").missing == "mobiles"
    assert call_of(send(mobiles=[MOBILE, 1]), "/api/sms/batch").mobiles == (MOBILE, "1")


def test_a_send_has_one_mobile_whatever_it_looks_like() -> None:
    assert call_of(send(mobile="1,2")).mobiles == ("1,2",)
    assert call_of(send(mobile=13800000001)).mobiles == (MOBILE,)


def test_a_token_request_misses_nothing_but_says_what_is_empty() -> None:
    call = call_of({}, "/api/oauth/access_token")
    assert (call.missing, call.account, call.sign_key, call.timestamp) == ("", "", "", "")
    assert call.token is None


def test_a_report_needs_one_of_two_ids() -> None:
    token = {"access_token": "t"}
    assert OFFICIAL.decode(get("/api/sms/report", token)).missing == "message_id"
    assert OFFICIAL.decode(get("/api/sms/report", token | {"out_id": "a"})).missing == ""
    assert OFFICIAL.decode(get("/api/sms/report", token | {"message_id": "a"})).missing == ""


@pytest.mark.parametrize(
    ("path", "values", "missing"),
    [
        ("/api/sms/signatures", {"sign_key": "a"}, "signature"),
        ("/api/sms/signatures", {"signature": "a"}, "sign_key"),
        ("/api/sms/signatures", {"sign_key": "a", "signature": "b"}, ""),
        ("/api/sms/templates", {"name": "a"}, "content"),
        ("/api/sms/templates", {"content": "a"}, "name"),
        ("/api/sms/templates", {"name": "a", "content": "b"}, ""),
    ],
)
def test_what_is_submitted_must_be_whole(path: str, values: dict[str, str], missing: str) -> None:
    assert call_of({"access_token": "t", **values}, path).missing == missing


def test_an_unreadable_request_keeps_its_operation() -> None:
    call = OFFICIAL.decode(request("POST", "/api/sms/send", b"{", JSON))
    assert call.operation == "send"
    assert call.unreadable is not None
    assert "not JSON" in call.unreadable.en


def test_a_too_large_body_is_unreadable() -> None:
    call = OFFICIAL.decode(request("POST", "/api/sms/send", too_large=True))
    assert call.unreadable is not None
    assert "larger" in call.unreadable.en


def test_a_client_is_configured_with_this() -> None:
    assert OFFICIAL.describe(OFFICIAL.default_settings(), "http://127.0.0.1:9401") == {
        "url": "http://127.0.0.1:9401",
        "app_id": "demo-app",
        "app_secret": "demo-app-secret",
        "sign_key": "demo-sign",
        "signature": "【演示签名】",
        "template_id": "1001",
    }


def test_an_account_with_nothing_registered_can_be_described() -> None:
    settings = OFFICIAL.default_settings()
    settings.signatures, settings.templates = None, []
    described = OFFICIAL.describe(settings, "u")
    assert (described["sign_key"], described["signature"], described["template_id"]) == ("", "", "")
