"""A server that runs in a thread of its own, as it would in a process of its own."""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, TypeVar

import uvloop

from fakeproviders.harness import Addresses, Harness, HarnessConfig, Ports

T = TypeVar("T")
OURS = ("fakeproviders", "aiohttp", "asyncio")
PATIENCE = 20.0
FREE = HarnessConfig(ports=Ports.free())


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
        config: HarnessConfig = FREE,
        prepare: Callable[[Harness], None] = lambda harness: None,
    ) -> None:
        self.complaints = Complaints()
        self._config = config
        self._prepare = prepare
        self._ready = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="server")

    @property
    def addresses(self) -> Addresses:
        return self.harness.addresses

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the server's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def settle(self, session_id: str) -> None:
        """Return when no forwarded send of a session is open any more."""

        async def settled() -> None:
            session = self.harness.sessions.get(session_id)
            hop = self.harness._hops.get(session) if session else None
            if hop is not None:
                await hop.settled()

        self.call(settled())

    def __enter__(self) -> "RunningServer":
        logging.getLogger().addHandler(self.complaints)
        self._thread.start()
        self._ready.wait(PATIENCE)
        if self._error is not None:
            self._thread.join(PATIENCE)
            raise self._error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(PATIENCE)
        logging.getLogger().removeHandler(self.complaints)
        assert not self._thread.is_alive(), "the server did not stop"

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - raised where the server was asked for
            self._error = error
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._done = asyncio.get_running_loop(), asyncio.Event()
        async with Harness(self._config) as harness:
            self.harness = harness
            self._prepare(harness)
            self._ready.set()
            await self._done.wait()
