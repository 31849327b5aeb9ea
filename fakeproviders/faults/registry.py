"""From a rule's ``do`` to a fault: slugs, transport failures, raw replies, and lists of them.

To add a transport failure, write its file and put its class into TRANSPORT.
"""

from difflib import get_close_matches
from typing import Any

import msgspec

from fakeproviders.failures import SLUGS, Reason, Words
from fakeproviders.faults.base import Fault
from fakeproviders.faults.chaos import ORDERLY
from fakeproviders.faults.composite import Composite
from fakeproviders.faults.delay import Delay
from fakeproviders.faults.empty import Empty
from fakeproviders.faults.garbage import Garbage
from fakeproviders.faults.hang import Hang
from fakeproviders.faults.malformed import Malformed
from fakeproviders.faults.receipt import Receipt
from fakeproviders.faults.refusal import RefusalFault
from fakeproviders.faults.refuse import Refuse
from fakeproviders.faults.reply import Reply
from fakeproviders.faults.reply_lost import ReplyLost
from fakeproviders.faults.reset import Reset
from fakeproviders.faults.status import Status
from fakeproviders.faults.trickle import Trickle
from fakeproviders.faults.truncate import Truncate
from fakeproviders.faults.wrong_charset import WrongCharset
from fakeproviders.faults.wrong_content_type import WrongContentType
from fakeproviders.misfit import Misfit, told

TRANSPORT: dict[str, type[Fault]] = {
    fault.name: fault
    for fault in (
        Delay,
        Hang,
        Refuse,
        Reset,
        Empty,
        Truncate,
        Trickle,
        Garbage,
        Status,
        Malformed,
        WrongContentType,
        WrongCharset,
        ReplyLost,
        Reply,
    )
}

FAULTS: dict[str, type[Fault]] = {**TRANSPORT, Receipt.name: Receipt}
"""All that have settings; ``receipt`` is about what we send."""


class BadRule(Misfit):
    """A fault rule that cannot be used: which field, and what is wrong with it."""


def parse_do(do: object, field: str = "do") -> Fault:
    """The fault that a ``do`` stands for. Raises BadRule."""
    if isinstance(do, str):
        return _named(do, field)
    if isinstance(do, dict) and len(do) == 1:
        ((name, settings),) = do.items()
        return _with_settings(name, settings, field)
    if isinstance(do, list) and do:
        parts = tuple(parse_do(d, f"{field}[{i}]") for i, d in enumerate(do))
        if any(isinstance(part, Refuse) for part in parts):
            words = Words(
                zh="refuse 会关掉监听端口，只能单独使用",
                en="refuse stands alone: it takes the listener down",
            )
            raise BadRule(field, words)
        if any(part.chaos is not ORDERLY for part in parts):
            words = Words(
                zh="receipt 只能单独使用；它自己的各项设置可以一起给",
                en="receipt stands alone; its own settings act together",
            )
            raise BadRule(field, words)
        return Composite(parts=parts)
    raise BadRule(
        field,
        Words(
            zh='必须是故障代号、{"名称": {设置}}、{"reply": {...}}，或由它们组成的列表',
            en='must be a failure\'s name, {"name": {settings}}, {"reply": {...}}, or a list of these',
        ),
    )


def do_of(fault: Fault) -> object:
    """A ``do`` that stands for this fault: what parse_do() reads it from."""
    if isinstance(fault, Composite):
        return [do_of(part) for part in fault.parts]
    if isinstance(fault, RefusalFault):
        return fault.slug
    return {fault.name: msgspec.to_builtins(fault)}


def _named(name: str, field: str) -> Fault:
    if name in SLUGS:
        return RefusalFault(slug=Reason(name))
    return _with_settings(name, {}, field)


def _with_settings(name: object, settings: object, field: str) -> Fault:
    fault = FAULTS.get(name) if isinstance(name, str) else None
    if fault is None:
        if isinstance(name, str) and name in SLUGS and settings in ({}, None):
            return RefusalFault(slug=Reason(name))
        raise BadRule(field, _unknown(name))
    try:
        return msgspec.convert({} if settings is None else settings, fault)
    except (msgspec.ValidationError, ValueError) as error:
        raise BadRule(f"{field}.{name}", told(error, fault)) from None


def _unknown(name: Any) -> Words:
    known = sorted({*SLUGS, *FAULTS})
    if name in SLUGS:
        return Words(zh=f"{name} 没有设置", en=f"{name} takes no settings")
    close = get_close_matches(str(name), known, n=1)
    if close:
        return Words(
            zh=f"没有叫 {name!r} 的故障；是不是 {close[0]}？",
            en=f"no failure is called {name!r}; did you mean {close[0]}?",
        )
    return Words(
        zh=f"没有叫 {name!r} 的故障；fakeproviders failures 或 GET /api/v1/failures 可列出全部",
        en=f"no failure is called {name!r}; fakeproviders failures, or GET /api/v1/failures, lists all",
    )
