"""What an account has used, read back from Redis into the counters of the in-process store."""

import msgspec

from fakeproviders.clock import BEIJING_OFFSET
from fakeproviders.stores.account import AccountCounters
from fakeproviders.stores.redis.asks import Keys, day_of
from fakeproviders.stores.redis.client import Client
from fakeproviders.stores.windows import DAY, MINUTE, MobileCounters, window, windows

BY_IP = "from "
"""Before an address in the hash of what an account has used, so that it is not ``account``."""
_counts = msgspec.msgpack.Decoder(tuple[int, int, int, int]).decode
"""The last minute counted, and the counts of its minute, hour and day."""


async def read_counters(client: Client, keys: Keys, role: str, now: float) -> AccountCounters:
    """The account's counters of the day that holds ``now``."""
    used, mobiles = keys.used(day_of(role, now))
    level, counts, by_mobile = await client.all(
        ("HMGET", keys.state, f"{role}.used", f"{role}.at"), ("HGETALL", used), ("HGETALL", mobiles)
    )
    today, account = window(now, DAY), AccountCounters()
    account.bucket.used, account.bucket.at = (float(number or 0) for number in level)
    for field, count in counts.items():
        name = field.decode()
        counter = account.ip(name.removeprefix(BY_IP)) if name != "account" else account.day
        counter.add(today, int(count))
    for mobile, packed in by_mobile.items():
        at, minute, hour, day = _counts(packed)
        counted = windows(at * MINUTE - BEIJING_OFFSET)
        account.mobiles[mobile.decode()] = MobileCounters(minute, hour, day, counted)
    return account
