"""A session in a real Redis, under the patience that a server has."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fakeproviders.stores.base import SessionStore, StoreUnavailable
from fakeproviders.stores.redis import Address, RedisStore
from fakeproviders.stores.redis.session import RedisSession
from tests.stores.charges import ROLE


@asynccontextmanager
async def session_in(address: Address) -> AsyncIterator[RedisSession]:
    store = RedisStore(address)
    await store.start()
    try:
        yield store.open("one")
    finally:
        await store.close()


async def back(store: SessionStore) -> float:
    """Seconds until it works again."""
    began = time.monotonic()
    while True:
        try:
            await store.balance(ROLE)
        except StoreUnavailable:
            assert time.monotonic() < began + 10
            await asyncio.sleep(0.01)
        else:
            return time.monotonic() - began
