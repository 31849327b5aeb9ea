"""What an account has used, read back from Redis into the counters of the in-process store."""

import msgspec

from fakeproviders.clock import BEIJING_OFFSET
from fakeproviders.stores.account import AccountCounters
from fakeproviders.stores.redis.asks import Keys, day_of
from fakeproviders.stores.redis.client import Client
from fakeproviders.stores.windows import DAY, MINUTE, MobileCounters, window, windows

BY_IP, BY_MOBILE = "from ", "to "
"""Before an address and a mobile in the hash of what an account has used; a field without is ``account``."""
_counts = msgspec.msgpack.Decoder(tuple[int, int, int, int]).decode
"""The last minute counted, and the counts of its minute, hour and day."""


async def read_counters(client: Client, keys: Keys, role: str, now: float) -> AccountCounters:
    """The account's counters of the day that holds ``now``."""
    level, counts = await client.all(
        ("HMGET", keys.state, f"{role}.used", f"{role}.at"),
        ("HGETALL", keys.used(day_of(role, now))),
    )
    today, account = window(now, DAY), AccountCounters()
    account.bucket.used, account.bucket.at = (float(number or 0) for number in level)
    for field, count in counts.items():
        name = field.decode()
        if name.startswith(BY_MOBILE):
            account.mobiles[name.removeprefix(BY_MOBILE)] = _mobile_counters(count)
        else:
            counter = account.ip(name.removeprefix(BY_IP)) if name != "account" else account.day
            counter.add(today, int(count))
    return account


def _mobile_counters(packed: bytes) -> MobileCounters:
    at, minute, hour, day = _counts(packed)
    return MobileCounters(minute, hour, day, windows(at * MINUTE - BEIJING_OFFSET))
