"""What the panel has sent: one record an SMS, written before its first attempt."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from fakeproviders.failures import Words
from fakeproviders.panel.channels import Order
from fakeproviders.panel.clock import Clock
from fakeproviders.panel.database import Database, Transaction
from fakeproviders.panel.findings import Finding
from fakeproviders.panel.settings import Channel

SENDING, SENT, FAILED, UNKNOWN = "sending", "sent", "failed", "unknown"
STOPPED = Words(
    zh="发送途中服务已停止，结果未知",
    en="the server stopped during the send, so its outcome is unknown",
)


class Attempt(msgspec.Struct, frozen=True):
    """One request that was made for an SMS, or could not be."""

    channel: str
    accepted: bool
    failure: str | None = None
    error: Words | None = None


class MessageRow(msgspec.Struct, frozen=True):
    """One SMS, and what is known of it. ``receipt`` is what the network reported."""

    out_id: str
    at: datetime
    event: str
    mobile: str
    channel: str
    content: str
    status: str
    message_id: str
    error: Words | None
    failure: str | None
    attempts: list[Attempt]
    receipt: str
    receipt_error: str
    receipt_at: datetime | None
    receipts: int
    contradicted: bool


class Waiting(msgspec.Struct, frozen=True):
    """An SMS that was accepted by this channel, and of which nothing final is known."""

    id: int
    out_id: str
    channel: Channel


class Messages:
    """One tenant's records."""

    def __init__(self, database: Database, tenant: str, clock: Clock) -> None:
        self._database = database
        self._tenant = tenant
        self._clock = clock

    async def begin(self, order: Order, channel: str, content: str, at: float) -> None:
        """An SMS is about to be sent."""
        await self._database.change(
            "INSERT INTO messages (tenant, out_id, at, event, mobile, channel, content)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            self._tenant, order.out_id, at, order.event, order.mobile, channel, content,
        )  # fmt: skip

    async def sent(
        self, order: Order, channel: str, message_id: str, attempts: Sequence[Attempt]
    ) -> None:
        """It was accepted, by this channel."""
        await self._database.change(
            "UPDATE messages SET status = ?, channel = ?, message_id = ?, attempts = ?"
            " WHERE tenant = ? AND out_id = ?",
            SENT, channel, message_id, msgspec.json.encode(attempts), self._tenant, order.out_id,
        )  # fmt: skip

    async def failed(self, order: Order, finding: Finding, attempts: Sequence[Attempt]) -> None:
        """It was not sent, or nobody can tell."""
        await self._database.change(
            "UPDATE messages SET status = ?, error = ?, failure = ?, attempts = ?"
            " WHERE tenant = ? AND out_id = ?",
            UNKNOWN if finding.unsure else FAILED, msgspec.json.encode(finding.shown),
            finding.failure, msgspec.json.encode(attempts), self._tenant, order.out_id,
        )  # fmt: skip

    async def rows(self, mobile: str | None = None, limit: int = 100) -> list[MessageRow]:
        """The newest first."""
        found = await self._database.rows(
            "SELECT * FROM messages WHERE tenant = ? AND (? IS NULL OR mobile = ?)"
            " ORDER BY id DESC LIMIT ?",
            self._tenant, mobile, mobile, limit,
        )  # fmt: skip
        written = await self._clock.writer()
        return [_row(dict(row), written) for row in found]

    async def waiting(self, limit: int) -> list[Waiting]:
        """The newest of those that were accepted and of which nothing final is known."""
        found = await self._database.rows(
            "SELECT id, out_id, channel FROM messages"
            " WHERE tenant = ? AND status = ? AND receipt = 'submitted' ORDER BY id DESC LIMIT ?",
            self._tenant, SENT, limit,
        )  # fmt: skip
        return [Waiting(row["id"], row["out_id"], row["channel"]) for row in found]

    async def reported(self, message: Waiting, status: str, error: str, at: float) -> None:
        """A provider was asked, and said what became of it."""
        async with self._database.transaction() as transaction:
            await settle(transaction, message.id, status, error, at)


async def abandon(database: Database) -> None:
    """Nobody waits any more for the answers that are still to come: whether those SMS went is unknown."""
    await database.change(
        "UPDATE messages SET status = ?, error = ? WHERE status = ?",
        UNKNOWN, msgspec.json.encode(STOPPED), SENDING,
    )  # fmt: skip


async def settle(transaction: Transaction, number: int, status: str, error: str, at: float) -> None:
    """An SMS becomes final; the first final status stands."""
    await transaction.change(
        "UPDATE messages SET receipt = ?, receipt_error = ?, receipt_at = ?"
        " WHERE id = ? AND receipt = 'submitted'",
        status, error, at, number,
    )  # fmt: skip


def _row(found: dict[str, Any], written: Callable[[float], datetime]) -> MessageRow:
    error, receipt_at = found["error"], found["receipt_at"]
    found |= {
        "at": written(found["at"]),
        "receipt_at": None if receipt_at is None else written(receipt_at),
        "error": None if error is None else msgspec.json.decode(error, type=Words),
        "attempts": msgspec.json.decode(found["attempts"], type=list[Attempt]),
        "contradicted": bool(found["contradicted"]),
    }
    return MessageRow(**{name: found[name] for name in MessageRow.__struct_fields__})
