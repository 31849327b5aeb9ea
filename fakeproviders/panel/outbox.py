"""The local outbox: mail, in-site messages and WeChat notices, which go nowhere else."""

from datetime import datetime
from typing import Literal, get_args

import msgspec

from fakeproviders.arrivals import Arrivals
from fakeproviders.panel.clock import Clock
from fakeproviders.panel.database import Database

Kind = Literal["mail", "site", "wechat"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_SELECT = (
    "SELECT id, at, kind, event, recipient, title, body FROM outbox WHERE tenant = ? AND id > ?"
    " AND (? IS NULL OR kind = ?) AND (? IS NULL OR recipient = ?) ORDER BY id {order} LIMIT ?"
)


class Letter(msgspec.Struct, frozen=True):
    """One of them."""

    id: int
    at: datetime
    kind: str
    event: str
    recipient: str
    title: str
    body: str


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which letters: of a kind, to a recipient, after an id the oldest ``limit``, else the newest."""

    kind: str | None = None
    recipient: str | None = None
    after: int | None = None
    limit: int = 100


ALL = Wanted()


class Counter:
    """Counts the letters of all tenants, for those who wait for another one."""

    def __init__(self) -> None:
        self.count = 0
        self._arrivals = Arrivals()

    def add(self) -> None:
        """One more."""
        self.count += 1
        self._arrivals.announce()

    async def another(self, seen: int, seconds: float) -> bool:
        """Wait until there are others than those ``seen``; False when the seconds are over."""
        return await self._arrivals.wait_until(lambda: self.count != seen, seconds)


class Outbox:
    """One tenant's."""

    def __init__(self, database: Database, tenant: str, clock: Clock, counter: Counter) -> None:
        self._database = database
        self._tenant = tenant
        self._clock = clock
        self._counter = counter

    async def put(self, kind: str, event: str, recipient: str, title: str, body: str) -> None:
        """Send one off, as far as it goes."""
        at = (await self._clock.now()).timestamp()
        await self._database.change(
            "INSERT INTO outbox (tenant, at, kind, event, recipient, title, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            self._tenant, at, kind, event, recipient, title, body,
        )  # fmt: skip
        self._counter.add()

    async def entries(self, wanted: Wanted = ALL) -> list[Letter]:
        """Those wanted, the newest first; the oldest first where it is those after one."""
        order = "DESC" if wanted.after is None else "ASC"
        rows = await self._database.rows(
            _SELECT.format(order=order),
            self._tenant, wanted.after or 0, wanted.kind, wanted.kind,
            wanted.recipient, wanted.recipient, wanted.limit,
        )  # fmt: skip
        if not rows:
            return []
        written = await self._clock.writer()
        return [Letter(**{**dict(row), "at": written(row["at"])}) for row in rows]
