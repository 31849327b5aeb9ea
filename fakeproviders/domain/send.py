"""A send, from the first rule to the charge: ``send`` for all mobiles, ``batch`` for each apart."""

from collections.abc import Awaitable

from msgspec import structs

from fakeproviders.clock import parse_beijing
from fakeproviders.domain.attempt import Attempt
from fakeproviders.domain.content import (
    content_allowed,
    mobiles_not_blacklisted,
    mobiles_valid,
)
from fakeproviders.domain.forward import forward
from fakeproviders.domain.rules import FIRST, Rule, rules_for, run
from fakeproviders.domain.signature import content_signature_approved
from fakeproviders.model import Accepted, BatchSent, Call, Outcome, Refusal, Refused, Sent
from fakeproviders.soon import Soon, settled
from fakeproviders.stores.base import Charge, Draft, once_each

OF_A_MOBILE: tuple[Rule, ...] = (mobiles_valid, mobiles_not_blacklisted)
OF_A_TEXT: tuple[Rule, ...] = (content_signature_approved, content_allowed)


def send(attempt: Attempt) -> Soon[Sent]:
    """All mobiles with one text, accepted together or not at all. Raises Refusal."""
    refusal = run(rules_for(attempt.account.provider, attempt.call.operation), attempt)
    if refusal is not None and (refusal.rule == FIRST or attempt.call.token is None):
        raise refusal
    charge = _charge(attempt, attempt.call.mobiles, refusal)
    if attempt.hop is not None:
        return forward(attempt, attempt.hop, charge)
    sent = attempt.store.commit(charge, attempt.record)
    if attempt.on_sent is None:
        return sent
    return attempt.sent(sent) if isinstance(sent, Sent) else _sent_soon(attempt, sent)


async def _sent_soon(attempt: Attempt, sent: Awaitable[Sent]) -> Sent:
    return attempt.sent(await sent)


async def batch(attempt: Attempt) -> BatchSent:
    """Each mobile, or each line, accepted or refused by itself. Raises Refusal for what concerns all."""
    call = attempt.call
    rules = rules_for(attempt.account.provider, call.operation)
    own = OF_A_MOBILE if call.lines is None else (*OF_A_MOBILE, *OF_A_TEXT)
    refusal = run(tuple(rule for rule in rules if rule not in own), attempt)
    if refusal is not None and (refusal.rule == FIRST or call.token is None):
        raise refusal
    if call.token is not None and (
        refusal is not None
        or not await attempt.store.token_valid(attempt.account.role, call.token, attempt.now)
    ):
        await settled(attempt.store.commit(_charge(attempt, (), refusal)))
    each = tuple(rule for rule in rules if rule in own)
    return BatchSent(tuple([await _one(attempt, part, each) for part in _parts(call)]))


def _parts(call: Call) -> list[Call]:
    """A batch as a call for each mobile or line."""
    if call.lines is None:
        return [structs.replace(call, mobiles=(mobile,)) for mobile in call.mobiles]
    return [
        structs.replace(
            call, mobiles=(line.mobile,), content=line.content, signature=line.signature
        )
        for line in call.lines
    ]


async def _one(whole: Attempt, part: Call, rules: tuple[Rule, ...]) -> tuple[str, Outcome]:
    attempt, mobile = structs.replace(whole, call=part), part.mobiles[0]
    refusal = run(rules, attempt)
    try:
        if refusal is not None:
            raise refusal
        charge = _charge(attempt, (mobile,), None)
        if part.out_id:
            charge = structs.replace(charge, once=once_each(part.out_id, mobile))
        return mobile, Accepted(attempt.sent(await settled(attempt.store.commit(charge))))
    except Refusal as refused:
        return mobile, Refused(refused.reason, refused.cause, facts=refused.facts)


def _charge(attempt: Attempt, mobiles: tuple[str, ...], refusal: Refusal | None) -> Charge:
    call, settings = attempt.call, attempt.account.settings
    content = call.content or ""
    number = 1 if refusal is not None else attempt.segments
    return Charge(
        role=attempt.account.role,
        now=attempt.now,
        quotas=settings.quotas,
        drafts=tuple(
            [Draft(m, content, call.signature or "", call.template_id or "") for m in mobiles]
        ),
        ip=call.ip,
        segments=number,
        fee_each=number * settings.price_per_segment,
        out_id=call.out_id,
        token=call.token,
        refusal=refusal,
        listed=attempt.account.listed,
        receipts=settings.receipts,
        send_at=None if call.send_at is None or refusal else parse_beijing(call.send_at),
        called_back=settings.callback_url is not None,
    )
