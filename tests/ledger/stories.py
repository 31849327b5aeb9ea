"""What clients do, told as a list of sends at moments of one clock, and what the ledger makes of it."""

from collections.abc import Mapping
from typing import Any

from fakeproviders.account import Account
from fakeproviders.failures import Reason
from fakeproviders.faults.base import Fault
from fakeproviders.faults.engine import NO_DRAW, Draw
from fakeproviders.faults.rule import Rule
from fakeproviders.journal import Entry
from fakeproviders.ledger.document import Document
from fakeproviders.ledger.ledger import Ledger
from fakeproviders.model import Accepted, Outcome, Refused, Sent
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.settings import Quotas
from fakeproviders.stores.windows import BUCKETS
from tests.entries import an_entry

BEGAN = 1_700_000_000.0
MOBILE = "13900000001"
TEXT = "【演示签名】您的验证码是{code}，5分钟内有效。"


class Story:
    """A run told by hand. Every moment is seconds since it began, by the session's clock and the host's."""

    def __init__(self, **quotas: int) -> None:
        self.now = BEGAN
        settings = OFFICIAL.default_settings()
        settings.quotas = Quotas(**quotas)
        self.accounts: Mapping[str, Account] = {
            "official": Account("official", OFFICIAL, settings),
            "upstream": Account("upstream", OFFICIAL, OFFICIAL.default_settings()),
            "reseller": Account("reseller", RESELLER, RESELLER.default_settings()),
            "erban": Account("erban", ERBAN, ERBAN.default_settings()),
        }
        self.ledger = Ledger("story", self.accounts, lambda: self.now)

    def send(
        self,
        at: float,
        refused: Reason | None = None,
        *,
        provider: str = "official",
        fault: Fault | None = None,
        lost: bool = True,
        rules: tuple[Rule, ...] = (),
        code: str = "246810",
        took: float | None = 0.002,
        clock: float | None = None,
        **call: Any,
    ) -> Entry:
        """One attempt; with a ``fault`` that is ``lost``, nothing was decided about it.

        ``clock`` is what the session's clock shows, where that is not the host's.
        """
        given = {"mobiles": (MOBILE,), "content": TEXT.format(code=code), "out_id": "a", **call}
        facts = given.pop("facts", {})
        outcome: Outcome | None = Accepted(Sent(("1",), 1, 1))
        if refused is not None:
            outcome = Refused(refused, rule="test", facts=facts)
        entry = an_entry(provider, **given)
        entry.at = entry.real_at = self.now = BEGAN + at
        if clock is not None:
            entry.at = BEGAN + clock
        entry.outcome = None if fault is not None and lost else outcome
        entry.draw = NO_DRAW if fault is None else Draw(fault, rules[0].id if rules else "f1")
        entry.rules, entry.took = rules, took
        self.ledger.add(entry)
        return entry

    def undelivered(self, at: float, **more: Any) -> Entry:
        """An attempt whose fault is still at it."""
        return self.send(at, took=None, **more)

    def limited(self, at: float, bucket: str, free_at: float, **more: Any) -> Entry:
        """An attempt that a quota of 1 refused until a moment."""
        key = MOBILE if bucket.startswith("mobile") else ""
        facts = {"bucket": bucket, "key": key, "used": 1, "limit": 1, "resets_at": BEGAN + free_at}
        return self.send(at, BUCKETS[bucket][1], facts=facts, **more)

    def added(self, at: float, rule: Rule) -> None:
        """A rule is put in force."""
        self.now = BEGAN + at
        self.ledger.rule_changed("added", rule)

    def removed(self, at: float, rule: Rule) -> None:
        """A rule is taken out of force."""
        self.now = BEGAN + at
        self.ledger.rule_changed("removed", rule)

    def turned(self, at: float, shows: float, *, runs: bool = True) -> None:
        """The session's clock is set."""
        self.now = BEGAN + at
        self.ledger.clock_turned(BEGAN + shows, runs=runs)

    def ended(self, at: float) -> Document:
        """The ledger, when the run is over."""
        self.now = BEGAN + at
        self.ledger.end()
        return self.ledger.document()

    def told(self) -> Document:
        """The ledger."""
        return self.ledger.document()
