"""Times in which a provider accepted nothing, and how soon after them it was used again."""

from collections.abc import Iterable
from math import inf
from typing import NamedTuple

from fakeproviders.account import UPSTREAM
from fakeproviders.faults.rule import Rule
from fakeproviders.journal import Entry
from fakeproviders.ledger.dial import Dial
from fakeproviders.ledger.document import Outage
from fakeproviders.ledger.messages import is_outage
from fakeproviders.outcome import ACCEPTED, decided

LEAST_FAILURES = 3
"""Sends in a row that fail before it is called an outage."""
MOST_OUTAGES = 100
MOST_REMOVED = 1000
"""Rules whose ends are known."""
SLACK = 0.1
"""Seconds by which one process may hear later than another that a rule is gone."""
EVERYWHERE = "*"


class _Cause(NamedTuple):
    """A rule that made sends fail, and when it last did: by the session's clock, and since the run began."""

    rule: Rule
    shown: float
    at: float


class _Open:
    """An outage that nobody has come through yet."""

    def __init__(self, provider: str, began: float) -> None:
        self.provider = provider
        self.began = self.last_failure = began
        self.failures = 0
        self.causes: dict[str, _Cause] = {}
        """By rule; none where no rule is known to have done it."""
        self.is_sure = False
        """Its listener is down: nobody can be seen to fail there."""

    @property
    def counts(self) -> bool:
        """Whether it is more than a few failures."""
        return self.is_sure or self.failures >= LEAST_FAILURES

    def told(self, ended: float | None, recovered_at: float | None = None) -> Outage:
        """As it is read."""
        outage = Outage(self.provider, self.began, self.failures)
        if ended is not None:
            outage.ended = round(ended, 3)
        if ended is not None and recovered_at is not None:
            outage.recovered_after = round(max(0.0, recovered_at - ended), 3)
        return outage


class OutageWatch:
    """Follows the providers of a session. ``began`` is the run's first moment in epoch seconds."""

    def __init__(self, began: float) -> None:
        self._began = began
        self._dial = Dial(0.0, began)
        self._open: dict[str, _Open] = {}
        self._found: list[Outage] = []
        self._seen: set[str] = set()
        """Providers that were sent to."""
        self._refusing: dict[str, tuple[Rule, float]] = {}
        """Rules that are to take listeners down, and when they were added."""
        self._removed: dict[str, float] = {}
        """When rules were taken out of force."""

    def clock_turned(self, real_at: float, shows: float, *, runs: bool) -> None:
        """The session's clock was set or advanced, and runs or stands still from here on."""
        self._dial.turn(self._since_began(real_at), shows, runs=runs)

    def rule_changed(self, action: str, rule: Rule, real_at: float) -> None:
        """A rule was ``added`` or ``removed``."""
        at = self._since_began(real_at)
        if action == "added" and rule.refuses:
            self._refusing[rule.id] = rule, at
        elif action == "removed":
            self._removed[rule.id] = at
            if len(self._removed) > MOST_REMOVED:
                del self._removed[next(iter(self._removed))]

    def add(self, entry: Entry) -> None:
        """Count a send."""
        at = self._since_began(entry.real_at)
        self._take_down(at)
        self._seen.add(entry.role)
        if is_outage(entry):
            self._fail(entry, at)
        elif decided(entry) == ACCEPTED:
            self._come_through(entry.role, at)

    def found(self, real_now: float) -> list[Outage]:
        """All so far, those included that last."""
        now = self._since_began(real_now)
        self._take_down(now)
        lasting = [
            open_.told(self._ended(open_, now) if open_.causes else None)
            for open_ in self._open.values()
            if open_.counts
        ]
        return sorted([*self._found, *lasting], key=lambda outage: outage.began)

    def end(self, real_now: float) -> None:
        """The run is over: where no rule is known, the last failure was the end of its outage."""
        now = self._since_began(real_now)
        self._take_down(now)
        for open_ in self._open.values():
            if open_.counts:
                self._found.append(open_.told(self._ended(open_, now)))
        self._open.clear()
        self._refusing.clear()

    def _since_began(self, real_at: float) -> float:
        return round(real_at - self._began, 3)

    def _take_down(self, now: float) -> None:
        """Begin the outages of listeners that are down by now."""
        for rule, added_at in list(self._refusing.values()):
            began = added_at
            if rule.since is not None:
                began = self._dial.reached(rule.since, added_at)
            until = inf if rule.until is None else self._dial.reached(rule.until, added_at)
            if min(until, self._removed.get(rule.id, inf)) <= min(began, now):
                del self._refusing[rule.id]
            elif began <= now:
                del self._refusing[rule.id]
                self._begin(rule, round(began, 3))

    def _begin(self, rule: Rule, at: float) -> None:
        shown = rule.added_at if rule.since is None else rule.since
        for provider in self._providers_of(rule):
            open_ = self._open.setdefault(provider, _Open(provider, at))
            open_.is_sure = True
            open_.causes[rule.id] = _Cause(rule, shown, at)

    def _providers_of(self, rule: Rule) -> Iterable[str]:
        return sorted(self._seen) if rule.provider == EVERYWHERE else (rule.provider,)

    def _fail(self, entry: Entry, at: float) -> None:
        open_ = self._open.setdefault(entry.role, _Open(entry.role, at))
        open_.failures += 1
        open_.last_failure = max(open_.last_failure, at)
        rule = _cause_of(entry)
        if rule is not None:
            open_.causes[rule.id] = _Cause(rule, entry.at, at)

    def _come_through(self, role: str, at: float) -> None:
        open_ = self._open.get(role)
        if open_ is None or at < open_.last_failure:
            return
        ended = self._ended(open_, at + SLACK)
        if ended is None and open_.is_sure:
            return
        del self._open[role]
        if open_.counts and len(self._found) < MOST_OUTAGES:
            self._found.append(open_.told(open_.last_failure if ended is None else ended, at))

    def _ended(self, open_: _Open, now: float) -> float | None:
        """When the last of its rules ended; None when one is in force."""
        ends = [self._end_of(cause) for cause in open_.causes.values()]
        ended = max(open_.last_failure, *ends, -inf)
        return ended if ended <= now else None

    def _end_of(self, cause: _Cause) -> float:
        """When a rule was removed, out of time or used up, after it had acted; inf is not yet."""
        rule = cause.rule
        out_of_time = self._dial.reached(_last_moment(rule, cause.shown), cause.at)
        used_up = cause.at if rule.exhausted() else inf
        return min(self._removed.get(rule.id, inf), out_of_time, used_up)


def _last_moment(rule: Rule, shown: float) -> float:
    """When a rule that is in force goes out of force, by the session's clock; inf is never."""
    until = inf if rule.until is None else rule.until
    cycle = rule.spec.cycle
    if cycle is None:
        return until
    elapsed = shown - (rule.added_at if rule.since is None else rule.since)
    passed = elapsed % (cycle.on_seconds + cycle.off_seconds)
    return min(until, shown - passed + cycle.on_seconds)


def _cause_of(entry: Entry) -> Rule | None:
    """The rule that made a send fail; for the reseller, one that keeps it from the platform above it."""
    if entry.draw.fault.acts:
        return next((rule for rule in entry.rules if rule.id == entry.draw.rule_id), None)
    if entry.role != "reseller":
        return None
    return next((rule for rule in entry.rules if _is_above(rule) and rule.in_force(entry.at)), None)


def _is_above(rule: Rule) -> bool:
    """Whether a rule is about the platform above the reseller."""
    return rule.provider == UPSTREAM or (rule.refuses and rule.provider in {"official", EVERYWHERE})
