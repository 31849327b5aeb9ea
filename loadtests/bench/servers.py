"""Servers under measurement: started, pinned to a core, read for CPU time, ended by pid."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple


class Server(NamedTuple):
    """A running server. ``ready`` is what it printed when it was."""

    process: subprocess.Popen[str]
    ready: str

    def cpu_seconds(self) -> float:
        """CPU time that it has used so far, to the nanosecond: of all its threads."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def rss_bytes(self) -> int:
        """Memory that it holds."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


def keep_to_own_core() -> None:
    """Leave the servers' core to them, if there are several."""
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})


@contextlib.contextmanager
def started(*command: str, core: int | None = 0) -> Iterator[Server]:
    """A server process, on one core if there are several, ended when this is left."""
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True)
    try:
        if core is not None and (os.cpu_count() or 1) > 1:
            os.sched_setaffinity(process.pid, {core})
        assert process.stdout is not None
        yield Server(process, process.stdout.readline())
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def bare(format_: str) -> contextlib.AbstractContextManager[Server]:
    """The yardstick of a format; ``ready`` is its port."""
    return started("-m", "loadtests.bench.bare", format_)


def framework() -> contextlib.AbstractContextManager[Server]:
    """The same SOAP operation by aiohttp-spyne; ``ready`` is its port."""
    return started("-m", "loadtests.bench.framework")


def fakeproviders(*options: str) -> contextlib.AbstractContextManager[Server]:
    """The product; ``ready`` is the line of ``serve --json``."""
    return started("-m", "fakeproviders", "serve", "--json", "--port-base=0", *options)


def addresses(server: Server) -> dict[str, Any]:
    """What ``serve --json`` printed."""
    found: dict[str, Any] = json.loads(server.ready)
    return found
