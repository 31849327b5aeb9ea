"""The store in the process: plain counters and rings, nothing to install.

All steps are synchronous inside, and one event loop runs them: every commit is atomic by itself.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from math import ceil
from zlib import crc32

from fakeproviders.arrivals import Arrivals
from fakeproviders.failures import Reason
from fakeproviders.model import Message, Refusal, Sent
from fakeproviders.ring import Ring
from fakeproviders.settings import Quotas
from fakeproviders.stores.account import AccountCounters
from fakeproviders.stores.base import BucketUse, Charge, MessageFilter, once_each
from fakeproviders.stores.windows import (
    BUCKETS,
    DAY,
    HOUR,
    MINUTE,
    SECONDS,
    Counter,
    MobileCounters,
    window,
    window_end,
)

INBOX_LIMIT = 100_000
_PENDING = ""
"""Stands for the message of an out_id whose send is reserved only."""


class MemorySession:
    """One session's state in memory; see SessionStore for what each method promises."""

    def __init__(self, session_id: str, inbox_limit: int = INBOX_LIMIT) -> None:
        self._prefix = _digits(session_id)
        self._inbox: Ring[Message] = Ring(inbox_limit)
        self._accounts: dict[str, AccountCounters] = {}
        self._arrivals = Arrivals()
        self._era = 0

    async def issue_token(
        self, role: str, token: str, *, now: float, lifetime: float, grace: float
    ) -> None:
        tokens = self._account(role).tokens
        for old, ends in list(tokens.items()):
            if ends <= now:
                del tokens[old]
            else:
                tokens[old] = min(ends, now + grace)
        tokens[token] = now + lifetime

    async def token_valid(self, role: str, token: str, now: float) -> bool:
        return self._account(role).tokens.get(token, now) > now

    async def commit(self, charge: Charge) -> Sent:
        account = self._account(charge.role)
        self._take(account, charge)
        return self._send(account, charge)

    async def reserve(self, charge: Charge) -> None:
        account = self._account(charge.role)
        self._take(account, charge)
        if charge.out_id:
            account.out_ids[charge.out_id] = _PENDING

    async def confirm(self, charge: Charge) -> Sent:
        return self._send(self._account(charge.role), charge)

    async def release(self, charge: Charge) -> None:
        account = self._account(charge.role)
        if account.out_ids.get(charge.out_id) == _PENDING:
            del account.out_ids[charge.out_id]
        number = len(charge.drafts)
        day = window(charge.now, DAY)
        account.balance += charge.fee_each * number
        account.day.take_back(day, number)
        account.ips.get(charge.ip, Counter()).take_back(day, number)
        rate = charge.quotas.account_per_second
        if rate is not None:
            account.bucket.take_back(number, rate, charge.now)
        for draft in charge.drafts:
            _take_back(account.mobiles.get(draft.mobile), charge.now)

    async def balance(self, role: str) -> int:
        return self._account(role).balance

    async def set_balance(self, role: str, amount: int) -> None:
        account = self._account(role)
        account.balance = account.start_balance = amount

    async def usage(self, role: str, quotas: Quotas, now: float) -> list[BucketUse]:
        account = self._account(role)
        uses = [
            BucketUse(
                bucket=bucket,
                key=key,
                used=used,
                limit=getattr(quotas, bucket),
                window=BUCKETS[bucket][0],
                resets_at=self._resets_at(account, quotas, bucket, now),
            )
            for bucket in BUCKETS
            for key, used in self._used(account, quotas, bucket, now)
        ]
        return [use for use in uses if use.used or (use.limit is not None and not use.key)]

    async def message(self, message_id: str) -> Message | None:
        if not message_id.startswith(self._prefix):
            return None
        serial = message_id[len(self._prefix) :]
        if len(serial) > 18 or not (serial.isascii() and serial.isdigit()):
            return None
        message = self._inbox.get(int(serial))
        return message if message is not None and message.id == message_id else None

    async def message_by_out_id(self, role: str, out_id: str) -> Message | None:
        message_id = self._account(role).out_ids.get(out_id)
        return await self.message(message_id) if message_id else None

    async def set_status(self, message_id: str, status: str, error: str, at: float) -> bool:
        message = await self.message(message_id)
        if message is None:
            return False
        message.status, message.error = status, error
        message.done_at = None if status == "submitted" else at
        message.due_at = None
        return True

    async def messages(
        self, wanted: MessageFilter, *, after: int, limit: int, wait: float
    ) -> tuple[Sequence[Message], int]:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait
        while True:
            found, after = self._scan(wanted, after, limit)
            left = deadline - loop.time()
            if found or not await self._arrivals.wait_until(partial(self._has, after), left):
                return found, after

    async def latest_messages(self, wanted: MessageFilter, limit: int) -> Sequence[Message]:
        found: list[Message] = []
        for _, message in self._inbox.newest_first():
            if len(found) == limit:
                break
            if _wants(wanted, message):
                found.append(message)
        return found

    @property
    def next_message(self) -> int:
        return self._inbox.next_serial

    @property
    def oldest_message(self) -> int:
        return self._inbox.first

    @property
    def messages_evicted(self) -> int:
        return self._inbox.evicted

    def close(self) -> None:
        """Let those go who wait for messages of a session that is over."""
        self._arrivals.close()

    @property
    def era(self) -> int:
        return self._era

    async def clear(self) -> None:
        self._era += 1
        self._inbox.clear()
        for account in self._accounts.values():
            account.clear()

    def _account(self, role: str) -> AccountCounters:
        account = self._accounts.get(role)
        if account is None:
            account = self._accounts[role] = AccountCounters()
        return account

    def _take(self, account: AccountCounters, charge: Charge) -> None:
        """Check everything, then charge everything."""
        if charge.token is not None and account.tokens.get(charge.token, charge.now) <= charge.now:
            raise Refusal(Reason.TOKEN_EXPIRED, token=charge.token)
        if charge.refusal is not None:
            raise charge.refusal
        once = charge.once or charge.out_id
        if once and once in account.out_ids:
            earlier = account.out_ids[once]
            raise Refusal(Reason.DUPLICATE_REQUEST, out_id=charge.out_id, earlier=earlier)
        account.sweep(charge.now)
        number = len(charge.drafts)
        self._check(account, charge, number)
        day = window(charge.now, DAY)
        account.balance -= charge.fee_each * number
        account.day.add(day, number)
        account.ip(charge.ip).add(day, number)
        if charge.quotas.account_per_second is not None:
            account.bucket.add(number)
        for draft in charge.drafts:
            counters = account.mobile(draft.mobile, charge.now)
            counters.minute += 1
            counters.hour += 1
            counters.day += 1

    def _check(self, account: AccountCounters, charge: Charge, number: int) -> None:
        quotas, now = charge.quotas, charge.now
        rate = quotas.account_per_second
        if rate is not None and not account.bucket.fits(number, rate, now):
            resets_at = account.bucket.resets_at(rate, now)
            self._over("account_per_second", "", ceil(account.bucket.used), rate, resets_at)
        today = window(now, DAY)
        self._limit("account_per_day", "", account.day.used(today), number, charge)
        ip = account.ips.get(charge.ip)
        self._limit("ip_per_day", charge.ip, ip.used(today) if ip else 0, number, charge)
        if quotas.limits_mobiles:
            self._check_mobiles(account, charge)
        if account.balance < charge.fee_each * number:
            raise Refusal(
                Reason.BALANCE_INSUFFICIENT,
                balance=account.balance,
                fee=charge.fee_each * number,
            )

    def _check_mobiles(self, account: AccountCounters, charge: Charge) -> None:
        demand: dict[str, int] = {}
        for draft in charge.drafts:
            demand[draft.mobile] = demand.get(draft.mobile, 0) + 1
        for mobile, number in demand.items():
            counters = account.mobile(mobile, charge.now)
            self._limit("mobile_per_minute", mobile, counters.minute, number, charge)
            self._limit("mobile_per_hour", mobile, counters.hour, number, charge)
            self._limit("mobile_per_day", mobile, counters.day, number, charge)

    def _limit(self, bucket: str, key: str, used: int, more: int, charge: Charge) -> None:
        limit: int | None = getattr(charge.quotas, bucket)
        if limit is not None and used + more > limit:
            ends = window_end(charge.now, SECONDS[BUCKETS[bucket][0]])
            self._over(bucket, key, used, limit, ends)

    @staticmethod
    def _over(bucket: str, key: str, used: int, limit: int, resets_at: float) -> None:
        raise Refusal(
            BUCKETS[bucket][1], bucket, bucket=bucket, key=key, used=used, limit=limit,
            resets_at=resets_at,
        )  # fmt: skip

    def _send(self, account: AccountCounters, charge: Charge) -> Sent:
        ids = []
        due_at = charge.receipts.due_at(charge.now)
        for draft in charge.drafts:
            message_id = f"{self._prefix}{self._inbox.next_serial:09d}"
            message = Message(
                id=message_id,
                provider=charge.role,
                mobile=draft.mobile,
                content=draft.content,
                at=charge.now,
                signature=draft.signature,
                template_id=draft.template_id,
                out_id=charge.out_id,
                segments=charge.segments,
                fee=charge.fee_each,
                listed=charge.listed,
                due_at=due_at,
                fate=charge.receipts.status,
                fate_error=charge.receipts.error,
            )
            for gone in self._inbox.append(message):
                self._forget_out_id(gone)
            ids.append(message_id)
        if charge.once:
            account.out_ids[charge.once] = ids[0]
            account.out_ids.setdefault(charge.out_id, ids[0])
        elif charge.out_id:
            account.out_ids[charge.out_id] = ids[0]
        self._arrivals.announce()
        return Sent(tuple(ids), charge.segments, charge.fee_each * len(ids))

    def _forget_out_id(self, message: Message) -> None:
        out_ids = self._account(message.provider).out_ids
        if message.out_id:
            for key in (message.out_id, once_each(message.out_id, message.mobile)):
                if out_ids.get(key) == message.id:
                    del out_ids[key]

    def _has(self, serial: int) -> bool:
        return self._inbox.next_serial > serial

    def _scan(self, wanted: MessageFilter, after: int, limit: int) -> tuple[list[Message], int]:
        found: list[Message] = []
        for serial, message in self._inbox.since(after):
            if len(found) == limit:
                return found, serial
            if _wants(wanted, message):
                found.append(message)
        return found, self._inbox.next_serial

    @staticmethod
    def _used(
        account: AccountCounters, quotas: Quotas, bucket: str, now: float
    ) -> list[tuple[str, int]]:
        today = window(now, DAY)
        if bucket == "account_per_second":
            rate = quotas.account_per_second
            return [("", 0 if rate is None else round(account.bucket.look(rate, now)))]
        if bucket == "account_per_day":
            return [("", account.day.used(today))]
        if bucket == "ip_per_day":
            return [(ip, counter.used(today)) for ip, counter in account.ips.items()]
        name = BUCKETS[bucket][0]
        return [(m, getattr(account.mobile(m, now), name)) for m in list(account.mobiles)]

    @staticmethod
    def _resets_at(account: AccountCounters, quotas: Quotas, bucket: str, now: float) -> float:
        if bucket == "account_per_second":
            rate = quotas.account_per_second
            return now if rate is None else account.bucket.resets_at(rate, now)
        return window_end(now, SECONDS[BUCKETS[bucket][0]])


