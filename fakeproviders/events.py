"""What happens in a session beside requests and messages, for those who listen: replies, faults, the clock.

Requests and messages have serials, and are read where they are kept. What has none is queued here for
each listener, up to a bound. While nobody listens, nothing is made up or kept.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import msgspec

from fakeproviders.clock import SessionClock, iso
from fakeproviders.faults.engine import FaultEngine
from fakeproviders.faults.rule import Rule

REQUEST, MESSAGE, REPLY = "request", "message", "reply"
FAULT, CLOCK = "fault", "clock"
KINDS = (REQUEST, MESSAGE, REPLY, FAULT, CLOCK)
QUEUE_LIMIT = 1000
"""Events that wait for a listener; the oldest of more are lost, and counted."""


class Event(NamedTuple):
    """Something that happened."""

    kind: str
    data: dict[str, Any]


class Taken(NamedTuple):
    """What a listener had not seen: how many events were lost before these; whether a reset was among it."""

    lost: int
    events: list[Event]
    was_reset: bool


class Subscription:
    """One listener's queue."""

    def __init__(self, kinds: frozenset[str], limit: int = QUEUE_LIMIT) -> None:
        self._kinds = kinds
        self._queue: deque[Event] = deque(maxlen=limit)
        self._lost = 0
        self._was_reset = False
        self._arrival = asyncio.Event()
        self.closed = asyncio.Event()
        """Set when the session has ended."""

    def wants(self, kind: str) -> bool:
        """Whether it listens to this kind."""
        return kind in self._kinds

    def push(self, event: Event) -> None:
        """Queue an event."""
        self._lost += len(self._queue) == self._queue.maxlen
        self._queue.append(event)
        self._arrival.set()

    def reset(self) -> None:
        """The session starts anew: what is queued is of the past."""
        self._queue.clear()
        self._lost, self._was_reset = 0, True
        self._arrival.set()

    def take(self) -> Taken:
        """All that is queued; the queue is empty then."""
        taken = Taken(self._lost, list(self._queue), self._was_reset)
        self._queue.clear()
        self._lost, self._was_reset = 0, False
        self._arrival.clear()
        return taken

    async def wait(self) -> None:
        """Return when there is something to take."""
        await self._arrival.wait()


class Events:
    """Tells a session's listeners of its clock, its fault rules and the replies to it."""

    def __init__(self, clock: SessionClock, faults: FaultEngine) -> None:
        self._subscriptions: tuple[Subscription, ...] = ()
        self._clock = clock
        self.resets = 0
        """How often the session has been reset."""
        clock.watch = self._clock_moved
        faults.watch = self._rule_changed

    @property
    def has_listeners(self) -> bool:
        """Whether anybody is told."""
        return bool(self._subscriptions)

    @contextmanager
    def subscribe(self, kinds: frozenset[str]) -> Iterator[Subscription]:
        """Listen, inside the block."""
        mine = Subscription(kinds)
        self._subscriptions = (*self._subscriptions, mine)
        try:
            yield mine
        finally:
            self._subscriptions = tuple(s for s in self._subscriptions if s is not mine)

    def replied(self, facts: dict[str, Any]) -> None:
        """A person has answered."""
        self._publish(REPLY, lambda: facts)

    def reset(self) -> None:
        """The session starts anew."""
        self.resets += 1
        for subscription in self._subscriptions:
            subscription.reset()

    def close(self) -> None:
        """The session has ended: so do its listeners."""
        for subscription in self._subscriptions:
            subscription.closed.set()

    def _publish(self, kind: str, make: Callable[[], dict[str, Any]]) -> None:
        wanted = [s for s in self._subscriptions if s.wants(kind)]
        if wanted:
            event = Event(kind, make())
            for subscription in wanted:
                subscription.push(event)

    def _clock_moved(self, action: str) -> None:
        if self._subscriptions:
            self._publish(CLOCK, lambda: {"action": action, **clock_facts(self._clock)})

    def _rule_changed(self, action: str, rule: Rule) -> None:
        if self._subscriptions:
            self._publish(FAULT, lambda: {"action": action, "fault": rule_facts(rule)})


def clock_facts(clock: SessionClock) -> dict[str, Any]:
    """How a clock is set and what it shows, as the control API gives it."""
    state: dict[str, Any] = msgspec.to_builtins(clock.state())
    return {**state, "now": iso(clock.now())}


def rule_facts(rule: Rule) -> dict[str, Any]:
    """A rule as it was given, with its id and how often it matched and fired."""
    spec: dict[str, Any] = msgspec.to_builtins(rule.spec)
    counts = {"matched": rule.matched, "fired": rule.fired, "exhausted": rule.exhausted()}
    return {"id": rule.id, **spec, **counts}
