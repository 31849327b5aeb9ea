"""A reply as HTTP/1.1 bytes.

Written here rather than by aiohttp: exactly the headers a provider sends and no others, in their
order, whatever the status; and in half the time.
"""

import time
from functools import lru_cache

from fakeproviders.clock import http_date
from fakeproviders.model import RawReply
from fakeproviders.pages import NGINX, reason_phrase

WRITTEN_BY_US = frozenset({"content-length", "transfer-encoding", "connection", "date"})
"""Headers that are not taken from a reply; of a ``Connection: close`` connection.py takes the meaning."""


def head(
    reply: RawReply,
    *,
    connection: str = "close",
    content_length: int | None = None,
    now: float | None = None,
) -> bytes:
    """Status line and headers up to the empty line.

    ``connection`` is that header's value, empty for none. ``content_length`` may lie; without it it
    is the body's. ``now`` is epoch seconds of the Date header.
    """
    return b"%bContent-Length: %d\r\n%b%b\r\n" % (
        _start(reply.status, reply.headers),
        len(reply.body) if content_length is None else content_length,
        _date(int(time.time() if now is None else now)),
        f"Connection: {connection}\r\n".encode("latin-1") if connection else b"",
    )


@lru_cache(maxsize=1024)
def _start(status: int, headers: tuple[tuple[str, str], ...]) -> bytes:
    """The part that all replies with these headers share."""
    lines = [f"HTTP/1.1 {status} {reason_phrase(status)}"]
    lines += [f"{name}: {value}" for name, value in headers if name.lower() not in WRITTEN_BY_US]
    if not any(name.lower() == "server" for name, _ in headers):
        lines.append(f"Server: {NGINX}")
    return "\r\n".join([*lines, ""]).encode("latin-1", "replace")


@lru_cache(maxsize=8)
def _date(second: int) -> bytes:
    return f"Date: {http_date(second)}\r\n".encode()
