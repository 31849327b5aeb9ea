"""One session's journal in Redis: two streams that every process writes, and any can read.

JOURNAL has the requests by their serials; ANSWERS has what was answered, in the order in which it was
found out, each with its request's serial. What is posted within a few milliseconds is handed over in one go.
"""

import asyncio
import logging
from collections import deque
from functools import partial
from itertools import islice, takewhile
from typing import Any

from fakeproviders.stores.base import StoreUnavailable
from fakeproviders.stores.records import Kept, Pack, Page, Record
from fakeproviders.stores.redis.asks import Keys, RecordAsk
from fakeproviders.stores.redis.client import Client, Unanswered

_log = logging.getLogger(__name__)
MOST_WAITING = 10_000
"""Requests that are kept while Redis is away; the oldest of more are lost, and their serials say so."""
POST_SECONDS, RETRY_SECONDS = 0.002, 0.1
"""After which what was posted is sent, and tried again where Redis is away."""
SETTLE_SECONDS = 0.4
"""That a reply waits for its request to be written, where Redis does not answer."""
_AT_ONCE = 500
"""Requests that are written, or read, in one go, so that Redis is not held up."""


class RedisRecords:
    """See stores.records.Records."""

    def __init__(self, client: Client, keys: Keys) -> None:
        self._client = client
        self._keys = keys
        self._posted: deque[tuple[Record, Pack]] = deque()
        self._lost = 0
        self._sending: asyncio.TimerHandle | None = None
        self._newest: asyncio.Future[Any] | None = None
        """The answer to what was sent last."""
        self._closed = False
        self._next = 0
        self._answers_from = b"0-1"

    def post(self, record: Record, answer: Pack) -> None:
        if self._closed:
            return
        if len(self._posted) >= MOST_WAITING:
            self._posted.popleft()
            self._lost += 1
        self._posted.append((record, answer))
        if self._sending is None:
            self._sending = asyncio.get_running_loop().call_later(POST_SECONDS, self.send)

    async def put(self, record: Record, answer: Pack) -> None:
        self.send()
        ask, parts = _alone(record, answer)
        try:
            reply = await self._client.run("record", self._keys.all, ask, *parts)
        except Unanswered:
            if record.serial is None:
                record.asked = ask.request
                self._client.certainly("record", self._keys.all, ask, *parts)
        except StoreUnavailable:
            return
        else:
            record.serial = int(reply[0]) if record.serial is None else record.serial

    def send(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None
        while self._posted and not self._closed:
            batch = list(takewhile(_is_certain, islice(self._posted, _AT_ONCE)))
            try:
                if batch:
                    self._begin(batch)
                else:
                    self._ask_again(*self._posted[0])
            except StoreUnavailable:
                loop = asyncio.get_running_loop()
                self._sending = loop.call_later(RETRY_SECONDS, self.send)
                return
            for _ in batch or (None,):
                self._posted.popleft()

    async def settled(self) -> None:
        self.send()
        if self._newest is not None and not self._newest.done():
            await asyncio.wait({self._newest}, timeout=SETTLE_SECONDS)

    def read_from(self, serial: int) -> None:
        self._next = serial

    async def read(self) -> Page:
        bounds, requests, answers = await self._client.all(
            ("HMGET", self._keys.state, "requests_first", "requests"),
            ("XRANGE", self._keys.journal, _id(self._next), "+", "COUNT", _AT_ONCE),
            ("XRANGE", self._keys.answers, self._answers_from, "+", "COUNT", _AT_ONCE),
        )
        kept = [_kept(*row) for row in requests]
        if kept:
            self._next = kept[-1].serial + 1
        if answers:
            moment, _, number = answers[-1][0].partition(b"-")
            self._answers_from = b"%s-%d" % (moment, int(number) + 1)
        first, following = (int(number or 0) for number in bounds)
        is_last = max(len(requests), len(answers)) < _AT_ONCE
        return Page(first, following, kept, [_answer(*row) for row in answers], is_last)

    def close(self) -> None:
        """Write nothing any more."""
        self._closed = True
        self._posted.clear()
        if self._sending is not None:
            self._sending.cancel()

    def _begin(self, batch: list[tuple[Record, Pack]]) -> None:
        """Send a batch off; where that fails later, it is done as soon as Redis is back."""
        new = [item for item in batch if item[0].serial is None]
        known = [item for item in batch if item[0].serial is not None]
        ask = RecordAsk(
            whole=len(new), serials=[record.serial for record, _ in known], lost=self._lost
        )
        parts = [part for record, answer in new for part in (record.packed(), answer())]
        parts += [answer() for _, answer in known]
        self._newest = self._client.begin("record", self._keys.all, ask, *parts)
        self._newest.add_done_callback(partial(self._see_to, ask, parts))
        if self._lost:
            _log.warning("%s requests are not in the journal: Redis was away too long", self._lost)
            self._lost = 0

    def _ask_again(self, record: Record, answer: Pack) -> None:
        """Have one written that may be there already: after what was asked then, which may still be under way."""
        ask, parts = _alone(record, answer)
        self._client.certainly("record", self._keys.all, ask, *parts)

    def _see_to(self, ask: RecordAsk, parts: list[bytes], sent: asyncio.Future[Any]) -> None:
        if not sent.cancelled() and sent.exception() is not None and not self._closed:
            self._client.certainly("record", self._keys.all, ask, *parts)


def _is_certain(item: tuple[Record, Pack]) -> bool:
    """Whether it is known where the request is, or that it is nowhere."""
    record, _ = item
    return record.serial is not None or not record.asked


def _alone(record: Record, answer: Pack) -> tuple[RecordAsk, list[bytes]]:
    """One request's: only its answer where its place is known, else the whole - which may be there."""
    if record.serial is not None:
        return RecordAsk(serials=[record.serial]), [answer()]
    return RecordAsk(whole=1, before=record.asked or None), [record.packed(), answer()]


def _id(serial: int) -> str:
    """Of a request in its stream, where no id is 0."""
    return f"{serial + 1}-0"


def _kept(number: bytes, fields: list[bytes]) -> Kept:
    _, request, _, answer, _, sent = fields
    return Kept(int(number.partition(b"-")[0]) - 1, request, answer, sent == b"1")


def _answer(number: bytes, fields: list[bytes]) -> tuple[int, bytes]:
    """With its request's serial."""
    del number
    return int(fields[0]), fields[1]
