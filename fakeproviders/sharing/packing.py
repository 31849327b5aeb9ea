"""A journal's entry as bytes, so that another process can read it: MessagePack, in two parts.

    request   moments, whose it is, the raw request, the fault drawn, what the rules filled in
    answer    outcome, the reply as encoded and as written, how long it took

The call is not packed: the provider reads it out of the raw request again. A call of our own, which
nothing can be read out of, is.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from multidict import CIMultiDict

from fakeproviders.failures import Reason
from fakeproviders.faults.base import NO_FAULT
from fakeproviders.faults.engine import NO_DRAW, Draw
from fakeproviders.faults.registry import do_of, parse_do
from fakeproviders.faults.rule import Rule
from fakeproviders.journal import Entry, Posting
from fakeproviders.model import (
    BALANCE,
    BATCH,
    CHANNELS,
    KEYWORDS,
    OWN_CALLS,
    REPLIES,
    REPORT,
    SEND,
    SIGNATURES,
    TEMPLATES,
    TOKEN,
    Accepted,
    BatchSent,
    Call,
    Message,
    Outcome,
    RawReply,
    RawRequest,
    Refused,
    Reply,
    Sent,
    TokenIssued,
)
from fakeproviders.providers.base import Provider
from fakeproviders.settings import Signature, Template

Providers = Mapping[str, Provider]
RuleOf = Callable[[str], Rule | None]
"""A rule that was in force once, by its id."""
Text = Any
"""A str; one with lone surrogates, which is no UTF-8, travels as an extension."""
_SURROGATES = 1


class _Draw(msgspec.Struct, array_like=True, gc=False):
    rule_id: str
    nth: int
    key: Text
    chance: float | None
    elapsed: float
    do: Any
    """The fault as a rule writes it; None where it lets the call pass."""


class _OwnCall(msgspec.Struct, array_like=True, gc=False):
    """The fields of Call that a receipt or reply has."""

    provider: str
    operation: str
    account: Text
    mobiles: tuple[Text, ...]
    signature: Text
    template_id: Text
    content: Text
    out_id: Text
    message_id: Text
    reply_id: Text


class _Request(msgspec.Struct, array_like=True, gc=False):
    at: float
    real_at: float
    role: str
    provider: str
    """The listener that was asked."""
    method: Text
    path: Text
    query: Text
    raw_headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    ip: str
    session_id: Text
    origin: Text
    prefixed: bool
    too_large: bool
    hint: str
    account: Text
    content: Text
    draw: _Draw | None = None
    rules: tuple[str, ...] = ()
    own: _OwnCall | None = None


class _Taken(msgspec.Struct, array_like=True, gc=False, tag=0):
    result: Any


class _Denied(msgspec.Struct, array_like=True, gc=False, tag=1):
    reason: Reason
    cause: str
    text: Text
    rule: str
    facts: dict[str, Any]


_Decided = _Taken | _Denied
_Parts = tuple[tuple[Text, _Decided], ...]


class _Answer(msgspec.Struct, array_like=True, gc=False):
    outcome: _Decided | None
    reply: RawReply | None
    written: RawReply | None
    as_encoded: bool
    """``written`` is ``reply``."""
    took: float | None
    posting: Posting | None = None


_RESULTS: Mapping[str, Any] = {
    TOKEN: TokenIssued,
    SEND: Sent,
    BATCH: _Parts,
    REPORT: Message,
    BALANCE: int,
    SIGNATURES: list[Signature],
    TEMPLATES: list[Template],
    REPLIES: list[Reply],
    CHANNELS: list[str],
    KEYWORDS: list[str],
}
"""What an operation's result is, where it has one."""


def _extended(code: int, data: memoryview) -> object:
    assert code == _SURROGATES  # noqa: S101 - we write no other
    return bytes(data).decode("utf-8", "surrogatepass")


_encode = msgspec.msgpack.Encoder(enc_hook=str).encode
_decode_request = msgspec.msgpack.Decoder(_Request, ext_hook=_extended).decode
_decode_answer = msgspec.msgpack.Decoder(_Answer, ext_hook=_extended).decode


def pack_request(entry: Entry) -> bytes:
    """What is known of an entry when it is decided."""
    raw, call = entry.request, entry.call
    packed = _Request(
        entry.at, entry.real_at, entry.role, entry.provider.name,
        raw.method, raw.path, raw.query, raw.raw_headers, raw.body, raw.ip, raw.session_id, raw.origin,
        raw.prefixed, raw.too_large, entry.hint, call.account,
        call.content if entry.provider.templated else None,
    )  # fmt: skip
    if entry.rules:
        packed.draw = _packed_draw(entry.draw)
        packed.rules = tuple([rule.id for rule in entry.rules])
    if call.operation in OWN_CALLS:
        packed.own = _OwnCall(*(getattr(call, name) for name in _OwnCall.__struct_fields__))
    return _packed(packed)


