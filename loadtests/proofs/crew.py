"""The load processes of a proof, from outside: started, paced, watched, and their records read."""

import asyncio
import contextlib
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import msgspec

from loadtests.proofs.job import Job, Stream
from loadtests.proofs.records import Record, read_records

NO_END = 1 << 60
STALLED_SECONDS = 60.0
"""Without any progress: something hangs."""
OnProgress = Callable[[int, int], None]
"""Takes how many attempts have ended, and how many of them were accepted."""


class CrewError(Exception):
    """A load process has failed, or does not go on."""


class Crew:
    """Running load processes."""

    def __init__(
        self, processes: Sequence[Process], files: Sequence[Path], on_progress: OnProgress
    ) -> None:
        self._processes = processes
        self._files = files
        self._on_progress = on_progress
        self._counts = [(0, 0)] * len(processes)
        self._running = len(processes)
        self._changed = asyncio.Condition()

    @property
    def ended(self) -> int:
        """Attempts that have ended."""
        return sum(ended for ended, _ in self._counts)

    @property
    def accepted(self) -> int:
        """Attempts that were accepted."""
        return sum(accepted for _, accepted in self._counts)

    def allow(self, attempts: int = NO_END) -> None:
        """So many attempts may be begun, by all together."""
        for process in self._processes:
            assert process.stdin
            process.stdin.write(b"%d\n" % -(-attempts // len(self._processes)))

    def enough(self) -> None:
        """No more attempts; those in flight end."""
        for process in self._processes:
            assert process.stdin
            process.stdin.close()

    async def reach(self, ended: int = NO_END, *, accepted: int = NO_END) -> None:
        """Wait until so many have ended or were accepted, or all have ended. Raises CrewError."""
        async with self._changed:
            while self.ended < ended and self.accepted < accepted and self._running:
                try:
                    await asyncio.wait_for(self._changed.wait(), STALLED_SECONDS)
                except TimeoutError:
                    raise CrewError(f"no attempt has ended for {STALLED_SECONDS:g} s") from None

    async def records(self) -> list[Record]:
        """All records, once all attempts have ended. Raises CrewError."""
        await self.reach()
        codes = [await process.wait() for process in self._processes]
        if any(codes):
            raise CrewError(f"load processes ended with {codes}")
        return read_records(self._files)

    async def watch(self, place: int) -> None:
        """Follow one process to its end."""
        output = self._processes[place].stdout
        assert output
        while line := await output.readline():
            ended, accepted = map(int, line.split())
            async with self._changed:
                self._counts[place] = ended, accepted
                self._on_progress(self.ended, self.accepted)
                self._changed.notify_all()
        async with self._changed:
            self._running -= 1
            self._changed.notify_all()


@contextlib.asynccontextmanager
async def crew(
    shares: Sequence[Sequence[Stream]], on_progress: OnProgress, *, rest: float = 0.0
) -> AsyncIterator[Crew]:
    """A load process a share; they wait for ``allow``. Whatever happens, none is left."""
    with tempfile.TemporaryDirectory(prefix="fakeproviders-proof-") as name:
        folder = Path(name)
        files = [folder / f"records-{place}" for place in range(len(shares))]
        processes: list[Process] = []
        watching: list[asyncio.Task[None]] = []
        try:
            for place, streams in enumerate(shares):
                job = Job(f"{place}", list(streams), str(files[place]), rest)
                file = folder / f"job-{place}"
                file.write_bytes(msgspec.json.encode(job))
                processes.append(await _started(file))
            running = Crew(processes, files, on_progress)
            watching += [asyncio.create_task(running.watch(n)) for n in range(len(shares))]
            yield running
        finally:
            for process in processes:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            await asyncio.gather(*watching, *(process.wait() for process in processes))


async def _started(file: Path) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "loadtests.proofs.load", str(file),
        stdin=PIPE, stdout=PIPE, start_new_session=True,
    )  # fmt: skip
