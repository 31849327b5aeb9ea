"""The session clock and Beijing time.

Everything that a session counts by time reads its clock: tokens, quota windows, approvals, fault
windows, receipts. Only the proof's timestamp is judged by real time, because the client's own
host keeps that.
"""

import asyncio
import heapq
import logging
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from typing import Literal

import msgspec

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit

_log = logging.getLogger(__name__)
BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
BEIJING_OFFSET = 8 * 3600
MAX_OFFSET = 50 * 366 * 86400.0
"""Seconds by which a session's clock may be set off real time."""
LATEST = datetime(9998, 1, 1, tzinfo=UTC).timestamp()
"""Epoch seconds that no clock goes beyond; the earliest moment is 0."""
_BEIJING_TEXT = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\Z", re.ASCII)


def beijing_text(moment: float) -> str:
    """``YYYY-MM-DD HH:MM:SS`` on a Beijing wall clock, of epoch seconds."""
    return datetime.fromtimestamp(moment, BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def parse_beijing(text: str) -> float:
    """Epoch seconds of a Beijing wall-clock text. Raises ValueError when it is none."""
    parts = _BEIJING_TEXT.match(text)
    if parts is None:
        raise ValueError(f"not a Beijing time of the form YYYY-MM-DD HH:MM:SS: {text!r}")
    year, month, day, hour, minute, second = map(int, parts.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=BEIJING).timestamp()


def iso(moment: float) -> str:
    """RFC 3339 text in Beijing time with milliseconds, for people and programs."""
    return datetime.fromtimestamp(moment, BEIJING).isoformat(timespec="milliseconds")


def parse_moment(text: str) -> float:
    """Epoch seconds of an RFC 3339 text; one without an offset is Beijing time.

    Raises Misfit when it cannot be read, or is not within the years 1970 to 9997.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        words = Words(zh=f"{text!r} 不是 RFC 3339 时间", en=f"{text!r} is no RFC 3339 time")
        raise Misfit("", words) from None
    at = (moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).timestamp()
    if not 0 <= at <= LATEST:
        raise Misfit(
            "",
            Words(
                zh=f"{text!r} 不在 1970 年到 9997 年之间",
                en=f"{text!r} is not within the years 1970 to 9997",
            ),
        )
    return at


def http_date(moment: float) -> str:
    """The form of a Date header."""
    return datetime.fromtimestamp(moment, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")


class ClockState(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A clock's setting, as the control API shows and takes it.

    ``system`` is real time, ``offset`` real time plus ``offset_seconds``, ``frozen`` stands at ``at``
    (RFC 3339; Beijing time when it names no offset) until it is advanced.
    """

    mode: Literal["system", "offset", "frozen"]
    offset_seconds: float = 0.0
    at: str | None = None

    def __post_init__(self) -> None:
        if self.at is not None:
            try:
                parse_moment(self.at)
            except Misfit as error:
                raise Misfit("at", error.words) from None
        if abs(self.offset_seconds) > MAX_OFFSET:
            most = f"{MAX_OFFSET:.0f}"
            raise Misfit(
                "offset_seconds",
                Words(zh=f"必须在 -{most} 到 {most} 之间", en=f"must be within {most} of 0"),
            )
        if self.at is not None and self.mode == "system":
            raise Misfit(
                "at",
                Words(
                    zh="system 时钟不能设定时刻；请用 frozen 或 offset",
                    en="the system clock cannot be set; use mode frozen or offset",
                ),
            )


class Hands(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """How a clock stands, for another process: seconds off real time, or the moment it stands at.

    ``moves`` counts how often it was set or advanced: the greater number is the later.
    """

    offset: float = 0.0
    frozen: float | None = None
    moves: int = 0


class Timer:
    """Something due at a moment of a session's clock; cancel() forgets it."""

    __slots__ = ("_action", "_forgotten", "at")

    def __init__(
        self,
        at: float,
        action: Callable[[], Awaitable[None]],
        forgotten: Callable[[], None] | None = None,
    ) -> None:
        """``forgotten`` is told when the clock is cleared, and the action will never run."""
        self.at = at
        self._action: Callable[[], Awaitable[None]] | None = action
        self._forgotten = forgotten

    def cancel(self) -> None:
        """Never run it; harmless when it has run."""
        self._action = None

    def forget(self) -> None:
        """Cancel it, and tell whoever waits for it."""
        if self._action is not None and self._forgotten is not None:
            self._forgotten()
        self.cancel()

    async def run(self) -> None:
        """Run it, once."""
        action, self._action = self._action, None
        if action is not None:
            await action()


class SessionClock:
    """One session's time: real, shifted or standing still, and what is due on it.

    ``real`` gives epoch seconds; it is an argument so that tests own it.
    """

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._offset = 0.0
        self._frozen: float | None = None
        self._due: list[tuple[float, int, Timer]] = []
        self._serial = count()
        self._wakeup: asyncio.TimerHandle | None = None
        self._settling = asyncio.Lock()
        self._running: set[asyncio.Task[None]] = set()
        self._closed = False
        self._moves = 0
        self.era = 0
        """Counts clear(): what was begun in an earlier one has nothing to do here any more."""
        self.watch: Callable[[str], None] | None = None
        """Told when the clock is ``set`` or ``advanced``; not of time that passes by itself."""

    def now(self) -> float:
        """Epoch seconds on this clock."""
        return self._real() + self._offset if self._frozen is None else self._frozen

    def state(self) -> ClockState:
        """The present setting, with ``at`` filled in."""
        if self._frozen is not None:
            return ClockState(mode="frozen", at=iso(self._frozen))
        if self._offset:
            return ClockState(mode="offset", offset_seconds=self._offset, at=iso(self.now()))
        return ClockState(mode="system")

    async def set(self, state: ClockState) -> None:
        """Take a setting over. What became due by it runs before this returns, in order."""
        target = parse_moment(state.at) if state.at is not None else None
        self._moves += 1
        try:
            async with self._settling:
                if state.mode == "frozen":
                    self._frozen = self.now() if target is None else target
                else:
                    self._frozen = None
                    given = 0.0 if state.mode == "system" else state.offset_seconds
                    self._offset = given if target is None else target - self._real()
                await self._settle(self.now())
        finally:
            self._arm()
            self._tell("set")

    def hands(self) -> Hands:
        """How it stands."""
        return Hands(self._offset, self._frozen, self._moves)

    async def adopt(self, hands: Hands) -> None:
        """Stand as another process's clock does, unless this one was moved later. What is due runs first."""
        if hands.moves <= self._moves:
            return
        self._moves = hands.moves
        try:
            async with self._settling:
                now = self._real() + hands.offset if hands.frozen is None else hands.frozen
                await self._settle(now)
                self._offset, self._frozen = hands.offset, hands.frozen
        finally:
            self._arm()
            self._tell("set")

    async def advance(self, seconds: float) -> None:
        """Move forward by seconds; whatever is due on the way runs at its moment, in order.

        Returns when all of it, and what it in turn made due, has run. Raises Misfit for less than 0,
        and for what leads beyond the year 9997.
        """
        if not 0 <= seconds <= LATEST - self.now():
            words = Words(
                zh=f"时钟只能往前拨，且不超过 9997 年，不能拨 {seconds:g} 秒",
                en=f"a clock only advances, to the year 9997 at most, not by {seconds:g} seconds",
            )
            raise Misfit("seconds", words)
        self._moves += bool(seconds)
        try:
            async with self._settling:
                await self._settle(self.now() + seconds)
        finally:
            self._arm()
            if seconds:
                self._tell("advanced")

    def call_at(
        self,
        moment: float,
        action: Callable[[], Awaitable[None]],
        forgotten: Callable[[], None] | None = None,
    ) -> Timer:
        """Run an action when the clock gets there (at once when it is past that).

        ``forgotten`` is called instead when the clock is cleared before.
        """
        timer = Timer(moment, action, forgotten)
        if self._closed:
            timer.forget()
        else:
            heapq.heappush(self._due, (moment, next(self._serial), timer))
            self._arm()
        return timer

    def clear(self) -> None:
        """Forget everything due, and break off what a running clock has begun by itself."""
        self.era += 1
        due, self._due = self._due, []
        self._disarm()
        for _, _, timer in due:
            timer.forget()
        for task in self._running:
            task.cancel()

    async def close(self) -> None:
        """Clear for good; nothing that it has begun by itself runs any more when this returns."""
        self._closed = True
        self.clear()
        others = self._running - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)

    def _tell(self, action: str) -> None:
        if self.watch is not None:
            self.watch(action)

    async def _settle(self, target: float) -> None:
        while self._due and self._due[0][0] <= target:
            moment, _, timer = heapq.heappop(self._due)
            self._move_to(max(moment, self.now()))
            try:
                await timer.run()
            except Exception:  # noqa: BLE001 - logged, and the others are due all the same
                _log.exception("something due at %s failed: a defect, please report it", moment)
        self._move_to(target)

    def _move_to(self, moment: float) -> None:
        if self._frozen is not None:
            self._frozen = max(self._frozen, moment)
        elif moment > self.now():
            self._offset += moment - self.now()

    def _arm(self) -> None:
        """Wake up when the first thing is due; a standing clock never gets there by itself."""
        self._disarm()
        if self._settling.locked():
            return  # who holds it arms at the end
        if not self._due or (self._frozen is not None and self._due[0][0] > self._frozen):
            return
        wait = max(0.0, self._due[0][0] - self.now())
        self._wakeup = asyncio.get_running_loop().call_later(min(wait, 86400.0), self._wake)

    def _disarm(self) -> None:
        if self._wakeup is not None:
            self._wakeup.cancel()
            self._wakeup = None

    def _wake(self) -> None:
        task = asyncio.get_running_loop().create_task(self.advance(0))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
