"""When a clock showed a moment, whatever was done to it."""

from math import inf

import pytest

from fakeproviders.ledger.dial import Dial


def dial(*turns: tuple[float, float, bool]) -> Dial:
    made = Dial(0.0, 1000.0)
    for at, shows, runs in turns:
        made.turn(at, shows, runs=runs)
    return made


@pytest.mark.parametrize(
    ("turns", "moment", "after", "at"),
    [
        ((), 1020, 0, 20),
        ((), 990, 0, 0),
        ((), 990, 7, 7),
        (((10, 1500, True),), 1005, 0, 5),
        (((10, 1500, True),), 1020, 0, 10),
        (((10, 1500, True),), 1520, 0, 30),
        (((10, 1010, False),), 1020, 0, inf),
        (((10, 1010, False), (40, 1030, False)), 1020, 0, 40),
        (((10, 1010, False), (40, 1010, True)), 1020, 0, 50),
        (((10, 900, True),), 1005, 0, 5),
        (((10, 900, True),), 1005, 12, 115),
    ],
)
def test_a_moment_is_shown_at(
    turns: tuple[tuple[float, float, bool], ...], moment: float, after: float, at: float
) -> None:
    assert dial(*turns).reached(moment, after) == at
