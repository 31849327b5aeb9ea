"""What the panel-style providers (official API, reseller) share: parameters, envelope, nginx in front.

A provider of this style has a table of routes and a table of what its replies hold; the rest is here.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import msgspec

from fakeproviders.failures import Reason
from fakeproviders.model import (
    UNKNOWN,
    Call,
    Outcome,
    RawReply,
    RawRequest,
    Receipt,
    Refused,
    Reply,
)
from fakeproviders.pages import nginx_page
from fakeproviders.providers import envelope
from fakeproviders.providers.base import Callback
from fakeproviders.providers.envelope import Codes
from fakeproviders.providers.parameters import (
    Unreadable,
    first_missing,
    mapping,
    read_parameters,
    text,
)
from fakeproviders.providers.receipt import panel_receipt, panel_reply
from fakeproviders.settings import AccountSettings

Reader = Callable[[Call, dict[str, Any]], None]
Shortcut = Callable[[Call, RawRequest], bool]
"""Reads a request of the common shape as a Reader would; False, and nothing done, for any other."""


class Route(msgspec.Struct, frozen=True):
    """One path: its operation, and a reader of parameters for each method; or a document."""

    operation: str
    readers: Mapping[str, Reader] = {}
    page: RawReply | None = None
    shortcut: Shortcut | None = None

    @property
    def methods(self) -> tuple[str, ...]:
        """What ``Allow`` names."""
        return ("GET", "HEAD") if self.page is not None else tuple(self.readers)


class Panel:
    """Both directions of such a codec; see providers.base.Provider."""

    name: ClassVar[str]
    max_body = 1 << 20
    templated = True
    codes: ClassVar[Codes]
    routes: ClassVar[Mapping[str, Route]]
    data: ClassVar[Mapping[str, Callable[[Any], Any]]]
    """``data`` of the envelope, by operation, made of the outcome's result."""

    def decode(self, raw: RawRequest) -> Call:
        """One request in the core's words; never raises."""
        call = Call(provider=self.name, operation=UNKNOWN, ip=raw.ip)
        route = self.routes.get(raw.path)
        if route is None:
            call.page = nginx_page(404)
            return call
        reader = route.readers.get(raw.method)
        if reader is None and raw.method not in route.methods:
            call.page = nginx_page(405, extra=(("Allow", ", ".join(route.methods)),))
            return call
        call.operation, call.door, call.page = route.operation, "json", route.page
        call.submits = raw.method == "POST"
        if route.shortcut is not None and route.shortcut(call, raw):
            return call
        if reader is not None:
            try:
                reader(call, read_parameters(raw))
            except Unreadable as error:
                call.unreadable = error.words
        return call

    def encode(self, call: Call, outcome: Outcome, settings: AccountSettings) -> RawReply:
        """The envelope of an outcome."""
        del settings
        if isinstance(outcome, Refused):
            return envelope.refusal(self.codes, outcome)
        return envelope.success(self.data[call.operation](outcome.result))

    def write_receipt(self, receipt: Receipt, secret: str) -> Callback:
        """The request that reports a message's status."""
        return panel_receipt(receipt, secret)

    def write_reply(self, reply: Reply, secret: str) -> Callback:
        """The request that passes a person's reply on."""
        return panel_reply(reply, secret)

    def status_page(self, status: int, asked: RawRequest | None = None) -> RawReply:
        """nginx's."""
        del asked
        return nginx_page(status)

    def wire_form(self, reason: Reason) -> dict[str, object]:
        """Number and text of a failure."""
        return envelope.wire_form(self.codes, reason)


def read_message(call: Call, parameters: dict[str, Any], required: tuple[str, ...]) -> None:
    """What is to be sent, but for the mobiles; sets ``missing`` unless something is already."""
    call.sign_key = text(parameters, "sign_key")
    call.signature = text(parameters, "signature")
    call.template_id = text(parameters, "template_id")
    call.params = mapping(parameters, "params")
    call.out_id = text(parameters, "out_id") or ""
    if not call.missing:
        found = {
            "sign_key": call.sign_key,
            "signature": call.signature,
            "params": call.params,
            "mobiles": call.mobiles,
        }
        call.missing = first_missing(parameters, required, found)


def read_which(call: Call, parameters: dict[str, Any]) -> None:
    """Which message a report is asked of."""
    call.message_id = text(parameters, "message_id") or ""
    call.out_id = text(parameters, "out_id") or ""
    if not (call.missing or call.message_id or call.out_id):
        call.missing = "message_id"
