"""The reply envelope of panel-style APIs (A): ``{"code": 0, "msg": "success", "data": {...}}``.

A refusal is HTTP 200 with another code. Some failures are not the application's: the web server
before it answers with its HTML page.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from fakeproviders.clock import beijing_text
from fakeproviders.failures import Reason, failure
from fakeproviders.model import BatchSent, Message, RawReply, Refused, Sent
from fakeproviders.pages import NGINX, nginx_page
from fakeproviders.settings import Signature, Template

JSON_HEADERS = (("Server", NGINX), ("Content-Type", "application/json; charset=utf-8"))
_encode = msgspec.json.Encoder().encode


class Code(msgspec.Struct, frozen=True):
    """A failure's form on the wire.

    ``html`` is the status of a web server's page that replaces the envelope; ``causes`` has codes of
    their own for ways to the same failure; ``text`` overrides the catalogue's.
    """

    code: int
    html: int = 0
    causes: Mapping[str, int] = {}
    text: str = ""


Codes = Mapping[Reason, Code]


def success(data: Any) -> RawReply:
    """An accepted call."""
    return RawReply(200, JSON_HEADERS, b'{"code":0,"msg":"success","data":%b}' % _encode(data))


def refusal(codes: Codes, refused: Refused, status: int = 200) -> RawReply:
    """A refused call."""
    code = codes[refused.reason]
    if code.html:
        return nginx_page(code.html)
    number, text = code_and_text(codes, refused)
    body = _encode({"code": number, "msg": text, "data": None})
    return RawReply(status, JSON_HEADERS, body)


def code_and_text(codes: Codes, refused: Refused) -> tuple[int, str]:
    """The number and the words of a refusal."""
    code = codes[refused.reason]
    return code.causes.get(refused.cause, code.code), refused.text or _text(code, refused.reason)


def wire_form(codes: Codes, reason: Reason) -> dict[str, object]:
    """A failure's form, for the catalogue."""
    code = codes[reason]
    if code.html:
        return {"status": code.html, "html": True, "code": None, "text": ""}
    return {"status": 200, "html": False, "code": code.code, "text": _text(code, reason)}


def sent_data(sent: Sent) -> dict[str, object]:
    """``data`` of a send."""
    return {"message_id": sent.message_ids[0], "segments": sent.segments, "fee": sent.fee}


def batch_data(codes: Codes, sent: BatchSent) -> dict[str, object]:
    """``data`` of a batch: one result a mobile."""
    return {"results": [_batch_result(codes, m, outcome) for m, outcome in sent.results]}


def report_data(message: Message) -> dict[str, object]:
    """``data`` of a report; times are Beijing wall-clock texts."""
    done = None if message.done_at is None else beijing_text(message.done_at)
    return {
        "message_id": message.id,
        "out_id": message.out_id,
        "mobile": message.mobile,
        "status": message.status,
        "error": message.error,
        "submitted_at": beijing_text(message.at),
        "done_at": done,
    }


def signatures_data(signatures: list[Signature]) -> dict[str, object]:
    """``data`` of the registered signatures."""
    names = ("sign_key", "signature", "status", "reason")
    return {"signatures": [{n: getattr(s, n) for n in names} for s in signatures]}


def templates_data(templates: list[Template]) -> dict[str, object]:
    """``data`` of the registered templates."""
    names = ("template_id", "name", "content", "status", "reason")
    return {"templates": [{n: getattr(t, n) for n in names} for t in templates]}


def _batch_result(codes: Codes, mobile: str, outcome: object) -> dict[str, object]:
    if isinstance(outcome, Refused):
        number, text = code_and_text(codes, outcome)
        return {"mobile": mobile, "code": number, "msg": text}
    sent: Sent = outcome.result  # type: ignore[attr-defined]
    return {"mobile": mobile, "code": 0, **sent_data(sent)}


def _text(code: Code, reason: Reason) -> str:
    return code.text or failure(reason).text
