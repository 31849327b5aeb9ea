"""What one account has used, as the in-process store counts it."""

from fakeproviders.settings import AMPLE_BALANCE
from fakeproviders.stores.windows import Counter, MobileCounters, TokenBucket, Windows

SWEEP_FROM = 4096
"""Mobiles or addresses counted before yesterday's are looked for."""


class AccountCounters:
    """Balance, windows, tokens and callers' ids of one account."""

    __slots__ = (
        "balance", "bucket", "day", "ips", "mobiles", "once", "out_ids", "start_balance", "sweep_from",
        "tokens",
    )  # fmt: skip

    def __init__(self) -> None:
        self.start_balance = AMPLE_BALANCE
        self.clear()

    def clear(self) -> None:
        """Forget everything but what the balance starts with."""
        self.balance = self.start_balance
        self.bucket = TokenBucket()
        self.day = Counter()
        self.ips: dict[str, Counter] = {}
        self.mobiles: dict[str, MobileCounters] = {}
        self.out_ids: dict[str, str] = {}
        self.tokens: dict[str, float] = {}
        self.once: dict[str, float] = {}
        self.sweep_from = SWEEP_FROM
        """Mobiles and addresses counted, when it is time to sweep them."""

    def mobile(self, mobile: str, now: Windows) -> MobileCounters:
        """The mobile's counters in these windows."""
        counters = self.mobiles.get(mobile)
        if counters is None:
            counters = self.mobiles[mobile] = MobileCounters(at=now)
        else:
            counters.roll(now)
        return counters

    def ip(self, ip: str) -> Counter:
        """The address's window."""
        counter = self.ips.get(ip)
        if counter is None:
            counter = self.ips[ip] = Counter()
        return counter

    def token_valid(self, token: str, now: float) -> bool:
        """Whether a token of either kind is in force."""
        ends = self.tokens.get(token) or self.once.get(token)
        return ends is not None and ends > now

    def sweep(self, today: int) -> None:
        """Forget mobiles and addresses that were last counted on another day."""
        self.mobiles = {m: c for m, c in self.mobiles.items() if c.at.day == today}
        self.ips = {ip: c for ip, c in self.ips.items() if c.number == today}
        self.sweep_from = max(SWEEP_FROM, 2 * (len(self.mobiles) + len(self.ips)))
