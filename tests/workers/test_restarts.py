"""How soon a process is started again."""

import pytest

from fakeproviders.workers.restarts import WELL_SECONDS, Restarts

ROW = [0.0, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


def test_the_first_time_at_once_then_ever_later() -> None:
    restarts = Restarts()
    assert [restarts.pause(worked=1.0) for _ in ROW] == pytest.approx(ROW)


def test_after_good_work_at_once_again() -> None:
    restarts = Restarts()
    for _ in ROW:
        restarts.pause(worked=0.0)
    assert [restarts.pause(WELL_SECONDS), restarts.pause(0.0)] == [0.0, 0.1]
