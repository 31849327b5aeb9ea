"""Official send with the state in a Redis, one worker, against the bare handler: CPU time per request."""

import asyncio
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from loadtests.bench.official_send import REQUESTS, measure
from loadtests.bench.servers import Server, keep_to_own_core

READY_SECONDS = 10.0
SETTINGS = ("--port", "0", "--save", "", "--appendonly", "yes", "--appendfsync", "everysec")


@contextlib.contextmanager
def redis() -> Iterator[Server]:
    """A Redis of our own, on the load's core; ``ready`` is its address."""
    program = shutil.which("redis-server")
    if program is None:
        sys.exit("redis-server is not installed")
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # short: a socket's path is bounded
        path = Path(folder) / "redis.sock"
        command = [program, *SETTINGS, "--dir", folder, "--unixsocket", str(path)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, text=True)
        try:
            deadline = time.monotonic() + READY_SECONDS
            while not path.exists() and time.monotonic() < deadline:
                time.sleep(0.01)
            yield Server(process, f"unix://{path}")
        finally:
            process.terminate()
            process.wait()


def run(number: int) -> dict[str, float]:
    """What measure() finds, and the processor time of Redis itself."""
    with redis() as server:
        before = server.cpu_seconds()
        found = asyncio.run(measure(number, "--store", server.ready))
        found["redis_us"] = (server.cpu_seconds() - before) / number * 1e6
    return found


def main() -> None:
    keep_to_own_core()
    number = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    sys.stdout.write(json.dumps(run(number)) + "\n")


if __name__ == "__main__":
    main()
