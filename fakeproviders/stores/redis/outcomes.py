"""What the scripts answer when they refuse a charge."""

from fakeproviders.model import Refusal
from fakeproviders.stores import refusals
from fakeproviders.stores.base import Charge
from fakeproviders.stores.windows import TokenBucket


def refusal(charge: Charge, reply: list[bytes]) -> Refusal:
    """The refusal that an answer means: its kind, and its facts."""
    kind, *facts = (part.decode() for part in reply)
    if kind == "refused" and charge.refusal is not None:
        return charge.refusal
    if kind == "token":
        return refusals.token_expired(charge)
    if kind == "duplicate":
        return refusals.duplicate(charge, facts[0])
    if kind == "balance":
        return refusals.too_poor(charge, int(facts[0]))
    bucket, key, used, *at = facts
    rate = charge.quotas.account_per_second
    if bucket == "account_per_second" and rate is not None:
        full = TokenBucket()
        full.used, full.at = float(used), float(*at)
        return refusals.over_rate(full, rate, charge)
    return refusals.over(bucket, key, int(used), charge)
