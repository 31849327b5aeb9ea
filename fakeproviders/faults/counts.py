"""How often a rule has met a call, and acted: in all, and for each value of ``per``."""

from typing import Protocol

import msgspec

from fakeproviders.soon import Soon


class Limits(msgspec.Struct, frozen=True, gc=False):
    """Of which matches a rule makes something, and when it has run out."""

    times: int | None
    """Acts at most so often."""
    after: int
    every: int
    acts: tuple[bool, ...]
    """Of each step whether it acts; a rule without a script has one for all matches."""
    scripted: bool
    certain: bool
    """Whether a match alone decides; with a probability it does not."""

    def step_at(self, nth: int) -> int | None:
        """The step that the n-th match, from 0, comes to; None where it passes."""
        place = nth - self.after
        if place < 0 or (place + 1) % self.every:
            return None
        return place if self.scripted else 0

    def over(self, matched: int, fired: int) -> bool:
        """Whether it will never act again."""
        if self.times is not None and fired >= self.times:
            return True
        return self.scripted and matched >= self.after + len(self.acts)

    def surely_acts_at(self, nth: int) -> bool:
        """Whether the n-th match is enough for it to act."""
        step = self.step_at(nth)
        return self.certain and step is not None and self.acts[step]


class Counts:
    """One rule's. ``value`` is None where a rule does not count ``per`` value."""

    __slots__ = ("by_value", "fired", "matched")

    def __init__(self) -> None:
        self.matched = 0
        self.fired = 0
        self.by_value: dict[str, list[int]] = {}
        """``[matched, fired]`` of each value."""

    def match(self, limits: Limits, value: str | None) -> int | None:
        """Count a match, and the act where that is certain: its number from 0; None when it has run out."""
        mine = None if value is None else self._of(value)
        nth, fired = mine or (self.matched, self.fired)
        if limits.over(nth, fired):
            return None
        self.matched += 1
        if mine is not None:
            mine[0] += 1
        if limits.surely_acts_at(nth):
            self._fired(mine)
        return nth

    def fire(self, limits: Limits, value: str | None) -> bool:
        """Count an act that was not certain; False when there may be no more."""
        mine = None if value is None else self._of(value)
        if limits.times is not None and (mine[1] if mine else self.fired) >= limits.times:
            return False
        self._fired(mine)
        return True

    def _of(self, value: str) -> list[int]:
        return self.by_value.setdefault(value, [0, 0])

    def _fired(self, mine: list[int] | None) -> None:
        self.fired += 1
        if mine is not None:
            mine[1] += 1


class SharedCounts(Protocol):
    """The counts of a session's rules where several processes draw. Both raise StoreUnavailable."""

    def match(self, rule_id: str, limits: Limits, value: str | None) -> Soon[int | None]:
        """As Counts.match."""

    def fire(self, rule_id: str, limits: Limits, value: str | None) -> Soon[bool]:
        """As Counts.fire."""

    async def read(self) -> dict[str, Counts]:
        """What has been counted of each rule, by its id."""
