"""All operations of the service: what each makes of its parameters, and what it returns."""

from collections.abc import Callable
from hashlib import md5
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from fakeproviders.clock import parse_beijing
from fakeproviders.failures import Reason
from fakeproviders.model import Accepted, BatchSent, Line, Refused, Reply, Sent, TokenIssued
from fakeproviders.providers.erban.calls import ErbanCall
from fakeproviders.providers.erban.codes import CODES
from fakeproviders.providers.erban.methods import METHODS
from fakeproviders.providers.erban.proof import PasswordDigest
from tests.providers.erban.asking import ASMX, answer, ask, soap11

NOON = parse_beijing("2024-05-06 12:00:00")
CONTENT = "【演示签名】您的验证码是123456"
MOBILES = ("13800000001", "13800000002")
SENDING: dict[str, Any] = {
    "operation": "send",
    "account": "80000001",
    "mobiles": MOBILES,
    "content": CONTENT,
    "signature": "【演示签名】",
    "channel": "8000000101",
}
SEND = ("80000001", "p", ",".join(MOBILES), CONTENT, "8000000101")
LINES = f"13800000001,{CONTENT}\r\n\n  \n13800000002, 您好,再见\r13800000003"
SENT = Sent(("1",), 1, 1)
BATCHED = BatchSent(
    (("1", Accepted(SENT)), ("2", Refused(Reason.MOBILE_INVALID)), ("3", Accepted(SENT)))
)
REPLIES = [
    Reply("default.e.000000001", "erban", MOBILES[0], "好的, 谢谢", NOON),
    Reply("default.e.000000002", "erban", MOBILES[1], "两\r\n行", NOON + 1),
]

# Method, its parameters in their order, what the core must be told.
CALLS: list[tuple[str, tuple[str, ...], dict[str, Any]]] = [
    ("SendSms3", (*SEND, "7", "1"), {**SENDING, "out_id": ""}),
    ("SendSms3", (*SEND, "7", ""), {**SENDING, "out_id": "7"}),
    ("SendSms5", (*SEND, "7", "1"), {**SENDING, "out_id": ""}),
    ("SendSms", (*SEND, "7"), {**SENDING, "out_id": "7"}),
    ("SendSms2", (*SEND[:2], "rnd", *SEND[2:], "7", "0"), {**SENDING, "out_id": "7", "token": "rnd"}),
    ("SendTimingSms", (*SEND, "7", "2024-05-06 12:30:00"), {
        **SENDING, "out_id": "7", "send_at": "2024-05-06 12:30:00",
    }),
    ("GetRandom", ("80000001",), {"operation": "token", "account": "80000001", "token": None}),
    ("BatchSendSMS", ("80000001", "p", LINES, "8000000101"), {
        "operation": "batch", "channel": "8000000101", "content": LINES, "mobiles": (*MOBILES, "13800000003"),
    }),
    ("GetSmsMoney", ("80000001", "p", "8000000101"), {"operation": "balance", "account": "80000001"}),
    ("GetSmsMoney2", ("80000001", "p"), {"operation": "balance", "account": "80000001"}),
    ("GetSmsMo", ("80000001", "p", "2024-05-06 12:00:00"), {"operation": "replies", "since": "2024-05-06 12:00:00"}),
    ("UpdateSmsMo", ("default.e.01",), {"operation": "reply_read", "reply_id": "default.e.01", "account": ""}),
    ("GetChannel", (), {"operation": "channels", "account": ""}),
    ("IsIncludeKeyWord", ("赌博广告",), {"operation": "keywords", "content": "赌博广告"}),
]  # fmt: skip

# Method, what the core decided, what the method returns.
RETURNS: list[tuple[str, Any, str]] = [
    ("SendSms3", SENT, "0,短信发送成功"),
    ("SendSms5", SENT, "0,短信发送成功"),
    ("SendTimingSms", Sent(("1",), 1, 1, NOON), "0,短信发送成功"),
    ("SendSms", SENT, "0"),
    ("SendSms2", SENT, "0"),
    ("GetRandom", TokenIssued("default.e.00ff", 60), "default.e.00ff"),
    ("BatchSendSMS", BATCHED, "0,短信发送成功\n-6,手机号码格式不正确\n0,短信发送成功"),
    ("GetSmsMoney", 12, "12"),
    ("GetSmsMoney2", 0, "0"),
    ("GetSmsMo", REPLIES, "\n".join([
        f"default.e.000000001,{MOBILES[0]},好的, 谢谢,2024-05-06 12:00:00",
        f"default.e.000000002,{MOBILES[1]},两 行,2024-05-06 12:00:01",
    ])),
    ("GetSmsMo", [], ""),
    ("UpdateSmsMo", None, "0"),
    ("GetChannel", ["8000000101", "8000000102"], "8000000101,8000000102"),
    ("IsIncludeKeyWord", ["赌博", "贷款"], "赌博,贷款"),
    ("IsIncludeKeyWord", [], ""),
]  # fmt: skip
NUMBERS = ["SendSms", "SendSms2", "UpdateSmsMo"]

Ask = Callable[[str, dict[str, str]], ErbanCall]


