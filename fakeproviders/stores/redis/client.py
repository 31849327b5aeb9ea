"""A Redis that may go away and come back: one connection, kept, and what is owed when it returns.

While it is away everything fails at once. A script that was under way when the connection broke is
asked again under its request id, which Redis knows if it was run; a script that comes too late for
whoever asked does nothing, by its deadline on Redis's own clock.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from itertools import count
from secrets import token_hex
from typing import Any

import msgspec

from fakeproviders.stores.base import StoreUnavailable
from fakeproviders.stores.redis.address import Address
from fakeproviders.stores.redis.connection import (
    CommandFailed,
    Connection,
    ConnectionLost,
    Word,
)
from fakeproviders.stores.redis.handshake import clock_offset, greet, load_scripts, opened
from fakeproviders.stores.redis.scripts import SLOTS, Script, scripts

_log = logging.getLogger(__name__)
RUN_SECONDS, ANSWER_SECONDS = 0.7, 0.9
"""Real seconds after the asking: until Redis must have run a script, and until its answer must be here."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.5
"""Real seconds between attempts to connect, doubled each time."""
CONNECT_SECONDS = 1.0
CLOCK_SECONDS = 60.0
"""Real seconds after which Redis's clock is compared with ours again."""
_AWAY = frozenset({
    "LOADING", "BUSY", "OOM", "MISCONF", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "NOREPLICAS",
    "MOVED", "ASK",
})  # fmt: skip
"""Errors of a Redis that cannot do its work just now."""
_encode = msgspec.msgpack.Encoder().encode
Heard = Callable[[bytes | None], None]


class Ask(msgspec.Struct, gc=False, omit_defaults=True, kw_only=True):
    """What a script is told; ``request`` names it and ``deadline`` ends it, on Redis's clock."""

    request: int = 0
    deadline: float | None = None


class Unanswered(StoreUnavailable):
    """It may have been done, or not."""


