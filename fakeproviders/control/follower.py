"""One listener of a session's events, and what it has not seen yet, as server-sent events.

    event: request
    id: 18f3c2a1b40.0-13-5
    data: {"id": "r12", "provider": "official", ...}

The id is a position: the session's life, the next request, the next message. From there a listener
goes on after a break, by Last-Event-ID, without losing or doubling either.
"""

import asyncio
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from fakeproviders.control.views import message_view, request_summary
from fakeproviders.events import MESSAGE, REQUEST, Subscription
from fakeproviders.model import Message
from fakeproviders.session import Session
from fakeproviders.stores.base import InboxEnds, MessageFilter

BATCH = 200
"""Rows of a kind that are written in one go."""
RETRY_MS = 1000
_POSITION = re.compile(
    r"(?P<life>[0-9a-f]+\.\d+)-(?P<requests>\d{1,18})-(?P<messages>\d{1,18})\Z", re.ASCII
)
_EVERY = MessageFilter()

_PAUSE = 1.0
"""Seconds between waits; those of a session that is over come back at once, until the stream is ended."""


class Position(NamedTuple):
    """The serials of the next request and the next message."""

    requests: int
    messages: int


class Follower:
    """Reads on from a position. ``own`` queues what has no serial."""

    def __init__(
        self, session: Session, own: Subscription, last_event_id: str, inbox: InboxEnds
    ) -> None:
        self._session = session
        self._own = own
        self._unsent = b""
        ends = Position(session.journal.next_serial, inbox.next)
        known = self._known(last_event_id, ends)
        self._at = known or ends
        if last_event_id and known is None:
            self._start_over(inbox)
            self._unsent = self._sse("reset", {"why": "unknown_position"})

    def greeting(self) -> bytes:
        """What is sent at once: the position, and how soon to come back after a break."""
        return f"retry: {RETRY_MS}\nid: {self._id()}\n\n".encode() + self._unsent

    async def wait_for_request(self) -> None:
        """Return when there is a request that was not written yet."""
        while not await self._session.journal.wait_for(  # noqa: ASYNC110
            self._at.requests, 3600.0
        ):
            await asyncio.sleep(_PAUSE)

    async def wait_for_message(self) -> None:
        """Return when there is a message that was not written yet."""
        store = self._session.store
        while not (  # noqa: ASYNC110
            await store.messages(_EVERY, after=self._at.messages, limit=1, wait=3600.0)
        )[0]:
            await asyncio.sleep(_PAUSE)

    async def take(self) -> bytes:
        """All that is new, up to so many rows of a kind."""
        inbox = await self._session.store.inbox_ends()
        mail, following = await self._mail()
        if self._own.wants(REQUEST):
            await (
                self._session.journal.sync()
            )  # the requests that these messages came by stand before them
        lost, events, was_reset = self._own.take()
        parts: list[bytes] = []
        if was_reset:
            self._start_over(await self._session.store.inbox_ends())
            mail, following = [], self._at.messages
            parts.append(self._sse("reset", {"why": "session_reset"}))
        if lost:
            parts.append(self._gap("events", lost))
        parts += [self._sse(event.kind, event.data) for event in events]
        parts += self._requests()
        parts += self._messages(mail, inbox.oldest)
        self._at = self._at._replace(messages=max(following, self._at.messages))
        return b"".join(parts)

    def _known(self, last_event_id: str, ends: Position) -> Position | None:
        """The position that an id of this session's present life names."""
        found = _POSITION.match(last_event_id)
        if found is None or found["life"] != self._life():
            return None
        at = Position(int(found["requests"]), int(found["messages"]))
        possible = at.requests <= ends.requests and at.messages <= ends.messages
        return at if possible else None

    async def _mail(self) -> tuple[list[tuple[Message, int]], int]:
        """New messages, each with the serial to go on from; and the serial to go on from after all."""
        found: list[tuple[Message, int]] = []
        after = self._at.messages
        while self._own.wants(MESSAGE) and len(found) < BATCH:
            batch, after = await self._session.store.messages(
                _EVERY, after=after, limit=1, wait=0.0
            )
            if not batch:
                break
            found.append((batch[0], after))
        return found, after

    def _requests(self) -> Iterable[bytes]:
        if not self._own.wants(REQUEST):
            return
        journal = self._session.journal
        if journal.oldest > self._at.requests:
            missed = journal.oldest - self._at.requests
            self._at = self._at._replace(requests=journal.oldest)
            yield self._gap("requests", missed)
        end = min(journal.next_serial, self._at.requests + BATCH)
        for serial in range(self._at.requests, end):
            entry = journal.get(serial)
            self._at = self._at._replace(requests=serial + 1)
            if entry is not None:
                yield self._sse(REQUEST, request_summary(serial, entry))

    def _messages(self, mail: list[tuple[Message, int]], oldest: int) -> Iterable[bytes]:
        now = self._session.clock.now()
        if self._own.wants(MESSAGE) and oldest > self._at.messages:
            missed = oldest - self._at.messages
            self._at = self._at._replace(messages=oldest)
            yield self._gap("messages", missed)
        for message, following in mail:
            self._at = self._at._replace(messages=following)
            yield self._sse(MESSAGE, message_view(message.as_of(now)))

    def _start_over(self, inbox: InboxEnds) -> None:
        """Go on with the oldest that there is."""
        self._at = Position(self._session.journal.oldest, inbox.oldest)

    def _gap(self, what: str, number: int) -> bytes:
        return self._sse("gap", {"missed": {what: number}})

    def _sse(self, kind: str, data: dict[str, Any]) -> bytes:
        head = f"event: {kind}\nid: {self._id()}\ndata: ".encode()
        return head + msgspec.json.encode(data) + b"\n\n"

    def _id(self) -> str:
        return f"{self._life()}-{self._at.requests}-{self._at.messages}"

    def _life(self) -> str:
        """Differs after a reset, and in another run of the server."""
        return f"{int(self._session.created_at * 1000):x}.{self._session.events.resets}"
