"""The load's own Redis ends with the process that started it, however that ends."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtests.redis_server import RedisFailed, RedisServer
from tests.conftest import require_tool

PATIENCE = 20.0
OWNER = """
import sys
from loadtests.redis_server import RedisServer
with RedisServer(sys.argv[1]) as redis:
    exec(sys.argv[2])
    print(redis.address.path, flush=True)
    sys.stdin.read()
"""
Owner = subprocess.Popen[str]


@pytest.fixture
def own(request: pytest.FixtureRequest) -> Iterator[Owner]:
    """A process that has a Redis and has done with it what the test's parameter says."""
    command = [sys.executable, "-c", OWNER, require_tool("redis-server"), request.param]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, text=True) as process:
        yield process
        process.kill()


def path_of(owner: Owner) -> Path:
    """Of its Redis's socket, once that is up."""
    assert owner.stdout
    return Path(owner.stdout.readline().strip())


def assert_goes(folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while folder.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT, None])
@pytest.mark.parametrize(
    "own", ["", "redis.freeze()", "redis.stop(); redis.start()"], indirect=True
)
def test_it_ends_with_its_owner(own: Owner, ending: signal.Signals | None) -> None:
    path = path_of(own)
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(PATIENCE)
        line.connect(str(path))
        if ending is None:
            assert own.stdin
            own.stdin.close()
        else:
            own.send_signal(ending)
        with contextlib.suppress(ConnectionResetError):  # it has not taken the connection
            assert line.recv(1) == b""
    assert_goes(path.parent)


def test_one_that_cannot_start_says_why_and_leaves_nothing() -> None:
    redis = RedisServer(require_tool("redis-server"), **{"no-such-setting": "1"})
    with pytest.raises(RedisFailed, match="no-such-setting"), redis:
        pytest.fail("it runs")
    assert not Path(redis.address.path).parent.exists()


@pytest.mark.parametrize("own", ["redis.stop()"], indirect=True)
def test_one_that_does_not_run_leaves_nothing_either(own: Owner) -> None:
    folder = path_of(own).parent
    assert folder.exists()
    own.kill()
    assert_goes(folder)
