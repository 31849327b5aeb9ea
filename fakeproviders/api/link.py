"""The control API of a server, called through its thread."""

from collections.abc import Coroutine
from typing import Any, TypeVar

from fakeproviders.api.thread import LoopThread, awaited
from fakeproviders.clients.control import ControlClient

R = TypeVar("R")


class Link:
    """Calls below ``/api/v1``; each gives the reply's JSON. Raises ControlError and Unreachable."""

    def __init__(
        self,
        thread: LoopThread[ControlClient],
        client: ControlClient,
        sessions: set[str] | None = None,
    ) -> None:
        self.thread = thread
        self.client = client
        self.sessions = set() if sessions is None else sessions
        """Ids of those that are to end with the harness, because its server goes on without it."""

    async def get(self, path: str, *, wait: float = 0, **query: object) -> Any:
        """GET, with long polling for ``wait`` seconds."""
        return await self._through(self.client.get(path, wait=wait, **query))

    async def post(self, path: str, body: object = None) -> Any:
        """POST a JSON body, or none."""
        return await self._through(self.client.post(path, body))

    async def put(self, path: str, body: object) -> Any:
        """PUT a JSON body."""
        return await self._through(self.client.put(path, body))

    async def patch(self, path: str, body: object) -> Any:
        """PATCH with a JSON body."""
        return await self._through(self.client.patch(path, body))

    async def delete(self, path: str, **query: object) -> None:
        """DELETE."""
        await self._through(self.client.delete(path, **query))

    async def _through(self, work: Coroutine[Any, Any, R]) -> R:
        return await awaited(self.thread.submit(work))
