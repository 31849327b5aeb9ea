"""From a method's parameters to the core's words, the same for every door."""

import re
from collections.abc import Callable, Mapping

from fakeproviders.inbox import signature_of
from fakeproviders.model import (
    NO_CREDENTIAL,
    UNKNOWN,
    Call,
    Credential,
    Line,
    RawReply,
    RawRequest,
)
from fakeproviders.providers.erban.methods import Method
from fakeproviders.providers.erban.proof import PasswordDigest
from fakeproviders.providers.erban.texts import language

NAME = "erban"
OPAQUE = "1"
"""``sendType`` that makes ``smsid`` the caller's own affair: it may repeat."""
LINE_END = re.compile(r"\r\n|\r|\n")


class ErbanCall(Call, gc=False):
    """A call with what its reply needs to know of the request."""

    method: str = ""
    """The method asked for, or asked about."""
    address: str = ""
    """The file's own URL as the client wrote it."""
    in_language: Callable[[str], RawReply] | None = None
    """The web server's own answer, by language; of the fixed ones ``page`` has it."""


def method_call(
    raw: RawRequest, *, door: str, method: Method, given: Mapping[str, str | None]
) -> ErbanCall:
    """A call of a method, whose parameters ``given`` holds in their declared order."""
    value = dict(zip(method.meaning.words, given.values(), strict=True))
    random = value.get("random")
    lines = _lines(value.get("lines"))
    content = value.get("content", value.get("lines"))
    return ErbanCall(
        provider=NAME,
        operation=method.meaning.operation,
        door=door,
        method=method.name,
        account=value.get("account") or "",
        credential=_credential(value.get("password"), random),
        token=random,
        missing=_first_missing(method, given),
        mobiles=_mobiles(value.get("mobile"), lines),
        lines=lines,
        content=content,
        signature=signature_of(content or ""),
        channel=value.get("channel"),
        out_id="" if value.get("sendType") == OPAQUE else value.get("smsid") or "",
        send_at=value.get("send_at"),
        since=value.get("since") or "",
        reply_id=value.get("reply_id") or "",
        ip=raw.ip,
        lang=language(raw.headers),
    )


def document_call(
    raw: RawRequest, *, operation: str, door: str, method: str = "", address: str = ""
) -> ErbanCall:
    """A call for a document: help, WSDL, discovery."""
    return ErbanCall(
        provider=NAME,
        operation=operation,
        door=door,
        method=method,
        address=address,
        ip=raw.ip,
        lang=language(raw.headers),
    )


def answered(raw: RawRequest, door: str, page: RawReply) -> ErbanCall:
    """A request that the web server answers by itself: a protocol error."""
    call = document_call(raw, operation=UNKNOWN, door=door)
    call.page = page
    return call


def answered_in_words(
    raw: RawRequest, door: str, in_language: Callable[[str], RawReply]
) -> ErbanCall:
    """The same, where the answer has a language, which the account's settings may choose."""
    call = document_call(raw, operation=UNKNOWN, door=door)
    call.in_language = in_language
    return call


def _credential(password: str | None, random: str | None) -> Credential:
    return NO_CREDENTIAL if password is None else PasswordDigest(password, random or "")


def _mobiles(joined: str | None, lines: tuple[Line, ...] | None) -> tuple[str, ...]:
    if lines is not None:
        return tuple(line.mobile for line in lines)
    return tuple(mobile for each in (joined or "").split(",") if (mobile := each.strip()))


def _lines(text: str | None) -> tuple[Line, ...] | None:
    """Lines of ``mobile,content``; blank ones are passed over, and a content may have commas (A)."""
    if text is None:
        return None
    return tuple(_line(each) for each in LINE_END.split(text) if each.strip())


def _line(text: str) -> Line:
    mobile, _, content = text.partition(",")
    return Line(mobile.strip(), content, signature_of(content))


def _first_missing(method: Method, given: Mapping[str, str | None]) -> str:
    """The wire's own word for the first required parameter that was not sent."""
    meaning = method.meaning
    for word, (name, value) in zip(meaning.words, given.items(), strict=True):
        if value is None and word not in meaning.optional:
            return name
    return ""