def by_get(method: str, given: dict[str, str]) -> ErbanCall:
    return ask("GET", f"{ASMX}/{method}", urlencode(given))


def by_soap(method: str, given: dict[str, str]) -> ErbanCall:
    element = etree.Element(f"{{http://tempuri.org/}}{method}")
    for name, value in given.items():
        etree.SubElement(element, f"{{http://tempuri.org/}}{name}").text = value
    inner = etree.tostring(element, encoding="unicode")
    return soap11(inner, action=f'"http://tempuri.org/{method}"')


def named(method: str, values: tuple[str, ...]) -> dict[str, str]:
    """Values by their declared names."""
    names = [each.name for each in METHODS[method].parameters]
    return dict(zip(names, values, strict=True))


def result_of(body: bytes) -> tuple[str, str]:
    """The innermost element of a reply: its local name and text."""
    root = etree.fromstring(body)
    while len(root):
        root = root[0]
    return etree.QName(root).localname, root.text or ""


@pytest.mark.parametrize("by", [by_get, by_soap])
@pytest.mark.parametrize(("method", "values", "told"), CALLS, ids=[row[0] for row in CALLS])
def test_parameters_become_the_cores_words(
    method: str, values: tuple[str, ...], told: dict[str, Any], by: Ask
) -> None:
    if by is by_soap:  # XML knows one line end
        values = tuple(value.replace("\r\n", "\n").replace("\r", "\n") for value in values)
        told = {name: _as_in_xml(value) for name, value in told.items()}
    call = by(method, named(method, values))
    assert {name: getattr(call, name) for name in told} == told
    assert (call.method, call.missing, call.page) == (method, "", None)


def _as_in_xml(value: object) -> object:
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


@pytest.mark.parametrize(("method", "decided", "text"), RETURNS)
def test_every_method_returns_its_result(method: str, decided: Any, text: str) -> None:
    values = next(values for name, values, _ in CALLS if name == method)
    kind = METHODS[method].result.type
    call = by_get(method, named(method, values))
    assert result_of(answer(call, Accepted(decided)).body) == (kind, text)
    call = by_soap(method, named(method, values))
    assert result_of(answer(call, Accepted(decided)).body) == (f"{method}Result", text)


@pytest.mark.parametrize("method", list(METHODS))
def test_a_refusal_is_a_number_where_the_method_returns_one(method: str) -> None:
    values = next(values for name, values, _ in CALLS if name == method)
    assert (METHODS[method].result.type == "int") == (method in NUMBERS)
    for reason, code in CODES.items():
        if code.kind == "text":
            call = by_get(method, named(method, values))
            _, text = result_of(answer(call, Refused(reason, text="缘由")).body)
            assert text == (str(code.number) if method in NUMBERS else f"{code.number},缘由")


@pytest.mark.parametrize(
    ("method", "missing"),
    [
        ("SendSms", "in0"),
        ("SendSms2", "random"),
        ("SendTimingSms", "sendType"),
        ("BatchSendSMS", "in2"),
        ("GetSmsMo", "in1"),
        ("UpdateSmsMo", "in0"),
        ("IsIncludeKeyWord", "in0"),
    ],
)
def test_what_must_be_there_is_missed_by_its_own_name(method: str, missing: str) -> None:
    values = next(values for name, values, _ in CALLS if name == method)
    given = named(method, values)
    del given[missing]
    assert by_soap(method, given).missing == missing


@pytest.mark.parametrize(
    ("method", "free"), [("SendSms5", "in6"), ("SendSms", "in5"), ("GetSmsMoney", "in2"), ("GetSmsMo", "in2")]
)  # fmt: skip
def test_what_may_be_left_out_is_not_missed(method: str, free: str) -> None:
    values = next(values for name, values, _ in CALLS if name == method)
    given = named(method, values)
    del given[free]
    assert by_soap(method, given).missing == ""


def test_the_password_of_sendsms2_is_made_with_the_random_text() -> None:
    values = next(values for name, values, _ in CALLS if name == "SendSms2")
    right = md5(b"demo-passworddemo-auth-codernd").hexdigest()
    call = by_get("SendSms2", named("SendSms2", values) | {"password": right})
    assert call.credential == PasswordDigest(right, "rnd")
    assert call.credential.verify("demo-passworddemo-auth-code")
    assert not PasswordDigest(right, "another").verify("demo-passworddemo-auth-code")
    assert call.credential.explain("x")["signed"] == "MD5(login_password + 授权码 + rnd)"


def test_the_lines_of_a_batch() -> None:
    call = by_get("BatchSendSMS", named("BatchSendSMS", ("a", "p", LINES, "c")))
    assert call.lines == (
        Line("13800000001", CONTENT, "【演示签名】"),
        Line("13800000002", " 您好,再见", None),
        Line("13800000003", "", None),
    )


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
            st.text(st.characters(codec="utf-8", exclude_characters="\r\n")),
        )
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_every_line_of_a_batch_is_read_back(rows: list[tuple[str, str]], end: str) -> None:
    text = end.join(f"{mobile},{content}" for mobile, content in rows)
    call = by_get("BatchSendSMS", named("BatchSendSMS", ("a", "p", text, "c")))
    assert [(line.mobile, line.content) for line in call.lines or ()] == rows
