"""What an account has used of its quotas, as people look at it."""

import asyncio
from collections.abc import Iterator

from fakeproviders.settings import Quotas
from fakeproviders.stores.account import AccountCounters
from fakeproviders.stores.base import BucketUse
from fakeproviders.stores.windows import BUCKETS, SECONDS, window_end, windows

PIECE = 10_000
"""Mobiles that are looked at in one go; others have their turn between."""


def usage(account: AccountCounters, quotas: Quotas, now: float) -> list[BucketUse]:
    """Every bucket that has a limit or was used in the running window; see SessionStore.usage."""
    uses: list[BucketUse] = []
    for bucket, (span, _) in BUCKETS.items():
        limit, resets_at = getattr(quotas, bucket), _resets_at(account, quotas, bucket, now)
        uses += [
            BucketUse(bucket, key, used, limit, span, resets_at)
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


async def fullest(account: AccountCounters, quotas: Quotas, now: float) -> dict[str, float]:
    """How full the fullest of each bucket is that has a limit; see SessionStore.fullest."""
    limits = {bucket: getattr(quotas, bucket) for bucket in BUCKETS}
    return {
        bucket: await _most(account, quotas, bucket, now) / limit if limit else 1.0
        for bucket, limit in limits.items()
        if limit is not None
    }


async def _most(account: AccountCounters, quotas: Quotas, bucket: str, now: float) -> int:
    if not bucket.startswith("mobile"):
        return max((used for _, used in _used(account, quotas, bucket, now)), default=0)
    running, name, most = windows(now), BUCKETS[bucket][0], 0
    counters = list(account.of_day(running.day).mobiles.values())
    for first in range(0, len(counters), PIECE):
        some = counters[first : first + PIECE]
        most = max(most, *(getattr(each.used(running), name) for each in some))
        await asyncio.sleep(0)
    return most
