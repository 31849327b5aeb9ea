"""The data plane's socket side: what a port is, and how a request of aiohttp's parser becomes a raw one.

connection.py has the conversation with one caller.
"""

import asyncio
from collections.abc import Callable
from typing import cast
from urllib.parse import unquote

from aiohttp import web
from yarl import URL

from fakeproviders.connection import Connection, Connections
from fakeproviders.faults.base import Wire
from fakeproviders.incoming import Head
from fakeproviders.model import RawReply, RawRequest
from fakeproviders.providers.base import Provider
from fakeproviders.soon import Soon

Handle = Callable[[RawRequest, Wire], Soon[RawReply | None]]
"""Gives the reply to write; None is that a fault has dealt with the connection."""


class Listener:
    """One provider's port: how its requests are read and answered. See connection.Port."""

    def __init__(
        self, handle: Handle, provider: Provider, stopping: asyncio.Event, session_id: str = ""
    ) -> None:
        """``session_id`` makes it a session's own port: all its requests are that session's."""
        self._handle = handle
        self._session_id = session_id
        self.max_body = provider.max_body
        self.status_page = provider.status_page
        self.stopping = stopping

    def begin(self, head: Head, body: bytes | None, caller: Connection) -> Soon[RawReply | None]:
        """The reply to a request. ``body`` is None when it was too large."""
        target, headers, wire = head.path, head.headers, caller.wire
        if not target.startswith("/"):
            target = _target_here(head.url)
        path, _, query = target.partition("?")
        session_id, prefixed = "", True
        if path.startswith("/@"):
            session_id, _, rest = path[2:].partition("/")
            path = f"/{rest}"
        if self._session_id and not session_id:
            session_id, prefixed = self._session_id, False
        if head.raw_headers != caller.raw_headers:
            caller.raw_headers = head.raw_headers
        wire.asked = raw = RawRequest(
            method=head.method,
            path=unquote(path) if "%" in path else path,
            query=query,
            headers=headers,
            raw_headers=caller.raw_headers,
            body=body or b"",
            ip=caller.ip,
            session_id=session_id,
            origin=f"http://{headers.get('Host') or caller.own_host()}",
            prefixed=prefixed,
            too_large=body is None,
        )
        return self._handle(raw, wire)


def _target_here(url: URL) -> str:
    """Path and query of a request that names its server too, as one to a proxy does."""
    return (url.relative() if url.absolute else url).raw_path_qs


def server(listener: Listener, loop: asyncio.AbstractEventLoop) -> web.Server:
    """All connections of a port, as an aiohttp runner takes them."""
    # Connections does what a runner asks of a web.Server, and is none.
    return cast("web.Server", Connections(listener, loop))
