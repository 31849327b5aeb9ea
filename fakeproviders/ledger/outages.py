"""Times in which a provider accepted nothing, and how soon after them it was used again."""

from fakeproviders.faults.rule import Rule
from fakeproviders.journal import Entry
from fakeproviders.ledger.document import Outage
from fakeproviders.ledger.messages import is_outage
from fakeproviders.outcome import ACCEPTED, decided

LEAST_FAILURES = 3
"""Sends in a row that fail before it is called an outage."""
MOST_OUTAGES = 100


class _Open:
    """An outage that nobody has come through yet."""

    def __init__(self, provider: str, at: float, rule_id: str) -> None:
        self.outage = Outage(provider, at, 0)
        self.rule_id = rule_id
        self.last_failure = at
        self.is_sure = False
        """Its listener is down: nobody can be seen to fail there."""

    @property
    def counts(self) -> bool:
        """Whether it is more than a few failures."""
        return self.is_sure or self.outage.failures >= LEAST_FAILURES


class OutageWatch:
    """Follows the providers of a session. ``began`` is the run's first moment in epoch seconds."""

    def __init__(self, began: float) -> None:
        self._began = began
        self._open: dict[str, _Open] = {}
        self._found: list[Outage] = []

    def add(self, entry: Entry) -> None:
        """Count a send."""
        at = round(entry.real_at - self._began, 3)
        self._look(entry.rules, at)
        if is_outage(entry):
            self._fail(entry, at)
        elif decided(entry) == ACCEPTED:
            self._come_through(entry.role, at)

    def _look(self, rules: tuple[Rule, ...], at: float) -> None:
        """See which outages are over, as their rule is gone or has run out; and which listeners are down."""
        for rule in rules:
            if rule.refuses and rule.provider not in self._open:
                self._open[rule.provider] = _Open(rule.provider, at, rule.id)
                self._open[rule.provider].is_sure = True
        for open_ in self._open.values():
            if open_.rule_id and open_.outage.ended is None and not _in_force(rules, open_.rule_id):
                open_.outage.ended = at

    def found(self) -> list[Outage]:
        """All so far, those included that last."""
        lasting = [open_.outage for open_ in self._open.values() if open_.counts]
        return sorted([*self._found, *lasting], key=lambda outage: outage.began)

    def _fail(self, entry: Entry, at: float) -> None:
        rule_id = entry.draw.rule_id if entry.draw.fault.acts else ""
        open_ = self._open.setdefault(entry.role, _Open(entry.role, at, rule_id))
        open_.outage.failures += 1
        open_.outage.ended = None
        open_.rule_id, open_.last_failure = rule_id, at
        self._look(entry.rules, at)

    def _come_through(self, role: str, at: float) -> None:
        open_ = self._open.pop(role, None)
        if open_ is None or not open_.counts:
            return
        outage = open_.outage
        outage.ended = open_.last_failure if outage.ended is None else outage.ended
        outage.recovered_after = round(at - outage.ended, 3)
        if len(self._found) < MOST_OUTAGES:
            self._found.append(outage)


def _in_force(rules: tuple[Rule, ...], rule_id: str) -> bool:
    return any(rule.id == rule_id and not rule.exhausted() for rule in rules)
