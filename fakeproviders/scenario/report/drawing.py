"""A scenario's timeline as a drawing: where each step and event stands.

Left to right in the order of time. Neighbours keep a least distance, so that what happens within a
millisecond can be told apart, and what takes long still takes more room.
"""

from collections.abc import Sequence
from typing import NamedTuple

from fakeproviders.failures import Words
from fakeproviders.scenario.report.text import step_place
from fakeproviders.scenario.results import EventKind, StepResult, TimelineEvent

LEFT = 86.0
"""Room for the lanes' names."""
SLOT = 30.0
"""The least distance of two events."""
STRETCH = 360.0
"""Room that is shared out by time."""
TOP, LANE, FOOT = 30.0, 28.0, 20.0
LANES: tuple[tuple[EventKind, Words], ...] = (
    ("request", Words(zh="请求", en="requests")),
    ("fault", Words(zh="故障", en="faults")),
    ("clock", Words(zh="时钟", en="clock")),
    ("message", Words(zh="短信", en="messages")),
)
_ROOM = 52.0
MOST_EVENTS = 120
"""Of a scenario that are drawn; the list below the drawing has them all."""


class Mark(NamedTuple):
    """An event in its lane."""

    x: float
    y: float
    event: TimelineEvent


class Band(NamedTuple):
    """A step, from where it begins to where the next one does."""

    x: float
    width: float
    label: Words
    step: StepResult
    shows_time: bool
    """Whether there is room for the moment at which it began."""


class Lane(NamedTuple):
    """A lane's name and height."""

    y: float
    name: Words


class Drawing(NamedTuple):
    """All of it."""

    width: float
    height: float
    lanes: Sequence[Lane]
    bands: Sequence[Band]
    marks: Sequence[Mark]
    left_out: int


def drawn(steps: Sequence[StepResult], events: Sequence[TimelineEvent]) -> Drawing:
    """The drawing of a scenario's steps and events."""
    shown = [event for event in events if event.kind != "step"][:MOST_EVENTS]
    moments: list[tuple[float, StepResult | TimelineEvent]] = sorted(
        [(step.started, step) for step in steps] + [(event.at, event) for event in shown],
        key=lambda pair: (pair[0], isinstance(pair[1], TimelineEvent)),
    )
    xs = _places([at for at, _ in moments])
    heights = {kind: TOP + LANE * (row + 0.5) for row, (kind, _) in enumerate(LANES)}
    width = (xs[-1] if xs else LEFT) + SLOT * 2
    marks = [
        Mark(x, heights[part.kind], part)
        for x, (_, part) in zip(xs, moments, strict=True)
        if isinstance(part, TimelineEvent)
    ]
    begins = [
        (x, part) for x, (_, part) in zip(xs, moments, strict=True) if isinstance(part, StepResult)
    ]
    ends = [x for x, _ in begins[1:]] + [width]
    return Drawing(
        width=round(width, 1),
        height=TOP + LANE * len(LANES) + FOOT,
        lanes=[Lane(heights[kind], name) for kind, name in LANES],
        bands=[_band(x, end, step) for (x, step), end in zip(begins, ends, strict=True)],
        marks=marks,
        left_out=sum(event.kind != "step" for event in events) - len(shown),
    )


def _band(x: float, end: float, step: StepResult) -> Band:
    place = step_place(step)
    label = place if step.phase == "given" else Words(zh=str(step.index), en=str(step.index))
    return Band(round(x - SLOT / 2, 1), round(end - x, 1), label, step, end - x > _ROOM)


def _places(moments: Sequence[float]) -> list[float]:
    """How far to the right each moment is. The first is ``given``, which takes no room by its time."""
    if not moments:
        return []
    x = LEFT + SLOT
    places = [x]
    whole = max(moments[-1] - moments[min(1, len(moments) - 1)], 1e-6)
    for number in range(1, len(moments)):
        share = (moments[number] - moments[number - 1]) / whole if number > 1 else 0.0
        x += SLOT + STRETCH * share
        places.append(round(x, 1))
    return places
