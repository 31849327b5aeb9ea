"""Locust in processes of its own: one, or a master and its workers on this machine.

Locust replaces Python's sockets with its own, so it never shares a process with anything of ours.
"""

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path

import msgspec

from fakeproviders.failures import Words
from fakeproviders.load.job import JOB_FILE, STATS_FILE, Job
from fakeproviders.load.verdict import Stats
from fakeproviders.scenario.shipped import folder

START_SECONDS = 60.0
"""For Locust to start, and its workers to find their master, on a machine that is busy."""
END_SECONDS = 20.0
"""For users to come to an end with what they are doing."""
STOP_TIMEOUT = 3
_COMMON = ("--headless", "--only-summary", "--skip-log-setup", "--exit-code-on-error", "0")
_LAST_LINES = 600
"""Characters of Locust's own words that an error shows."""


class LoadError(Exception):
    """The load could not be run; ``words`` say why and what to do."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def check_installed() -> None:
    """Raises LoadError when Locust is not there."""
    if find_spec("locust") is None:
        words = Words(
            zh="压测需要 Locust：pip install 'fakeproviders[load]'",
            en="load tests need Locust: pip install 'fakeproviders[load]'",
        )
        raise LoadError(words)


@asynccontextmanager
async def locust(job: Job, workers: int, place: Path) -> AsyncIterator["Running"]:
    """Locust at work; ``place`` is an empty folder. What still runs at the end of the block is stopped."""
    job_file = place / "job.json"
    job_file.write_bytes(msgspec.json.encode(job))
    running = Running(place, job.plan.seconds)
    try:
        for number, options in enumerate(_processes(workers)):
            await running.start(f"{number}.log", _command(options), _environment(job_file))
        yield running
    finally:
        await running.stop()


class Running:
    """Locust's processes; the first of them is the one that ends by itself, and knows the results."""

    def __init__(self, place: Path, seconds: float) -> None:
        self._place = place
        self._patience = seconds + START_SECONDS + END_SECONDS
        self._processes: list[asyncio.subprocess.Process] = []

    async def start(self, log: str, command: Sequence[str], env: dict[str, str]) -> None:
        """Start one process; what it says goes into a log."""
        with (self._place / log).open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out, env=env,
                cwd=self._place,
            )  # fmt: skip
        self._processes.append(process)

    async def stats(self) -> Stats:
        """Wait for the end; what the load has counted. Raises LoadError."""
        first = self._processes[0]
        try:
            async with asyncio.timeout(self._patience):
                code = await first.wait()
        except TimeoutError:
            raise LoadError(_not_in_time(self._patience)) from None
        file = self._place / STATS_FILE
        if code or not file.is_file():
            raise LoadError(_failed(code, (self._place / "0.log").read_text("utf-8", "replace")))
        return msgspec.json.decode(file.read_bytes(), type=Stats)

    async def stop(self) -> None:
        """End what is still there."""
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError):
                if process.returncode is None:
                    process.terminate()
        for process in self._processes:
            try:
                async with asyncio.timeout(END_SECONDS):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()


def _processes(workers: int) -> list[list[str]]:
    """The options of each process, the one with the results first."""
    if workers == 0:
        return [[]]
    host, port = "127.0.0.1", str(_free_port())
    master = ["--master", "--master-bind-host", host, "--master-bind-port", port,
              "--expect-workers", str(workers), "--expect-workers-max-wait", f"{START_SECONDS:.0f}"]  # fmt: skip
    worker = ["--worker", "--master-host", host, "--master-port", port]
    return [master, *[worker] * workers]


def _command(options: Sequence[str]) -> list[str]:
    file = folder("loadtests") / "locustfile.py"
    common = () if "--worker" in options else (*_COMMON, "--stop-timeout", str(STOP_TIMEOUT))
    return [sys.executable, "-m", "locust", "-f", str(file), *common, *options]


def _environment(job_file: Path) -> dict[str, str]:
    """Our own, without settings of another Locust's; ``loadtests`` can be imported in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOCUST_")}
    paths = [str(folder("loadtests").parent), kept.get("PYTHONPATH", "")]
    return kept | {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "PYTHONUTF8": "1",
        JOB_FILE: str(job_file),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _not_in_time(seconds: float) -> Words:
    return Words(
        zh=f"Locust 在 {seconds:g} 秒内没有结束，已停止",
        en=f"Locust did not end within {seconds:g} s and was stopped",
    )


def _failed(code: int, log: str) -> Words:
    last = log.strip()[-_LAST_LINES:]
    return Words(
        zh=f"Locust 没能运行（退出码 {code}）：\n{last}",
        en=f"Locust failed (exit code {code}):\n{last}",
    )
