"""What an account has used, read back from Redis into the counters of the in-process store."""

from collections.abc import Iterable

import msgspec

from fakeproviders.clock import BEIJING_OFFSET
from fakeproviders.stores.account import AccountCounters
from fakeproviders.stores.redis.asks import Keys, day_of
from fakeproviders.stores.redis.client import Client
from fakeproviders.stores.windows import DAY, MINUTE, MobileCounters, Past, window, windows

PIECE = 1000
"""Mobiles and addresses that Redis looks at in one go."""
BY_IP, BY_MOBILE = "from ", "to "
"""Before an address and a mobile in the hash of what an account has used; a field without is ``account``."""
_counts = msgspec.msgpack.Decoder(tuple[int, ...]).decode
"""The minute that was counted last; the counts of it, its hour and its day; then the minute before it with
its count, and the hour before its own with its count, where there were any."""


async def read_counters(client: Client, keys: Keys, role: str, now: float) -> AccountCounters:
    """The account's counters of the day that holds ``now``, all of the same moment."""
    level, counts = await client.all(
        ("HMGET", keys.state, f"{role}.used", f"{role}.at"),
        ("HGETALL", keys.used(day_of(role, now))),
    )
    return _counters(level, counts.items(), now)


async def scan_counters(client: Client, keys: Keys, role: str, now: float) -> AccountCounters:
    """The same in pieces, which hold up nobody however many mobiles there are; some may be older."""
    level = await client.execute("HMGET", keys.state, f"{role}.used", f"{role}.at")
    counts: dict[bytes, bytes] = {}
    cursor = b"0"
    while True:
        cursor, found = await client.execute(
            "HSCAN", keys.used(day_of(role, now)), cursor, "COUNT", PIECE
        )
        counts.update(zip(found[::2], found[1::2], strict=True))
        if cursor == b"0":
            return _counters(level, counts.items(), now)


def _counters(
    level: Iterable[bytes | None], counts: Iterable[tuple[bytes, bytes]], now: float
) -> AccountCounters:
    account = AccountCounters()
    day = account.turn_to(window(now, DAY))
    account.bucket.used, account.bucket.at = (float(number or 0) for number in level)
    for field, count in counts:
        name = field.decode()
        if name.startswith(BY_MOBILE):
            day.mobiles[name.removeprefix(BY_MOBILE)] = _mobile_counters(count)
        elif name.startswith(BY_IP):
            day.ips[name.removeprefix(BY_IP)] = int(count)
        else:
            day.sends = int(count)
    return account


def _mobile_counters(packed: bytes) -> MobileCounters:
    at, minute, hour, day, *past = _counts(packed)
    known = Past(*past) if past else None
    return MobileCounters(windows(at * MINUTE - BEIJING_OFFSET), minute, hour, day, known)
