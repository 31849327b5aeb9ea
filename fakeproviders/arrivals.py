"""Waiting for something that is added elsewhere, without polling."""

import asyncio
from collections.abc import Callable


class Arrivals:
    """Wakes those who wait whenever something was added; costs next to nothing when nobody does."""

    __slots__ = ("_closed", "_next")

    def __init__(self) -> None:
        self._next: asyncio.Event | None = None
        self._closed = False

    def announce(self) -> None:
        """Something was added: each waiter looks for himself whether it is his."""
        if self._next is not None:
            self._next.set()
            self._next = None

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
            if self._next is None:
                self._next = asyncio.Event()
            try:
                async with asyncio.timeout(left):
                    await self._next.wait()
            except TimeoutError:
                return satisfied()
        return True