class Client:
    """Runs scripts and commands. Everything raises StoreUnavailable."""

    def __init__(
        self,
        address: Address,
        *,
        run: float = RUN_SECONDS,
        answer: float = ANSWER_SECONDS,
        worker: str = "",
    ) -> None:
        self.address = address
        self.worker = worker or token_hex(4)
        """Tells the requests of this process from others'."""
        self._run = run
        self._patience = answer
        self._requests = count(1)
        self._connection: Connection | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._up = asyncio.Event()
        self._tried = asyncio.Event()
        self._why = ""
        self._away = False
        """It was there before."""
        self._offset = 0.0
        """Redis's clock less the loop's, or a little less: a deadline may be early, never late."""
        self._owed: deque[tuple[Word, ...]] = deque()
        self._paying: asyncio.Task[None] | None = None
        self._watched: dict[bytes, Heard] = {}

    async def start(self) -> None:
        """Connect. Raises StoreUnavailable when the first attempt fails."""
        await self._first(asyncio.get_running_loop().time() + 2 * CONNECT_SECONDS + self._patience)

    async def close(self) -> None:
        """End the connection for good."""
        tasks = [task for task in (self._keeper, self._paying) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def run(self, script: str, keys: tuple[bytes, ...], ask: Ask, *more: bytes) -> Any:
        """What a script returns. Raises Unanswered when it may have been run all the same."""
        now = asyncio.get_running_loop().time()
        connection = self._connection or await self._first(now + self._patience)
        ask.request = next(self._requests)
        ask.deadline = now + self._run + self._offset
        reply = await self._answer(
            connection, _words(script, keys, ask, *more), now + self._patience
        )
        if isinstance(reply, list) and reply[:1] == [b"late"]:
            with contextlib.suppress(ConnectionLost):
                self._offset = await clock_offset(connection)
            raise StoreUnavailable("Redis came to it too late")
        return reply

    async def execute(self, *words: Word) -> Any:
        """The answer to a command that may be run twice."""
        now = asyncio.get_running_loop().time()
        connection = self._connection or await self._first(now + self._patience)
        return await self._answer(connection, words, now + self._patience)

    async def all(self, *commands: tuple[Word, ...]) -> list[Any]:
        """The answers to commands that go out together."""
        return await asyncio.gather(*(self.execute(*words) for words in commands))

    def begin(
        self, script: str, keys: tuple[bytes, ...], ask: Ask, *more: bytes
    ) -> asyncio.Future[Any]:
        """Send a script off; its answer is to come, or fails as Connection.execute() says.

        Raises StoreUnavailable when Redis is known to be away.
        """
        connection = self._connection
        if connection is None or len(connection) >= SLOTS:
            raise StoreUnavailable(self._why or f"{SLOTS} commands wait for Redis already")
        ask.request = next(self._requests)
        try:
            return connection.execute(_words(script, keys, ask, *more))
        except ConnectionLost as error:
            raise StoreUnavailable(str(error)) from None

    def certainly(self, script: str, keys: tuple[bytes, ...], ask: Ask, *more: bytes) -> None:
        """Have a script run for certain: now, or before anything else when Redis is back.

        An ``ask`` that was under way keeps its request id.
        """
        ask.deadline = None
        ask.request = ask.request or next(self._requests)
        self._owed.append(_words(script, keys, ask, *more))
        if self._connection is not None and (self._paying is None or self._paying.done()):
            self._paying = asyncio.get_running_loop().create_task(self._settle(self._connection))

    def watch(self, channel: bytes, heard: Heard) -> None:
        """From now on ``heard`` is told each message of a channel, and None whenever some may be missed."""
        self._watched[channel] = heard
        if self._connection is not None:
            with contextlib.suppress(ConnectionLost):
                self._connection.tell((b"SUBSCRIBE", channel))

    def unwatch(self, channel: bytes) -> None:
        """No longer."""
        self._watched.pop(channel, None)
        if self._connection is not None:
            with contextlib.suppress(ConnectionLost):
                self._connection.tell((b"UNSUBSCRIBE", channel))

    async def _answer(self, connection: Connection, words: tuple[Word, ...], until: float) -> Any:
        if len(connection) >= SLOTS:
            raise StoreUnavailable(f"{SLOTS} commands wait for Redis already")
        while True:
            try:
                return await connection.execute(words, until)
            except TimeoutError:
                raise Unanswered("Redis does not answer in time") from None
            except ConnectionLost as error:
                connection = await self._back(until, str(error))
            except CommandFailed as error:
                if error.code != "NOSCRIPT":
                    raise _told(error) from None
                await load_scripts(connection)

    async def _first(self, until: float) -> Connection:
        """The connection, or why there is none: waits for the first attempt and for no other."""
        if self._keeper is None:
            self._keeper = asyncio.get_running_loop().create_task(self._keep())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await self._tried.wait()
        if self._connection is None:
            raise StoreUnavailable(self._why or "Redis does not answer in time")
        return self._connection

    async def _back(self, until: float, why: str) -> Connection:
        """The next connection. Raises Unanswered when it comes too late."""
        try:
            async with asyncio.timeout_at(until):
                while self._connection is None or self._connection.ended.is_set():
                    self._up.clear()
                    await self._up.wait()
        except TimeoutError:
            raise Unanswered(why) from None
        return self._connection

    async def _keep(self) -> None:
        """Connect, and again whenever the connection ends."""
        pause = FIRST_PAUSE
        connection: Connection | None = None
        try:
            while True:
                try:
                    connection = await self._connect()
                    pause = FIRST_PAUSE
                    self._begin(connection)
                    await self._stay(connection)
                    self._end(connection.why)
                except (OSError, TimeoutError, ConnectionLost, CommandFailed) as error:
                    self._end(_why(error))
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)
        finally:
            self._connection = None
            if connection is not None:
                connection.abort()

    async def _stay(self, connection: Connection) -> None:
        """Return when it has ended. A host's clock may be set meanwhile."""
        while not connection.ended.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOCK_SECONDS):
                    await connection.ended.wait()
                    return
            self._offset = await clock_offset(connection)

    def _begin(self, connection: Connection) -> None:
        if self._away:
            _log.warning("Redis at %s is back", self.address)
        self._away = False
        self._connection, self._why = connection, ""
        self._tried.set()
        self._up.set()
        for heard in list(self._watched.values()):
            heard(None)

    def _end(self, why: str) -> None:
        if self._connection is not None:
            _log.warning("Redis at %s is away: %s", self.address, why)
            self._away = True
        self._connection, self._why = None, why
        self._tried.set()

    async def _connect(self) -> Connection:
        connection: Connection | None = None
        try:
            async with asyncio.timeout(max(CONNECT_SECONDS, self._patience)):
                connection = await opened(self.address, self._heard)
                await greet(connection, self.address)
                await load_scripts(connection)
                self._offset = await clock_offset(connection)
                await self._pay(connection)
                for channel in self._watched:
                    connection.tell((b"SUBSCRIBE", channel))
        except BaseException:
            if connection is not None:
                connection.abort()
            raise
        return connection

    async def _settle(self, connection: Connection) -> None:
        """Pay as long as there is this connection; the next one begins with what is left."""
        while True:
            try:
                await self._pay(connection)
            except ConnectionLost:
                return
            except CommandFailed:
                await asyncio.sleep(LONGEST_PAUSE)
            else:
                return

    async def _pay(self, connection: Connection) -> None:
        """Do what is owed, in order. What Redis cannot do just now stays owed, and raises."""
        while self._owed:
            words = self._owed[0]
            try:
                await connection.execute(words)
            except CommandFailed as error:
                if error.code in _AWAY:
                    raise
                if error.code == "NOSCRIPT":
                    await load_scripts(connection)
                    continue
                _log.error("Redis refused what was owed to it: %s", error)
            if self._owed and self._owed[0] is words:
                self._owed.popleft()

    def _heard(self, push: list[Any]) -> None:
        if push[0] == b"message" and push[1] in self._watched:
            self._watched[push[1]](push[2])


def _words(script: str, keys: tuple[bytes, ...], ask: Ask, *more: bytes) -> tuple[Word, ...]:
    found: Script = scripts()[script]
    return (b"EVALSHA", found.sha, len(keys), *keys, _encode(ask), *more)


def _why(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or "it does not answer in time"


def _told(error: CommandFailed) -> Exception:
    """A Redis that cannot work just now, or a defect."""
    return StoreUnavailable(str(error)) if error.code in _AWAY else error
