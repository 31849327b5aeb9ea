"""One session's state in Redis; see SessionStore for what each method promises."""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import msgspec

from fakeproviders.arrivals import Arrivals
from fakeproviders.model import Message, Sent
from fakeproviders.settings import AMPLE_BALANCE, Quotas
from fakeproviders.stores.base import (
    BucketUse,
    Charge,
    InboxEnds,
    MessageFilter,
    Reserved,
    StoreUnavailable,
)
from fakeproviders.stores.messages import id_prefix, message_id, message_of, message_serial
from fakeproviders.stores.pending import Onward
from fakeproviders.stores.records import Record
from fakeproviders.stores.redis.asks import (
    BalanceAsk,
    ChargeAsk,
    ClearAsk,
    Keys,
    MessagesAsk,
    StatusAsk,
    TokenAsk,
    charged,
    day_of,
)
from fakeproviders.stores.redis.client import Client, Unanswered
from fakeproviders.stores.redis.commits import Commits, Sending
from fakeproviders.stores.redis.counters import read_counters, scan_counters
from fakeproviders.stores.redis.outcomes import refusal
from fakeproviders.stores.redis.pending import RedisPending, kept
from fakeproviders.stores.redis.records import RedisRecords
from fakeproviders.stores.redis.replies import RedisReplies
from fakeproviders.stores.redis.scripts import IDLE_SECONDS
from fakeproviders.stores.usage import fullest, usage

_AT_ONCE = 200
"""Messages that are fetched in one go, so that Redis is not held up."""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Message).decode


