"""The Erban service's codec: which door a request knocks at, and each outcome in that door's words.

    /WebService/SmsService.asmx           door 1: SOAP, help, WSDL      (asmx.py, soap.py)
    /WebService/SmsService.asmx/Method    door 1: HTTP GET and POST     (bindings.py)
    /WebService/sms3.aspx                 door 2: the form page         (form.py)

File names have no case, method names do (O). ``0,`` and a text is success; ``<code>,`` and a text
is a refusal (O, the codes A).
"""

from typing import Protocol, cast

from fakeproviders.failures import Reason
from fakeproviders.model import (
    Accepted,
    Call,
    Outcome,
    RawReply,
    RawRequest,
    Receipt,
    Refused,
    Sent,
)
from fakeproviders.providers.base import Access, Callback
from fakeproviders.providers.erban import asmx, aspnet, bindings, codes, form, texts
from fakeproviders.providers.erban.bindings import BindingDoor
from fakeproviders.providers.erban.calls import NAME, ErbanCall, answered
from fakeproviders.providers.erban.envelope import SOAP11, SOAP12, SoapDoor
from fakeproviders.providers.erban.form import FormDoor
from fakeproviders.providers.erban.settings import (
    ErbanSettings,
    default_settings,
    describe,
    invent_settings,
)
from fakeproviders.providers.receipt import panel_receipt
from fakeproviders.settings import AccountSettings, Invention

ASMX = "/webservice/smsservice.asmx"
FORM = "/webservice/sms3.aspx"
SENT = "0,短信发送成功"


class Door(Protocol):
    """How a door gives back what a method returned, or threw."""

    def text(self, call: ErbanCall, text: str) -> RawReply:
        """The method returned this text."""

    def thrown(self, call: ErbanCall, text: str, lang: str) -> RawReply:
        """The method threw this text."""


PLAIN = FormDoor()
DOORS: dict[str, Door] = {
    SOAP11.door: SoapDoor(SOAP11),
    SOAP12.door: SoapDoor(SOAP12),
    **dict.fromkeys(bindings.DOORS.values(), BindingDoor()),
    form.DOOR: PLAIN,
}


class Erban:
    """The provider, as the core asks for it."""

    name = NAME
    access: Access = "password"
    templated = False
    max_body = 4096 * 1024
    """4096 KB, the framework's default (O)."""
    settings_type: type[AccountSettings] = ErbanSettings

    def default_settings(self) -> ErbanSettings:
        """The fixed account of the default session."""
        return default_settings()

    def invent_settings(self, invention: Invention) -> ErbanSettings:
        """An account for a new session."""
        return invent_settings(invention)

    def describe(self, settings: AccountSettings, url: str) -> dict[str, object]:
        """What a client must be configured with."""
        return describe(cast("ErbanSettings", settings), url)

    def decode(self, raw: RawRequest) -> Call:
        """Route a request to its door by the path."""
        path = raw.path.lower()
        if path == ASMX:
            return asmx.decode(raw)
        if path.startswith(f"{ASMX}/"):
            return bindings.decode(raw, raw.path[len(ASMX) :])
        if path == FORM:
            return form.decode(raw)
        return answered(raw, "", aspnet.not_found(raw.path, texts.language(raw.headers)))

    def encode(self, call: Call, outcome: Outcome, settings: AccountSettings) -> RawReply:
        """The outcome as the call's door says it."""
        wire = cast("ErbanCall", call)
        lang = cast("ErbanSettings", settings).page_lang or call.lang
        if isinstance(outcome, Refused):
            return _refusal(wire, outcome, lang)
        if call.page is not None:
            return call.page
        door = DOORS.get(call.door)
        return door.text(wire, _returned(outcome)) if door else asmx.document(wire, lang)

    def write_receipt(self, receipt: Receipt, secret: str) -> Callback:
        """The request that reports a message's status; that it is of the panels' shape is assumed (A)."""
        return panel_receipt(receipt, secret)

    def wire_form(self, reason: Reason) -> dict[str, object]:
        """One row of the failure catalogue."""
        return codes.wire_form(reason)

    def status_page(self, status: int, lang: str = "zh") -> RawReply:
        """The page that this web server sends with a status."""
        return aspnet.status_page(status, lang)


def _returned(outcome: Accepted) -> str:
    """What the method returns: the success text of a send, or a number as text."""
    return SENT if isinstance(outcome.result, Sent) else str(outcome.result)


def _refusal(call: ErbanCall, outcome: Refused, lang: str) -> RawReply:
    code = codes.CODES[outcome.reason]
    text = outcome.text or codes.text_of(outcome.reason)
    # Documents, and what no door reads, have no method to answer for them.
    door = PLAIN if call.page is not None else DOORS.get(call.door, PLAIN)
    match code.kind:
        case "unavailable":
            return aspnet.unavailable()
        case "not_found":
            return aspnet.not_found("/WebService/SmsService.asmx", lang)
        case "thrown":
            return door.thrown(call, text, lang)
        case "text":
            return door.text(call, code.wire_text(text))


ERBAN = Erban()
