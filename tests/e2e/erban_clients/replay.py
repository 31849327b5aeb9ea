"""nusoap and Axis 1 as they were recorded, with other values in the same places.

Neither can be installed any more where these tests run: nusoap 0.9's constructors are PHP 4's, Axis 1 is
Java. The golden files have what they really sent; a send is that, but for address and values.
"""

import re
from collections.abc import Callable, Mapping
from email import message_from_string
from functools import partial
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from tests.e2e.erban_clients.sends import Send
from tests.e2e.erban_clients.wire import shown
from tests.e2e.sockets import exchange, head_and_body
from tests.goldens import Goldens

GOLDENS = Goldens("erban")
FIELDS = {
    "account": "80000001",
    "password": "e73194dde80014c8e0c5e1af2151d00f",
    "mobile": "13800000001",
    "content": "【演示签名】您的验证码是482915，5分钟内有效。",
    "channel": "8000000101",
    "smsid": "179534374099.39",
    "sendType": "1",
}
"""The values that were recorded."""


def nusoap_text(value: str, charset: str = "utf-8") -> bytes:
    """A value as nusoap writes it: entities, in the client's charset."""
    return escape(value, {'"': "&quot;", "'": "&apos;"}).encode(charset)


def axis_text(value: str) -> bytes:
    """A value as Axis writes it: entities, and references for all that is not ASCII."""
    escaped = escape(value, {'"': "&quot;"})
    return "".join(x if x < "\x80" else f"&#x{ord(x):X};" for x in escaped).encode()


TEXTS: dict[str, Callable[[str], bytes]] = {
    "nusoap_gbk": partial(nusoap_text, charset="gbk"),
    "nusoap_utf8": nusoap_text,
    "nusoap_xfire": nusoap_text,
    "axis_soap11": axis_text,
    "axis_xfire": axis_text,
}
"""How the client of a golden request writes a value."""


def request(golden: str, address: str, fields: Mapping[str, str]) -> bytes:
    """The recorded bytes with other values, for another address."""
    text = TEXTS[golden]
    head, _, body = GOLDENS.request_bytes(golden).partition(b"\r\n\r\n")
    for name, recorded in FIELDS.items():
        old, new = (b">" + text(value) + b"</" for value in (recorded, fields[name]))
        assert body.count(old) == 1, name
        body = body.replace(old, new)
    url = urlsplit(address)
    lines = re.sub(r"^POST \S+", f"POST {url.path}", head.decode())
    lines = re.sub(r"(?m)^Host: .*?\r", f"Host: {url.netloc}\r", lines)
    lines = re.sub(r"(?m)^Content-Length: \d+", f"Content-Length: {len(body)}", lines)
    return lines.encode() + b"\r\n\r\n" + body


def report(send: Send) -> str:
    """What comes back, as it is: how nusoap and Axis would put it is not seen here."""
    data = request(send.client.key, send.address, send.fields)
    try:
        answer = exchange(send.address, data)
    except ConnectionRefusedError:
        return "no connection"
    head, body = head_and_body(answer)
    first, _, lines = head.partition("\r\n")
    kind = message_from_string(lines)["Content-Type"]
    return shown(int(first.split(" ")[1]), kind, body)
