"""A real Redis of one's own: on a Unix socket, every write on disk before it is answered.

It and its data end with the process that started it, however that ends.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from fakeproviders.stores.redis.address import Address
from loadtests.guard import Guard

PROGRAM = "redis-server"
READY_SECONDS = 10.0
PAUSE = 0.01
"""Seconds between two looks."""


class RedisFailed(Exception):
    """It did not start, or does not do as told; what it has logged."""


class RedisServer:
    """Started by ``with``, stopped and started again at will; its data stay until the end.

    What starts, stops or freezes it raises RedisFailed.
    """

    def __init__(self, program: str, **settings: str) -> None:
        self._program = program
        self._settings = settings
        self._folder = Path(
            tempfile.mkdtemp(prefix="redis-", dir="/tmp")
        )  # a socket's path is short
        self._guard = Guard(self._folder)
        self._process: subprocess.Popen[bytes] | None = None
        self.address = Address(path=str(self._folder / "redis.sock"))

    def __enter__(self) -> "RedisServer":
        try:
            self.start()
        except RedisFailed:
            self._end()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self._end()

    @property
    def url(self) -> str:
        """As ``--store`` takes it."""
        return f"unix://{self.address.path}"

    @property
    def pid(self) -> int:
        """Of the process that runs now."""
        assert self._process is not None, "it does not run"
        return self._process.pid

    def start(self) -> None:
        """Start it, or start it again; returns when it has loaded its data."""
        settings = {
            "port": "0", "unixsocket": self.address.path, "dir": str(self._folder), "save": "",
            "appendonly": "yes", "appendfsync": "always", **self._settings,
        }  # fmt: skip
        words = [word for name, value in settings.items() for word in (f"--{name}", value)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, *words],
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C ends who measures, and he ends it
            )
        self._guard.watch(self.pid)
        self._wait(self._is_up)

    def stop(self) -> None:
        """End it as kill -9 does; harmless when it does not run."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self._guard.watch(None)
            Path(self.address.path).unlink(missing_ok=True)

    def freeze(self) -> None:
        """From now on it takes connections and commands, and answers none."""
        os.kill(self.pid, signal.SIGSTOP)
        self._wait(self._is_frozen)

    def thaw(self) -> None:
        """It goes on where it was."""
        os.kill(self.pid, signal.SIGCONT)

    def empty(self) -> None:
        """Forget all data, in working order."""
        if self._process is None:
            self.start()
        self.thaw()
        assert self.say(b"FLUSHALL") == b"+OK\r\n"

    def say(self, command: bytes) -> bytes:
        """The raw answer to a command of one line."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(READY_SECONDS)
            line.connect(self.address.path)
            line.sendall(command + b"\r\n")
            return line.recv(65536)

    def _end(self) -> None:
        self.stop()
        self._guard.dismiss()

    def _wait(self, until: Callable[[], bool]) -> None:
        assert self._process is not None
        deadline = time.monotonic() + READY_SECONDS
        while not until():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RedisFailed((self._folder / "log").read_text("utf-8", "replace"))
            time.sleep(PAUSE)

    def _is_frozen(self) -> bool:
        """Whether the system has stopped it: a signal takes a moment."""
        return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"

    def _is_up(self) -> bool:
        try:
            return self.say(b"PING") == b"+PONG\r\n"
        except OSError:
            return False


def own_redis(**settings: str) -> RedisServer:
    """One of the installed program, to be started; ends this program when there is none."""
    program = shutil.which(PROGRAM)
    if program is None:
        sys.exit(f"{PROGRAM} is not installed")
    return RedisServer(program, **settings)
