"""The account, its credential, and the table of codes."""

import hashlib

import pytest

from fakeproviders.failures import Reason
from fakeproviders.inbox import signature_of
from fakeproviders.model import Refused
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.erban.codes import CODES
from fakeproviders.providers.erban.proof import PasswordDigest
from tests.providers.erban.asking import answer, ask, send_element, soap11

SECRET = "demo-passworddemo-auth-code"
DIGEST = hashlib.md5(SECRET.encode()).hexdigest()


class Drawn:
    """An invention whose draws can be foretold."""

    def digits(self, provider: str, length: int) -> str:
        assert provider == "erban"
        return "7" * length

    def secret(self, length: int = 32) -> str:
        return "s" * length

    def company(self) -> str:
        return "云桥"


def test_the_fixed_account() -> None:
    settings = ERBAN.default_settings()
    assert ERBAN.describe(settings, "http://x") == {
        "url": "http://x",
        "account": "80000001",
        "login_password": "demo-password",
        "auth_code": "demo-auth-code",
        "password": DIGEST,
        "channel": "8000000101",
        "signature": "【演示签名】",
    }
    assert settings.secret == SECRET


def test_an_invented_account() -> None:
    settings = ERBAN.invent_settings(Drawn())
    assert (settings.account, settings.channels) == ("7777777777", ["777777777701"])
    assert (settings.login_password, settings.auth_code) == ("s" * 12, "s" * 12)
    assert ERBAN.describe(settings, "u")["signature"] == "【云桥】"


def test_accounts_share_no_lists() -> None:
    ERBAN.default_settings().channels.append("x")
    assert ERBAN.default_settings().channels == ["8000000101"]


def test_the_password_is_the_digest() -> None:
    assert PasswordDigest(DIGEST).verify(SECRET)
    for wrong in ("", DIGEST.upper(), "x", "密", "\udc80"):
        assert not PasswordDigest(wrong).verify(SECRET)
    assert PasswordDigest("x").explain(SECRET) == {
        "given": "x", "expected": DIGEST, "signed": "MD5(login_password + 授权码)",
    }  # fmt: skip


def test_the_credential_of_a_call() -> None:
    call = soap11(send_element({"account": "80000001", "password": DIGEST}))
    assert call.credential.verify(ERBAN.default_settings().secret)
    assert not soap11(send_element({"account": "80000001"})).credential.verify(SECRET)


@pytest.mark.parametrize(
    ("content", "signature"),
    [
        ("【甲】text", "【甲】"),
        ("text【甲】", "【甲】"),
        (" 【甲】text【乙】 ", "【甲】"),
        ("a【甲】b", None),
        ("【甲", None),
        ("甲】", None),
        ("", None),
        ("x【甲】【乙】", "【乙】"),
    ],
)
def test_the_signature_stands_at_head_or_tail(content: str, signature: str | None) -> None:
    assert signature_of(content) == signature


def test_every_reason_has_a_code_of_its_own() -> None:
    assert set(CODES) == set(Reason)
    numbers = [code.number for code in CODES.values() if code.number is not None]
    assert len(set(numbers)) == len(numbers)
    assert all(number < 0 for number in numbers)


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_looks_as_the_catalogue_says(reason: Reason) -> None:
    form = ERBAN.wire_form(reason)
    call = ask("GET", "/WebService/sms3.aspx", "account=1")
    reply = answer(call, Refused(reason))
    assert reply.status == form["status"]
    if form["code"] is not None:
        assert reply.body.decode() == f"{form['code']},{form['text']}"
        assert form["text"]
    if form.get("html"):
        assert b"<html" in reply.body.lower()


def test_words_of_another_are_passed_on() -> None:
    reply = answer(ask("GET", "/WebService/sms3.aspx"), Refused(Reason.RATE_LIMITED, text="别急"))
    assert reply.body == "-13,别急".encode()


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        (Reason.SIGNATURE_MISMATCH, "签名数据不一致"),
        (Reason.SIGNATURE_NOT_FOUND, "短信签名未找到, 请提交签名审核通过后重试"),
        (Reason.TEMPLATE_ID_EMPTY, "模板编号不能为空"),
        (Reason.CODE_QUOTA_EXCEEDED, "发送失败，已达验证码发送上限"),
        (Reason.INTERFACE_NOT_CONFIGURED, "官方接口未配置"),
        (Reason.PARAMETER_MISSING, "请求参数不存在"),
    ],
)
def test_documented_texts_byte_for_byte(reason: Reason, text: str) -> None:
    assert ERBAN.wire_form(reason)["text"] == text
