"""The SOAP service declared in spyne: the one source of operations, parameters and types.

The methods are declarations without a body: what they do is the core's. To add an operation,
declare it here and say in ``MEANINGS`` which of the core's operations it is. Names and numbers of
parameters are observed in public clients (O); what those beyond SendSms3 mean is assumed (A).
"""
# ruff: noqa: N802, N803, N805 - these are the wire's names, and spyne passes its context first
# spyne has no types, and the methods that it declares have no self:
# mypy: disable-error-code="misc,untyped-decorator"

from typing import Any

import msgspec

from fakeproviders.model import (
    BALANCE,
    BATCH,
    CHANNELS,
    KEYWORDS,
    REPLIES,
    REPLY_READ,
    SEND,
    TOKEN,
)
from fakeproviders.spyne_compat import Application, Integer32, Service, Soap11, Unicode, rpc

NAMESPACE = "http://tempuri.org/"
NAME = "SmsService"

TEXT = Unicode
NUMBER = Integer32(min_occurs=1)
"""A .NET int cannot be null."""


class SmsService(Service):
    """短信服务."""

    @rpc(TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, _returns=TEXT)
    def SendSms3(
        ctx: Any,
        account: str,
        password: str,
        mobile: str,
        content: str,
        channel: str,
        smsid: str,
        sendType: str,
    ) -> None:
        """Send one text to one or several mobiles."""

    @rpc(TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, _returns=TEXT)
    def SendSms5(
        ctx: Any, in0: str, in1: str, in2: str, in3: str, in4: str, in5: str, in6: str
    ) -> None:
        """SendSms3 with parameters that have numbers for names."""

    @rpc(TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, _returns=NUMBER)
    def SendSms(ctx: Any, in0: str, in1: str, in2: str, in3: str, in4: str, in5: str) -> None:
        """Send, and get a number back."""

    @rpc(TEXT, _returns=TEXT)
    def GetRandom(ctx: Any, in0: str) -> None:
        """A random text for SendSms2's password."""

    @rpc(TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, _returns=NUMBER)
    def SendSms2(
        ctx: Any,
        account: str,
        password: str,
        random: str,
        mobile: str,
        content: str,
        channel: str,
        smsid: str,
        sendType: str,
    ) -> None:
        """Send with a password that is good once."""

    @rpc(TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, _returns=TEXT)
    def SendTimingSms(
        ctx: Any,
        account: str,
        password: str,
        mobile: str,
        content: str,
        channel: str,
        smsid: str,
        sendType: str,
    ) -> None:
        """Send at the moment that ``sendType`` names, in Beijing time."""

    @rpc(TEXT, TEXT, TEXT, TEXT, _returns=TEXT)
    def BatchSendSMS(ctx: Any, in0: str, in1: str, in2: str, in3: str) -> None:
        """Send a text of its own to each mobile: ``in2`` has lines of ``mobile,content``."""

    @rpc(TEXT, TEXT, TEXT, _returns=TEXT)
    def GetSmsMoney(ctx: Any, in0: str, in1: str, in2: str) -> None:
        """Balance of an account's channel."""

    @rpc(TEXT, TEXT, _returns=TEXT)
    def GetSmsMoney2(ctx: Any, in0: str, in1: str) -> None:
        """Balance of an account."""

    @rpc(TEXT, TEXT, TEXT, _returns=TEXT)
    def GetSmsMo(ctx: Any, in0: str, in1: str, in2: str) -> None:
        """The replies that nobody has marked read, from the moment ``in2`` on."""

    @rpc(TEXT, _returns=NUMBER)
    def UpdateSmsMo(ctx: Any, in0: str) -> None:
        """Mark a reply read."""

    @rpc(_returns=TEXT)
    def GetChannel(ctx: Any) -> None:
        """The channels that there are."""

    @rpc(TEXT, _returns=TEXT)
    def IsIncludeKeyWord(ctx: Any, in0: str) -> None:
        """The blocked words in a text."""


class Meaning(msgspec.Struct, frozen=True):
    """What a method is to the core: an operation, and a word for each parameter in its place.

    ``optional`` are the words of those that may be left out.
    """

    operation: str
    words: tuple[str, ...]
    optional: frozenset[str] = frozenset()


_SEND = ("account", "password", "mobile", "content", "channel", "smsid")
_NOT_NEEDED = frozenset({"smsid", "sendType"})

MEANINGS = {
    "SendSms3": Meaning(SEND, (*_SEND, "sendType"), _NOT_NEEDED),
    "SendSms5": Meaning(SEND, (*_SEND, "sendType"), _NOT_NEEDED),
    "SendSms": Meaning(SEND, _SEND, _NOT_NEEDED),
    "GetRandom": Meaning(TOKEN, ("account",)),
    "SendSms2": Meaning(
        SEND,
        ("account", "password", "random", "mobile", "content", "channel", "smsid", "sendType"),
        _NOT_NEEDED,
    ),
    "SendTimingSms": Meaning(SEND, (*_SEND, "send_at"), _NOT_NEEDED),
    "BatchSendSMS": Meaning(BATCH, ("account", "password", "lines", "channel")),
    "GetSmsMoney": Meaning(BALANCE, ("account", "password", "channel"), frozenset({"channel"})),
    "GetSmsMoney2": Meaning(BALANCE, ("account", "password")),
    "GetSmsMo": Meaning(REPLIES, ("account", "password", "since"), frozenset({"since"})),
    "UpdateSmsMo": Meaning(REPLY_READ, ("reply_id",)),
    "GetChannel": Meaning(CHANNELS, ()),
    "IsIncludeKeyWord": Meaning(KEYWORDS, ("content",)),
}

APPLICATION = Application([SmsService], tns=NAMESPACE, name=NAME, in_protocol=Soap11())
"""spyne's interface description, and its reading of requests. SOAP 1.2 has the same parameters."""
