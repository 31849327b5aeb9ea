"""What the core decided about a golden exchange, as its index says it."""

from collections.abc import Callable
from typing import Any

import msgspec

from fakeproviders.failures import Reason
from fakeproviders.model import (
    Accepted,
    BatchSent,
    Call,
    Message,
    Outcome,
    Refused,
    Sent,
    TokenIssued,
)
from fakeproviders.settings import Signature, Template


def _batch(results: Any) -> BatchSent:
    return BatchSent(tuple((item["mobile"], outcome(item)) for item in results))


RESULTS: dict[str, Callable[[Any], Any]] = {
    "issued": lambda value: msgspec.convert(value, TokenIssued),
    "sent": lambda value: msgspec.convert(value, Sent),
    "batch": _batch,
    "message": lambda value: msgspec.convert(value, Message),
    "balance": lambda value: value,
    "signatures": lambda value: msgspec.convert(value, list[Signature]),
    "templates": lambda value: msgspec.convert(value, list[Template]),
}


def outcome(entry: dict[str, Any]) -> Outcome:
    """Accepted with a result, or refused; accepted with nothing for documents."""
    if "refused" in entry:
        said = entry["refused"]
        return Refused(Reason(said["reason"]), said.get("cause", ""), said.get("text", ""))
    for name, read in RESULTS.items():
        if name in entry:
            return Accepted(read(entry[name]))
    return Accepted()


def in_short(call: Call, names: list[str]) -> dict[str, Any]:
    """The fields of a call that an index gives, in its types."""
    values = {name: getattr(call, name) for name in names}
    return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}
