"""The store in the process: plain counters and rings, nothing to install.

All steps are synchronous inside, and one event loop runs them: every commit is atomic by itself.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from itertools import count

from fakeproviders.arrivals import Arrivals
from fakeproviders.model import Message, Reply, Sent
from fakeproviders.ring import Ring
from fakeproviders.settings import Quotas
from fakeproviders.sharing.base import Alone
from fakeproviders.stores import refusals
from fakeproviders.stores.account import AccountCounters, DayCounters
from fakeproviders.stores.base import (
    INBOX_LIMIT,
    BucketUse,
    Charge,
    InboxEnds,
    MessageFilter,
    Reserved,
    once_each,
)
from fakeproviders.stores.messages import id_prefix, message_id, message_of, message_serial
from fakeproviders.stores.pending import Onward
from fakeproviders.stores.records import Record
from fakeproviders.stores.replies import Replies
from fakeproviders.stores.usage import fullest, usage
from fakeproviders.stores.windows import Windows, windows

_NO_LIMITS = (None, None, None)
_PENDING = ""
"""Stands for the message of an out_id whose send is reserved only."""


class MemorySession:
    """One session's state in memory; see SessionStore for what each method promises."""

    pending = None
    records = None

    def __init__(self, session_id: str, inbox_limit: int = INBOX_LIMIT) -> None:
        self._prefix = id_prefix(session_id)
        self._inbox: Ring[Message] = Ring(inbox_limit)
        self._replies = Replies(session_id)
        self._accounts: dict[str, AccountCounters] = {}
        self._arrivals = Arrivals()
        self._reservations = count()
        self._open: set[str] = set()
        """Reservations that are neither confirmed nor released."""

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

    async def issue_once(self, role: str, token: str, *, now: float, lifetime: float) -> None:
        once = self._account(role).once
        while once and next(iter(once.values())) <= now:
            del once[next(iter(once))]
        once[token] = now + lifetime

    async def token_valid(self, role: str, token: str, now: float) -> bool:
        return self._account(role).token_valid(token, now)

    def commit(self, charge: Charge, record: Record | None = None) -> Sent:
        del record  # its journal is this process's
        account = self._accounts.get(charge.role) or self._account(charge.role)
        self._take(account, charge)
        return self._send(account, charge)

    async def reserve(self, charge: Charge, onward: Onward | None = None) -> Reserved:
        del onward  # it dies with this process, and so does the reservation
        account = self._account(charge.role)
        self._take(account, charge)
        if charge.out_id:
            account.out_ids[charge.out_id] = _PENDING
        reserved = Reserved(charge, str(next(self._reservations)))
        self._open.add(reserved.id)
        return reserved

    async def confirm(self, reserved: Reserved) -> Sent | None:
        if reserved.id not in self._open:
            return None
        self._open.discard(reserved.id)
        return self._send(self._account(reserved.charge.role), reserved.charge)

    async def release(self, reserved: Reserved) -> None:
        if reserved.id not in self._open:
            return
        self._open.discard(reserved.id)
        charge = reserved.charge
        account = self._account(charge.role)
        if account.out_ids.get(charge.out_id) == _PENDING:
            del account.out_ids[charge.out_id]
        number = len(charge.drafts)
        counted = windows(charge.now)
        account.balance += charge.fee_each * number
        day = account.of_day(counted.day)
        day.take_back(charge.ip, number)
        rate = charge.quotas.account_per_second
        if rate is not None:
            account.bucket.take_back(number, rate, charge.now)
        for draft in charge.drafts:
            if draft.mobile in day.mobiles:
                day.mobiles[draft.mobile].take_back(counted)

    async def balance(self, role: str) -> int:
        return self._account(role).balance

    async def set_balance(self, role: str, amount: int) -> None:
        account = self._account(role)
        account.balance = account.start_balance = amount

    async def usage(self, role: str, quotas: Quotas, now: float) -> list[BucketUse]:
        return usage(self._account(role), quotas, now)

    async def fullest(self, role: str, quotas: Quotas, now: float) -> dict[str, float]:
        return await fullest(self._account(role), quotas, now)

    async def message(self, message_id: str) -> Message | None:
        serial = message_serial(self._prefix, message_id)
        message = None if serial is None else self._inbox.get(serial)
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

    async def latest_messages(
        self, wanted: MessageFilter, limit: int, before: int | None = None
    ) -> Sequence[Message]:
        found: list[Message] = []
        for serial, message in self._inbox.newest_first():
            if len(found) == limit:
                break
            if _wants(wanted, message) and (before is None or serial < before):
                found.append(message)
        return found

    async def add_reply(self, role: str, mobile: str, content: str, at: float) -> Reply:
        return self._replies.add(role, mobile, content, at)

    async def reply(self, reply_id: str) -> Reply | None:
        return self._replies.get(reply_id)

    async def fetch_replies(self, role: str, *, since: float | None, limit: int) -> list[Reply]:
        return self._replies.fetch(role, since=since, limit=limit)

    async def mark_read(self, role: str, reply_id: str) -> bool:
        return self._replies.mark_read(role, reply_id)

    async def latest_replies(self, wanted: MessageFilter, limit: int) -> Sequence[Reply]:
        return self._replies.latest(wanted, limit)

    async def inbox_ends(self) -> InboxEnds:
        return InboxEnds(self._inbox.first, self._inbox.next_serial, self._inbox.evicted)

    def close(self) -> None:
        """Let those go who wait for messages of a session that is over."""
        self._arrivals.close()

    async def clear(self) -> None:
        self._open.clear()
        self._inbox.clear()
        self._replies.clear()
        for account in self._accounts.values():
            account.clear()

    def _account(self, role: str) -> AccountCounters:
        account = self._accounts.get(role)
        if account is None:
            account = self._accounts[role] = AccountCounters()
        return account

    def _take(self, account: AccountCounters, charge: Charge) -> None:
        """Check everything, then charge everything."""
        if charge.token is not None and not account.token_valid(charge.token, charge.now):
            raise refusals.token_expired(charge)
        if charge.refusal is not None:
            raise charge.refusal
        once = charge.once or charge.out_id
        if once and once in account.out_ids:
            raise refusals.duplicate(charge, account.out_ids[once])
        now = windows(charge.now)
        day = account.day
        if day.number != now.day:
            day = account.turn_to(now.day)
        number = len(charge.drafts)
        self._check(account, day, charge, number, now)
        if charge.token is not None:
            account.once.pop(charge.token, None)
        account.balance -= charge.fee_each * number
        day.sends += number
        day.ips[charge.ip] = day.ips.get(charge.ip, 0) + number
        if charge.quotas.account_per_second is not None:
            account.bucket.add(number)
        for draft in charge.drafts:
            day.mobile(draft.mobile, now).count()

    def _check(
        self,
        account: AccountCounters,
        day: DayCounters,
        charge: Charge,
        number: int,
        now: Windows,
    ) -> None:
        quotas = charge.quotas
        rate = quotas.account_per_second
        if rate is not None and not account.bucket.fits(number, rate, charge.now):
            raise refusals.over_rate(account.bucket, rate, charge)
        if quotas.account_per_day is not None:
            self._limit("account_per_day", "", day.sends, number, charge)
        if quotas.ip_per_day is not None:
            self._limit("ip_per_day", charge.ip, day.ips.get(charge.ip, 0), number, charge)
        per_mobile = quotas.mobile_per_minute, quotas.mobile_per_hour, quotas.mobile_per_day
        if per_mobile != _NO_LIMITS:
            self._check_mobiles(day, charge, now)
        if account.balance < charge.fee_each * number:
            raise refusals.too_poor(charge, account.balance)

    def _check_mobiles(self, day: DayCounters, charge: Charge, now: Windows) -> None:
        demand: dict[str, int] = {}
        for draft in charge.drafts:
            demand[draft.mobile] = demand.get(draft.mobile, 0) + 1
        for mobile, number in demand.items():
            counters = day.mobile(mobile, now)
            self._limit("mobile_per_minute", mobile, counters.minute, number, charge)
            self._limit("mobile_per_hour", mobile, counters.hour, number, charge)
            self._limit("mobile_per_day", mobile, counters.day, number, charge)

    def _limit(self, bucket: str, key: str, used: int, more: int, charge: Charge) -> None:
        limit: int | None = getattr(charge.quotas, bucket)
        if limit is not None and used + more > limit:
            raise refusals.over(bucket, key, used, charge)

    def _send(self, account: AccountCounters, charge: Charge) -> Sent:
        ids: list[str] = []
        for draft in charge.drafts:
            ids.append(message_id(self._prefix, self._inbox.next_serial))
            message = message_of(charge, draft, ids[-1])
            for gone in self._inbox.append(message):
                self._forget_out_id(gone)
        if charge.once:
            account.out_ids[charge.once] = ids[0]
            account.out_ids.setdefault(charge.out_id, ids[0])
        elif charge.out_id:
            account.out_ids[charge.out_id] = ids[0]
        if self._arrivals.awaited is not None:
            self._arrivals.announce()
        return Sent(tuple(ids), charge.segments, charge.fee_each * len(ids), charge.send_at)

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


class MemoryStore:
    """All sessions in this process."""

    processes = None

    def __init__(self, inbox_limit: int = INBOX_LIMIT) -> None:
        self._sessions: dict[str, MemorySession] = {}
        self._inbox_limit = inbox_limit

    async def start(self) -> None:
        """Memory is always there."""

    def open(self, session_id: str) -> MemorySession:
        """The state of a session, empty when it is new."""
        return self._sessions.setdefault(session_id, MemorySession(session_id, self._inbox_limit))

    async def drop(self, session_id: str) -> None:
        """Forget a session's state."""
        dropped = self._sessions.pop(session_id, None)
        if dropped is not None:
            dropped.close()

    def let_go(self, session_id: str) -> None:
        """There is no other process."""

    def sharing(self) -> Alone:
        """There is no other process."""
        return Alone()

    def tallies(self, run: str) -> None:
        """There is no other process."""

    async def close(self) -> None:
        """Nothing to let go of."""

    async def ready(self) -> bool:
        """Memory always is."""
        return True


def _wants(wanted: MessageFilter, message: Message) -> bool:
    return message.listed and wanted.fits(message)
