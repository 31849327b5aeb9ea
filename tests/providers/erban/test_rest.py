"""Door 4, REST."""

import json
from base64 import b64encode
from hashlib import md5

import pytest

from fakeproviders.failures import Reason, failure
from fakeproviders.model import Refused
from fakeproviders.providers.erban import ERBAN, codes
from fakeproviders.providers.erban.calls import ErbanCall
from tests.providers.erban.asking import FIELDS, answer, ask, header

ACCOUNT, STAMP = "80000001", 1700000000
PATH = f"/Accounts/{ACCOUNT}/Sms/SendSms"
AUTHORIZATION = b64encode(f"{ACCOUNT}:{STAMP}".encode()).decode().upper()
SIGN = md5(f"{ACCOUNT}demo-auth-code{STAMP}".encode()).hexdigest()
JSON = "application/json;charset=UTF-8"
DOCUMENT: dict[str, object] = {
    "appId": None,
    "mobile": FIELDS["mobile"],
    "content": FIELDS["content"],
    "channel": FIELDS["channel"],
    "smsid": STAMP,
    "sendType": "1",
    "timestamp": STAMP,
}
"""As the PHP client has it: it knows no appId."""


def send(
    body: bytes | None = None,
    *,
    query: str = f"sign={SIGN}",
    headers: dict[str, str] | None = None,
    **overrides: object,
) -> ErbanCall:
    """A send; a header or field of None is left out."""
    document = {k: v for k, v in {**DOCUMENT, **overrides}.items() if k == "appId" or v is not None}
    sent = {"Content-Type": JSON, "Authorization": AUTHORIZATION} if headers is None else headers
    encoded = json.dumps(document, ensure_ascii=False).encode() if body is None else body
    return ask("POST", PATH, query, sent, encoded)


def proven(call: ErbanCall) -> bool:
    return call.credential.verify(ERBAN.default_settings().secret)


def test_a_send_as_the_php_client_makes_it() -> None:
    call = send()
    assert (call.door, call.operation, call.account) == ("rest", "send", ACCOUNT)
    assert (call.mobiles, call.content) == (("13800000001", "13800000002"), FIELDS["content"])
    assert (call.signature, call.channel) == ("【演示签名】", FIELDS["channel"])
    assert (call.missing, call.unreadable, call.out_id) == ("", None, "")
    assert call.timestamp == "2023-11-15 06:13:20"
    assert proven(call)


def test_a_send_as_the_go_client_makes_it() -> None:
    call = send(appId=ACCOUNT, mobile="13800000001", smsid="1700000000000000000")
    assert (call.mobiles, call.missing) == (("13800000001",), "")
    assert proven(call)
    assert send(smsid="abc", sendType="0").out_id == "abc"


def test_the_reply_of_a_send() -> None:
    reply = answer(send())
    assert reply.status == 200
    assert reply.headers == (("Server", "Apache-Coyote/1.1"), ("Content-Type", JSON))
    assert reply.body == '{"code":"0000000","msg":"短信发送成功"}'.encode()


@pytest.mark.parametrize(
    "call",
    [
        send(query="sign=" + SIGN.upper()),
        send(query="sign="),
        send(timestamp=STAMP + 1),
        send(timestamp=f"{STAMP}.0"),
        send(headers={"Authorization": AUTHORIZATION.lower()}),
        send(headers={"Authorization": b64encode(f"{ACCOUNT}:{STAMP + 1}".encode()).decode().upper()}),
        send(headers={"Authorization": ""}),
        ask("POST", PATH.replace(ACCOUNT, "1"), f"sign={SIGN}", {"Authorization": AUTHORIZATION},
            json.dumps(DOCUMENT).encode()),
    ],
)  # fmt: skip
def test_a_proof_of_anything_else_is_none(call: ErbanCall) -> None:
    assert call.missing == ""
    assert not proven(call)


def test_the_trace_says_which_of_the_two_is_wrong() -> None:
    secret = ERBAN.default_settings().secret
    assert send(query="sign=x").credential.explain(secret) == {
        "given": "x",
        "expected": SIGN,
        "signed": "MD5(account + 授权码 + timestamp)",
    }
    wrong_header = send(headers={"Authorization": "x"}).credential.explain(secret)
    assert (wrong_header["given"], wrong_header["expected"]) == ("x", AUTHORIZATION)


