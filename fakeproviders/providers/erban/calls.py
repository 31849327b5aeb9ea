"""From a method's parameters to the core's words, the same for every door."""

from collections.abc import Mapping

from fakeproviders.inbox import signature_of
from fakeproviders.model import NO_CREDENTIAL, SEND, UNKNOWN, Call, RawReply, RawRequest
from fakeproviders.providers.erban.proof import PasswordDigest
from fakeproviders.providers.erban.texts import language

NAME = "erban"
OPAQUE = "1"
"""``sendType`` that makes ``smsid`` the caller's own affair: it may repeat."""

REQUIRED = {SEND: ("account", "password", "mobile", "content", "channel")}
CREDENTIALS = ("account", "password")


class ErbanCall(Call, gc=False):
    """A call with what its reply needs to know of the request."""

    method: str = ""
    """The method asked for, or asked about."""
    address: str = ""
    """The file's own URL as the client wrote it."""


def method_call(
    raw: RawRequest,
    *,
    door: str,
    method: str,
    operation: str,
    words: tuple[str, ...],
    given: Mapping[str, str | None],
) -> ErbanCall:
    """A call of a method. ``words`` name its parameters, which ``given`` holds in their order."""
    value = dict(zip(words, given.values(), strict=True))
    password = value.get("password")
    content = value.get("content")
    return ErbanCall(
        provider=NAME,
        operation=operation,
        door=door,
        method=method,
        account=value.get("account") or "",
        credential=NO_CREDENTIAL if password is None else PasswordDigest(password),
        missing=_first_missing(operation, words, given),
        mobiles=_mobiles(value.get("mobile")),
        content=content,
        signature=signature_of(content or ""),
        channel=value.get("channel"),
        out_id="" if value.get("sendType") == OPAQUE else value.get("smsid") or "",
        ip=raw.ip,
        url=raw.base_url,
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
        url=raw.base_url,
        lang=language(raw.headers),
    )


def answered(raw: RawRequest, door: str, page: RawReply) -> ErbanCall:
    """A request that the web server answers by itself: a protocol error."""
    call = document_call(raw, operation=UNKNOWN, door=door)
    call.page = page
    return call


def _mobiles(joined: str | None) -> tuple[str, ...]:
    if not joined:
        return ()
    return tuple(mobile for each in joined.split(",") if (mobile := each.strip()))


def _first_missing(operation: str, words: tuple[str, ...], given: Mapping[str, str | None]) -> str:
    """The wire's own word for the first required parameter that was not sent."""
    required = REQUIRED.get(operation, CREDENTIALS)
    for word, (name, value) in zip(words, given.items(), strict=True):
        if value is None and word in required:
            return name
    return ""
