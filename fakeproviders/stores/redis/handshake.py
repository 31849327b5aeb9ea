"""From an address to a connection that scripts can be run on. All raise OSError or CommandFailed."""

import asyncio
import ssl
from collections.abc import Callable
from typing import Any

from fakeproviders.stores.redis.address import Address
from fakeproviders.stores.redis.connection import Connection, Word
from fakeproviders.stores.redis.scripts import scripts


async def opened(address: Address, heard: Callable[[list[Any]], None]) -> Connection:
    """A connection to whatever is there; ``heard`` as in Connection."""
    loop = asyncio.get_running_loop()

    def made() -> Connection:
        return Connection(heard)

    if address.path:
        return (await loop.create_unix_connection(made, address.path))[1]
    tls = ssl.create_default_context() if address.tls else None
    return (await loop.create_connection(made, address.host, address.port, ssl=tls))[1]


async def greet(connection: Connection, address: Address) -> bytes:
    """Log in, choose the database, and see that we may listen to channels; ``standalone`` or ``cluster``."""
    login: tuple[Word, ...] = ()
    if address.password:
        login = ("AUTH", address.username or "default", address.password)
    greeting: dict[bytes, Any] = await connection.execute(("HELLO", 3, *login))
    await connection.execute(("SELECT", address.db))
    connection.tell(("SUBSCRIBE", "fp:hello"))  # refused, it would be answered; granted, it is not
    await connection.execute(("PING",))
    connection.tell(("UNSUBSCRIBE", "fp:hello"))
    mode: bytes = greeting[b"mode"]
    return mode


async def load_scripts(connection: Connection) -> None:
    """Make all scripts known."""
    for script in scripts().values():
        await connection.execute(("SCRIPT", "LOAD", script.text))


async def clock_offset(connection: Connection) -> float:
    """Redis's clock less the loop's, or a little less: a deadline may be early by that, never late."""
    seconds, microseconds = await connection.execute(("TIME",))
    return int(seconds) + int(microseconds) / 1e6 - asyncio.get_running_loop().time()
