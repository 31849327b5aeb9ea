"""Requests over real sockets: one with a plain HTTP client, one with bytes as they are."""

import contextlib
import http.client
import json
import socket
from collections.abc import Mapping
from email.message import Message
from typing import Any, NamedTuple
from urllib.parse import urlsplit

PATIENCE = 15.0


class Reply(NamedTuple):
    """What came back."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def type(self) -> str:
        return self.headers.get("Content-Type", "")


def request(
    method: str,
    url: str,
    body: bytes | str | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    timeout: float = PATIENCE,
) -> Reply:
    """One request on a connection of its own."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    try:
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request(
            method, target, body.encode() if isinstance(body, str) else body, dict(headers or {})
        )
        response = connection.getresponse()
        return Reply(response.status, response.headers, response.read())
    finally:
        connection.close()


def post_json(url: str, document: object, headers: Mapping[str, str] | None = None) -> Reply:
    """POST a JSON document."""
    body = json.dumps(document, ensure_ascii=False)
    return request("POST", url, body, {"Content-Type": "application/json", **(headers or {})})


def connect(url: str, *, timeout: float = PATIENCE) -> socket.socket:
    """A bare connection to a server."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port or 80), timeout=timeout)


def read_all(sock: socket.socket) -> bytes:
    """Everything until the other side ends it."""
    chunks = []
    try:
        while chunk := sock.recv(65536):
            chunks.append(chunk)
    except ConnectionResetError:
        pass
    return b"".join(chunks)


def exchange(url: str, data: bytes) -> bytes:
    """Send bytes; everything that comes back until the server ends the connection."""
    with connect(url) as sock:
        with contextlib.suppress(ConnectionError):  # it may have answered and left before the end
            sock.sendall(data)
        return read_all(sock)


def head_and_body(answer: bytes) -> tuple[str, bytes]:
    """A raw reply's head as text, and its body."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.decode("latin-1"), body
