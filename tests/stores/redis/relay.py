"""A relay before Redis that can lose what Redis answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from fakeproviders.stores.redis.address import Address


class Relay:
    """Passes bytes on, until it is told otherwise."""

    def __init__(self, redis: Address, path: Path) -> None:
        self.address = Address(path=str(path))
        self._redis = redis
        self._writers: set[asyncio.StreamWriter] = set()
        self._loses_answers = False
        self.refuses = False
        """Connections are closed as soon as they are made."""
        self.lost = asyncio.Event()
        """An answer was lost."""

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator["Relay"]:
        """While this is entered."""
        async with await asyncio.start_unix_server(self._serve, self.address.path):
            yield self
            self._hang_up()

    def lose_answers(self, *, then_refuse: bool) -> None:
        """Pass the next command on, lose its answer and the connection."""
        self._loses_answers = True
        self._then_refuse = then_refuse

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refuses:
            writer.close()
            return
        there, back = await asyncio.open_unix_connection(self._redis.path)
        self._writers |= {writer, back}
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pass_on(reader, back, answers=False))
            group.create_task(self._pass_on(there, writer, answers=True))

    async def _pass_on(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, answers: bool
    ) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await source.read(65536):
                if answers and self._loses_answers:
                    self._loses_answers, self.refuses = False, self._then_refuse
                    self._hang_up()
                    self.lost.set()
                    break
                sink.write(data)
        sink.close()

    def _hang_up(self) -> None:
        for writer in self._writers:
            writer.close()
        self._writers.clear()
