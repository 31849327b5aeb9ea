"""A send, from the first rule to the charge: ``send`` for one text, ``batch`` for each mobile apart."""

from msgspec import structs

from fakeproviders.domain.attempt import Attempt
from fakeproviders.domain.content import mobiles_not_blacklisted, mobiles_valid, segments
from fakeproviders.domain.forward import forward
from fakeproviders.domain.rules import FIRST, rules_of, run
from fakeproviders.model import Accepted, BatchSent, Outcome, Refusal, Refused, Sent
from fakeproviders.stores.base import Charge, Draft, once_each


async def send(attempt: Attempt) -> Sent:
    """All mobiles with one text, accepted together or not at all. Raises Refusal."""
    provider = attempt.account.provider
    rules = rules_of(provider.access, attempt.call.operation, templated=provider.templated)
    refusal = run(rules, attempt)
    if refusal is not None and (refusal.rule == FIRST or attempt.call.token is None):
        raise refusal
    charge = _charge(attempt, attempt.call.mobiles, refusal)
    if attempt.hop is not None:
        return await forward(attempt, attempt.hop, charge)
    return attempt.sent(await attempt.store.commit(charge))


async def batch(attempt: Attempt) -> BatchSent:
    """Each mobile accepted or refused by itself. Raises Refusal for what concerns all of them."""
    provider = attempt.account.provider
    call = attempt.call
    rules = rules_of(provider.access, call.operation, templated=provider.templated)
    common = tuple(r for r in rules if r not in (mobiles_valid, mobiles_not_blacklisted))
    refusal = run(common, attempt)
    if refusal is not None and (refusal.rule == FIRST or call.token is None):
        raise refusal
    if call.token is not None and (
        refusal is not None
        or not await attempt.store.token_valid(attempt.account.role, call.token, attempt.now)
    ):
        await attempt.store.commit(_charge(attempt, (), refusal))
    return BatchSent(tuple([await _one(attempt, mobile) for mobile in call.mobiles]))


async def _one(attempt: Attempt, mobile: str) -> tuple[str, Outcome]:
    call = attempt.call
    try:
        call.mobiles, everybody = (mobile,), call.mobiles
        try:
            mobiles_valid(attempt)
            mobiles_not_blacklisted(attempt)
        finally:
            call.mobiles = everybody
        charge = _charge(attempt, (mobile,), None)
        if call.out_id:
            charge = structs.replace(charge, once=once_each(call.out_id, mobile))
        return mobile, Accepted(attempt.sent(await attempt.store.commit(charge)))
    except Refusal as refusal:
        return mobile, Refused(refusal.reason, refusal.cause, facts=refusal.facts)


def _charge(attempt: Attempt, mobiles: tuple[str, ...], refusal: Refusal | None) -> Charge:
    call, settings = attempt.call, attempt.account.settings
    content = call.content or ""
    number = 1 if refusal is not None else segments(content)
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
    )
