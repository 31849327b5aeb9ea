"""日志管理-验证码日志: every request for a code, the limits that it is counted by, and what looks like abuse."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from fakeproviders.failures import Words, failure
from fakeproviders.panel.clock import Clock
from fakeproviders.panel.database import Database, Transaction
from fakeproviders.panel.declined import Declined, same
from fakeproviders.panel.messages import STOPPED
from fakeproviders.panel.settings import Settings

PENDING, SENT, REFUSED, FAILED, CAPTCHA = "pending", "sent", "refused", "failed", "captcha"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BURST_SECONDS, MANY_FOR_MOBILE, MANY_FROM_IP = 600, 5, 20
"""So many requests within this time of one another look like abuse."""
_COUNT = (
    "SELECT count(*) FROM codes WHERE tenant = ? AND mobile = ? AND result IN ('pending', 'sent')"
    " AND at > ? AND at <= ?"
)
_INSERT = (
    "INSERT INTO codes (tenant, at, event, mobile, ip, result, failure, text, digest, expires_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_SELECT = """
SELECT a.*,
    (SELECT count(*) FROM codes b WHERE b.tenant = a.tenant AND b.mobile = a.mobile
        AND b.at BETWEEN a.at - w.seconds AND a.at + w.seconds) AS for_mobile,
    (SELECT count(*) FROM codes b WHERE b.tenant = a.tenant AND b.ip = a.ip
        AND b.at BETWEEN a.at - w.seconds AND a.at + w.seconds) AS from_ip
FROM codes a, (SELECT ? AS seconds) w
WHERE a.tenant = ? AND a.mobile = coalesce(?, a.mobile) ORDER BY a.id DESC LIMIT ?
"""


class Asked(msgspec.Struct, frozen=True):
    """A request for a code."""

    event: str
    mobile: str
    ip: str


class CodeRow(msgspec.Struct, frozen=True):
    """One request of the log. ``suspicious`` says what about it looks like abuse."""

    id: int
    at: datetime
    event: str
    mobile: str
    ip: str
    result: str
    failure: str | None
    text: Words | None
    suspicious: list[Words]


class CodeLog:
    """One tenant's."""

    def __init__(self, database: Database, tenant: str, clock: Clock) -> None:
        self._database = database
        self._tenant = tenant
        self._clock = clock

    async def admit(
        self, asked: Asked, settings: Settings, *, digest: str, good_seconds: float
    ) -> int:
        """Count a request, unless a limit is reached: nobody comes between. Its number.

        Raises Declined with the guide's §6; then the refusal is in the log.
        """
        now = self._clock.shown(settings.time)
        at = now.timestamp()
        async with self._database.transaction() as transaction:
            if not await self._is_over(transaction, asked.mobile, settings, now):
                return await transaction.insert(
                    _INSERT, self._tenant, at, *_columns(asked), PENDING, None, None,
                    digest, at + good_seconds,
                )  # fmt: skip
            over = _over()
            await self._insert(transaction, asked, at, REFUSED, over)
        raise over

    async def refused(self, asked: Asked, declined: Declined, result: str = REFUSED) -> None:
        """A request that is not even counted."""
        at = (await self._clock.now()).timestamp()
        async with self._database.transaction() as transaction:
            await self._insert(transaction, asked, at, result, declined)

    async def sent(self, number: int) -> None:
        """The code of a counted request is on its way."""
        await self._database.change("UPDATE codes SET result = ? WHERE id = ?", SENT, number)

    async def failed(self, number: int, declined: Declined) -> None:
        """The code of a counted request was not sent; it does not count any more."""
        await self._database.change(
            "UPDATE codes SET result = ?, failure = ?, text = ? WHERE id = ?",
            FAILED, declined.failure, msgspec.json.encode(declined.words), number,
        )  # fmt: skip

    async def rows(self, mobile: str | None = None, limit: int = 100) -> list[CodeRow]:
        """The newest first."""
        found = await self._database.rows(_SELECT, BURST_SECONDS, self._tenant, mobile, limit)
        written = await self._clock.writer()
        return [_row(dict(row), written(row["at"])) for row in found]

    async def _insert(
        self, transaction: Transaction, asked: Asked, at: float, result: str, why: Declined
    ) -> None:
        await transaction.insert(
            _INSERT, self._tenant, at, *_columns(asked), result, why.failure,
            msgspec.json.encode(why.words), None, None,
        )  # fmt: skip

    async def _is_over(
        self, transaction: Transaction, mobile: str, settings: Settings, now: datetime
    ) -> bool:
        """Whether a limit is reached: of the last hour, or of the calendar day by the panel's clock."""
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        limits = (
            (settings.member.codes_per_hour, (now - HOUR).timestamp(), now.timestamp()),
            (settings.member.codes_per_day, midnight.timestamp() - 1e-6, (midnight + DAY).timestamp()),
        )  # fmt: skip
        for limit, after, until in limits:
            if limit is None:
                continue
            row = await transaction.row(_COUNT, self._tenant, mobile, after, until)
            if row is None or row[0] >= limit:
                return True
        return False


async def abandon(database: Database) -> None:
    """Whether the codes went that were on their way is unknown: they do not count."""
    await database.change(
        "UPDATE codes SET result = ?, text = ? WHERE result = ?",
        FAILED, msgspec.json.encode(STOPPED), PENDING,
    )  # fmt: skip


def _columns(asked: Asked) -> tuple[str, str, str]:
    return asked.event, asked.mobile, asked.ip


def _over() -> Declined:
    return Declined(same(failure("code_quota_exceeded").text), "code_quota_exceeded")


def _row(found: dict[str, Any], at: datetime) -> CodeRow:
    text = None if found["text"] is None else msgspec.json.decode(found["text"], type=Words)
    return CodeRow(
        id=found["id"], at=at, event=found["event"], mobile=found["mobile"], ip=found["ip"],
        result=found["result"], failure=found["failure"], text=text,
        suspicious=_suspicions(found["for_mobile"], found["from_ip"]),
    )  # fmt: skip


def _suspicions(for_mobile: int, from_ip: int) -> list[Words]:
    minutes = BURST_SECONDS // 60
    found = []
    if for_mobile >= MANY_FOR_MOBILE:
        found.append(
            Words(
                zh=f"疑似盗刷：前后 {minutes} 分钟内同一号码请求 {for_mobile} 次",
                en=f"looks like abuse: {for_mobile} requests for this mobile within {minutes} minutes",
            )
        )
    if from_ip >= MANY_FROM_IP:
        found.append(
            Words(
                zh=f"疑似盗刷：前后 {minutes} 分钟内同一 IP 请求 {from_ip} 次",
                en=f"looks like abuse: {from_ip} requests from this address within {minutes} minutes",
            )
        )
    return found
