"""How often fault rules matched and acted, counted in Redis; see faults.counts.SharedCounts."""

from fakeproviders.faults.counts import Counts, Limits
from fakeproviders.stores.redis.asks import Keys, MatchAsk
from fakeproviders.stores.redis.client import Client

FIRED = b"{fp}:fired"
"""The channel that tells of each act: session and rule."""


class RedisCounts:
    """One session's rules."""

    def __init__(self, client: Client, session_id: str) -> None:
        self._client = client
        self._session_id = session_id
        self._keys = Keys(session_id, client.worker)

    async def match(self, rule_id: str, limits: Limits, value: str | None) -> int | None:
        return await self._count(rule_id, limits, value, fires=False)

    async def fire(self, rule_id: str, limits: Limits, value: str | None) -> bool:
        return await self._count(rule_id, limits, value, fires=True) is not None

    async def read(self) -> dict[str, Counts]:
        counted = await self._client.execute("HGETALL", self._keys.faults)
        found: dict[str, Counts] = {}
        for name, number in counted.items():
            rule_id, _, what = name.decode().partition(".")
            what, per, value = what.partition("/")
            counts = found.setdefault(rule_id, Counts())
            if per:
                counts.by_value.setdefault(value, [0, 0])[what == "fired"] = int(number)
            else:
                setattr(counts, what, int(number))
        return found

    async def _count(
        self, rule_id: str, limits: Limits, value: str | None, *, fires: bool
    ) -> int | None:
        ask = MatchAsk(
            rule=rule_id,
            value=value,
            limits=limits,
            fires=fires,
            channel=FIRED.decode(),
            told=f"{self._session_id}/{rule_id}",
        )
        reply = await self._client.run("match", self._keys.all, ask)
        return reply[0] if reply else None
