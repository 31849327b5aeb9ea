"""The data plane's socket side: what a port is, and how a request of aiohttp's parser becomes a raw one.

connection.py has the conversation with one caller.
"""

import asyncio
from collections.abc import Callable
from typing import cast
from urllib.parse import unquote

from aiohttp import web

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
        raw = raw_request(head, body, caller.ip)
        raw.raw_headers = caller.as_before(raw.raw_headers)
        if not raw.origin:
            raw.origin = f"http://{caller.own_host()}"
        if self._session_id and not raw.session_id:
            raw.session_id, raw.prefixed = self._session_id, False
        wire = caller.wire
        wire.asked = raw
        return self._handle(raw, wire)


def raw_request(head: Head, body: bytes | None, ip: str) -> RawRequest:
    """The request as the codecs take it, its session prefix apart; no origin where it names no host."""
    target, headers = head.path, head.headers
    if not target.startswith("/"):
        url = head.url
        target = (url.relative() if url.absolute else url).raw_path_qs
    path, _, query = target.partition("?")
    session_id = ""
    if path.startswith("/@"):
        session_id, _, rest = path[2:].partition("/")
        path = f"/{rest}"
    host = headers.get("Host")
    return RawRequest(
        method=head.method,
        path=unquote(path) if "%" in path else path,
        query=query,
        headers=headers,
        raw_headers=head.raw_headers,
        body=body or b"",
        ip=ip,
        session_id=session_id,
        origin=f"http://{host}" if host else "",
        too_large=body is None,
    )


def server(listener: Listener, loop: asyncio.AbstractEventLoop) -> web.Server:
    """All connections of a port, as an aiohttp runner takes them."""
    # Connections does what a runner asks of a web.Server, and is none.
    return cast("web.Server", Connections(listener, loop))
