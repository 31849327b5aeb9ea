"""How things look in the control API's JSON."""

from base64 import b64encode
from typing import Any

import msgspec

from fakeproviders.account import Account
from fakeproviders.clock import iso
from fakeproviders.events import rule_facts
from fakeproviders.failures import Failure, Reason
from fakeproviders.faults.base import NO_FAULT
from fakeproviders.faults.engine import Draw
from fakeproviders.faults.matchers import Miss
from fakeproviders.faults.rule import Rule
from fakeproviders.inbox import code_of
from fakeproviders.journal import Entry
from fakeproviders.model import Message, RawReply, RawRequest, Reply
from fakeproviders.outcome import decided, outcome_word, reason_of
from fakeproviders.panel.outbox import Letter
from fakeproviders.providers.base import Provider
from fakeproviders.stores.base import BucketUse
from fakeproviders.trace import explain
from fakeproviders.verify.report import MATCHING_SHOWN, UNEXPECTED_SHOWN, Check, Report
from fakeproviders.verify.words import summary


def message_view(message: Message) -> dict[str, Any]:
    """One message of the inbox."""
    return {
        "id": message.id,
        "provider": message.provider,
        "mobile": message.mobile,
        "content": message.content,
        "code": code_of(message.content),
        "status": message.status,
        "error": message.error,
        "at": iso(message.at),
        "send_at": None if message.send_at is None else iso(message.send_at),
        "done_at": None if message.done_at is None else iso(message.done_at),
        "signature": message.signature,
        "template_id": message.template_id,
        "out_id": message.out_id,
        "segments": message.segments,
        "fee": message.fee,
    }


def reply_view(reply: Reply) -> dict[str, Any]:
    """What a person answered."""
    return {
        "id": reply.id,
        "provider": reply.provider,
        "mobile": reply.mobile,
        "content": reply.content,
        "status": reply.status,
        "at": iso(reply.at),
    }


def letter_view(letter: Letter) -> dict[str, Any]:
    """What the panel sent by mail, in the site or by WeChat."""
    return {
        "id": str(letter.id),
        "kind": letter.kind,
        "event": letter.event,
        "recipient": letter.recipient,
        "title": letter.title,
        "content": letter.body,
        "code": code_of(letter.body),
        "at": letter.at.isoformat(timespec="milliseconds"),
    }


def settings_view(account: Account, balance: int) -> dict[str, Any]:
    """An account's settings, its balance among them."""
    whole: dict[str, Any] = msgspec.to_builtins(account.settings)
    return whole | {"balance": balance}


def fault_view(rule: Rule) -> dict[str, Any]:
    """A rule as it was given, with its id and how often it matched and fired."""
    return rule_facts(rule)


def bucket_view(role: str, use: BucketUse) -> dict[str, Any]:
    """One quota bucket."""
    return {
        "provider": role,
        "bucket": use.bucket,
        "key": use.key,
        "used": use.used,
        "limit": use.limit,
        "window": use.window,
        "resets_at": iso(use.resets_at),
    }


def failure_view(entry: Failure, providers: list[Provider]) -> dict[str, Any]:
    """An entry of the catalogue, with its form on each provider's wire."""
    shown: dict[str, Any] = msgspec.to_builtins(entry)
    del shown["everywhere"]
    if entry.kind != "transport":
        shown["wire"] = {p.name: p.wire_form(Reason(entry.slug)) for p in providers}
    return shown


def request_summary(serial: int, entry: Entry) -> dict[str, Any]:
    """One line of the journal."""
    call, written = entry.call, entry.written
    return {
        "id": f"r{serial}",
        "direction": entry.direction,
        "at": iso(entry.at),
        "real_at": iso(entry.real_at),
        "provider": entry.role,
        "operation": call.operation,
        "door": call.door,
        "account": call.account,
        "mobile": call.mobile,
        "outcome": outcome_word(entry),
        "decided": decided(entry),
        "reason": reason_of(entry),
        "fault": _fault_view(entry.draw),
        "method": entry.request.method,
        "path": entry.request.path,
        "status": None if written is None else written.status,
        "took_ms": None if entry.took is None else round(entry.took * 1000, 3),
        "hint": entry.hint or None,
    }


