"""A client that attempts each message once, and notes what it was told."""

import asyncio
import time
from contextlib import suppress
from urllib.parse import urlsplit

from fakeproviders.clients.answer import Answer, BadAnswer
from loadtests.attempts import Ending, Result, result_of, result_of_bad
from loadtests.bench.client import read_answer, request
from loadtests.doors import DOORS, Door
from loadtests.messages import Message
from loadtests.proofs.job import Stream
from loadtests.proofs.records import Record

OPEN = "upstream_unavailable"
"""What a reseller refuses with that does not know whether the message is sent."""
PATIENCE = 10.0
"""Seconds until an answer is no longer waited for: far more than it may take."""
CONNECTION_LASTS = 200
"""Attempts on one connection, so that workers which came later get some."""
CONNECT_PAUSE, CONNECT_TRIES = 0.02, 500


class Client:
    """One connection after the other, one attempt at a time."""

    def __init__(self, stream: Stream) -> None:
        where = urlsplit(stream.who["url"])
        assert where.hostname
        assert where.port
        self._address = where.hostname, where.port
        self._door: Door = DOORS[stream.door](stream.who)
        self._token = stream.token
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._left = 0

    async def attempt(self, message: Message) -> Record:
        """Send a message once, whatever comes of it."""
        url, body, headers = self._door.send(message, self._token)
        others = {name: value for name, value in headers.items() if name != "Content-Type"}
        asked = request("POST", url, body, headers["Content-Type"], others)
        await self._connect()
        began = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._exchange(asked)
        except (OSError, EOFError, ValueError, TimeoutError):
            self.close()
            result, told = Result(Ending.UNKNOWN), ""
        except BadAnswer as error:
            result, told = result_of_bad(error), ""
        else:
            result, told = _result_of(answer), _message_id(answer)
        ended = time.monotonic()
        provider = self._door.provider
        return Record(provider, message.id, result.ending, result.slug, told, began, ended)

    def close(self) -> None:
        """Let go of the connection."""
        if self._writer is not None:
            self._writer.close()
            self._reader = self._writer = None

    async def _connect(self) -> None:
        """Have a connection. Nothing was attempted while there is none, so it may be tried again."""
        self._left -= 1
        if self._left < 0:
            self.close()
            self._left = CONNECTION_LASTS - 1
        for _ in range(CONNECT_TRIES):
            if self._writer is not None:
                return
            with suppress(OSError):
                self._reader, self._writer = await asyncio.open_connection(*self._address)
                return
            await asyncio.sleep(CONNECT_PAUSE)
        raise ConnectionError(f"nobody listens at {self._address}")

    async def _exchange(self, asked: bytes) -> Answer:
        assert self._reader
        assert self._writer
        self._writer.write(asked)
        answer = await read_answer(self._reader)
        return self._door.read(answer.status, answer.body.decode("utf-8", "replace"))


def _result_of(answer: Answer) -> Result:
    """What an answer tells; some leave it open."""
    result = result_of(answer)
    return result._replace(ending=Ending.UNKNOWN) if result.slug == OPEN else result


def _message_id(answer: Answer) -> str:
    """What an accepted attempt was told; empty where the provider does not say."""
    return str(answer.data["message_id"]) if answer.code == 0 and answer.data else ""
