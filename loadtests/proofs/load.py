"""A load process: ``python -m loadtests.proofs.load JOB``; it records what each attempt was told.

Its input says, a line each, how many attempts it may have begun by now, all streams together; the end of
input says that it is enough. Its output says, a line now and then, how many have ended and how many of
them were accepted.
"""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO

import msgspec
import uvloop

from loadtests.attempts import Ending
from loadtests.messages import Mailbag
from loadtests.proofs.client import Client
from loadtests.proofs.job import Job
from loadtests.proofs.records import Record, RecordFile

SAID_EVERY = 10
"""Attempts between two lines of output."""


class Pace:
    """How many attempts may be begun."""

    def __init__(self) -> None:
        self._allowed = 0
        self._begun = 0
        self._over = False
        self._changed = asyncio.Condition()

    async def follow(self, orders: asyncio.StreamReader) -> None:
        """Do as the orders say, until they end."""
        while line := await orders.readline():
            async with self._changed:
                self._allowed = int(line)
                self._changed.notify_all()
        async with self._changed:
            self._over = True
            self._changed.notify_all()

    async def may_begin(self) -> bool:
        """Wait until one more may be begun; False when it is enough."""
        if self._begun >= self._allowed and not self._over:
            async with self._changed:
                await self._changed.wait_for(lambda: self._over or self._begun < self._allowed)
        self._begun += not self._over
        return not self._over


class Progress:
    """How far it is, on the output."""

    def __init__(self, output: TextIO) -> None:
        self._output = output
        self._ended = self._accepted = 0

    def add(self, record: Record) -> None:
        """One more has ended."""
        self._ended += 1
        self._accepted += record.ending is Ending.ACCEPTED
        if self._ended % SAID_EVERY == 0:
            self.say()

    def say(self) -> None:
        """Write where it is."""
        self._output.write(f"{self._ended} {self._accepted}\n")
        self._output.flush()


class Load:
    """All streams of a process."""

    def __init__(self, job: Job, file: RecordFile, output: TextIO) -> None:
        self._job = job
        self._file = file
        self._pace = Pace()
        self._progress = Progress(output)

    async def run(self, orders: asyncio.StreamReader) -> None:
        """Until all is attempted, or the orders end."""
        following = asyncio.create_task(self._pace.follow(orders))
        async with asyncio.TaskGroup() as clients:
            for stream in self._job.streams:
                numbers = iter(range(stream.attempts))
                bag = Mailbag(stream.mobiles, self._job.seed)
                for _ in range(stream.connections):
                    clients.create_task(self._attempts(Client(stream), numbers, bag))
        self._progress.say()
        following.cancel()

    async def _attempts(self, client: Client, numbers: Iterator[int], bag: Mailbag) -> None:
        for _ in numbers:
            if not await self._pace.may_begin():
                break
            record = await client.attempt(bag.next())
            self._file.add(record)
            self._progress.add(record)
            if record.ending is not Ending.ACCEPTED and self._job.rest:
                await asyncio.sleep(self._job.rest)
        client.close()


async def _orders() -> asyncio.StreamReader:
    """The standard input."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


async def attempt_all(job: Job, file: BinaryIO) -> None:
    """Do a job by the orders on the standard input."""
    await Load(job, RecordFile(file), sys.stdout).run(await _orders())


def main() -> None:
    job = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Job)
    with Path(job.records).open("wb") as file:
        try:
            uvloop.run(attempt_all(job, file))
        except ExceptionGroup as failed:
            if failed.split(ConnectionError)[1] is not None:
                raise
            sys.exit(str(failed.exceptions[0]))  # nobody listens any more


if __name__ == "__main__":
    main()
