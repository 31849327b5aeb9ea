"""The SOAP service declared in spyne: the one source of operations, parameters and types.

The methods are declarations without a body: what they do is the core's. To add an operation,
declare it here and say in ``MEANINGS`` which of the core's operations it is.
"""
# ruff: noqa: N802, N803 - these are the wire's names

from typing import Any

import msgspec

from fakeproviders.model import BALANCE, SEND
from fakeproviders.spyne_compat import Application, Service, Soap11, Unicode, rpc

NAMESPACE = "http://tempuri.org/"
NAME = "SmsService"


class SmsService(Service):  # type: ignore[misc]  # spyne has no types
    """短信服务."""

    @rpc(Unicode, Unicode, Unicode, Unicode, Unicode, Unicode, Unicode, _returns=Unicode)  # type: ignore[untyped-decorator]
    def SendSms3(
        ctx: Any,  # noqa: N805 - spyne passes its context first
        account: str,
        password: str,
        mobile: str,
        content: str,
        channel: str,
        smsid: str,
        sendType: str,
    ) -> None:
        """Send one text to one or several mobiles."""

    @rpc(Unicode, Unicode, Unicode, _returns=Unicode)  # type: ignore[untyped-decorator]
    def GetSmsMoney(ctx: Any, in0: str, in1: str, in2: str) -> None:  # noqa: N805
        """Balance of an account's channel."""

    @rpc(Unicode, Unicode, _returns=Unicode)  # type: ignore[untyped-decorator]
    def GetSmsMoney2(ctx: Any, in0: str, in1: str) -> None:  # noqa: N805
        """Balance of an account."""


class Meaning(msgspec.Struct, frozen=True):
    """What a method is to the core: an operation, and a word for each parameter in its place."""

    operation: str
    words: tuple[str, ...]


MEANINGS = {
    "SendSms3": Meaning(
        SEND, ("account", "password", "mobile", "content", "channel", "smsid", "sendType")
    ),
    "GetSmsMoney": Meaning(BALANCE, ("account", "password", "channel")),
    "GetSmsMoney2": Meaning(BALANCE, ("account", "password")),
}

APPLICATION = Application([SmsService], tns=NAMESPACE, name=NAME, in_protocol=Soap11())
"""spyne's interface description, and its reading of requests. SOAP 1.2 has the same parameters."""