def test_a_timestamp_may_be_a_text_and_of_any_form() -> None:
    assert proven(send(timestamp=str(STAMP)))
    assert send(timestamp="20231115061320").timestamp == "20231115061320"


@pytest.mark.parametrize(
    ("call", "missing"),
    [
        (send(query=""), "sign"),
        (send(query="Sign=x"), "sign"),
        (send(headers={}), "Authorization"),
        (send(timestamp=None), "timestamp"),
        (send(timestamp=True), "timestamp"),
        (send(mobile=None), "mobile"),
        (send(mobile=["13800000001"]), "mobile"),
        (send(content=None), "content"),
        (send(channel=None), "channel"),
        (send(smsid=None, sendType=None), ""),
    ],
)
def test_the_first_missing_parameter(call: ErbanCall, missing: str) -> None:
    assert (call.missing, call.unreadable) == (missing, None)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"a"', b"mobile=1", b"\xff", b'{"mobile": 1}}', b"[" * 9999],
)
def test_a_body_that_is_no_json_object(body: bytes) -> None:
    call = send(body)
    assert call.unreadable is not None
    assert "JSON" in call.unreadable.en
    assert call.account == ACCOUNT
    assert answer(call, Refused(Reason.PARAMETER_MISSING)).body.startswith(b'{"code":"1000004",')


def test_a_body_that_was_too_large() -> None:
    assert ask("POST", PATH, too_large=True).unreadable


def test_a_declared_charset() -> None:
    body = json.dumps(DOCUMENT, ensure_ascii=False).encode("gbk")
    call = send(body, headers={"Content-Type": "application/json;charset=GBK"})
    assert call.content == FIELDS["content"]


@pytest.mark.parametrize(
    ("verb", "path", "status"),
    [
        ("GET", PATH, 405),
        ("PUT", PATH, 405),
        ("OPTIONS", PATH, 200),
        ("BREW", PATH, 501),
        ("POST", PATH.lower().replace("/accounts", "/Accounts"), 404),
        ("POST", f"{PATH}/", 404),
        ("POST", "/Accounts/1/Sms/Other", 404),
        ("POST", "/Accounts//Sms/SendSms", 404),
        ("GET", "/Accounts/", 404),
    ],
)
def test_what_is_no_send_is_answered_by_tomcat(verb: str, path: str, status: int) -> None:
    call = ask(verb, path, f"sign={SIGN}")
    reply = answer(call)
    assert (call.door, call.operation) == ("rest", "unknown")
    assert (reply.status, header(reply, "Server")) == (status, "Apache-Coyote/1.1")
    allowed = "POST, TRACE, OPTIONS" if status in {200, 405} else None
    assert header(reply, "Allow") == allowed


def test_a_page_shows_the_path_that_was_asked_for_and_nothing_of_it_is_html() -> None:
    reply = answer(ask("GET", "/Accounts/<b>"))
    assert b"HTTP Status 404 - /Accounts/&lt;b&gt;</h1>" in reply.body


@pytest.mark.parametrize("reason", list(Reason))
def test_every_failure_has_a_form(reason: Reason) -> None:
    code = codes.CODES[reason]
    reply = answer(send(), Refused(reason))
    assert reply.status == code.status
    if code.kind in {"unavailable", "not_found"}:
        assert b"Apache Tomcat" in reply.body
        return
    number = "9999999" if code.number is None else str(1_000_000 - code.number)
    assert len(number) == 7
    assert json.loads(reply.body) == {"code": number, "msg": codes.text_of(reason)}


def test_codes_differ_where_the_soap_doors_differ() -> None:
    told = {reason: answer(send(), Refused(reason)).body for reason in Reason}
    numbered = [body for reason, body in told.items() if codes.CODES[reason].kind == "text"]
    assert len(set(numbered)) == len(numbered)


def test_a_text_of_its_own_is_passed_on() -> None:
    reply = answer(send(), Refused(Reason.RATE_LIMITED, text="慢一点"))
    assert json.loads(reply.body)["msg"] == "慢一点"
    assert failure(Reason.RATE_LIMITED).text not in reply.body.decode()
