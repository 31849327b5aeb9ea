"""What people answer to an SMS: the providers pass it on to ``/api/receipts``, under an id of its own."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from fakeproviders.panel.clock import Clock
from fakeproviders.panel.database import Database
from fakeproviders.panel.desk import SettingsDesk
from fakeproviders.panel.proof import proved_by, unproved
from fakeproviders.panel.receipts import APPLIED, REPEATED


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider posts; it may post more."""

    reply_id: str
    mobile: str
    content: str
    time: str
    sign: str = ""


class ReplyRow(msgspec.Struct, frozen=True):
    """A person's answer. ``channel`` is the one whose secret proved it."""

    id: int
    at: datetime
    channel: str
    reply_id: str
    mobile: str
    content: str


class Replies:
    """One tenant's."""

    def __init__(self, database: Database, tenant: str, desk: SettingsDesk, clock: Clock) -> None:
        self._database = database
        self._tenant = tenant
        self._desk = desk
        self._clock = clock

    async def take(self, reply: Reply, fields: Mapping[str, object]) -> str:
        """Take a reply; whether it is new. ``fields`` are all that it came with.

        Raises Declined for a wrong proof.
        """
        settings = await self._desk.all_saved()
        channel = proved_by(fields, reply.sign, settings)
        if channel is None:
            raise unproved()
        added = await self._database.change(
            "INSERT OR IGNORE INTO replies (tenant, at, channel, reply_id, mobile, content)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            self._tenant, self._clock.shown(settings.time).timestamp(), channel,
            reply.reply_id, reply.mobile, reply.content,
        )  # fmt: skip
        return APPLIED if added else REPEATED

    async def entries(self, mobile: str | None = None, limit: int = 100) -> list[ReplyRow]:
        """The newest first."""
        rows = await self._database.rows(
            "SELECT id, at, channel, reply_id, mobile, content FROM replies"
            " WHERE tenant = ? AND (? IS NULL OR mobile = ?) ORDER BY id DESC LIMIT ?",
            self._tenant, mobile, mobile, limit,
        )  # fmt: skip
        written = await self._clock.writer()
        return [ReplyRow(**{**dict(row), "at": written(row["at"])}) for row in rows]
