"""How soon a process is started again."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds before the second start in a row, doubled each time, and at most."""
WELL_SECONDS = 10.0
"""Of work after which a process was well, and the next death is the first one."""


class Restarts:
    """The pauses of one place: none at first."""

    def __init__(self) -> None:
        self._pause = 0.0

    def pause(self, worked: float) -> float:
        """Seconds to wait, after a process that has worked so many."""
        if worked >= WELL_SECONDS:
            self._pause = 0.0
        pause = self._pause
        self._pause = min(max(FIRST_PAUSE, 2 * pause), LONGEST_PAUSE)
        return pause
