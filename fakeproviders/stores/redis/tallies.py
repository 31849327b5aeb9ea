"""The tallies of one server's processes: ``{fp}:tally:<run>``, a hash by the processes' names."""

from fakeproviders.stores.redis.client import Client

IDLE_SECONDS = 86_400
"""After which the tallies of a server that has ended are forgotten."""


class RedisTallies:
    """See stores.tallies.Tallies."""

    def __init__(self, client: Client, run: str) -> None:
        self._client = client
        self._key = f"{{fp}}:tally:{run}"

    async def put(self, packed: bytes) -> None:
        await self._client.all(
            ("HSET", self._key, self._client.worker, packed), ("EXPIRE", self._key, IDLE_SECONDS)
        )

    async def others(self) -> list[bytes]:
        kept = await self._client.execute("HGETALL", self._key)
        return [packed for name, packed in kept.items() if name.decode() != self._client.worker]
