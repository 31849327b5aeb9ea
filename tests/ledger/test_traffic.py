"""Counts by door and over time."""

from fakeproviders.failures import Reason
from fakeproviders.faults.status import Status
from fakeproviders.ledger.traffic import FIRST_STEP, MOST_SLOTS
from tests.entries import an_entry
from tests.ledger.stories import BEGAN, Story


def test_every_door_is_counted_by_how_its_requests_ended() -> None:
    story = Story()
    story.send(0, door="json")
    story.send(1, Reason.RATE_LIMITED, door="json")
    story.send(2, fault=Status(), door="json")
    story.send(3, provider="erban", door="form")
    story.ledger.add(an_entry(operation="help", page=True))
    doors = {(d.provider, d.operation, d.door): d for d in story.told().doors}
    json = doors["official", "send", "json"]
    assert (json.attempts, json.accepted, json.refused) == (3, 1, {"rate_limited": 1})
    assert (json.faults, json.seconds.count) == ({"status": 1}, 3)
    assert doors["erban", "send", "form"].accepted == 1
    assert doors["official", "help", ""].pages == 1


def test_the_series_shows_sends_alone_each_once() -> None:
    story = Story()
    story.send(0)
    story.send(0.2, provider="upstream")
    story.send(2, Reason.MAINTENANCE)
    story.ledger.add(an_entry(operation="token"))
    series = story.told().series
    assert [(slot.at, slot.attempts, slot.accepted) for slot in series.slots] == [
        (0, 1, 1),
        (2, 1, 0),
    ]
    assert series.slots[1].refused == {"maintenance": 1}


def test_a_long_run_gets_longer_slots_and_loses_nothing() -> None:
    story = Story()
    whole = int(MOST_SLOTS * FIRST_STEP * 5)
    for at in range(whole):
        story.send(at, code=f"{at:06d}")
    series = story.told().series
    assert series.step > FIRST_STEP
    assert len(series.slots) <= MOST_SLOTS
    assert sum(slot.attempts for slot in series.slots) == whole
    assert sum(slot.seconds.count for slot in series.slots) == whole


def test_a_reply_that_is_on_its_way_is_measured_when_it_is_written() -> None:
    story = Story()
    entry = story.send(0)
    entry.took = None
    fresh = Story()
    fresh.ledger.add(entry)
    assert fresh.told().doors[0].seconds.count == 0
    entry.took = 0.25
    assert fresh.told().doors[0].seconds.most == 0.25


def test_what_came_after_the_end_does_not_lengthen_the_run() -> None:
    story = Story()
    story.send(3)
    story.ledger.end()
    story.now = BEGAN + 60
    told = story.told()
    assert (told.running, told.seconds) == (False, 3)
