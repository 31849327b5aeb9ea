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

SERVE = ("-m", "fakeproviders", "serve", "--json", "--port-base=0")


class Server(NamedTuple):
    """A running server. ``ready`` is what it printed when it was."""

    process: subprocess.Popen[str]
    ready: str

    def cpu_seconds(self) -> float:
        """CPU time that it has used so far, to the nanosecond: of all its threads."""
        return cpu_seconds_of(self.process.pid)

    def rss_bytes(self) -> int:
        """Memory that it holds."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


def cpu_seconds_of(pid: int) -> float:
    """CPU time that a process has used so far, to the nanosecond: of all its threads."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def children_of(pid: int) -> set[int]:
    """The processes that a process has started and that run, or wait to be reaped."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it may have ended since
            parent = stat.read_text().rpartition(")")[2].split()[1]
            if int(parent) == pid:
                found.add(int(stat.parent.name))
    return found


def keep_to_own_core() -> None:
    """Leave the servers' core to them, if there are several."""
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})


def use_all_cores() -> None:
    """So do processes that are started from now on, unless they are told otherwise."""
    os.sched_setaffinity(0, range(os.cpu_count() or 1))


@contextlib.contextmanager
def started(*command: str, core: int | None = 0) -> Iterator[Server]:
    """A server process, on one core if there are several, ended when this is left."""
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout as output:
        try:
            if core is not None and (os.cpu_count() or 1) > 1:
                os.sched_setaffinity(process.pid, {core})
            yield Server(process, output.readline())
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """In order, or else at once."""
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


def fakeproviders(*options: str, core: int | None = 0) -> contextlib.AbstractContextManager[Server]:
    """The product; ``ready`` is the line of ``serve --json``."""
    return started(*SERVE, *options, core=core)


def addresses(server: Server) -> dict[str, Any]:
    """What ``serve --json`` printed."""
    found: dict[str, Any] = json.loads(server.ready)
    return found
