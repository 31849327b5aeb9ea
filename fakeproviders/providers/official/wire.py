"""The official API's wire (A; the texts are D).

    POST /api/oauth/access_token  app_id sign_key timestamp nonce sign          -> access_token expires_in
    POST /api/sms/send            access_token sign_key signature mobile template_id params [out_id]
    POST /api/sms/batch           as send, with mobiles
    GET  /api/sms/report          access_token message_id (or out_id)
    GET  /api/sms/balance         access_token
    GET  POST /api/sms/signatures access_token [sign_key signature]
    GET  POST /api/sms/templates  access_token [name content]

JSON or form, in the charset that Content-Type names; replies are the envelope of envelope.py.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from fakeproviders.model import (
    BALANCE,
    BATCH,
    REPORT,
    SEND,
    SIGNATURES,
    TEMPLATES,
    TOKEN,
    Call,
    RawRequest,
)
from fakeproviders.providers import envelope
from fakeproviders.providers.base import Access
from fakeproviders.providers.official.codes import CODES
from fakeproviders.providers.official.settings import (
    OfficialSettings,
    demo_settings,
    invented_settings,
)
from fakeproviders.providers.panel import Panel, Route, read_message, read_which
from fakeproviders.providers.parameters import PLAIN_JSON, first_missing, text, texts
from fakeproviders.providers.proof import panel_proof
from fakeproviders.providers.registered import first_registered
from fakeproviders.settings import AccountSettings, Invention

_SEND_KNOWN = frozenset(
    {
        "access_token",
        "sign_key",
        "signature",
        "mobile",
        "mobiles",
        "template_id",
        "params",
        "out_id",
    }
)


class _Send(msgspec.Struct, gc=False):
    """A send as programs write it: everything there, and each parameter of its plain type."""

    access_token: str
    sign_key: str
    signature: str
    mobile: str
    params: dict[str, Any]
    template_id: str | None = None
    out_id: str = ""


_decode_send = msgspec.json.Decoder(_Send).decode


def _read_common_send(call: Call, raw: RawRequest) -> bool:
    """A JSON send of the common shape, in half of the time."""
    if raw.method != "POST" or raw.headers.get("Content-Type") not in PLAIN_JSON or raw.too_large:
        return False
    try:
        sent = _decode_send(raw.body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    if not (sent.sign_key and sent.signature and sent.mobile):
        return False
    call.token, call.out_id = sent.access_token, sent.out_id
    call.sign_key, call.signature = sent.sign_key, sent.signature
    call.mobiles = (sent.mobile,)
    call.template_id, call.params = sent.template_id, sent.params
    return True


_SEND_REQUIRED = ("sign_key", "signature", "mobile", "params")
_BATCH_REQUIRED = ("sign_key", "signature", "mobiles", "params")


def _read_token(call: Call, parameters: dict[str, Any]) -> None:
    call.account = text(parameters, "app_id") or ""
    call.sign_key = text(parameters, "sign_key") or ""
    call.timestamp = text(parameters, "timestamp") or ""
    call.credential = panel_proof(parameters)


def _read_send(call: Call, parameters: dict[str, Any]) -> None:
    mobile = text(parameters, "mobile")
    call.mobiles = (mobile,) if mobile else ()
    _read_message(call, parameters, _SEND_REQUIRED)


def _read_batch(call: Call, parameters: dict[str, Any]) -> None:
    call.mobiles = texts(parameters, "mobiles")
    _read_message(call, parameters, _BATCH_REQUIRED)


def _read_message(call: Call, parameters: dict[str, Any], required: tuple[str, ...]) -> None:
    _read_access_token(call, parameters, _SEND_KNOWN)
    read_message(call, parameters, required)


def _read_access_token(call: Call, parameters: dict[str, Any], known: frozenset[str]) -> None:
    """A request without a token, but with parameters of other channels, was built for another one."""
    call.token = text(parameters, "access_token") or ""
    if "access_token" not in parameters:
        call.foreign = tuple(sorted(parameters.keys() - known))
        call.missing = "access_token" if call.foreign else ""


def _read_report(call: Call, parameters: dict[str, Any]) -> None:
    _read_access_token(call, parameters, frozenset({"message_id", "out_id"}))
    read_which(call, parameters)


def _read_bare(call: Call, parameters: dict[str, Any]) -> None:
    _read_access_token(call, parameters, frozenset())


def _read_signature(call: Call, parameters: dict[str, Any]) -> None:
    _read_access_token(call, parameters, frozenset({"sign_key", "signature"}))
    call.sign_key = text(parameters, "sign_key")
    call.signature = text(parameters, "signature")
    call.missing = call.missing or first_missing(parameters, ("sign_key", "signature"), {})


def _read_template(call: Call, parameters: dict[str, Any]) -> None:
    _read_access_token(call, parameters, frozenset({"name", "content"}))
    call.name = text(parameters, "name") or ""
    call.content = text(parameters, "content")
    call.missing = call.missing or first_missing(parameters, ("name", "content"), {})


_ROUTES: dict[str, Route] = {
    "/api/oauth/access_token": Route(TOKEN, {"POST": _read_token}),
    "/api/sms/send": Route(SEND, {"POST": _read_send}, shortcut=_read_common_send),
    "/api/sms/batch": Route(BATCH, {"POST": _read_batch}),
    "/api/sms/report": Route(REPORT, {"GET": _read_report}),
    "/api/sms/balance": Route(BALANCE, {"GET": _read_bare}),
    "/api/sms/signatures": Route(SIGNATURES, {"GET": _read_bare, "POST": _read_signature}),
    "/api/sms/templates": Route(TEMPLATES, {"GET": _read_bare, "POST": _read_template}),
}
_DATA: dict[str, Callable[[Any], Any]] = {
    TOKEN: lambda issued: {"access_token": issued.token, "expires_in": issued.expires_in},
    SEND: envelope.sent_data,
    BATCH: lambda sent: envelope.batch_data(CODES, sent),
    REPORT: envelope.report_data,
    BALANCE: lambda balance: {"balance": balance},
    SIGNATURES: envelope.signatures_data,
    TEMPLATES: envelope.templates_data,
}


class Official(Panel):
    """The codec; see providers.base.Provider."""

    name = "official"
    access: Access = "token"
    settings_type: type[AccountSettings] = OfficialSettings
    codes = CODES
    routes = _ROUTES
    data = _DATA

    def default_settings(self) -> AccountSettings:
        """The documented demo account."""
        return demo_settings()

    def invent_settings(self, invention: Invention) -> AccountSettings:
        """A new session's account."""
        return invented_settings(invention)

    def describe(self, settings: AccountSettings, url: str) -> dict[str, object]:
        """What a client is configured with."""
        assert isinstance(settings, OfficialSettings)  # noqa: S101 - its own type
        described = {"url": url, "app_id": settings.app_id, "app_secret": settings.app_secret}
        return described | first_registered(settings)


OFFICIAL = Official()
