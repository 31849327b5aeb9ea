"""``/api/receipts``: providers report what became of an SMS.

A receipt is proved by the account's secret. The first final status of an SMS stands: a repeated
receipt changes nothing, one that contradicts it is kept and shown.
"""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from fakeproviders.failures import Words
from fakeproviders.panel.clock import Clock
from fakeproviders.panel.database import Database, Transaction
from fakeproviders.panel.declined import not_found
from fakeproviders.panel.desk import SettingsDesk
from fakeproviders.panel.messages import settle
from fakeproviders.panel.proof import proved_by, unproved
from fakeproviders.panel.settings import Settings

APPLIED, REPEATED, CONTRADICTED = "applied", "repeated", "contradicted"
UNKNOWN, BAD_PROOF = "unknown_message", "bad_proof"
_FIND = """
SELECT id, receipt FROM messages
WHERE tenant = ? AND ((? <> '' AND out_id = ?) OR (? <> '' AND message_id = ?))
ORDER BY out_id = ? DESC LIMIT 1
"""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider posts; it may post more."""

    message_id: str
    mobile: str
    status: Literal["delivered", "undelivered"]
    error: str = ""
    time: str
    out_id: str = ""
    sign: str = ""


class ReceiptRow(msgspec.Struct, frozen=True):
    """A receipt that came, and what was made of it."""

    id: int
    at: datetime
    out_id: str
    message_id: str
    status: str
    error: str
    result: str


class Receipts:
    """One tenant's."""

    def __init__(self, database: Database, tenant: str, desk: SettingsDesk, clock: Clock) -> None:
        self._database = database
        self._tenant = tenant
        self._desk = desk
        self._clock = clock

    async def take(self, receipt: Receipt, fields: Mapping[str, object]) -> str:
        """Take a receipt; what was made of it. ``fields`` are all that it came with.

        Raises Declined for a wrong proof, and for an SMS that is not ours.
        """
        settings = await self._desk.all_saved()
        at = self._clock.shown(settings.time).timestamp()
        async with self._database.transaction() as transaction:
            row = await self._find(transaction, receipt)
            result = _result(row, receipt, fields, settings)
            if row is not None and result != BAD_PROOF:
                await _apply(transaction, row["id"], receipt, result, at)
            await transaction.insert(
                "INSERT INTO receipts (tenant, at, out_id, message_id, status, error, result)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                self._tenant, at, receipt.out_id, receipt.message_id, receipt.status,
                receipt.error, result,
            )  # fmt: skip
        if result == BAD_PROOF:
            raise unproved()
        if result == UNKNOWN:
            raise not_found(Words(zh="没有这条短信", en="there is no such message"))
        return result

    async def entries(self, limit: int = 100) -> list[ReceiptRow]:
        """The newest first."""
        rows = await self._database.rows(
            "SELECT id, at, out_id, message_id, status, error, result FROM receipts"
            " WHERE tenant = ? ORDER BY id DESC LIMIT ?",
            self._tenant, limit,
        )  # fmt: skip
        written = await self._clock.writer()
        return [ReceiptRow(**{**dict(row), "at": written(row["at"])}) for row in rows]

    async def _find(self, transaction: Transaction, receipt: Receipt) -> sqlite3.Row | None:
        out_id, message_id = receipt.out_id, receipt.message_id
        return await transaction.row(
            _FIND, self._tenant, out_id, out_id, message_id, message_id, out_id
        )


def _result(
    row: sqlite3.Row | None, receipt: Receipt, fields: Mapping[str, object], settings: Settings
) -> str:
    # By which channel an SMS went is written down only after its reply, which a receipt may overtake.
    if proved_by(fields, receipt.sign, settings) is None:
        return BAD_PROOF
    if row is None:
        return UNKNOWN
    if row["receipt"] == "submitted":
        return APPLIED
    return REPEATED if row["receipt"] == receipt.status else CONTRADICTED


async def _apply(
    transaction: Transaction, number: int, receipt: Receipt, result: str, at: float
) -> None:
    await transaction.change(
        "UPDATE messages SET receipts = receipts + 1, contradicted = max(contradicted, ?) WHERE id = ?",
        result == CONTRADICTED, number,
    )  # fmt: skip
    if result == APPLIED:
        await settle(transaction, number, receipt.status, receipt.error, at)
