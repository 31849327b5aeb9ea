"""The client of the official API: what it asks, and what it makes of answers."""

from hashlib import md5
from typing import Any

import pytest

from fakeproviders.clients.official import Answer, BadAnswer, Credentials, OfficialClient, sign
from tests.asyncs import asynchronous
from tests.clients.http import InnerHttp, answering
from tests.core import NOON

WHO = Credentials("demo-app", "demo-app-secret", "demo-sign")
OK = b'{"code": 0, "msg": "success", "data": {"balance": 5}}'


def client(http: InnerHttp, base: str = "http://127.0.0.1:9401", **how: Any) -> OfficialClient:
    return OfficialClient(http.session(), base, now=lambda: NOON, **how)


@asynchronous
async def test_a_token_request_is_dated_in_beijing_and_proved() -> None:
    http = answering(OK)
    await client(http).token(WHO)
    (asked,) = http.asked
    assert (asked.method, asked.url) == ("POST", "http://127.0.0.1:9401/api/oauth/access_token")
    body = asked.json
    assert body["timestamp"] == "2024-05-06 12:00:00"
    text = (
        f"app_id=demo-app&nonce={body['nonce']}&sign_key=demo-sign"
        "&timestamp=2024-05-06 12:00:00&key=demo-app-secret"
    )
    assert body["sign"] == md5(text.encode()).hexdigest().upper()


@asynchronous
async def test_no_two_token_requests_have_one_nonce() -> None:
    http = answering(OK)
    await client(http).token(WHO)
    await client(http).token(WHO)
    assert http.asked[0].json["nonce"] != http.asked[1].json["nonce"]


@asynchronous
async def test_each_call_goes_where_it_belongs() -> None:
    http = answering(OK)
    asking = client(http, "http://127.0.0.1:9401/@abc/", timeout=2.5)
    await asking.send("t", {"mobile": "1"})
    await asking.report("t", out_id="a")
    answer = await asking.balance("t")
    assert answer == Answer(0, "success", {"balance": 5})
    base = "http://127.0.0.1:9401/@abc/api/sms"
    assert [(a.method, a.url, a.json, a.params) for a in http.asked] == [
        ("POST", f"{base}/send", {"access_token": "t", "mobile": "1"}, {}),
        ("GET", f"{base}/report", None, {"access_token": "t", "out_id": "a"}),
        ("GET", f"{base}/balance", None, {"access_token": "t"}),
    ]
    assert {asked.timeout for asked in http.asked} == {2.5}


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"5", b"null", b'{"msg": "x"}', b'{"code": 0}', b'{"code": "x", "msg": ""}',
     b'{"code": null, "msg": ""}', b'{"code": NaN, "msg": ""}', b'{"code": Infinity, "msg": ""}',
     b"[" * 100_000, b"\xff\xfe"],
    ids=lambda body: repr(body[:24]),
)  # fmt: skip
@asynchronous
async def test_what_is_no_envelope_is_said_so(body: bytes) -> None:
    with pytest.raises(BadAnswer) as raised:
        await client(answering(body, 502)).balance("t")
    assert raised.value.status == 502


def test_the_proof_leaves_out_what_is_empty() -> None:
    assert sign({"a": "", "b": None, "c": "1"}, "k") == md5(b"c=1&key=k").hexdigest().upper()
