"""Every store there is. A new one is put in here, and then has to keep the whole contract."""

from collections.abc import Callable

import pytest

from fakeproviders.stores.base import Store
from fakeproviders.stores.memory import INBOX_LIMIT, MemoryStore

NewStore = Callable[..., Store]


def memory(inbox_limit: int = INBOX_LIMIT) -> Store:
    return MemoryStore(inbox_limit)


@pytest.fixture(params=[memory])
def new_store(request: pytest.FixtureRequest) -> NewStore:
    """Makes an empty store; ``inbox_limit`` bounds a session's inbox."""
    made: NewStore = request.param
    return made
