"""Journal entries made by hand."""

from typing import Any

from multidict import CIMultiDict

from fakeproviders.failures import Reason
from fakeproviders.faults.base import Fault
from fakeproviders.faults.engine import NO_DRAW, Draw
from fakeproviders.journal import Entry
from fakeproviders.model import Accepted, Call, Outcome, RawReply, RawRequest, Refused
from fakeproviders.providers.official import OFFICIAL

OK = RawReply(200, (("Content-Type", "application/json"),), b'{"code":0}')
PAGE = RawReply(404, (("Content-Type", "text/html"),), b"<h1>404</h1>")


def a_request(**changed: Any) -> RawRequest:
    """A raw request as the journal keeps it."""
    given: dict[str, Any] = {
        "method": "POST", "path": "/api/sms/send", "query": "", "headers": CIMultiDict(),
        "raw_headers": ((b"Content-Type", b"application/json"),), "body": b"{}",
        "ip": "127.0.0.1", "origin": "http://127.0.0.1:9401",
    }  # fmt: skip
    return RawRequest(**{**given, **changed})


def an_entry(
    role: str = "official",
    operation: str = "send",
    *,
    refused: Reason | None = None,
    fault: Fault | None = None,
    handled: bool = True,
    page: bool = False,
    request: RawRequest | None = None,
    reply: RawReply | None = OK,
    **call: Any,
) -> Entry:
    """An entry; ``call`` are the fields of its call."""
    outcome: Outcome | None = Refused(refused, rule="test") if refused else Accepted()
    return Entry(
        at=1_700_000_000.0,
        real_at=1_700_000_000.0,
        role=role,
        provider=OFFICIAL,
        request=request or a_request(),
        call=Call(role, operation, page=PAGE if page else None, **call),
        draw=NO_DRAW if fault is None else Draw(fault, "f1"),
        outcome=outcome if handled else None,
        reply=reply if handled else None,
        written=reply,
    )
