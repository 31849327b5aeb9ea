"""Kuaixin (快信), a provider that does not exist: lines of text with words that no other provider uses.

    POST /kx    verb ~ who ~ pass ~ to ~ say          -> "OK~..." or "NO~<number>~<text>"

``verb`` is SHOOT (one text to several, ``to`` joined by +), SALVO (each apart), PURSE or TRACE.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from fakeproviders.failures import Reason, failure
from fakeproviders.inbox import signature_of
from fakeproviders.model import (
    BALANCE,
    BATCH,
    REPORT,
    SEND,
    UNKNOWN,
    Call,
    Outcome,
    RawReply,
    RawRequest,
    Receipt,
    Refused,
    Reply,
)
from fakeproviders.providers.base import Access, Callback
from fakeproviders.settings import AccountSettings, Invention, Signature
from tests.core import request

VERBS = {"SHOOT": SEND, "SALVO": BATCH, "PURSE": BALANCE, "TRACE": REPORT}
NUMBERS = {reason: number for number, reason in enumerate(Reason, 700)}
PLAIN = (("Content-Type", "text/plain; charset=utf-8"),)


class KuaixinSettings(AccountSettings, kw_only=True, forbid_unknown_fields=True):
    """A nickname and a pass phrase."""

    nickname: str
    pass_phrase: str

    @property
    def account(self) -> str:
        return self.nickname

    @property
    def secret(self) -> str:
        return self.pass_phrase


class Shown(msgspec.Struct, frozen=True):
    """The pass phrase, backwards."""

    given: str

    def verify(self, secret: str) -> bool:
        return self.given == secret[::-1]

    def explain(self, secret: str) -> dict[str, str]:
        return {"given": self.given, "expected": secret[::-1], "signed": ""}


class Kuaixin:
    """The codec."""

    name = "kuaixin"
    access: Access = "password"
    templated = False
    max_body = 1024
    settings_type: type[AccountSettings] = KuaixinSettings

    def default_settings(self) -> AccountSettings:
        signature = Signature(signature="【快信】")
        return KuaixinSettings(nickname="nick", pass_phrase="open", signatures=[signature])

    def invent_settings(self, invention: Invention) -> AccountSettings:
        return KuaixinSettings(
            nickname=invention.digits(self.name, 6),
            pass_phrase=invention.secret(8),
            signatures=[Signature(signature=f"【{invention.company()}】")],
        )

    def describe(self, settings: AccountSettings, url: str) -> dict[str, object]:
        return {"url": url, "nickname": settings.account}

    def decode(self, raw: RawRequest) -> Call:
        call = Call(provider=self.name, operation=UNKNOWN, ip=raw.ip)
        if raw.path != "/kx":
            call.page = RawReply(404, PLAIN, b"?")
            return call
        verb, who, shown, to, say = [*raw.body.decode("utf-8", "replace").split("~"), *[""] * 5][:5]
        call.operation = VERBS.get(verb, SEND)
        call.missing = "" if verb in VERBS else "verb"
        call.account, call.credential = who, Shown(shown)
        call.mobiles = tuple(filter(None, to.split("+")))
        call.content, call.message_id = say, say
        call.signature = signature_of(say)
        return call

    def encode(self, call: Call, outcome: Outcome, settings: AccountSettings) -> RawReply:
        if isinstance(outcome, Refused):
            return _line(
                "NO", NUMBERS[outcome.reason], outcome.text or failure(outcome.reason).text
            )
        return _line("OK", *_RESULTS[call.operation](outcome.result))

    def status_page(self, status: int, asked: RawRequest | None = None) -> RawReply:
        del asked
        return RawReply(status, PLAIN, b"!")

    def write_receipt(self, receipt: Receipt, secret: str) -> Callback:
        return Callback("text/plain", f"{receipt.message_id}~{receipt.status}".encode())

    def write_reply(self, reply: Reply, secret: str) -> Callback:
        return Callback("text/plain", f"{reply.id}~{reply.content}".encode())

    def wire_form(self, reason: Reason) -> dict[str, object]:
        return {"status": 200, "code": NUMBERS[reason], "text": failure(reason).text}


def _line(*parts: object) -> RawReply:
    return RawReply(200, PLAIN, "~".join(map(str, parts)).encode())


def _each(sent: Any) -> list[object]:
    return [
        NUMBERS[outcome.reason] if isinstance(outcome, Refused) else "sent"
        for _, outcome in sent.results
    ]


_RESULTS: dict[str, Callable[[Any], Any]] = {
    SEND: lambda sent: sent.message_ids,
    BATCH: _each,
    BALANCE: lambda balance: [balance],
    REPORT: lambda message: [message.status],
}

KUAIXIN = Kuaixin()


def kx(
    verb: str, *, who: str = "nick", shown: str = "nepo", to: str = "13800000001",
    say: str = "【快信】验证码246810", session: str = "",
) -> RawRequest:  # fmt: skip
    """A request."""
    body = f"{verb}~{who}~{shown}~{to}~{say}".encode()
    return request("POST", "/kx", body, session=session)
