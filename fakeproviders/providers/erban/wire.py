"""The Erban service's codec: which door a request knocks at, and each outcome in that door's words.

    /WebService/SmsService.asmx           door 1: SOAP, help, WSDL      (asmx.py, soap.py)
    /WebService/SmsService.asmx/Method    door 1: HTTP GET and POST     (bindings.py)
    /WebService/sms3.aspx                 door 2: the form page         (form.py)
    /WebService/services/SmsService       door 3: the Java twin         (xfire.py)
    /Accounts/{account}/Sms/SendSms       door 4: REST                  (rest.py)

Doors 1 and 2, and whatever is none, are IIS's, where file names have no case and method names do;
doors 3 and 4 are Tomcat's, where paths have case too (O). ``0,`` and a text is success; ``<code>,``
and a text is a refusal (O, the codes A).
"""

from collections.abc import Callable
from functools import partial
from typing import Protocol, cast

import msgspec

from fakeproviders.failures import Reason
from fakeproviders.model import (
    PAGES,
    Call,
    Outcome,
    RawReply,
    RawRequest,
    Receipt,
    Refused,
    Reply,
)
from fakeproviders.providers.base import Access, Callback
from fakeproviders.providers.erban import (
    asmx,
    aspnet,
    bindings,
    codes,
    form,
    rest,
    tomcat,
    xfire,
)
from fakeproviders.providers.erban.bindings import BindingDoor
from fakeproviders.providers.erban.calls import NAME, ErbanCall, answered_in_words
from fakeproviders.providers.erban.envelope import SOAP11, SOAP12, SoapDoor
from fakeproviders.providers.erban.form import FormDoor
from fakeproviders.providers.erban.rest import RestDoor
from fakeproviders.providers.erban.results import returned
from fakeproviders.providers.erban.settings import (
    ErbanSettings,
    default_settings,
    describe,
    invent_settings,
)
from fakeproviders.providers.erban.texts import DEFAULT_LANGUAGE, language
from fakeproviders.providers.erban.xfire_envelope import XFireDoor
from fakeproviders.providers.receipt import panel_receipt, panel_reply
from fakeproviders.settings import AccountSettings, Invention

ASMX = "/webservice/smsservice.asmx"
FORM = "/webservice/sms3.aspx"


class Door(Protocol):
    """How a door gives back what a method returned, or threw."""

    def text(self, call: ErbanCall, text: str) -> RawReply:
        """The method returned this text."""

    def thrown(self, call: ErbanCall, text: str, lang: str) -> RawReply:
        """The method threw this text."""


class WebServer(msgspec.Struct, frozen=True):
    """What stands in front of doors: its own pages, and how it answers where no method can."""

    status_page: Callable[[int, str], RawReply]
    plain: Door


IIS = WebServer(aspnet.status_page, FormDoor())
TOMCAT = WebServer(tomcat.status_page, tomcat.PlainDoor())

DOORS: dict[str, Door] = {
    SOAP11.door: SoapDoor(SOAP11),
    SOAP12.door: SoapDoor(SOAP12),
    **dict.fromkeys(bindings.DOORS.values(), BindingDoor()),
    form.DOOR: IIS.plain,
    xfire.SOAP_DOOR: XFireDoor(),
    rest.DOOR: RestDoor(),
}
TOMCATS_DOORS = xfire.DOORS | {rest.DOOR}


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
        if raw.path.startswith(rest.ACCOUNTS):
            return rest.decode(raw)
        if xfire.serves(raw.path):
            return xfire.decode(raw)
        path = raw.path.lower()
        if path == ASMX:
            return asmx.decode(raw)
        if path.startswith(f"{ASMX}/"):
            return bindings.decode(raw, raw.path[len(ASMX) :])
        if path == FORM:
            return form.decode(raw)
        return answered_in_words(raw, "", partial(aspnet.not_found, raw.path))

    def encode(self, call: Call, outcome: Outcome, settings: AccountSettings) -> RawReply:
        """The outcome as the call's door says it."""
        wire = cast("ErbanCall", call)
        lang = cast("ErbanSettings", settings).page_lang or call.lang
        if isinstance(outcome, Refused):
            return _refusal(wire, outcome, lang)
        if call.page is not None:
            return call.page
        if wire.in_language is not None:
            return wire.in_language(lang)
        door = DOORS.get(call.door)
        if door is not None:
            return door.text(wire, returned(wire, outcome))
        return xfire.document(wire) if wire.door in xfire.DOORS else asmx.document(wire, lang)

    def write_receipt(self, receipt: Receipt, secret: str) -> Callback:
        """The request that reports a message's status; that it is of the panels' shape is assumed (A)."""
        return panel_receipt(receipt, secret)

    def write_reply(self, reply: Reply, secret: str) -> Callback:
        """The request that passes a person's reply on, likewise (A)."""
        return panel_reply(reply, secret)

    def wire_form(self, reason: Reason) -> dict[str, object]:
        """One row of the failure catalogue."""
        return codes.wire_form(reason)

    def status_page(self, status: int, asked: RawRequest | None = None) -> RawReply:
        """The page that the web server in front of the door sends with a status."""
        if asked is None:
            return IIS.status_page(status, DEFAULT_LANGUAGE)
        tomcats = asked.path.startswith(rest.ACCOUNTS) or xfire.serves(asked.path)
        return (TOMCAT if tomcats else IIS).status_page(status, language(asked.headers))


def _refusal(call: ErbanCall, outcome: Refused, lang: str) -> RawReply:
    code = codes.CODES[outcome.reason]
    server = TOMCAT if call.door in TOMCATS_DOORS else IIS
    # Documents, and what no door reads, have no method to answer for them.
    door = server.plain if call.operation in PAGES else DOORS[call.door]
    match code.kind:
        case "unavailable" | "not_found":
            return server.status_page(code.status, lang)
        case "thrown":
            return door.thrown(call, outcome.text or codes.text_of(outcome.reason), lang)
        case "text":
            return door.text(call, returned(call, outcome))


ERBAN = Erban()
