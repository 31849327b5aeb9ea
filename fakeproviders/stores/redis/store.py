"""All sessions in one Redis, or spread over the nodes of a cluster."""

import asyncio
import contextlib
import logging

from fakeproviders.stores.base import INBOX_LIMIT, StoreUnavailable
from fakeproviders.stores.redis.address import Address
from fakeproviders.stores.redis.client import ANSWER_SECONDS, RUN_SECONDS
from fakeproviders.stores.redis.nodes import Nodes
from fakeproviders.stores.redis.processes import RedisProcesses
from fakeproviders.stores.redis.scripts import IDLE_SECONDS
from fakeproviders.stores.redis.session import RedisSession
from fakeproviders.stores.redis.sharing import RedisSharing
from fakeproviders.stores.redis.tallies import RedisTallies

_log = logging.getLogger(__name__)
_TOUCH_SECONDS = IDLE_SECONDS / 48


class RedisStore:
    """Sessions by their ids. It connects by itself when it is first asked."""

    def __init__(
        self,
        address: Address,
        inbox_limit: int = INBOX_LIMIT,
        *,
        run: float = RUN_SECONDS,
        answer: float = ANSWER_SECONDS,
    ) -> None:
        self._nodes = Nodes(address, run=run, answer=answer)
        self.processes = RedisProcesses(self._nodes.home)
        self._inbox_limit = inbox_limit
        self._sessions: dict[str, RedisSession] = {}
        self._touching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect, and from now on keep live sessions from being forgotten. Raises StoreUnavailable."""
        await self._nodes.start()
        await self.processes.start()
        self._touching = asyncio.get_running_loop().create_task(self._touch())

    def open(self, session_id: str) -> RedisSession:
        """The state of a session, empty when it is new."""
        found = self._sessions.get(session_id)
        if found is None:
            found = self._sessions[session_id] = RedisSession(
                session_id, self._nodes.of(session_id), self._inbox_limit
            )
        return found

    async def drop(self, session_id: str) -> None:
        """Forget a session's state; what Redis cannot be told now it forgets in two days."""
        session = self.open(session_id)
        self.let_go(session_id)
        try:
            await session.forget(dropped=True)
        except StoreUnavailable as away:
            _log.warning("session %s stays in Redis until it is idle: %s", session_id, away.why)

    def let_go(self, session_id: str) -> None:
        """See Store."""
        session = self._sessions.pop(session_id, None)
        if session is not None:
            session.close()

    def sharing(self) -> RedisSharing:
        """This process's part in what all processes on this Redis serve."""
        return RedisSharing(self._nodes)

    def tallies(self, run: str) -> RedisTallies:
        """What the processes of one server have counted."""
        return RedisTallies(self._nodes.home, run)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._touching is not None:
            self._touching.cancel()
            await asyncio.gather(self._touching, return_exceptions=True)
        await self._hand_over()
        await self.processes.close()
        await self._nodes.close()

    async def _hand_over(self) -> None:
        """Have written what is still to be written; what Redis cannot be told now is lost."""
        sessions = list(self._sessions.values())
        for session in sessions:
            session.records.send()
        with contextlib.suppress(StoreUnavailable):
            await asyncio.gather(*(session.settled() for session in sessions))
        for session in sessions:
            session.close()

    async def ready(self) -> bool:
        """Whether Redis answers, and takes what is written."""
        try:
            await self._nodes.home.execute("SET", "{fp}:ready", 1, "EX", 60)
            await asyncio.gather(*(client.execute("PING") for client in self._nodes.all()))
        except StoreUnavailable:
            return False
        return True

    async def _touch(self) -> None:
        while True:
            await asyncio.sleep(_TOUCH_SECONDS)
            for session in list(self._sessions.values()):
                with contextlib.suppress(StoreUnavailable):
                    await session.touch()
