"""A session's fault rules in the order they were added. At most one acts on a call."""

from collections.abc import Callable, Generator, Iterable
from hashlib import blake2b
from typing import NamedTuple, TypeAlias

import msgspec

from fakeproviders.clock import SessionClock
from fakeproviders.faults.base import NO_FAULT, Fault
from fakeproviders.faults.counts import SharedCounts
from fakeproviders.faults.rule import FaultSpec, Rule
from fakeproviders.model import Call
from fakeproviders.soon import Soon, settled


class Draw(msgspec.Struct, frozen=True, gc=False):
    """What was drawn for one call: the fault, and which rule at which of its matches.

    ``chance`` is the number that the rule's probability was compared with, None without one.
    """

    fault: Fault
    rule_id: str = ""
    nth: int = 0
    key: str = ""
    """Seed and value: what the random numbers depend on, beside rule and match."""
    chance: float | None = None
    elapsed: float = 0.0
    """Seconds of the session's clock since the rule was added."""
    clock: SessionClock | None = None

    def uniform(self, label: str) -> float:
        """In [0, 1): a hash of seed, rule, n-th match and label."""
        return stable_uniform(self.key, self.rule_id, self.nth, label)

    def call_after(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something when the session's clock has gone on by so much."""

        async def act() -> None:
            action()

        assert self.clock is not None  # noqa: S101 - whoever drew has a clock
        self.clock.call_at(self.clock.now() + seconds, act, forgotten=action)


NO_DRAW = Draw(NO_FAULT)
MOST_REMEMBERED = 1000
"""Rules of a session that are known after they were removed."""


class KnownRule(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A rule as one process tells others of it."""

    id: str
    spec: FaultSpec
    added_at: float


class Ask(NamedTuple):
    """What has to be counted before a draw goes on: a match, or an act that was not certain."""

    rule: Rule
    value: str | None
    fires: bool = False


Turns: TypeAlias = Generator[Ask, int | bool | None, Draw]
"""A draw that stops wherever something has to be counted."""


def stable_uniform(key: str, rule_id: str, nth: int, label: str) -> float:
    """A number in [0, 1) that depends on its arguments alone."""
    digest = blake2b(f"{key}|{rule_id}|{nth}|{label}".encode(), digest_size=8).digest()
    return (int.from_bytes(digest) >> 11) / (1 << 53)


class FaultEngine:
    """The rules of one session. ``seed`` makes its probabilities repeatable."""

    def __init__(self, seed: str, clock: SessionClock) -> None:
        self._seed = seed
        self._clock = clock
        self._serial = 0
        self.rules: tuple[Rule, ...] = ()
        """In the order they are tried; replaced, never changed, so that a journal entry can keep it."""
        self._ever: dict[str, Rule] = {}
        """Rules that are or were in force, by their ids; the newest of very many."""
        self.shared: SharedCounts | None = None
        """Where the rules' matches are counted when several processes draw."""
        self.watch: Callable[[str, Rule], None] | None = None
        """Told of each rule that is ``added``, ``removed``, or has ``fired``."""

    def add(self, spec: FaultSpec) -> Rule:
        """Put a rule in force, after those there are. Raises BadRule."""
        rule = Rule(f"f{self._serial + 1}", spec, self._clock.now())
        self._serial += 1
        self.rules = (*self.rules, rule)
        self._tell("added", rule)
        return rule

    def get(self, rule_id: str) -> Rule | None:
        """A rule by its id."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def once(self, rule_id: str) -> Rule | None:
        """A rule that is in force, or once was: what was drawn by it may be looked at later."""
        return self._ever.get(rule_id)

    def remove(self, rule_id: str) -> Rule | None:
        """Take a rule out of force; None when there is none of this id."""
        removed = self.get(rule_id)
        self.rules = tuple(rule for rule in self.rules if rule is not removed)
        if removed is not None:
            self._tell("removed", removed)
        return removed

    def clear(self) -> None:
        """Take all rules out of force."""
        removed, self.rules = self.rules, ()
        for rule in removed:
            self._tell("removed", rule)

    def adopt(self, rules: Iterable[KnownRule], serial: int) -> None:
        """Put in force what another process has: rules that are here already stay the same objects."""
        mine = {(rule.id, rule.added_at): rule for rule in self.rules}
        before = self.rules
        self.rules = tuple(
            mine.get((rule.id, rule.added_at)) or Rule(rule.id, rule.spec, rule.added_at)
            for rule in rules
        )
        self._serial = serial
        for rule in self.rules:
            if rule not in before:
                self._tell("added", rule)
        for rule in before:
            if rule not in self.rules:
                self._tell("removed", rule)

    def known(self) -> tuple[list[KnownRule], int]:
        """The rules for other processes, and how many there have been."""
        return [KnownRule(rule.id, rule.spec, rule.added_at) for rule in self.rules], self._serial

    async def count_again(self) -> None:
        """Take over what all processes have counted. Raises StoreUnavailable."""
        if self.shared is not None and self.rules:
            counts = await self.shared.read()
            for rule in self.rules:
                rule.counts = counts.get(rule.id, rule.counts)

    def restart(self) -> None:
        """Take all rules out of force and count ids from 1 again, so that a seed repeats."""
        self.clear()
        self._ever.clear()
        self._serial = 0

    def draw(self, call: Call, now: float) -> Soon[Draw]:
        """The first rule that matches, has not run out and acts.

        Where none does, the last number drawn in vain is kept, with NO_FAULT. Shared counts have to be
        awaited, and may raise StoreUnavailable.
        """
        if self.shared is not None:
            return self._draw_shared(self._turns(call, now), self.shared)
        turns = self._turns(call, now)
        answer: int | bool | None = None
        try:
            while True:
                ask = turns.send(answer)
                count = ask.rule.counts.fire if ask.fires else ask.rule.counts.match
                answer = count(ask.rule.limits, ask.value)
        except StopIteration as end:
            drawn: Draw = end.value
        if drawn.fault.acts:
            self.fired(drawn.rule_id)
        return drawn

    async def _draw_shared(self, turns: Turns, shared: SharedCounts) -> Draw:
        answer: int | bool | None = None
        try:
            while True:
                ask = turns.send(answer)
                count = shared.fire if ask.fires else shared.match
                answer = await settled(count(ask.rule.id, ask.rule.limits, ask.value))
        except StopIteration as end:
            drawn: Draw = end.value
            return drawn

    def _turns(self, call: Call, now: float) -> Turns:
        """Ask for each rule in turn what its match's number is, and whether it may act."""
        drawn = NO_DRAW
        for rule in self.rules:
            if rule.refuses or not rule.meets(call, now):
                continue
            value = rule.value_of(call)
            nth = yield Ask(rule, value)
            fault = None if nth is None else rule.fault_at(nth)
            if nth is None or fault is None:
                continue
            key, chance = self._key(value), None
            if not rule.limits.certain:
                chance = stable_uniform(key, rule.id, nth, "fire")
                drawn = Draw(NO_FAULT, rule.id, nth, key, chance)
                if chance >= rule.probability_at(now):
                    continue
                if fault.acts and not (yield Ask(rule, value, fires=True)):
                    continue
            elapsed = now - rule.added_at
            return Draw(fault, rule.id, nth, key, chance, elapsed, self._clock)
        return drawn

    def fired(self, rule_id: str) -> None:
        """Tell that a rule has acted, here or in another process."""
        rule = self.get(rule_id) if self.watch is not None else None
        if rule is not None:
            self._tell("fired", rule)

    def _tell(self, action: str, rule: Rule) -> None:
        if action == "added":
            self._ever[rule.id] = rule
            if len(self._ever) > MOST_REMEMBERED:
                del self._ever[next(iter(self._ever))]
        if self.watch is not None:
            self.watch(action, rule)

    def _key(self, value: str | None) -> str:
        return f"{self._seed}|{value}" if value else self._seed
