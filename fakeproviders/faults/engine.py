"""A session's fault rules in the order they were added. At most one acts on a call."""

from collections.abc import Callable
from hashlib import blake2b

import msgspec

from fakeproviders.clock import SessionClock
from fakeproviders.faults.base import NO_FAULT, Fault
from fakeproviders.faults.rule import FaultSpec, Rule
from fakeproviders.model import Call


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

    def restart(self) -> None:
        """Take all rules out of force and count ids from 1 again, so that a seed repeats."""
        self.clear()
        self._serial = 0

    def draw(self, call: Call, now: float) -> Draw:
        """The first rule that matches, has not run out and acts.

        Where none does, the last number drawn in vain is kept, with NO_FAULT.
        """
        drawn = NO_DRAW

        def chance(rule: Rule, value: str, nth: int) -> float:
            nonlocal drawn
            number = stable_uniform(self._key(value), rule.id, nth, "fire")
            drawn = Draw(NO_FAULT, rule.id, nth, self._key(value), number)
            return number

        for rule in self.rules:
            if rule.refuses or not rule.meets(call, now):
                continue
            act = rule.act(call, now, chance)
            if act is not None:
                if act.fault.acts:
                    self._tell("fired", rule)
                return Draw(
                    fault=act.fault,
                    rule_id=rule.id,
                    nth=act.nth,
                    key=self._key(act.value),
                    chance=None if rule.spec.probability is None else drawn.chance,
                    elapsed=now - rule.added_at,
                    clock=self._clock,
                )
        return drawn

    def _tell(self, action: str, rule: Rule) -> None:
        if self.watch is not None:
            self.watch(action, rule)

    def _key(self, value: str) -> str:
        return f"{self._seed}|{value}" if value else self._seed
