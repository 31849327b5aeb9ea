"""A supervisor with its processes on a real Redis."""

import subprocess
from collections.abc import Iterator

import pytest

from tests.redis_server import RedisServer
from tests.serving import FREE, Start, serving
from tests.workers.crew import WORKERS, Crew


@pytest.fixture
def start(redis_server: RedisServer) -> Iterator[Start]:
    """Start ``serve --workers`` on free ports, with more options."""
    with serving() as start:

        def with_workers(*options: str, **env: str) -> "subprocess.Popen[str]":
            store = ("--store", redis_server.url, "--workers", str(WORKERS))
            return start("--json", *FREE, *store, *options, **env)

        yield with_workers


@pytest.fixture
def crew(start: Start) -> Crew:
    """All of it, ready."""
    return Crew(start())
