"""What is still to be done in one session, kept in Redis; see stores.pending.Pending."""

from collections.abc import Iterable

import msgspec

from fakeproviders.stores.base import Charge, Reserved, StoreUnavailable
from fakeproviders.stores.pending import Onward
from fakeproviders.stores.redis.asks import Keys, PendingAsk
from fakeproviders.stores.redis.client import Client


class _Kept(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A reservation, as much of it as another process needs to end it."""

    charge: Charge
    onward: Onward | None


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Kept).decode


def kept(charge: Charge, onward: Onward | None) -> bytes:
    """A reservation as Redis keeps it. A charge with a refusal is never reserved."""
    return _encode(_Kept(msgspec.structs.replace(charge, refusal=None), onward))


class RedisPending:
    """In ``fp:{s}:due``, ``fp:{s}:claims`` and ``fp:{s}:reserved``."""

    def __init__(self, client: Client, keys: Keys) -> None:
        self._client = client
        self._keys = keys

    async def due(self) -> list[tuple[str, float]]:
        found = await self._client.execute("ZRANGE", self._keys.due, 0, -1, "WITHSCORES")
        return [(thing.decode(), at) for thing, at in found]

    async def claim(
        self, thing: str, desk: str, gone: Iterable[str] = (), at: float | None = None
    ) -> str:
        ask = PendingAsk(thing=thing, desk=desk, gone=tuple(gone), at=at)
        holder: bytes = await self._client.run("claim", self._keys.all, ask)
        return holder.decode()

    async def done(self, thing: str, desk: str) -> None:
        ask = PendingAsk(thing=thing, desk=desk)
        try:
            await self._client.run("done", self._keys.all, ask)
        except StoreUnavailable:
            self._client.certainly("done", self._keys.all, ask)

    async def left_by(self, process: str) -> list[tuple[Reserved, Onward]]:
        held = await self._client.execute("HGETALL", self._keys.reserved)
        found = []
        for name, packed in held.items():
            reservation = name.decode()
            if reservation.rpartition("-")[0] == process:
                reserved = _decode(packed)
                if reserved.onward is not None:
                    found.append((Reserved(reserved.charge, reservation), reserved.onward))
        return found
