"""Several processes on one Redis, in one: each with its own connection, desk name, and session clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fakeproviders.duties import Duties
from fakeproviders.pipeline import Pipeline
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.receipts import Dispatcher
from fakeproviders.sessions import Sessions
from fakeproviders.stores.redis import RedisStore
from tests.core import NOON
from tests.desk import Desk
from tests.redis_server import RedisServer

PATIENCE = 10.0
NOTHING_LEFT = b"*0\r\n*0\r\n"


class Host(Desk):
    """A process on a shared Redis, its clock at NOON: the official provider, and a desk of this name."""

    def __init__(self, redis: RedisServer, desk: str) -> None:
        super().__init__()
        self.redis = RedisStore(redis.address)
        self.sessions = Sessions([OFFICIAL], self.redis, self.real)
        self.dispatcher = Dispatcher(self.post, self.real, desk)
        self.pipeline = Pipeline(
            self.sessions, lambda session: self.hop, self.real, self.dispatcher.expect
        )
        self.duties = Duties(
            self.sessions, self.redis.processes, self.dispatcher, lambda session: self.hop
        )

    async def start(self) -> None:
        await self.redis.start()
        self.real.now = NOON
        await self.open_frozen()

    async def advance(self, seconds: float) -> None:
        """As the control API does it."""
        await self.dispatcher.due.read(self.session)
        await self.session.clock.advance(seconds)

    async def end(self) -> None:
        """Die: nothing more happens here, and nobody is told."""
        await self.session.clock.close()
        await self.redis.close()


class Hosts:
    """Processes on one Redis that have been started, and end with the test."""

    def __init__(self, redis: RedisServer, stack: AsyncExitStack) -> None:
        self.redis = redis
        self.stack = stack

    async def __call__(self, desk: str) -> Host:
        host = Host(self.redis, desk)
        await host.start()
        self.stack.push_async_callback(host.end)
        return host

    def left(self) -> bytes:
        """What Redis still has to be told, and who tells it."""
        due = self.redis.say(b"ZRANGE fp:{default}:due 0 -1")
        return due + self.redis.say(b"HGETALL fp:{default}:claims")


@asynccontextmanager
async def hosts_on(redis: RedisServer) -> AsyncIterator[Hosts]:
    async with AsyncExitStack() as stack:
        yield Hosts(redis, stack)


async def until(host: Host, number: int) -> None:
    """Return when so many receipts have come."""
    async with asyncio.timeout(PATIENCE):
        while len(host.got) < number:
            await asyncio.sleep(0.01)
