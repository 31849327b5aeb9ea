"""A store that is obviously right: it keeps everything that ever happened and counts it anew each time."""

from datetime import datetime
from fractions import Fraction

import msgspec

from fakeproviders.clock import BEIJING
from fakeproviders.failures import Reason
from fakeproviders.settings import AMPLE_BALANCE, Quotas
from fakeproviders.stores.base import Charge

SPANS = {
    "minute": "%Y-%m-%d %H:%M",
    "hour": "%Y-%m-%d %H",
    "day": "%Y-%m-%d",
}


class Use(msgspec.Struct):
    """One mobile of one send that was charged."""

    at: float
    mobile: str
    ip: str
    out_id: str
    fee: int
    sent: bool


class PlainStore:
    """One account."""

    def __init__(self) -> None:
        self.uses: list[Use] = []
        self.tokens: list[tuple[str, float]] = []
        self.start_balance = AMPLE_BALANCE
        self.spent_before = 0

    def issue(self, token: str, now: float) -> None:
        self.tokens.append((token, now))

    def token_valid(self, token: str | None, now: float) -> bool:
        for place, (known, at) in enumerate(self.tokens):
            if known == token:
                later = [other for _, other in self.tokens[place + 1 :]]
                ends = min([at + 7200, *(other + 300 for other in later)])
                return now < ends
        return False

    @property
    def balance(self) -> int:
        return self.start_balance - sum(use.fee for use in self.uses) + self.spent_before

    def set_balance(self, amount: int) -> None:
        self.start_balance = amount
        self.spent_before = sum(use.fee for use in self.uses)

    def refusal(self, charge: Charge) -> Reason | None:
        """Why this send must be refused."""
        if charge.token is not None and not self.token_valid(charge.token, charge.now):
            return Reason.TOKEN_EXPIRED
        if charge.out_id and any(use.out_id == charge.out_id for use in self.uses):
            return Reason.DUPLICATE_REQUEST
        return self._quota(charge) or self._mobiles(charge) or self._fee(charge)

    def take(self, charge: Charge, *, sent: bool) -> list[Use]:
        """Charge it; what release() takes."""
        taken = [
            Use(charge.now, draft.mobile, charge.ip, charge.out_id, charge.fee_each, sent)
            for draft in charge.drafts
        ]
        self.uses += taken
        return taken

    def release(self, taken: list[Use]) -> None:
        for use in taken:
            self.uses.remove(use)

    def _quota(self, charge: Charge) -> Reason | None:
        quotas, number = charge.quotas, len(charge.drafts)
        rate = quotas.account_per_second
        if rate is not None and self.level(rate, charge.now) + number > rate:
            return Reason.RATE_LIMITED
        if _over(quotas.account_per_day, self.count("day", charge.now) + number):
            return Reason.CODE_QUOTA_EXCEEDED
        if _over(quotas.ip_per_day, self.count("day", charge.now, ip=charge.ip) + number):
            return Reason.IP_DAY_LIMIT
        return None

    def _mobiles(self, charge: Charge) -> Reason | None:
        quotas = charge.quotas
        mobiles = [draft.mobile for draft in charge.drafts]
        for mobile in dict.fromkeys(mobiles):
            for span, limit, reason in (
                ("minute", quotas.mobile_per_minute, Reason.MOBILE_MINUTE_LIMIT),
                ("hour", quotas.mobile_per_hour, Reason.MOBILE_HOUR_LIMIT),
                ("day", quotas.mobile_per_day, Reason.MOBILE_DAY_LIMIT),
            ):
                used = self.count(span, charge.now, mobile=mobile)
                if _over(limit, used + mobiles.count(mobile)):
                    return reason
        return None

    def _fee(self, charge: Charge) -> Reason | None:
        whole = charge.fee_each * len(charge.drafts)
        return Reason.BALANCE_INSUFFICIENT if whole > self.balance else None

    def count(self, span: str, now: float, *, mobile: str = "", ip: str = "") -> int:
        """Uses in the minute, hour or day of this moment."""
        here = _span(now, span)
        return sum(
            1
            for use in self.uses
            if _span(use.at, span) == here
            and (not mobile or use.mobile == mobile)
            and (not ip or use.ip == ip)
        )

    def level(self, rate: int, now: float) -> Fraction:
        """What of a second's uses has not drained."""
        level, at = Fraction(0), Fraction(0)
        for moment in [*(use.at for use in self.uses), None]:
            here = Fraction(now if moment is None else moment)
            level = max(Fraction(0), level - (here - at) * rate)
            at = here
            if moment is not None:
                level += 1
        return level

    def used(self, quotas: Quotas, now: float) -> dict[tuple[str, str], int]:
        """Every bucket that has something in it."""
        found: dict[tuple[str, str], int] = {}
        if quotas.account_per_second is not None:
            found["account_per_second", ""] = round(self.level(quotas.account_per_second, now))
        found["account_per_day", ""] = self.count("day", now)
        for ip in {use.ip for use in self.uses}:
            found["ip_per_day", ip] = self.count("day", now, ip=ip)
        for mobile in {use.mobile for use in self.uses}:
            for span in SPANS:
                found[f"mobile_per_{span}", mobile] = self.count(span, now, mobile=mobile)
        return {key: number for key, number in found.items() if number}


def _span(moment: float, span: str) -> str:
    return datetime.fromtimestamp(moment, BEIJING).strftime(SPANS[span])


def _over(limit: int | None, number: int) -> bool:
    return limit is not None and number > limit
