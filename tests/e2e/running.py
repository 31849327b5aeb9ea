"""A server that runs in a thread of its own, as it would in a process of its own."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from fakeproviders.api.thread import LoopThread
from fakeproviders.harness import Addresses, Ports, Servers, ServersConfig

T = TypeVar("T")
OURS = ("fakeproviders", "aiohttp", "asyncio")
PATIENCE = 20.0
FREE = ServersConfig(ports=Ports.free())


class Complaints(logging.Handler):
    """Every warning that the server, or what it is built on, has logged."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.partition(".")[0] in OURS:
            self.found.append(self.format(record))

    def take(self) -> list[str]:
        """What was found since this was last asked."""
        found, self.found = self.found, []
        return found


class RunningServer:
    """``with RunningServer() as server: server.addresses``. ``prepare`` gets the started harness."""

    def __init__(
        self,
        config: ServersConfig = FREE,
        prepare: Callable[[Servers], None] = lambda harness: None,
    ) -> None:
        self.complaints = Complaints()
        self._prepare = prepare
        self._thread = LoopThread(lambda: Servers(config))

    @property
    def addresses(self) -> Addresses:
        return self.harness.addresses

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the server's loop."""
        return self._thread.submit(work).result(PATIENCE)

    def settle(self, session_id: str) -> None:
        """Return when no forwarded send of a session is open any more."""

        async def settled() -> None:
            session = self.harness.sessions.get(session_id)
            hop = self.harness._core.hops.get(session) if session else None
            if hop is not None:
                await hop.settled()

        self.call(settled())

    def __enter__(self) -> "RunningServer":
        logging.getLogger().addHandler(self.complaints)
        self.harness = self._thread.start().result(PATIENCE)
        self._prepare(self.harness)
        return self

    def __exit__(self, *exc: object) -> None:
        self._thread.stop().result(PATIENCE)
        logging.getLogger().removeHandler(self.complaints)
