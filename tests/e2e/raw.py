"""Sends as bytes on a bare connection, and what came back with how it ended."""

import json
import re
import socket
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.e2e import clients
from tests.e2e.sockets import connect
from tests.e2e.world import World

EOF, RESET = "eof", "reset"
PATHS = {"official": "/api/sms/send", "reseller": "/api/sms/", "erban": clients.ASMX}
JSON = "application/json"
SOAP = f'text/xml; charset=utf-8\r\nSOAPAction: "{clients.ACTION}"'
PROVIDERS = ("official", "reseller", "erban")


class Seen(NamedTuple):
    """All bytes that came, how it ended, and in which pieces they came."""

    data: bytes
    ending: str
    pieces: tuple[int, ...]

    @property
    def head(self) -> str:
        return self.data.partition(b"\r\n\r\n")[0].decode("latin-1")

    @property
    def body(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[2]

    @property
    def status(self) -> int:
        return int(self.head.split(" ", 2)[1])

    def header(self, name: str) -> str:
        """A header's value; the test has one of it."""
        (value,) = re.findall(rf"(?im)^{re.escape(name)}: (.*?)\r?$", self.head)
        return str(value)


def base(world: World, provider: str) -> str:
    """The address that a session has at a provider."""
    return str(world.session[provider]["url"])


def send_bytes(world: World, provider: str, *, connection: str = "close") -> bytes:
    """A send that is accepted when no fault meets it."""
    fields: object
    if provider == "official":
        fields = clients.official_message(world, access_token=clients.token_of(world))
    elif provider == "reseller":
        fields = clients.reseller_fields(world)
    else:
        return _request(world, provider, clients.envelope(clients.erban_fields(world)), connection)
    return _request(world, provider, json.dumps(fields), connection)


def _request(world: World, provider: str, text: str, connection: str) -> bytes:
    path = urlsplit(base(world, provider)).path + PATHS[provider]
    kind, body = SOAP if provider == "erban" else JSON, text.encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: sms.test\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: {connection}\r\n\r\n"
    )
    return head.encode() + body


def read(sock: socket.socket) -> Seen:
    """Everything until it ends."""
    pieces: list[bytes] = []
    ending = EOF
    try:
        while piece := sock.recv(1 << 20):
            pieces.append(piece)
    except ConnectionResetError:
        ending = RESET
    return Seen(b"".join(pieces), ending, tuple(map(len, pieces)))


def raw_send(world: World, provider: str) -> Seen:
    """Send on a connection of its own, and read to the end."""
    data = send_bytes(world, provider)
    with connect(base(world, provider)) as sock:
        sock.sendall(data)
        return read(sock)


def plain(data: bytes) -> bytes:
    """A reply without what differs from one send to the next: its date, the message's id."""
    undated = re.sub(rb"(?m)^Date: .*$", b"Date:", data)
    return re.sub(rb'"message_id":"\d+"', b'"message_id":""', undated)