class MemoryStore:
    """All sessions in this process."""

    def __init__(self, inbox_limit: int = INBOX_LIMIT) -> None:
        self._sessions: dict[str, MemorySession] = {}
        self._inbox_limit = inbox_limit

    def open(self, session_id: str) -> MemorySession:
        """The state of a session, empty when it is new."""
        return self._sessions.setdefault(session_id, MemorySession(session_id, self._inbox_limit))

    async def drop(self, session_id: str) -> None:
        """Forget a session's state."""
        dropped = self._sessions.pop(session_id, None)
        if dropped is not None:
            dropped.close()

    async def close(self) -> None:
        """Nothing to let go of."""

    async def ready(self) -> bool:
        """Memory always is."""
        return True


def _wants(wanted: MessageFilter, message: Message) -> bool:
    return (
        message.listed
        and (not wanted.mobile or message.mobile == wanted.mobile)
        and (not wanted.provider or message.provider == wanted.provider)
    )


def _take_back(counters: MobileCounters | None, now: float) -> None:
    if counters is None:
        return
    if counters.minute_no == window(now, MINUTE):
        counters.minute = max(0, counters.minute - 1)
    if counters.hour_no == window(now, HOUR):
        counters.hour = max(0, counters.hour - 1)
    if counters.day_no == window(now, DAY):
        counters.day = max(0, counters.day - 1)


def _digits(session_id: str) -> str:
    """Six digits by which a message id tells sessions apart for a person who looks."""
    return f"{crc32(session_id.encode()) % 1_000_000:06d}"
