"""Where a server keeps its state: in the process, or in the Redis that was named."""

import contextlib
from collections.abc import AsyncIterator

from fakeproviders.config import StartError
from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.stores.base import Store, StoreUnavailable
from fakeproviders.stores.memory import MemoryStore


def new_store(address: str | None) -> Store:
    """The store at an address; without one, in the process. Raises StartError."""
    if address is None:
        return MemoryStore()
    try:
        from fakeproviders.stores import redis
    except ModuleNotFoundError:
        words = Words(
            zh="--store 需要 hiredis：pip install 'fakeproviders[redis]'",
            en="--store needs hiredis: pip install 'fakeproviders[redis]'",
        )
        raise StartError(words) from None
    try:
        return redis.RedisStore(redis.parse_address(address))
    except Misfit as error:
        words = Words(zh=f"--store 的值无效：{error.words.zh}", en=f"--store: {error.words.en}")
        raise StartError(words) from None


@contextlib.asynccontextmanager
async def started(store: Store, address: str | None) -> AsyncIterator[None]:
    """The store while the server runs. Raises StartError when it cannot be reached."""
    try:
        await store.start()
    except StoreUnavailable as away:
        await store.close()
        place = (address or "").rpartition("@")[2].rpartition("//")[2]  # no password
        words = Words(
            zh=f"连不上 --store 指定的 Redis（{place}）：{away.why}。请启动 redis-server，或更正地址",
            en=f"the Redis of --store ({place}) cannot be used: {away.why}; "
            "start redis-server, or correct the address",
        )
        raise StartError(words) from None
    try:
        yield
    finally:
        await store.close()
