"""A session in a real Redis, under the patience that a server has."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fakeproviders.stores.redis import Address, RedisStore
from fakeproviders.stores.redis.session import RedisSession


@asynccontextmanager
async def session_in(address: Address) -> AsyncIterator[RedisSession]:
    store = RedisStore(address)
    await store.start()
    try:
        yield store.open("one")
    finally:
        await store.close()
