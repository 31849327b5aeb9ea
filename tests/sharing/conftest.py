"""The running server of this folder keeps its state in a Redis, as one of several processes would."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.conftest import require_tool

if TYPE_CHECKING:
    from fakeproviders import SyncHarness
    from tests.e2e.running import RunningServer


@pytest.fixture(scope="session")
def running_server() -> "Iterator[RunningServer]":
    """All servers on free ports, on a Redis of their own."""
    from tests.e2e.running import FREE, RunningServer
    from tests.redis_server import RedisServer

    with (
        RedisServer(require_tool("redis-server")) as redis,
        RunningServer(msgspec.structs.replace(FREE, store=redis.url)) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def fakeproviders_server(running_server: "RunningServer") -> "Iterator[SyncHarness]":
    """The plugin's server: this folder's."""
    from fakeproviders import SyncHarness

    with SyncHarness(url=running_server.addresses.control) as harness:
        yield harness
