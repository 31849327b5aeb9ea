"""Every store there is. A new one is put in here, and then has to keep the whole contract."""

from collections.abc import Callable
from functools import partial

import pytest

from fakeproviders.stores.base import INBOX_LIMIT, Store
from fakeproviders.stores.memory import MemoryStore
from fakeproviders.stores.redis import RedisStore
from tests.redis_server import RedisServer

NewStore = Callable[..., Store]
PATIENCE = 20.0
"""Seconds that a test's Redis may take where the test is not about that."""


def memory(inbox_limit: int = INBOX_LIMIT) -> Store:
    return MemoryStore(inbox_limit)


def redis(server: RedisServer, inbox_limit: int = INBOX_LIMIT) -> Store:
    server.empty()
    return RedisStore(server.address, inbox_limit, run=PATIENCE, answer=PATIENCE)


@pytest.fixture(params=["memory", "redis"])
def new_store(request: pytest.FixtureRequest) -> NewStore:
    """Makes an empty store; ``inbox_limit`` bounds a session's inbox."""
    if request.param == "memory":
        return memory
    return partial(redis, request.getfixturevalue("redis_server"))
