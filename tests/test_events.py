"""What a session tells its listeners, without sockets."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.clock import ClockState, SessionClock
from fakeproviders.events import CLOCK, FAULT, KINDS, Event, Events, Subscription
from fakeproviders.faults.engine import FaultEngine
from fakeproviders.faults.rule import FaultSpec
from fakeproviders.model import Call
from tests.asyncs import asynchronous

ALL = frozenset(KINDS)
RULE = msgspec.convert({"provider": "official", "do": "maintenance"}, FaultSpec)


def a_session() -> tuple[SessionClock, FaultEngine, Events]:
    clock = SessionClock(lambda: 0.0)
    faults = FaultEngine("seed", clock)
    return clock, faults, Events(clock, faults)


def actions(subscription: Subscription) -> list[Any]:
    return [event.data["action"] for event in subscription.take().events]


def test_rules_are_told_of() -> None:
    _, faults, events = a_session()
    with events.subscribe(ALL) as mine:
        faults.add(RULE)
        faults.draw(Call("official", "send"), 0.0)
        faults.draw(Call("erban", "send"), 0.0)
        faults.remove("f1")
        faults.remove("f1")
        taken = mine.take().events
    assert [event.data["action"] for event in taken] == ["added", "fired", "removed"]
    assert [event.data["fault"]["fired"] for event in taken] == [0, 1, 1]
    assert {event.kind for event in taken} == {FAULT}


def test_each_gets_what_he_asked_for() -> None:
    _, faults, events = a_session()
    with events.subscribe(frozenset({FAULT})) as one, events.subscribe(frozenset({CLOCK})) as other:
        faults.add(RULE)
        assert actions(one) == ["added"]
        assert actions(other) == []
    faults.clear()
    assert actions(one) == []


@asynchronous
async def test_the_clock_is_told_of() -> None:
    clock, _, events = a_session()
    with events.subscribe(ALL) as mine:
        await clock.set(ClockState(mode="frozen", at="2026-01-01T00:00:00+08:00"))
        await clock.advance(0)
        await clock.advance(5)
        taken = mine.take().events
    assert [(event.kind, event.data["action"]) for event in taken] == [
        (CLOCK, "set"),
        (CLOCK, "advanced"),
    ]
    assert taken[1].data["now"] == "2026-01-01T00:00:05.000+08:00"


def test_nothing_is_made_up_while_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise AssertionError

    _, faults, events = a_session()
    monkeypatch.setattr("fakeproviders.events.rule_facts", fail)
    faults.add(RULE)
    with events.subscribe(frozenset({CLOCK})):
        faults.clear()


def test_a_reset_voids_what_is_queued() -> None:
    _, faults, events = a_session()
    with events.subscribe(ALL) as mine:
        faults.add(RULE)
        events.reset()
        faults.add(RULE)
        lost, queued, was_reset = mine.take()
        assert (lost, len(queued), was_reset) == (0, 1, True)
        assert mine.take() == (0, [], False)
    assert events.resets == 1


@asynchronous
async def test_an_end_is_told() -> None:
    _, _, events = a_session()
    with events.subscribe(ALL) as mine:
        events.close()
        await mine.closed.wait()


@given(st.lists(st.one_of(st.none(), st.integers(1, 9)), max_size=30), st.integers(1, 5))
def test_a_queue_counts_what_it_loses(steps: list[int | None], limit: int) -> None:
    """A number pushes so many events, None takes; all events are either taken or counted as lost."""
    queue = Subscription(ALL, limit)
    pushed = told = 0
    for step in [*steps, None]:
        if step is not None:
            for _ in range(step):
                queue.push(Event(CLOCK, {"n": pushed}))
                pushed += 1
            continue
        lost, events, _ = queue.take()
        assert len(events) <= limit
        assert [e.data["n"] for e in events] == list(range(told + lost, told + lost + len(events)))
        told += lost + len(events)
    assert told == pushed
