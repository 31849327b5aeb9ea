# Made from link.py by: python -m tests.api.synchronous
"""The control API of a server, called through its thread."""

from collections.abc import Coroutine
from typing import Any, TypeVar

from fakeproviders.api.thread import LoopThread, waited
from fakeproviders.clients.control import ControlClient

R = TypeVar("R")


class SyncLink:
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

    def get(self, path: str, *, wait: float = 0, **query: object) -> Any:
        """GET, with long polling for ``wait`` seconds."""
        return self._through(self.client.get(path, wait=wait, **query))

    def post(self, path: str, body: object = None) -> Any:
        """POST a JSON body, or none."""
        return self._through(self.client.post(path, body))

    def put(self, path: str, body: object) -> Any:
        """PUT a JSON body."""
        return self._through(self.client.put(path, body))

    def patch(self, path: str, body: object) -> Any:
        """PATCH with a JSON body."""
        return self._through(self.client.patch(path, body))

    def delete(self, path: str, **query: object) -> None:
        """DELETE."""
        self._through(self.client.delete(path, **query))

    def _through(self, work: Coroutine[Any, Any, R]) -> R:
        return waited(self.thread.submit(work))
