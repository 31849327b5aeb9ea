"""What one account has used, as the in-process store counts it."""

from fakeproviders.settings import AMPLE_BALANCE
from fakeproviders.stores.windows import MobileCounters, TokenBucket, Windows


class DayCounters:
    """What an account used on one day in Beijing."""

    __slots__ = ("ips", "mobiles", "number", "sends")

    def __init__(self, number: int) -> None:
        self.number = number
        self.sends = 0
        self.ips: dict[str, int] = {}
        self.mobiles: dict[str, MobileCounters] = {}

    def mobile(self, mobile: str, now: Windows) -> MobileCounters:
        """The mobile's counters in these windows of this day."""
        counters = self.mobiles.get(mobile)
        if counters is None:
            counters = self.mobiles[mobile] = MobileCounters(now)
        else:
            counters.roll(now)
        return counters

    def take_back(self, ip: str, number: int) -> None:
        """Undo so many sends from an address."""
        self.sends = max(0, self.sends - number)
        self.ips[ip] = max(0, self.ips.get(ip, 0) - number)


class AccountCounters:
    """Balance, windows, tokens and callers' ids of one account."""

    __slots__ = (
        "_past_day", "balance", "bucket", "day", "once", "out_ids", "start_balance", "tokens",
    )  # fmt: skip

    def __init__(self) -> None:
        self.start_balance = AMPLE_BALANCE
        self.clear()

    def clear(self) -> None:
        """Forget everything but what the balance starts with."""
        self.balance = self.start_balance
        self.bucket = TokenBucket()
        self.day = DayCounters(-1)
        """That of the last send; what was used on the one before it is known as well, for a clock set back."""
        self._past_day = DayCounters(-1)
        self.out_ids: dict[str, str] = {}
        self.tokens: dict[str, float] = {}
        self.once: dict[str, float] = {}

    def turn_to(self, number: int) -> DayCounters:
        """A day to count in from here on. Only that before it is kept."""
        if self.day.number != number:
            self.day, self._past_day = self.of_day(number), self.day
        return self.day

    def of_day(self, number: int) -> DayCounters:
        """What was used on a day: nothing on one that is not known."""
        known = (day for day in (self.day, self._past_day) if day.number == number)
        return next(known, None) or DayCounters(number)

    def token_valid(self, token: str, now: float) -> bool:
        """Whether a token of either kind is in force."""
        ends = self.tokens.get(token) or self.once.get(token)
        return ends is not None and ends > now
