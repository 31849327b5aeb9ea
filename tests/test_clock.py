"""The session clock: three modes, and what is due on it runs at its moment, in order."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.clock import (
    MAX_OFFSET,
    ClockState,
    SessionClock,
    beijing_text,
    http_date,
    iso,
    parse_beijing,
    parse_moment,
)
from tests.asyncs import asynchronous
from tests.core import NOON, HostClock

MOMENTS = st.integers(0, 4_000_000_000)


def frozen(moment: float = NOON) -> ClockState:
    return ClockState(mode="frozen", at=iso(moment))


async def frozen_clock(moment: float = NOON) -> SessionClock:
    clock = SessionClock(HostClock())
    await clock.set(frozen(moment))
    return clock


class Diary:
    """What ran, and what the clock showed then."""

    def __init__(self, clock: SessionClock) -> None:
        self._clock = clock
        self.lines: list[tuple[str, float]] = []

    def entry(self, name: str) -> Callable[[], Awaitable[None]]:
        async def write() -> None:
            self.lines.append((name, self._clock.now() - NOON))

        return write


def test_beijing_is_eight_hours_ahead() -> None:
    assert beijing_text(0) == "1970-01-01 08:00:00"
    assert parse_beijing("1970-01-01 08:00:00") == 0


@given(MOMENTS)
def test_beijing_text_and_back(moment: int) -> None:
    assert parse_beijing(beijing_text(moment)) == moment


@given(MOMENTS)
def test_beijing_text_is_what_datetime_says(moment: int) -> None:
    beijing = datetime.fromtimestamp(moment, UTC) + timedelta(hours=8)
    assert beijing_text(moment) == beijing.strftime("%Y-%m-%d %H:%M:%S")


@given(MOMENTS)
def test_rfc_3339_and_back(moment: int) -> None:
    assert parse_moment(iso(moment)) == moment


@pytest.mark.parametrize(
    "text",
    ["", "now", "2024-5-6 12:00:00", "2024-05-06T12:00:00", "2024-05-06 12:00", "1715000000",
     "2024-13-06 12:00:00", "2024-05-06 25:00:00", "２０２４-05-06 12:00:00",
     "2024-05-06 12:00:00\n", "2024-05-06 12:00:00Z"],
)  # fmt: skip
def test_what_is_no_beijing_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_beijing(text)


def test_a_moment_without_an_offset_is_beijing_time() -> None:
    assert parse_moment("2024-05-06T12:00:00") == parse_moment("2024-05-06T04:00:00Z") == NOON


@pytest.mark.parametrize("text", ["1969-12-31T00:00:00Z", "9999-01-01T00:00:00Z", "soon", ""])
def test_a_moment_that_no_clock_can_show_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_moment(text)


def test_a_date_header_is_in_greenwich_time() -> None:
    assert http_date(NOON) == "Mon, 06 May 2024 04:00:00 GMT"


@pytest.mark.parametrize(
    "state",
    [
        {"mode": "frozen", "at": "whenever"},
        {"mode": "system", "at": "2024-05-06T12:00:00"},
        {"mode": "offset", "offset_seconds": MAX_OFFSET * 2},
        {"mode": "sideways"},
        {"mode": "frozen", "until": "2024-05-06T12:00:00"},
    ],
)
def test_a_setting_that_cannot_be_is_refused(state: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(state, ClockState)


@asynchronous
async def test_the_system_clock_is_real_time() -> None:
    real = HostClock()
    clock = SessionClock(real)
    real.now += 5
    assert clock.now() == NOON + 5
    assert clock.state() == ClockState(mode="system")


@asynchronous
async def test_an_offset_clock_goes_with_real_time() -> None:
    real = HostClock()
    clock = SessionClock(real)
    await clock.set(ClockState(mode="offset", offset_seconds=-3600))
    real.now += 5
    assert clock.now() == NOON - 3600 + 5
    state = clock.state()
    assert (state.mode, state.offset_seconds, state.at) == ("offset", -3600, iso(clock.now()))


@asynchronous
async def test_an_offset_may_be_given_as_the_moment_to_show() -> None:
    real = HostClock()
    clock = SessionClock(real)
    await clock.set(ClockState(mode="offset", at=iso(NOON + 86400)))
    assert clock.now() == NOON + 86400
    real.now += 1
    assert clock.now() == NOON + 86401


@asynchronous
async def test_a_frozen_clock_stands_still() -> None:
    real = HostClock()
    clock = SessionClock(real)
    await clock.set(frozen(NOON + 100))
    real.now += 5
    assert clock.now() == NOON + 100
    assert clock.state() == ClockState(mode="frozen", at=iso(NOON + 100))


@asynchronous
async def test_freezing_without_a_moment_stops_at_the_present_one() -> None:
    clock = SessionClock(HostClock())
    await clock.set(ClockState(mode="offset", offset_seconds=50))
    await clock.set(ClockState(mode="frozen"))
    assert clock.now() == NOON + 50


@asynchronous
async def test_back_to_the_system_clock() -> None:
    clock = await frozen_clock(NOON - 1000)
    await clock.set(ClockState(mode="system"))
    assert clock.now() == NOON


@asynchronous
async def test_advancing_a_system_clock_makes_it_an_offset_one() -> None:
    clock = SessionClock(HostClock())
    await clock.advance(90)
    assert clock.now() == NOON + 90
    assert clock.state().mode == "offset"


@pytest.mark.parametrize("seconds", [-1, float("inf"), float("nan")])
def test_a_clock_only_advances(seconds: float) -> None:
    @asynchronous
    async def attempt() -> None:
        await SessionClock(HostClock()).advance(seconds)

    with pytest.raises(ValueError, match="only advances"):
        attempt()


@asynchronous
async def test_what_is_due_runs_at_its_moment_and_in_order() -> None:
    clock = await frozen_clock()
    diary = Diary(clock)
    for name, after in (("third", 30), ("first", 10), ("later", 100), ("second", 20)):
        clock.call_at(NOON + after, diary.entry(name))
    await clock.advance(60)
    assert diary.lines == [("first", 10), ("second", 20), ("third", 30)]
    assert clock.now() == NOON + 60
    await clock.advance(40)
    assert diary.lines[-1] == ("later", 100)


@asynchronous
async def test_what_is_due_at_one_moment_runs_as_it_was_set() -> None:
    clock = await frozen_clock()
    diary = Diary(clock)
    for name in "abc":
        clock.call_at(NOON + 1, diary.entry(name))
    await clock.advance(1)
    assert [name for name, _ in diary.lines] == ["a", "b", "c"]


@asynchronous
async def test_what_becomes_due_on_the_way_runs_too() -> None:
    clock = await frozen_clock()
    diary = Diary(clock)

    async def sets_another() -> None:
        await diary.entry("outer")()
        clock.call_at(clock.now() + 5, diary.entry("inner"))
        clock.call_at(clock.now() + 500, diary.entry("beyond"))

    clock.call_at(NOON + 10, sets_another)
    clock.call_at(NOON + 20, diary.entry("last"))
    await clock.advance(30)
    assert diary.lines == [("outer", 10), ("inner", 15), ("last", 20)]


@asynchronous
async def test_a_cancelled_timer_does_not_run() -> None:
    clock = await frozen_clock()
    diary = Diary(clock)
    timer = clock.call_at(NOON + 1, diary.entry("cancelled"))
    clock.call_at(NOON + 2, diary.entry("kept"))
    timer.cancel()
    await clock.advance(5)
    assert [name for name, _ in diary.lines] == ["kept"]


@asynchronous
async def test_a_timer_runs_once() -> None:
    clock = await frozen_clock()
    diary = Diary(clock)
    timer = clock.call_at(NOON, diary.entry("once"))
    await clock.advance(0)
    await timer.run()
    timer.cancel()
    assert diary.lines == [("once", 0)]


@asynchronous
async def test_setting_the_clock_past_a_timer_runs_it() -> None:
    clock = await frozen_clock()
    diary = Diary(clock)
    clock.call_at(NOON + 50, diary.entry("b"))
    clock.call_at(NOON + 10, diary.entry("a"))
    await clock.set(frozen(NOON + 60))
    assert [name for name, _ in diary.lines] == ["a", "b"]


@asynchronous
async def test_setting_the_clock_back_runs_nothing() -> None:
    clock = await frozen_clock()
    diary = Diary(clock)
    clock.call_at(NOON + 1, diary.entry("due"))
    await clock.set(frozen(NOON - 60))
    assert (clock.now(), diary.lines) == (NOON - 60, [])


@asynchronous
async def test_cleared_timers_never_run() -> None:
    clock = await frozen_clock()
    diary = Diary(clock)
    clock.call_at(NOON + 1, diary.entry("forgotten"))
    clock.clear()
    await clock.advance(10)
    assert diary.lines == []


@pytest.mark.parametrize("mode", ["system", "frozen"])
@asynchronous
async def test_what_is_past_already_runs_by_itself(mode: str) -> None:
    clock = SessionClock(HostClock())
    await clock.set(frozen() if mode == "frozen" else ClockState(mode="system"))
    ran = asyncio.Event()

    async def note() -> None:
        ran.set()

    clock.call_at(NOON - 1, note)
    async with asyncio.timeout(5):
        await ran.wait()


@asynchronous
async def test_a_standing_clock_wakes_nobody() -> None:
    clock = await frozen_clock()
    clock.call_at(NOON + 0.001, Diary(clock).entry("never"))
    assert clock._wakeup is None


@asynchronous
async def test_two_who_advance_do_not_mix() -> None:
    clock = await frozen_clock()
    diary = Diary(clock)

    async def slow() -> None:
        await diary.entry("slow begins")()
        await asyncio.sleep(0)
        await diary.entry("slow ends")()

    clock.call_at(NOON + 1, slow)
    clock.call_at(NOON + 15, diary.entry("next"))
    await asyncio.gather(clock.advance(10), clock.advance(10))
    assert diary.lines == [("slow begins", 1), ("slow ends", 1), ("next", 15)]
    assert clock.now() == NOON + 20


@given(
    st.lists(st.integers(0, 100), max_size=12),
    st.lists(st.integers(0, 40), min_size=1, max_size=6),
)
@asynchronous
async def test_however_one_advances_each_runs_at_its_moment(
    dues: list[int], steps: list[int]
) -> None:
    clock = await frozen_clock()
    diary = Diary(clock)
    for number, due in enumerate(dues):
        clock.call_at(NOON + due, diary.entry(str(number)))
    for step in steps:
        await clock.advance(step)
    clock.clear()
    expected = sorted(
        ((float(due), number) for number, due in enumerate(dues) if due <= sum(steps))
    )
    assert diary.lines == [(str(number), due) for due, number in expected]
    assert clock.now() == NOON + sum(steps)


@given(st.lists(st.floats(0, 1e6), max_size=6))
@asynchronous
async def test_an_advancing_clock_never_goes_back(steps: list[float]) -> None:
    clock = SessionClock(HostClock())
    before = clock.now()
    for step in steps:
        await clock.advance(step)
        assert clock.now() >= before
        before = clock.now()


@asynchronous
async def test_what_fails_is_logged_and_the_others_are_due_all_the_same(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = await frozen_clock()
    diary = Diary(clock)

    async def fail() -> None:
        raise LookupError("lost")

    clock.call_at(NOON + 1, fail)
    clock.call_at(NOON + 2, diary.entry("after"))
    await clock.advance(5)
    assert diary.lines == [("after", 2)]
    assert "lost" in caplog.text


@asynchronous
async def test_clearing_breaks_off_what_a_running_clock_has_begun() -> None:
    clock, begun = SessionClock(), asyncio.Event()

    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    clock.call_at(0, hang)
    await begun.wait()
    era = clock.era
    clock.clear()
    await clock.advance(1)
    assert clock.era == era + 1
    await clock.close()
