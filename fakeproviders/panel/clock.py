"""The panel's clock: the host's, off by what the settings say and written in their time zone."""

from collections.abc import Callable
from datetime import datetime

from fakeproviders.panel.desk import SettingsDesk
from fakeproviders.panel.settings import Time

BEIJING = Time(zone="+08:00")
WALL_CLOCK = "%Y-%m-%d %H:%M:%S"


class Clock:
    """One tenant's. Its epoch seconds are real ones plus the offset: a clock that is wrong is wrong."""

    def __init__(self, desk: SettingsDesk, real: Callable[[], float]) -> None:
        self._desk = desk
        self._real = real

    async def now(self) -> datetime:
        """What it shows."""
        return self.shown((await self._desk.all_saved()).time)

    def shown(self, setting: Time) -> datetime:
        """What a clock set so shows."""
        return setting.moment(self._real())

    async def writer(self) -> Callable[[float], datetime]:
        """Writes moments of this clock (epoch seconds) in the zone that it is set to now."""
        return (await self._desk.all_saved()).time.written

    async def beijing(self) -> datetime:
        """What it should show: real time, in Beijing."""
        return BEIJING.moment(self._real())