def pack_answer(entry: Entry) -> bytes:
    """What an entry has beside, as far as it is known."""
    reply, written = entry.reply, entry.written
    as_encoded = written is reply
    outcome = None if entry.outcome is None else _packed_outcome(entry.outcome)
    other = None if as_encoded else written
    return _packed(_Answer(outcome, reply, other, as_encoded, entry.took, entry.posting))


def unpack_request(packed: bytes, providers: Providers, rule_of: RuleOf) -> Entry:
    """The entry as it was when it was decided. Rules that nobody knows any more are left out."""
    part = _decode_request(packed)
    raw = RawRequest(
        method=part.method,
        path=part.path,
        query=part.query,
        headers=_headers(part.raw_headers),
        raw_headers=part.raw_headers,
        body=part.body,
        ip=part.ip,
        session_id=part.session_id,
        origin=part.origin,
        prefixed=part.prefixed,
        too_large=part.too_large,
    )
    return Entry(
        at=part.at,
        real_at=part.real_at,
        role=part.role,
        provider=providers[part.provider],
        request=raw,
        call=_call(part, raw, providers[part.provider]),
        draw=NO_DRAW if part.draw is None else _draw(part.draw),
        outcome=None,
        reply=None,
        hint=part.hint,
        rules=tuple([rule for rule in map(rule_of, part.rules) if rule is not None]),
    )


def unpack_answer(packed: bytes, entry: Entry) -> None:
    """Fill an entry's answer in."""
    part = _decode_answer(packed)
    operation = entry.call.operation
    entry.outcome = None if part.outcome is None else _outcome(part.outcome, operation)
    entry.reply = part.reply
    entry.written = part.reply if part.as_encoded else part.written
    entry.took, entry.posting = part.took, part.posting


def _packed(part: _Request | _Answer) -> bytes:
    try:
        return _encode(part)
    except UnicodeEncodeError:
        return _encode(_without_surrogates(part))


def _without_surrogates(value: Any) -> Any:
    """A copy in which every text that is no UTF-8 is an extension."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return msgspec.msgpack.Ext(_SURROGATES, value.encode("utf-8", "surrogatepass"))
        return value
    if isinstance(value, msgspec.Struct):
        changed = {
            name: _without_surrogates(getattr(value, name)) for name in value.__struct_fields__
        }
        return msgspec.structs.replace(value, **changed)
    if isinstance(value, dict):
        return {name: _without_surrogates(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_surrogates(each) for each in value]
    return value


def _packed_draw(draw: Draw) -> _Draw | None:
    if draw is NO_DRAW:
        return None
    do = do_of(draw.fault) if draw.fault.acts else None
    return _Draw(draw.rule_id, draw.nth, draw.key, draw.chance, draw.elapsed, do)


def _packed_outcome(outcome: Outcome) -> _Decided:
    if isinstance(outcome, Refused):
        return _Denied(outcome.reason, outcome.cause, outcome.text, outcome.rule, outcome.facts)
    result = outcome.result
    if isinstance(result, BatchSent):
        result = [(mobile, _packed_outcome(own)) for mobile, own in result.results]
    return _Taken(result)


def _headers(raw: tuple[tuple[bytes, bytes], ...]) -> CIMultiDict[str]:
    """As the server's parser reads them."""
    return CIMultiDict(
        (name.decode("utf-8", "surrogateescape"), value.decode("utf-8", "surrogateescape"))
        for name, value in raw
    )


def _call(part: _Request, raw: RawRequest, provider: Provider) -> Call:
    if part.own is not None:
        return Call(**{name: getattr(part.own, name) for name in _OwnCall.__struct_fields__})
    call = provider.decode(raw)
    call.provider, call.account = part.role, part.account
    if provider.templated:
        call.content = part.content
    return call


def _draw(part: _Draw) -> Draw:
    fault = NO_FAULT if part.do is None else parse_do(part.do)
    return Draw(fault, part.rule_id, part.nth, part.key, part.chance, part.elapsed)


def _outcome(part: _Decided, operation: str) -> Outcome:
    if isinstance(part, _Denied):
        return Refused(part.reason, part.cause, part.text, part.rule, part.facts)
    kind = _RESULTS.get(operation)
    if part.result is None or kind is None:
        return Accepted(part.result)
    result = msgspec.convert(part.result, kind)
    if operation == BATCH:
        result = BatchSent(tuple([(mobile, _outcome(own, SEND)) for mobile, own in result]))
    return Accepted(result)
