"""A lean HTTP client for load: prepared requests over keep-alive connections."""

import asyncio
import socket
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit


class Answers(NamedTuple):
    """What came back: how many, and how many of them contained the mark of success."""

    number: int
    good: int


def request(method: str, url: str, body: bytes, content_type: str) -> bytes:
    """One request as bytes."""
    parts = urlsplit(url)
    head = (
        f"{method} {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1\r\n"
        f"Host: {parts.netloc}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def drive(
    port: int, requests: Sequence[bytes], *, connections: int = 16, mark: bytes = b'"code":0'
) -> Answers:
    """Send all requests, one at a time on each of so many connections."""
    good = 0
    todo = iter(requests)

    async def worker() -> None:
        nonlocal good
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for item in todo:
            writer.write(item)
            answer = await _answer(reader)
            good += mark in answer
        writer.close()

    await asyncio.gather(*(worker() for _ in range(connections)))
    return Answers(len(requests), good)


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    place = head.lower().index(b"content-length:") + 15
    length = int(head[place : head.index(b"\r\n", place)])
    return await reader.readexactly(length)
