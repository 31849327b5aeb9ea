"""A lean HTTP client for load: prepared requests over keep-alive connections."""

import asyncio
import socket
import time
from collections.abc import Mapping, Sequence
from statistics import quantiles
from typing import NamedTuple
from urllib.parse import urlsplit

NO_HEADERS: Mapping[str, str] = {}
CONNECTIONS = 16
"""So many requests are under way at a time."""


class HttpAnswer(NamedTuple):
    """One answer, as it came."""

    status: int
    body: bytes


class Answers(NamedTuple):
    """What came back: how many, how many of them contained the mark of success, and how late the 99th percentile."""

    number: int
    good: int
    p99: float
    """In seconds."""


def request(
    method: str, url: str, body: bytes, content_type: str, headers: Mapping[str, str] = NO_HEADERS
) -> bytes:
    """One request as bytes; without a content type it names none."""
    parts = urlsplit(url)
    typed = {"Content-Type": content_type} if content_type else {}
    more = "".join(f"{name}: {value}\r\n" for name, value in {**typed, **headers}.items())
    head = (
        f"{method} {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1\r\n"
        f"Host: {parts.netloc}\r\n{more}"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def drive(
    port: int,
    requests: Sequence[bytes],
    *,
    connections: int = CONNECTIONS,
    mark: bytes = b'"code":0',
) -> Answers:
    """Send all requests, one at a time on each of so many connections."""
    good = 0
    took: list[float] = []
    todo = iter(requests)

    async def worker() -> None:
        nonlocal good
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for item in todo:
            asked = time.perf_counter()
            writer.write(item)
            answer = await read_answer(reader)
            took.append(time.perf_counter() - asked)
            good += mark in answer.body
        writer.close()

    await asyncio.gather(*(worker() for _ in range(connections)))
    return Answers(len(requests), good, quantiles(took, n=100)[-1] if len(took) > 1 else 0.0)


async def read_answer(reader: asyncio.StreamReader) -> HttpAnswer:
    """The next answer. Raises IncompleteReadError when the connection ends before it does."""
    head = await reader.readuntil(b"\r\n\r\n")
    place = head.lower().index(b"content-length:") + 15
    length = int(head[place : head.index(b"\r\n", place)])
    return HttpAnswer(int(head[9:12]), await reader.readexactly(length))