class RedisSession(RedisReplies):
    """What it was told is in Redis when a method returns; between two calls it knows nothing."""

    def __init__(self, session_id: str, client: Client, inbox_limit: int) -> None:
        super().__init__(session_id, client, Keys(session_id, client.worker))
        self.pending = RedisPending(client, self._keys)
        self.records = RedisRecords(client, self._keys)
        self._commits = Commits(client, self._keys, self._ask)
        self._prefix = id_prefix(session_id)
        self._inbox_limit = inbox_limit
        self._reservations = count()
        self._arrivals = Arrivals()
        self._heard = 0
        """How often it was told that there are messages, or that there may be."""
        self._waiting = 0

    async def issue_token(
        self, role: str, token: str, *, now: float, lifetime: float, grace: float
    ) -> None:
        ask = TokenAsk(role=role, token=token, now=now, lifetime=lifetime, grace=grace)
        await self._client.run("issue_token", self._keys.all, ask)

    async def issue_once(self, role: str, token: str, *, now: float, lifetime: float) -> None:
        ask = TokenAsk(role=role, token=token, now=now, lifetime=lifetime)
        await self._client.run("issue_once", self._keys.all, ask)

    async def token_valid(self, role: str, token: str, now: float) -> bool:
        known = f"{role}/{token}"
        lasting, once = await self._client.all(
            ("ZSCORE", self._keys.tokens, known), ("ZSCORE", self._keys.once, known)
        )
        ends = lasting or once
        return ends is not None and float(ends) > now

    async def commit(self, charge: Charge, record: Record | None = None) -> Sent:
        request = None if record is None else record.packed()
        sending = self._commits.send(charge, _bodies(charge), request)
        try:
            serial, *reply = await sending.answer
        except Unanswered:
            self._undo(charge, sending, record)
            raise
        if record is not None:
            record.serial = int(serial)
        return self._sent(charge, reply)

    async def reserve(self, charge: Charge, onward: Onward | None = None) -> Reserved:
        reserved = Reserved(charge, f"{self._client.worker}-{next(self._reservations)}")
        ask, keys = self._ask_one(charge, reserved.id), self._keys.of_day(charge)
        try:
            reply = await self._client.run("reserve", keys, ask, kept(charge, onward))
        except Unanswered:
            self._client.certainly("release", keys, ask)
            raise
        if reply[0] != b"reserved":
            raise refusal(charge, reply)
        return reserved

    async def confirm(self, reserved: Reserved) -> Sent | None:
        charge = reserved.charge
        ask, keys = self._ask_one(charge, reserved.id), self._keys.of_day(charge)
        bodies = _bodies(charge)
        try:
            reply = await self._client.run("confirm", keys, ask, *bodies)
        except StoreUnavailable:
            self._client.certainly("confirm", keys, ask, *bodies)
            raise
        return None if reply[0] == b"void" else self._sent(charge, reply)

    async def release(self, reserved: Reserved) -> None:
        ask, keys = self._ask_one(reserved.charge, reserved.id), self._keys.of_day(reserved.charge)
        try:
            await self._client.run("release", keys, ask)
        except StoreUnavailable:
            self._client.certainly("release", keys, ask)

    async def balance(self, role: str) -> int:
        amount = await self._client.execute("HGET", self._keys.state, f"{role}.balance")
        return AMPLE_BALANCE if amount is None else int(amount)

    async def set_balance(self, role: str, amount: int) -> None:
        ask = BalanceAsk(role=role, amount=amount)
        await self._client.run("set_balance", self._keys.all, ask)

    async def usage(self, role: str, quotas: Quotas, now: float) -> list[BucketUse]:
        return usage(await read_counters(self._client, self._keys, role, now), quotas, now)

    async def fullest(self, role: str, quotas: Quotas, now: float) -> dict[str, float]:
        counters = await scan_counters(self._client, self._keys, role, now)
        return await fullest(counters, quotas, now)

    async def message(self, message_id: str) -> Message | None:
        serial = message_serial(self._prefix, message_id)
        if serial is None:
            return None
        packed = await self._client.execute("HGET", self._keys.inbox, str(serial))
        message = self._message(serial, packed)
        return message if message is not None and message.id == message_id else None

    async def message_by_out_id(self, role: str, out_id: str) -> Message | None:
        found = await self._client.execute("HGET", self._keys.inbox, f"{role}/{out_id}")
        return await self.message(found.decode()) if found else None

    async def set_status(self, message_id: str, status: str, error: str, at: float) -> bool:
        serial = message_serial(self._prefix, message_id)
        if serial is None:
            return False
        done_at = None if status == "submitted" else at
        ask = StatusAsk(serial=serial, status=status, error=error, done_at=done_at)
        return bool(await self._client.run("set_status", self._keys.all, ask))

    async def messages(
        self, wanted: MessageFilter, *, after: int, limit: int, wait: float
    ) -> tuple[Sequence[Message], int]:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait
        with self._listening() if wait > 0 else contextlib.nullcontext():
            while True:
                heard = self._heard
                found, after = await self._scan(wanted, after, limit)
                left = deadline - loop.time()
                if found or not await self._hears(heard, left):
                    return found, after

    async def latest_messages(
        self, wanted: MessageFilter, limit: int, before: int | None = None
    ) -> Sequence[Message]:
        found: list[Message] = []
        while len(found) < limit:
            ask = MessagesAsk(
                mobile=wanted.mobile, after=0, before=before, limit=_AT_ONCE, newest=True
            )
            _, rows = await self._rows(ask)
            found += [m for _, m in rows if _wants(wanted, m)]
            if len(rows) < _AT_ONCE:
                break
            before = rows[-1][0]
        return found[:limit]

    async def inbox_ends(self) -> InboxEnds:
        ends = await self._client.execute("HMGET", self._keys.state, "first", "next", "evicted")
        return InboxEnds(*(int(end or 0) for end in ends))

    async def clear(self) -> None:
        await self.forget(dropped=False)

    async def forget(self, *, dropped: bool) -> None:
        """Clear, or with ``dropped`` forget that there ever was a session."""
        while True:
            days = await self._client.execute("SMEMBERS", self._keys.days)
            of_days = [self._keys.used(day.decode()) for day in days]
            ask = ClearAsk(days=len(days), dropped=dropped)
            if await self._client.run("clear", (*self._keys.all, *of_days), ask):
                return

    async def touch(self) -> None:
        """Keep it from being forgotten as one that nobody cares for."""
        keys = self._keys.of_live_session()
        await self._client.all(*(("EXPIRE", key, IDLE_SECONDS) for key in keys))

    async def settled(self) -> None:
        """Return when Redis has come to all that it was told before. Raises StoreUnavailable."""
        await self._client.execute("PING")

    def close(self) -> None:
        """Let those go who wait for messages of a session that is over, and write nothing any more."""
        self._arrivals.close()
        self.records.close()

    def _undo(self, charge: Charge, sending: Sending, record: Record | None) -> None:
        """Have what may have been sent taken back; where it stands in the journal is found out later."""
        ask, batch = self._ask_one(charge), sending.batch
        ask.request, ask.place = batch.ask.request, sending.place
        self._client.certainly("undo", batch.keys, ask)
        if record is not None:
            record.asked = ask.request, ask.place

    def _ask(self, charge: Charge) -> ChargeAsk:
        """For the account, the day and the quotas of a charge, without charges."""
        return ChargeAsk(
            role=charge.role,
            day=day_of(charge.role, charge.now),
            quotas=charge.quotas,
            prefix=self._prefix,
            inbox_limit=self._inbox_limit,
            channel=self._keys.channel.decode(),
            session_id=self._session_id,
            charges=[],
        )

    def _ask_one(self, charge: Charge, reservation: str = "") -> ChargeAsk:
        ask = self._ask(charge)
        ask.charges.append(charged(charge))
        ask.reservation = reservation
        return ask

    def _sent(self, charge: Charge, reply: list[bytes]) -> Sent:
        """What was sent. Raises Refusal when nothing was."""
        if reply[0] != b"sent":
            raise refusal(charge, reply)
        first, number = int(reply[1]), len(charge.drafts)
        ids = tuple([message_id(self._prefix, first + place) for place in range(number)])
        return Sent(ids, charge.segments, charge.fee_each * number, charge.send_at)

    @contextlib.contextmanager
    def _listening(self) -> Iterator[None]:
        """While somebody waits, Redis tells of new messages."""
        if not self._waiting:
            self._client.watch(self._keys.channel, self._arrived)
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._client.unwatch(self._keys.channel)

    def _arrived(self, told: bytes | None) -> None:
        del told
        self._heard += 1
        self._arrivals.announce()

    async def _hears(self, since: int, seconds: float) -> bool:
        return await self._arrivals.wait_until(lambda: self._heard != since, seconds)

    async def _scan(
        self, wanted: MessageFilter, after: int, limit: int
    ) -> tuple[list[Message], int]:
        found: list[Message] = []
        while True:
            ask = MessagesAsk(
                mobile=wanted.mobile, after=after, before=None, limit=_AT_ONCE, newest=False
            )
            next_serial, rows = await self._rows(ask)
            for serial, message in rows:
                after = serial + 1
                if _wants(wanted, message):
                    found.append(message)
                    if len(found) == limit:
                        return found, after
            if len(rows) < _AT_ONCE:
                return found, next_serial

    async def _rows(self, ask: MessagesAsk) -> tuple[int, list[tuple[int, Any]]]:
        """The next serial, and messages with theirs; one may have gone meanwhile."""
        next_serial, serials, packed = await self._client.run("messages", self._keys.all, ask)
        rows = [(s, self._message(s, p)) for s, p in zip(serials, packed, strict=True)]
        return next_serial, rows

    def _message(self, serial: int, packed: bytes | None) -> Message | None:
        if packed is None:
            return None
        message = _decode(packed)
        message.id = message_id(self._prefix, serial)
        return message


def _bodies(charge: Charge) -> list[bytes]:
    return [_encode(message_of(charge, draft, "")) for draft in charge.drafts]


def _wants(wanted: MessageFilter, message: Message | None) -> bool:
    return message is not None and message.listed and wanted.fits(message)
