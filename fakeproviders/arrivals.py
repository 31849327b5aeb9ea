"""Waiting for something that is added elsewhere, without polling."""

import asyncio
from collections.abc import Callable


class Arrivals:
    """Wakes those who wait whenever something was added; costs next to nothing when nobody does."""

    __slots__ = ("_closed", "awaited")

    def __init__(self) -> None:
        self.awaited: asyncio.Event | None = None
        """The next arrival; None when nobody waits for it, and nobody has to be told of it."""
        self._closed = False

    def announce(self) -> None:
        """Something was added: each waiter looks for himself whether it is his."""
        if self.awaited is not None:
            self.awaited.set()
            self.awaited = None

    def close(self) -> None:
        """Nothing will be added any more: whoever waits is let go."""
        self._closed = True
        self.announce()

    async def wait_until(self, satisfied: Callable[[], bool], seconds: float) -> bool:
        """Wait until the condition holds after an arrival; False when the real seconds are over, or all is."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not satisfied():
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or self._closed:
                return False
            if self.awaited is None:
                self.awaited = asyncio.Event()
            try:
                async with asyncio.timeout(left):
                    await self.awaited.wait()
            except TimeoutError:
                return satisfied()
        return True
