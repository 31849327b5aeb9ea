"""What an account has used of its quotas, as people look at it."""

from collections.abc import Iterator

from fakeproviders.settings import Quotas
from fakeproviders.stores.account import AccountCounters
from fakeproviders.stores.base import BucketUse
from fakeproviders.stores.windows import BUCKETS, SECONDS, window_end, windows


def usage(account: AccountCounters, quotas: Quotas, now: float) -> list[BucketUse]:
    """Every bucket that has a limit or was used in the running window; see SessionStore.usage."""
    uses = [
        BucketUse(
            bucket=bucket,
            key=key,
            used=used,
            limit=getattr(quotas, bucket),
            window=BUCKETS[bucket][0],
            resets_at=_resets_at(account, quotas, bucket, now),
        )
        for bucket in BUCKETS
        for key, used in _used(account, quotas, bucket, now)
    ]
    return [use for use in uses if use.used or (use.limit is not None and not use.key)]


def _used(
    account: AccountCounters, quotas: Quotas, bucket: str, now: float
) -> Iterator[tuple[str, int]]:
    running = windows(now)
    today = account.of_day(running.day)
    if bucket == "account_per_second":
        rate = quotas.account_per_second
        yield "", 0 if rate is None else round(account.bucket.look(rate, now))
    elif bucket == "account_per_day":
        yield "", today.sends
    elif bucket == "ip_per_day":
        yield from today.ips.items()
    else:
        name = BUCKETS[bucket][0]
        for mobile, counters in today.mobiles.items():
            yield mobile, getattr(counters.used(running), name)


def _resets_at(account: AccountCounters, quotas: Quotas, bucket: str, now: float) -> float:
    if bucket == "account_per_second":
        rate = quotas.account_per_second
        return now if rate is None else account.bucket.resets_at(rate, now)
    return window_end(now, SECONDS[BUCKETS[bucket][0]])
