"""``serve --workers`` seen from outside: its processes, and what it says of them."""

import contextlib
import os
import re
import select
import signal
import socket
import subprocess
from pathlib import Path

from tests.serving import PATIENCE, default_world, first_line

WORKERS = 2
AGAIN = r"another one is started (at once|in [\d.]+ s)"


class Crew:
    """A supervisor and those that it has said are ready."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.said = first_line(process)
        self.desk: int = self.said["desk"]
        self.workers: list[int] = self.said["workers"]
        self.world = default_world(self.said)
        self._heard = b""

    @property
    def processes(self) -> list[int]:
        """All but the supervisor."""
        return [self.desk, *self.workers]

    def kill(self, pid: int, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal, and return when it has ended the process."""
        with pidfd(pid) as ended:
            os.kill(pid, number)
            assert ended.wait()

    def replaced(self, pid: int, how: str) -> int:
        """The process that takes the place of one that has ended so; the supervisor says both."""
        part = "desk" if pid == self.desk else "worker"
        assert re.fullmatch(f"{part} {pid} {how}; {AGAIN}", line := self.line()), line
        found = re.fullmatch(f"{part} (\\d+) has taken its place", line := self.line())
        assert found, line
        successor = int(found[1])
        if part == "desk":
            self.desk = successor
        else:
            self.workers[self.workers.index(pid)] = successor
        return successor

    def line(self) -> str:
        """The next line of stderr."""
        assert self.process.stderr is not None
        descriptor = self.process.stderr.fileno()
        while b"\n" not in self._heard:
            assert select.select([descriptor], [], [], PATIENCE)[0], "it said nothing"
            heard = os.read(descriptor, 65536)
            assert heard, f"it said no more than {self._heard!r}"
            self._heard += heard
        line, _, self._heard = self._heard.partition(b"\n")
        return line.decode()

    def whose(self, caller: socket.socket) -> int:
        """The process that has the other end of a connection."""
        here, there = caller.getsockname()[1], caller.getpeername()[1]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            local, remote, inode = (line.split()[column] for column in (1, 2, 9))
            if (_port(local), _port(remote)) == (there, here):
                return next(pid for pid in self.processes if _has(pid, inode))
        raise AssertionError("nobody has it")


class pidfd(contextlib.AbstractContextManager["pidfd"]):  # noqa: N801 - after what it is
    """A process, which stays the one it is after its end; one that is gone already has ended."""

    def __init__(self, pid: int) -> None:
        try:
            self._descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            self._descriptor = -1

    def __exit__(self, *exc: object) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)

    def wait(self, seconds: float = PATIENCE) -> bool:
        """Whether it ends within so many seconds."""
        return self._descriptor < 0 or bool(select.select([self._descriptor], [], [], seconds)[0])


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def _has(pid: int, inode: str) -> bool:
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            if str(descriptor.readlink()) == f"socket:[{inode}]":
                return True
    return False
