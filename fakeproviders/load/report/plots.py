"""The run as drawings: how sends ended over time, and how long they took."""

from collections.abc import Sequence
from math import ceil, log10
from typing import NamedTuple

from fakeproviders.failures import Words, failure
from fakeproviders.ledger.document import Document, Outage, Slot

WIDTH, HEIGHT = 1040.0, 190.0
LEFT, RIGHT, TOP, FOOT = 52.0, 12.0, 10.0, 26.0
MOST_REASONS = 6
"""Reasons with a colour of their own; the others share one."""
OTHERS = "others"
_LEAST_SLOTS = 5


class Mark(NamedTuple):
    """A tick of an axis: where, and what it says."""

    at: float
    label: str


class Bar(NamedTuple):
    """A piece of a bar."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    label: Words


class Band(NamedTuple):
    """A time in which a provider was out of order."""

    x: float
    width: float
    outage: Outage


class Line(NamedTuple):
    """A curve: its points as SVG has them."""

    kind: str
    points: str


class Plot(NamedTuple):
    """One drawing, with axes."""

    across: Sequence[Mark]
    upwards: Sequence[Mark]
    bands: Sequence[Band]
    bars: Sequence[Bar] = ()
    lines: Sequence[Line] = ()
    legend: Sequence[tuple[str, Words]] = ()


class _Frame:
    """Where a moment and a value are in a drawing."""

    def __init__(self, ledger: Document, highest: float) -> None:
        self.step = ledger.series.step
        moments = [slot.at for slot in ledger.series.slots] or [0.0]
        self.first = min(moments)
        """The load needs a while to start: nothing is drawn of that."""
        self.seconds = max(max(moments) + self.step - self.first, _LEAST_SLOTS * self.step)
        self.unit = _round_step(highest)
        self.highest = max(self.unit, ceil(highest / self.unit) * self.unit)
        self.outages = ledger.outages

    def x(self, at: float) -> float:
        return round(
            LEFT + (WIDTH - LEFT - RIGHT) * min(at - self.first, self.seconds) / self.seconds, 1
        )

    def y(self, value: float) -> float:
        return round(HEIGHT - FOOT - (HEIGHT - TOP - FOOT) * value / self.highest, 1)

    def across(self) -> list[Mark]:
        step = max(1.0, _round_step(self.seconds))
        return [
            Mark(self.x(self.first + n * step), f"{n * step:g} s")
            for n in range(int(self.seconds / step) + 1)
        ]

    def upwards(self, suffix: str = "") -> list[Mark]:
        number = round(self.highest / self.unit)
        return [
            Mark(self.y(n * self.unit), f"{n * self.unit:g}{suffix}") for n in range(number + 1)
        ]

    def bands(self) -> list[Band]:
        found = []
        for outage in self.outages:
            begin, end = self.x(outage.began), self.x(outage.ended or self.first + self.seconds)
            found.append(Band(begin, round(max(2.0, end - begin), 1), outage))
        return found


def endings(ledger: Document) -> Plot:
    """Sends a slot, by how they ended."""
    frame = _Frame(ledger, max((_height(slot) for slot in ledger.series.slots), default=0))
    reasons = _reasons(ledger)
    kinds = {"accepted": ACCEPTED, **_coloured(reasons), "unanswered": UNANSWERED}
    bars = [bar for slot in ledger.series.slots for bar in _bars(frame, slot, reasons, kinds)]
    used = {bar.kind for bar in bars}
    return Plot(
        across=frame.across(),
        upwards=frame.upwards(),
        bands=frame.bands(),
        bars=bars,
        legend=[(kind, words) for kind, words in kinds.items() if kind in used],
    )


def times(ledger: Document) -> Plot:
    """How long the sends of a slot took: the middle one, and the slowest hundredth."""
    slots = [slot for slot in ledger.series.slots if slot.seconds.count]
    frame = _Frame(ledger, max((slot.seconds.quantile(0.99) * 1000 for slot in slots), default=0))
    middle = frame.step / 2
    lines = [
        Line(
            kind,
            " ".join(
                f"{frame.x(s.at + middle)},{frame.y(s.seconds.quantile(share) * 1000)}"
                for s in slots
            ),
        )
        for kind, share in (("p99", 0.99), ("p50", 0.5))
    ]
    return Plot(
        across=frame.across(),
        upwards=frame.upwards(" ms"),
        bands=frame.bands(),
        lines=lines,
        legend=[(kind, Words(zh=zh, en=en)) for kind, zh, en in _CURVES],
    )


def _bars(frame: _Frame, slot: Slot, reasons: Sequence[str], kinds: dict[str, Words]) -> list[Bar]:
    """One slot's bar, from the ground up."""
    parts = {"accepted": slot.accepted}
    for reason, number in slot.refused.items():
        kind = f"reason{reasons.index(reason)}" if reason in reasons else OTHERS
        parts[kind] = parts.get(kind, 0) + number
    parts["unanswered"] = slot.unanswered
    bars, ground, at = [], 0, slot.at - frame.first
    x, width = frame.x(slot.at), frame.x(slot.at + frame.step) - frame.x(slot.at)
    for kind in kinds:
        if number := parts.get(kind, 0):
            top = frame.y(ground + number)
            label = Words(
                zh=f"{at:g} s：{kinds[kind].zh} {number:,}",
                en=f"{at:g} s: {kinds[kind].en} {number:,}",
            )
            height = round(frame.y(ground) - top, 1)
            bars.append(Bar(x, top, round(max(1.0, width - 1), 1), height, kind, label))
            ground += number
    return bars


def _height(slot: Slot) -> int:
    return slot.accepted + slot.unanswered + sum(slot.refused.values())


def _reasons(ledger: Document) -> list[str]:
    """The most frequent reasons, the first the most frequent."""
    totals: dict[str, int] = {}
    for slot in ledger.series.slots:
        for reason, number in slot.refused.items():
            totals[reason] = totals.get(reason, 0) + number
    return sorted(totals, key=lambda reason: (-totals[reason], reason))[:MOST_REASONS]


def _coloured(reasons: Sequence[str]) -> dict[str, Words]:
    named = {f"reason{number}": reason_words(reason) for number, reason in enumerate(reasons)}
    return named | {OTHERS: Words(zh="其他原因", en="other reasons")}


def reason_words(reason: str) -> Words:
    """A reason for people, with its slug; a fault's name as it stands."""
    try:
        title = failure(reason).title
    except KeyError:
        return Words(zh=reason, en=reason)
    return Words(zh=f"{title.zh}（{reason}）", en=f"{title.en} ({reason})")


def _round_step(highest: float) -> float:
    """A round number of which about four make the highest."""
    if highest <= 0:
        return 1.0
    rough: float = highest / 4
    decade: float = 10.0 ** int(log10(rough) if rough >= 1 else log10(rough) - 1)
    return next(decade * unit for unit in (1, 2, 5, 10) if decade * unit >= rough)


ACCEPTED = Words(zh="受理", en="accepted")
UNANSWERED = Words(zh="被故障拦下", en="stopped by a fault")
_CURVES = (
    ("p50", "一半的请求在此之内", "half within"),
    ("p99", "99 % 的请求在此之内", "99 % within"),
)
