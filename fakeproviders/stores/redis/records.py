"""One session's journal in Redis: two streams that every process writes, and any can read.

JOURNAL has the requests by their serials; ANSWERS has what was answered, in the order in which it was
found out, each with its request's serial. What is posted within a few milliseconds is handed over in one go,
and its answers are one entry.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterator
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
WRITTEN_AT_ONCE = 100
"""Requests that are written in one go, so that Redis is not held up: also what an entry of ANSWERS has at most."""
_REQUESTS_AT_ONCE, _ANSWERS_AT_ONCE = 500, 50
"""Entries of each stream that are read in one go."""


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
                record.asked = ask.request, 1
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
            batch = list(takewhile(_is_certain, islice(self._posted, WRITTEN_AT_ONCE)))
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
            ("XRANGE", self._keys.journal, _id(self._next), "+", "COUNT", _REQUESTS_AT_ONCE),
            ("XRANGE", self._keys.answers, self._answers_from, "+", "COUNT", _ANSWERS_AT_ONCE),
        )
        kept = [_kept(*row) for row in requests]
        if kept:
            self._next = kept[-1].serial + 1
        if answers:
            moment, _, number = answers[-1][0].partition(b"-")
            self._answers_from = b"%s-%d" % (moment, int(number) + 1)
        first, following = (int(number or 0) for number in bounds)
        is_last = len(requests) < _REQUESTS_AT_ONCE and len(answers) < _ANSWERS_AT_ONCE
        return Page(
            first, following, kept, [each for row in answers for each in _answers(*row)], is_last
        )

    def close(self) -> None:
        """Write nothing any more."""
        self._closed = True
        self._posted.clear()
        if self._sending is not None:
            self._sending.cancel()

    def _begin(self, batch: list[tuple[Record, Pack]]) -> None:
        """Send a batch off; where that fails later, it is done as soon as Redis is back."""
        new = [item for item in batch if item[0].serial is None]
        known = [(r.serial, answer) for r, answer in batch if r.serial is not None]
        ask = RecordAsk(whole=len(new), lost=self._lost)
        parts = [part for record, answer in new for part in (record.packed(), answer())]
        parts += [part for serial, answer in known for part in (b"%d" % serial, answer())]
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
    return record.serial is not None or record.asked is None


def _alone(record: Record, answer: Pack) -> tuple[RecordAsk, list[bytes]]:
    """One request's: only its answer where its place is known, else the whole - which may be there."""
    if record.serial is not None:
        return RecordAsk(), [b"%d" % record.serial, answer()]
    request, place = record.asked or (None, 1)
    return RecordAsk(whole=1, before=request, before_place=place), [record.packed(), answer()]


def _id(serial: int) -> str:
    """Of a request in its stream, where no id is 0."""
    return f"{serial + 1}-0"


def _kept(number: bytes, fields: list[bytes]) -> Kept:
    _, request, _, answer, _, sent = fields
    return Kept(int(number.partition(b"-")[0]) - 1, request, answer, sent == b"1")


def _answers(moment: bytes, fields: list[bytes]) -> Iterator[tuple[int, bytes]]:
    """Each with its request's serial."""
    del moment
    serials, answers = fields[::2], fields[1::2]
    return zip(map(int, serials), answers, strict=True)
