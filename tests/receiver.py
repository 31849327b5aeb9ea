"""A receiver of receipts: a real aiohttp server in a thread of its own."""

import asyncio
import threading
from types import TracebackType
from typing import NamedTuple

from aiohttp import web
from multidict import CIMultiDictProxy

from tests.asyncs import let_others_run, listen, stop_listening

PATIENCE = 20.0


class Arrived(NamedTuple):
    """One request as it came."""

    path: str
    headers: CIMultiDictProxy[str]
    raw_headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class Receiver:
    """``with Receiver() as receiver``: answers with ``answers`` in turn, then 200 for ever.

    0 keeps silent until the receiver ends.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.answers: list[int] = []
        self.got: list[Arrived] = []
        self.arrived = threading.Event()
        self._host = host
        self._ready = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="receiver")

    @property
    def url(self) -> str:
        """Where receipts go."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self.port}/receipts"

    def __enter__(self) -> "Receiver":
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        if self._error is not None:
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
        assert not self._thread.is_alive()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - raised where the receiver was asked for
            self._error = error
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._done = asyncio.get_running_loop(), asyncio.Event()
        server = web.Server(self._receive, access_log=None)
        runner = web.ServerRunner(server, shutdown_timeout=0.1)
        listener = await listen(runner, self._host)
        self.port: int = listener.getsockname()[1]
        self._ready.set()
        await self._done.wait()
        await stop_listening(runner, listener)
        await runner.cleanup()
        await let_others_run()  # the transports close

    async def _receive(self, request: web.BaseRequest) -> web.Response:
        body = await request.read()
        self.got.append(Arrived(request.path_qs, request.headers, request.raw_headers, body))
        self.arrived.set()
        status = self.answers.pop(0) if self.answers else 200
        if not status:
            await self._done.wait()
        headers = {"Location": "/elsewhere"} if status // 100 == 3 else {}
        return web.Response(status=status or 500, text="answered", headers=headers)
