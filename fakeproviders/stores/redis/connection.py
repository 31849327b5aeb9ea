"""One connection to Redis: all commands of a turn of the event loop go out in one write.

Redis answers in order, so that answers are told apart by their place; messages of channels come in
between, marked as such (RESP3).
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, cast

from hiredis import ProtocolError, PushNotification, Reader, ReplyError, pack_command

Word = bytes | str | int | float
Answer = asyncio.Future[Any]

STALLED_SECONDS = 5.0
"""After which a connection that answers nothing is given up."""
_CHECK_SECONDS = 0.02
"""How exactly it is seen that an answer does not come in time."""
_NOTHING = object()


class ConnectionLost(Exception):
    """The connection ended before the answer came: nobody knows whether the command was run."""


class CommandFailed(Exception):
    """Redis answered with an error; ``code`` is its first word."""

    @property
    def code(self) -> str:
        """As ``NOSCRIPT``."""
        return str(self).partition(" ")[0]


class Connection(asyncio.Protocol):
    """Pipelines commands. ``heard`` is told of what arrives on channels: kind, channel, payload."""

    def __init__(self, heard: Callable[[list[Any]], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._heard = heard
        self._transport: asyncio.Transport | None = None
        self._reader = Reader(notEnoughData=_NOTHING)
        self._unsent: list[bytes] = []
        self._waiting: deque[tuple[Answer, float]] = deque()
        self._check: asyncio.TimerHandle | None = None
        self._look_at = 0.0
        """The moment of the next look at who waits."""
        self._last_sign = 0.0
        self.ended = asyncio.Event()
        self.why = ""
        """Why it ended."""

    def __len__(self) -> int:
        """Commands that wait for their answers."""
        return len(self._waiting)

    def execute(self, words: tuple[Word, ...], until: float = float("inf")) -> Answer:
        """The answer to come. It fails with ConnectionLost, CommandFailed, or TimeoutError at ``until``.

        ``until`` is a moment of the loop's clock. Raises ConnectionLost when it has ended already.
        """
        answer = self._loop.create_future()
        if not self._waiting:
            self._last_sign = self._loop.time()
        self.tell(words)
        self._waiting.append((answer, until))
        if self._check is None or until < self._look_at:
            self._look_in(_CHECK_SECONDS)
        return answer

    def tell(self, words: tuple[Word, ...]) -> None:
        """Send a command that has no answer. Raises ConnectionLost."""
        if self.ended.is_set():
            raise ConnectionLost(self.why)
        if not self._unsent:
            self._loop.call_soon(self._flush)
        self._unsent.append(pack_command(words))  # type: ignore[arg-type] # its stub wants a tuple of one

    def abort(self) -> None:
        """End it at once."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self._last_sign = self._loop.time()
        try:
            self._reader.feed(data)
            while (reply := self._reader.gets()) is not _NOTHING:
                self._take(reply)
        except ProtocolError as error:
            self.why = f"what answers there is no Redis: {error}"
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self.why = self.why or (str(exc) if exc else "the connection was closed")
        self.ended.set()
        self._unsent.clear()
        if self._check is not None:
            self._check.cancel()
        while self._waiting:
            answer, _ = self._waiting.popleft()
            if not answer.done():
                answer.set_exception(ConnectionLost(self.why))

    def _flush(self) -> None:
        if self._transport is not None and self._unsent:
            self._transport.write(b"".join(self._unsent))
            self._unsent.clear()

    def _take(self, reply: Any) -> None:
        if isinstance(reply, PushNotification):
            self._heard(reply)
            return
        if not self._waiting:
            raise ProtocolError("an answer that nobody asked for")
        answer, _ = self._waiting.popleft()
        if answer.done():
            return  # who asked has given up
        if isinstance(reply, ReplyError):
            answer.set_exception(CommandFailed(str(reply)))
        else:
            answer.set_result(reply)

    def _look(self) -> None:
        """Let those go who have waited long enough; their answers are still to come, and are passed over."""
        self._check = None
        if not self._waiting:
            return
        now, next_look = self._loop.time(), self._last_sign + STALLED_SECONDS
        if now >= next_look:
            self.why = "it answers nothing"
            self.abort()
            return
        for answer, until in self._waiting:
            if answer.done():
                continue
            if until <= now:
                answer.set_exception(TimeoutError())
            else:
                next_look = min(next_look, until)
        self._look_in(max(next_look - now, _CHECK_SECONDS))

    def _look_in(self, seconds: float) -> None:
        if self._check is not None:
            self._check.cancel()
        self._look_at = self._loop.time() + seconds
        self._check = self._loop.call_later(seconds, self._look)
