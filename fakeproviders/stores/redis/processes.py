"""The processes on one Redis: each says again and again that it lives.

{fp}:alive:<name>   string   there as long as the process of this name lives, and a little longer
{fp}:processes      set      the names of all, until nothing is left of those that are gone
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection

import msgspec

from fakeproviders.stores.base import StoreUnavailable
from fakeproviders.stores.pending import Due
from fakeproviders.stores.redis.client import Client
from fakeproviders.stores.redis.scripts import DUE_CHANNEL, IDLE_SECONDS

KNOWN = b"{fp}:processes"
ALIVE_SECONDS, BEAT_SECONDS = 5.0, 1.5
"""Real seconds that a sign of life lasts, and between two of them."""
GRACE_SECONDS = 3.0
"""How long no sign of life is seen before a process is taken for dead: Redis may have been away for all."""
_due = msgspec.msgpack.Decoder(Due).decode


class RedisProcesses:
    """See stores.pending.Processes. This process lives by its worker's name from the start on."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.name = client.worker
        """Of this process; its reservations begin with it."""
        self._names = {self.name}
        self._missed: dict[str, float] = {}
        """Names without a sign of life, and since when on the loop's clock."""
        self._beating: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Show a first sign of life, and from now on one after the other. Raises StoreUnavailable."""
        await self._beat()
        self._beating = asyncio.get_running_loop().create_task(self._beat_on())

    async def close(self) -> None:
        """Be gone at once."""
        if self._beating is None:
            return
        self._beating.cancel()
        await asyncio.gather(self._beating, return_exceptions=True)
        self._client.unwatch(DUE_CHANNEL.encode())
        with contextlib.suppress(StoreUnavailable):
            await self._client.execute("DEL", *(_alive(name) for name in self._names))

    async def live_as(self, name: str) -> None:
        self._names.add(name)
        await self._beat()

    async def known(self) -> set[str]:
        return {name.decode() for name in await self._client.execute("SMEMBERS", KNOWN)}

    async def gone(self, names: Collection[str]) -> set[str]:
        asked = sorted(names)
        if not asked:
            return set()
        signs = await self._client.execute("MGET", *(_alive(name) for name in asked))
        now = asyncio.get_running_loop().time()
        for name, sign in zip(asked, signs, strict=True):
            if sign is None:
                self._missed.setdefault(name, now)
            else:
                self._missed.pop(name, None)
        return {n for n in asked if n in self._missed and now - self._missed[n] >= GRACE_SECONDS}

    async def forget(self, name: str) -> None:
        await self._client.execute("SREM", KNOWN, name)
        self._missed.pop(name, None)

    def listen(self, heard: Callable[[Due | None], None]) -> None:
        def told(packed: bytes | None) -> None:
            if packed is None:
                self._missed.clear()  # Redis was away: others could not show that they live either
            heard(None if packed is None else _due(packed))

        self._client.watch(DUE_CHANNEL.encode(), told)

    async def _beat(self) -> None:
        life = int(ALIVE_SECONDS)
        await self._client.all(
            *(("SET", _alive(name), 1, "EX", life) for name in self._names),
            ("SADD", KNOWN, *self._names),
            ("EXPIRE", KNOWN, IDLE_SECONDS),
        )

    async def _beat_on(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            with contextlib.suppress(StoreUnavailable):
                await self._beat()


def _alive(name: str) -> bytes:
    return f"{{fp}}:alive:{name}".encode()
