"""How every store refuses a charge."""

from math import ceil

from fakeproviders.failures import Reason
from fakeproviders.model import Refusal
from fakeproviders.stores.base import Charge
from fakeproviders.stores.windows import BUCKETS, SECONDS, TokenBucket, window_end


def token_expired(charge: Charge) -> Refusal:
    """Its token is not in force."""
    return Refusal(Reason.TOKEN_EXPIRED, token=charge.token)


def duplicate(charge: Charge, earlier: str) -> Refusal:
    """Its id was used before, for the message ``earlier``."""
    return Refusal(Reason.DUPLICATE_REQUEST, out_id=charge.out_id, earlier=earlier)


def over(bucket: str, key: str, used: int, charge: Charge) -> Refusal:
    """One of its windows is full."""
    ends = window_end(charge.now, SECONDS[BUCKETS[bucket][0]])
    return _over(bucket, key, used, charge, ends)


def over_rate(bucket: TokenBucket, rate: int, charge: Charge) -> Refusal:
    """The account sends too fast."""
    used, resets_at = bucket.look(rate, charge.now), bucket.resets_at(rate, charge.now)
    return _over("account_per_second", "", ceil(used), charge, resets_at)


def too_poor(charge: Charge, balance: int) -> Refusal:
    """The balance does not cover it."""
    fee = charge.fee_each * len(charge.drafts)
    return Refusal(Reason.BALANCE_INSUFFICIENT, balance=balance, fee=fee)


def _over(bucket: str, key: str, used: int, charge: Charge, resets_at: float) -> Refusal:
    return Refusal(
        BUCKETS[bucket][1], bucket, bucket=bucket, key=key, used=used,
        limit=getattr(charge.quotas, bucket), resets_at=resets_at,
    )  # fmt: skip
