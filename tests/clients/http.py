"""Stands for aiohttp.ClientSession where a test wants no sockets."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode, urlsplit

import aiohttp

from fakeproviders.model import RawReply


class Asked(NamedTuple):
    """One request that a client made."""

    method: str
    url: str
    json: Any
    params: Mapping[str, str]
    timeout: float | None
    data: bytes = b""
    headers: Mapping[str, str] = {}

    @property
    def target(self) -> str:
        """Path and query."""
        path = urlsplit(self.url).path
        return f"{path}?{urlencode(self.params)}" if self.params else path


Server = Callable[[Asked], Any]
"""Answers with an awaitable of a RawReply, or raises."""


class _Response:
    def __init__(self, reply: RawReply) -> None:
        self.status = reply.status
        self._body = reply.body

    async def text(self, errors: str = "strict") -> str:
        return self._body.decode("utf-8", errors)


class _Exchange(AbstractAsyncContextManager[_Response]):
    def __init__(self, server: Server, asked: Asked) -> None:
        self._server = server
        self._asked = asked

    async def __aenter__(self) -> _Response:
        return _Response(await self._server(self._asked))

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None


class InnerHttp:
    """Asks a function instead of the network, and remembers what was asked."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.asked: list[Asked] = []

    def request(
        self,
        method: str,
        url: str,
        *,
        timeout: aiohttp.ClientTimeout,
        json: Any = None,
        params: Mapping[str, str] | None = None,
        data: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> _Exchange:
        asked = Asked(method, url, json, params or {}, timeout.total, data, headers or {})
        self.asked.append(asked)
        return _Exchange(self._server, asked)

    def session(self) -> aiohttp.ClientSession:
        """Itself, in the type that clients ask for."""
        return cast("aiohttp.ClientSession", self)


def answering(body: bytes, status: int = 200) -> InnerHttp:
    """Answers everything with this."""

    async def server(asked: Asked) -> RawReply:
        return RawReply(status, (), body)

    return InnerHttp(server)
