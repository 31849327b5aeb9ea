"""What came, through which door, how it ended, and how long that took."""

from collections import deque

from fakeproviders.account import UPSTREAM
from fakeproviders.journal import Entry
from fakeproviders.ledger.document import Door, Series, Slot
from fakeproviders.model import BATCH, SEND
from fakeproviders.outcome import ACCEPTED, PAGE, REFUSED, decided, reason_of

SENDS = frozenset({SEND, BATCH})
MOST_SLOTS = 600
"""A longer run gets slots of twice the length."""
FIRST_STEP = 0.5
"""Seconds."""
MOST_UNFINISHED = 10_000
"""Requests whose replies are waited for, to know how long they took."""


class Timeline:
    """Slots of half a second each; of one, two, four, and so on in a run that is long."""

    def __init__(self) -> None:
        self._step = FIRST_STEP
        self._slots: dict[int, Slot] = {}

    def slot(self, at: float) -> Slot:
        """The slot of a moment, in seconds since the run began."""
        while at // self._step >= MOST_SLOTS:
            self._widen()
        number = int(at // self._step)
        found = self._slots.get(number)
        if found is None:
            found = self._slots[number] = Slot(number * self._step)
        return found

    def series(self) -> Series:
        """All slots, oldest first."""
        return Series(self._step, [slot for _, slot in sorted(self._slots.items())])

    def _widen(self) -> None:
        """Make one slot of each pair."""
        self._step *= 2
        halves, self._slots = self._slots, {}
        for half in halves.values():
            _add(self.slot(half.at), half)


def _add(whole: Slot, half: Slot) -> None:
    whole.attempts += half.attempts
    whole.accepted += half.accepted
    whole.unanswered += half.unanswered
    for reason, number in half.refused.items():
        whole.refused[reason] = whole.refused.get(reason, 0) + number
    whole.seconds.merge(half.seconds)


class Traffic:
    """Counts by door and by time. ``began`` is the run's first moment in epoch seconds."""

    def __init__(self, began: float) -> None:
        self._began = began
        self._doors: dict[tuple[str, str, str], Door] = {}
        self._timeline = Timeline()
        self._unfinished: deque[tuple[Entry, Door]] = deque()
        """Whose replies were not written yet when they were counted."""

    def add(self, entry: Entry) -> None:
        """Count a request."""
        door = self._door(entry)
        door.attempts += 1
        word, reason = decided(entry), reason_of(entry)
        if entry.draw.fault.acts:
            label = entry.draw.fault.label
            door.faults[label] = door.faults.get(label, 0) + 1
        if word == ACCEPTED:
            door.accepted += 1
        elif word == REFUSED and reason is not None:
            door.refused[reason] = door.refused.get(reason, 0) + 1
        elif word == PAGE:
            door.pages += 1
        if _is_send(entry):
            self._count_in_time(entry, word, reason)
        while self._unfinished and self._measure(*self._unfinished[0]):
            self._unfinished.popleft()
        if len(self._unfinished) == MOST_UNFINISHED:
            self._unfinished.popleft()
        self._unfinished.append((entry, door))

    def doors(self) -> list[Door]:
        """By provider, operation and door."""
        self._finish_all()
        return [door for _, door in sorted(self._doors.items())]

    def series(self) -> Series:
        """The sends over time."""
        self._finish_all()
        return self._timeline.series()

    def _door(self, entry: Entry) -> Door:
        key = (entry.role, entry.call.operation, entry.call.door)
        found = self._doors.get(key)
        if found is None:
            found = self._doors[key] = Door(*key)
        return found

    def _count_in_time(self, entry: Entry, word: str | None, reason: str | None) -> None:
        slot = self._slot(entry)
        slot.attempts += 1
        slot.accepted += word == ACCEPTED
        slot.unanswered += word is None
        if reason is not None:
            slot.refused[reason] = slot.refused.get(reason, 0) + 1

    def _slot(self, entry: Entry) -> Slot:
        return self._timeline.slot(max(0.0, entry.real_at - self._began))

    def _finish_all(self) -> None:
        left = [one for one in self._unfinished if not self._measure(*one)]
        self._unfinished = deque(left)

    def _measure(self, entry: Entry, door: Door) -> bool:
        """Count how long it took; False while that is not known."""
        if entry.took is None:
            return False
        door.seconds.add(entry.took)
        if _is_send(entry):
            self._slot(entry).seconds.add(entry.took)
        return True


def _is_send(entry: Entry) -> bool:
    """Whether somebody sent it; what the reseller forwards has been counted once."""
    return entry.call.operation in SENDS and entry.role != UPSTREAM
