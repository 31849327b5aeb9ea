"""The tally of a server that is several processes: each tells the others of its own, and sums them up."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import msgspec

from fakeproviders.stores.base import StoreUnavailable
from fakeproviders.stores.tallies import Tallies
from fakeproviders.tally import Counts, Tally

_log = logging.getLogger(__name__)
TELL_SECONDS = 1.0
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Counts).decode


class SharedTally:
    """``own`` is this process's; without ``tallies`` there is no other."""

    def __init__(self, own: Tally, tallies: Tallies | None, seconds: float = TELL_SECONDS) -> None:
        self._own = own
        self._tallies = tallies
        self._seconds = seconds
        self._others: list[Counts] = []
        """As they were when the store was there last: counters do not go back."""

    @contextlib.asynccontextmanager
    async def told(self) -> AsyncIterator[None]:
        """Inside the block others are told of it again and again, and of all of it when it is left."""
        if self._tallies is None:
            yield
            return
        telling = asyncio.get_running_loop().create_task(self._tell_on(self._tallies))
        try:
            yield
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
            await self._tell(self._tallies)

    async def whole(self) -> Tally:
        """What all processes have counted, those that have ended included."""
        if self._tallies is None:
            return self._own
        with contextlib.suppress(StoreUnavailable):
            self._others = [_decode(packed) for packed in await self._tallies.others()]
        whole = Tally()
        for counts in (self._own.counts(), *self._others):
            whole.add(counts)
        return whole

    async def _tell_on(self, tallies: Tallies) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            try:
                await self._tell(tallies)
            except Exception:  # noqa: BLE001 - logged, and the next time is another one
                _log.exception("the tally could not be told: a defect, please report it")

    async def _tell(self, tallies: Tallies) -> None:
        with contextlib.suppress(StoreUnavailable):  # the next time says it all
            await tallies.put(_encode(self._own.counts()))
