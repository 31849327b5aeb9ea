"""What all tests share: tools of the machine, a running server, and how hypothesis searches."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from fakeproviders import SyncHarness, SyncSession
    from tests.e2e.running import RunningServer
    from tests.e2e.world import World
    from tests.redis_server import RedisServer

IN_CI = os.environ.get("CI", "").lower() not in {"", "0", "false"}

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that runs us in the background has it ignored, and what we start would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("ci", derandomize=True, deadline=None, max_examples=20)
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if IN_CI else "dev")


def stories(examples: int) -> int:
    """How many examples of a state machine, each many steps long: in CI, where they are always the same, a third."""
    return examples // 3 if IN_CI else examples


def require_tool(name: str, check: Callable[[str], str] = lambda path: "") -> str:
    """The path of a program that a test cannot do without.

    ``check`` gets the path and returns why the program will not do, or nothing. Where it will not,
    the test fails in CI, which installs its tools, and is skipped on anybody's own machine.
    """
    path = shutil.which(name)
    problem = check(path) if path else f"{name} is not installed"
    if path and not problem:
        return path
    if IN_CI:
        pytest.fail(problem, pytrace=False)
    pytest.skip(problem)


def _lacks_soap(php: str) -> str:
    modules = subprocess.run([php, "-m"], capture_output=True, text=True, timeout=30, check=False)
    has_soap = "soap" in modules.stdout.lower().split()
    return "" if has_soap else "php has no soap extension (Debian: php-soap)"


def php_with_soap() -> str:
    """The path of php, which has its soap extension."""
    return require_tool("php", _lacks_soap)


@pytest.fixture(scope="session")
def php() -> str:
    """The php command line with its soap extension."""
    return php_with_soap()


@pytest.fixture(scope="session")
def redis_of_worker() -> "Iterator[RedisServer]":
    """A real Redis, once a worker. Tests take ``redis_server``."""
    from tests.redis_server import RedisServer

    with RedisServer(require_tool("redis-server")) as server:
        yield server


@pytest.fixture
def redis_server(redis_of_worker: "RedisServer") -> "RedisServer":
    """The running Redis, empty."""
    redis_of_worker.empty()
    return redis_of_worker


@pytest.fixture(scope="session")
def running_server() -> "Iterator[RunningServer]":
    """All servers on free ports, once a worker. Tests take ``server`` or ``world``."""
    from tests.e2e.running import RunningServer  # builds everything: only where it is used

    with RunningServer() as server:
        yield server


@pytest.fixture
def server(running_server: "RunningServer") -> "Iterator[RunningServer]":
    """The running server, which must not log a warning while a test uses it."""
    running_server.complaints.take()
    yield running_server
    assert not running_server.complaints.take()


@pytest.fixture(scope="session")
def fakeproviders_server(running_server: "RunningServer") -> "Iterator[SyncHarness]":
    """The plugin's server: the running one, so that a worker has one only."""
    from fakeproviders import SyncHarness

    with SyncHarness(url=running_server.addresses.control) as harness:
        yield harness


@pytest.fixture
def world(server: "RunningServer", fakeproviders: "SyncSession") -> "Iterator[World]":
    """The test's own session, driven by bare requests."""
    from tests.e2e.world import World

    yield World.of(server, fakeproviders)
    server.settle(fakeproviders.id)
