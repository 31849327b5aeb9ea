"""A server between a client and ours, which keeps what both have said, byte for byte."""

import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from typing import NamedTuple
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"(?im)^content-length: *(\d+)")


class Exchange(NamedTuple):
    """A request and its reply."""

    request: bytes
    reply: bytes


def read_message(stream: BufferedIOBase) -> bytes:
    """One HTTP message, its body of Content-Length bytes; nothing where the stream ends."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if not line:
            return b""
        head += line
    length = _LENGTH.search(head)
    return head + stream.read(int(length[1]) if length else 0)


class Relay(socketserver.ThreadingTCPServer):
    """Passes requests on to a server, each on a connection of its own."""

    daemon_threads = True

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        parts = urlsplit(behind)
        self.behind = (str(parts.hostname), int(parts.port or 80))
        self.exchanges: list[Exchange] = []

    @property
    def host(self) -> str:
        """What clients give as Host."""
        return f"127.0.0.1:{self.server_address[1]}"


class _Passing(socketserver.StreamRequestHandler):
    server: Relay

    def handle(self) -> None:
        while request := read_message(self.rfile):
            with socket.create_connection(self.server.behind) as onward:
                onward.sendall(request)
                with onward.makefile("rb") as replies:
                    reply = read_message(replies)
            self.server.exchanges.append(Exchange(request, reply))
            self.wfile.write(reply)
            if b"\r\nConnection: close\r\n" in reply:
                return


@contextmanager
def relay_to(url: str) -> Iterator[Relay]:
    """A relay while it lasts."""
    with Relay(url) as relay:
        thread = threading.Thread(target=relay.serve_forever, name="relay")
        thread.start()
        try:
            yield relay
        finally:
            relay.shutdown()
            thread.join()
