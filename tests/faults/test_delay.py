"""How long ``delay`` waits: the distributions are checked as mathematics, the clock as a clock."""

import asyncio
from statistics import NormalDist, fmean, median, pstdev
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.clock import ClockState, SessionClock
from fakeproviders.faults.base import Fault
from fakeproviders.faults.delay import Delay
from fakeproviders.faults.engine import Draw, stable_uniform
from fakeproviders.faults.registry import BadRule, parse_do
from tests.asyncs import asynchronous, let_others_run, run
from tests.faults.doubles import NOON, REPLY, Luck, RecordingWire

DRAWS = 4000
HOUR = 3_600_000


def sample(**settings: Any) -> list[float]:
    """As many delays as a rule would draw, under one seed."""
    delay = Delay(**settings)
    return [delay.milliseconds(Draw(delay, "f1", nth, "7|x")) for nth in range(DRAWS)]


def test_fixed_is_the_same_every_time() -> None:
    assert set(sample(ms=250)) == {250.0}


@pytest.mark.parametrize("distribution", ["fixed", "uniform"])
def test_uniform_fills_its_range_evenly(distribution: str) -> None:
    drawn = sample(ms=800, jitter_ms=200, distribution=distribution)
    assert all(600 <= ms < 1000 for ms in drawn)
    for low in range(600, 1000, 50):
        share = sum(low <= ms < low + 50 for ms in drawn) / DRAWS
        assert share == pytest.approx(1 / 8, abs=4 * (1 / 8 * 7 / 8 / DRAWS) ** 0.5)


def test_normal_has_its_mean_and_deviation() -> None:
    drawn = sample(ms=1000, jitter_ms=100, distribution="normal")
    error = 100 / DRAWS**0.5
    assert fmean(drawn) == pytest.approx(1000, abs=4 * error)
    assert pstdev(drawn) == pytest.approx(100, abs=4 * error)
    within_one = sum(900 <= ms <= 1100 for ms in drawn) / DRAWS
    assert within_one == pytest.approx(0.6827, abs=0.03)


def test_normal_is_never_negative() -> None:
    drawn = sample(ms=100, jitter_ms=100, distribution="normal")
    assert min(drawn) == 0
    assert drawn.count(0) / DRAWS == pytest.approx(NormalDist().cdf(-1), abs=0.03)


def test_lognormal_has_its_median_and_a_long_tail_up_to_the_cap() -> None:
    drawn = sample(ms=100, sigma=1.0, distribution="lognormal", cap_ms=1000)
    assert median(drawn) == pytest.approx(100, rel=0.1)
    assert fmean(drawn) > 1.2 * median(drawn)
    assert max(drawn) == 1000
    above = sum(ms == 1000 for ms in drawn) / DRAWS
    assert above == pytest.approx(1 - NormalDist().cdf(2.302585), abs=0.01)


@pytest.mark.parametrize(
    ("elapsed", "ms"), [(0, 100), (15, 200), (30, 300), (60, 500), (61, 500), (1e9, 500)]
)
def test_ramp_goes_from_one_to_the_other_and_stays(elapsed: float, ms: float) -> None:
    delay = Delay(ms=100, to_ms=500, over_seconds=60, distribution="ramp")
    assert delay.milliseconds(Luck(elapsed=elapsed)) == ms


def test_ramp_can_go_down() -> None:
    delay = Delay(ms=500, to_ms=0, over_seconds=10, distribution="ramp")
    assert [delay.milliseconds(Luck(elapsed=s)) for s in (0, 5, 10, 20)] == [500, 250, 0, 0]


SETTINGS = st.fixed_dictionaries(
    {
        "ms": st.floats(0, HOUR),
        "jitter_ms": st.floats(0, HOUR),
        "sigma": st.floats(0, 10),
        "cap_ms": st.floats(0, HOUR),
    }
)


@given(
    SETTINGS,
    st.sampled_from(["fixed", "uniform", "normal", "lognormal", "ramp"]),
    st.floats(0, 1, exclude_max=True),
    st.floats(0, HOUR),
    st.floats(0, 1e9),
)
def test_a_delay_is_never_negative_nor_over_its_cap(
    settings: dict[str, Any], distribution: Any, luck: float, to_ms: float, elapsed: float
) -> None:
    more: dict[str, Any] = {"to_ms": to_ms} if distribution == "ramp" else {}
    delay = Delay(**settings, distribution=distribution, **more)
    assert 0 <= delay.milliseconds(Luck(luck, elapsed)) <= settings["cap_ms"]


@given(st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_more_luck_never_waits_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    for distribution in ("uniform", "normal", "lognormal"):
        delay = Delay(ms=100, jitter_ms=50, distribution=distribution)
        assert delay.milliseconds(Luck(low)) <= delay.milliseconds(Luck(high))


def test_the_same_draw_waits_as_long() -> None:
    assert sample(ms=100, jitter_ms=50) == sample(ms=100, jitter_ms=50)
    assert 0 <= stable_uniform("7|x", "f1", 0, "delay") < 1


def test_it_waits_before_the_reply_and_leaves_it_as_it_is() -> None:
    wire = RecordingWire()
    assert run(Delay(ms=300).deliver(wire, REPLY, Luck())) is REPLY
    assert wire.done == [0.3]


@pytest.mark.parametrize("mode", ["system", "frozen"])
@asynchronous
async def test_on_the_sessions_clock_no_real_time_passes(mode: Any) -> None:
    clock = SessionClock(lambda: NOON)
    await clock.set(ClockState(mode=mode))
    delay: Fault = Delay(ms=60_000, clock="session")
    wire = RecordingWire()
    answer = asyncio.create_task(delay.deliver(wire, REPLY, Draw(delay, "f1", clock=clock)))
    await let_others_run()
    await clock.advance(59.9)
    await let_others_run()
    assert not answer.done()
    await clock.advance(0.1)
    assert await answer is REPLY
    assert wire.done == ["waited"]
    clock.clear()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"ms": -1}, "ms must be between 0 and"),
        ({"ms": HOUR + 1}, "ms must be between 0 and"),
        ({"jitter_ms": -1}, "jitter_ms must be between"),
        ({"cap_ms": -1}, "cap_ms must be between"),
        ({"sigma": 11, "distribution": "lognormal"}, "sigma must be between 0 and 10"),
        ({"distribution": "ramp"}, "to_ms and distribution ramp go together"),
        ({"to_ms": 5}, "to_ms and distribution ramp go together"),
        ({"to_ms": -1, "distribution": "ramp"}, "to_ms must be between"),
        ({"to_ms": 1, "distribution": "ramp", "over_seconds": 0}, "over_seconds must be between"),
        ({"distribution": "pareto"}, "distribution"),
        ({"clock": "sun"}, "clock"),
        ({"seconds": 3}, "seconds"),
        ({"ms": "3"}, "ms"),
    ],
)
def test_settings_that_cannot_be(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(BadRule, match=says) as caught:
        parse_do({"delay": settings})
    assert caught.value.field == "do.delay"