def request_view(serial: int, entry: Entry) -> dict[str, Any]:
    """One request whole: what came in, why it was answered so, what went out."""
    raw = entry.request
    return {
        **request_summary(serial, entry),
        "request": {
            "method": raw.method,
            "path": _target(raw),
            "session_prefix": raw.session_id or None,
            "ip": raw.ip,
            "headers": [[k.decode("latin-1"), v.decode("latin-1")] for k, v in raw.raw_headers],
            **_body_view(raw.body),
        },
        "trace": [msgspec.to_builtins(step) for step in explain(entry)],
        **_posting_view(entry),
        "reply": None if entry.written is None else _reply_view(entry.written),
    }


def report_view(report: Report, seed: int) -> dict[str, Any]:
    """The answer to a verification."""
    return {
        "result": report.result,
        "seed": seed,
        "checks": [_check_view(check) for check in report.checks],
        "order": _order_view(report),
        "evicted": report.evicted,
        "unfired_faults": [fault_view(rule) for rule in report.unfired],
        "unexpected_requests": _ids(report.unexpected, UNEXPECTED_SHOWN),
        "unexpected": len(report.unexpected),
        "words": msgspec.to_builtins(summary(report, seed)),
    }


def _check_view(check: Check) -> dict[str, Any]:
    low, high = check.criteria.bounds
    spec: dict[str, Any] = msgspec.to_builtins(check.criteria.spec)
    return {
        "expected": {**spec, "count": {"min": low, "max": high}},
        "result": check.result,
        "count": len(check.serials),
        "matching": _ids(check.serials, MATCHING_SHOWN),
        "near_misses": [
            {"request": f"r{near.serial}", "misses": [_miss_view(miss) for miss in near.misses]}
            for near in check.near_misses
        ],
        "counted_with": check.counted_with,
    }


def _miss_view(miss: Miss) -> dict[str, Any]:
    return {
        "field": miss.field,
        "actual": miss.actual,
        "expected": miss.expected.en,
        "expected_words": msgspec.to_builtins(miss.expected),
    }


def _order_view(report: Report) -> dict[str, Any] | None:
    if report.order is None:
        return None
    return {
        "result": report.order.result,
        "matching": _ids(report.order_serials, MATCHING_SHOWN),
        "missing": report.order.missing,
    }


def _ids(serials: list[int], most: int) -> list[str]:
    return [f"r{serial}" for serial in serials[:most]]


def _target(raw: RawRequest) -> str:
    return f"{raw.path}?{raw.query}" if raw.query else raw.path


def _posting_view(entry: Entry) -> dict[str, Any]:
    """Where a receipt was sent to, and what came of it; nothing for a request that came in."""
    posting = entry.posting
    if posting is None:
        return {}
    shown = {
        "url": f"{entry.request.origin}{_target(entry.request)}",
        "attempt": posting.attempt,
        "accepted": posting.accepted,
        "error": posting.error or None,
        "next_at": None if posting.next_at is None else iso(posting.next_at),
    }
    return {"posting": shown}


def _fault_view(draw: Draw) -> dict[str, Any] | None:
    """The fault drawn; ``chance`` is there when a probability decided."""
    if draw.fault is NO_FAULT:
        return None
    shown = {"id": draw.rule_id, "do": draw.fault.label, "nth": draw.nth + 1}
    return shown if draw.chance is None else {**shown, "chance": draw.chance}


def _reply_view(reply: RawReply) -> dict[str, Any]:
    return {
        "status": reply.status,
        "headers": [list(pair) for pair in reply.headers],
        **_body_view(reply.body),
    }


def _body_view(body: bytes) -> dict[str, str]:
    """The body as text; what is not UTF-8 is there byte for byte as well."""
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        shown = body.decode("utf-8", "backslashreplace")
        return {"body": shown, "body_base64": b64encode(body).decode()}
