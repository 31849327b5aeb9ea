"""Golden exchanges: files of bytes as on the wire, and an index that says where their facts come from.

``<name>.request`` is what a client sends and ``<name>.reply`` what it must get, but for the headers that
the transport adds. ``index.yaml`` has, for each name, ``provenance`` (D documented in the operators' guide,
O observed, A assumed), a ``note``, and what a folder's own test needs to know of the exchange.
"""

from pathlib import Path
from typing import Any

import yaml
from multidict import CIMultiDict

from fakeproviders.model import RawReply, RawRequest
from fakeproviders.pages import reason_phrase

Index = dict[str, dict[str, Any]]


class Goldens:
    """The exchanges of one folder."""

    def __init__(self, name: str) -> None:
        self.folder = Path(__file__).parent / "golden" / name
        self.index: Index = yaml.safe_load((self.folder / "index.yaml").read_text("utf-8"))

    def request(self, name: str, **how: Any) -> RawRequest:
        """What the client sends."""
        head, _, body = self.request_bytes(name).partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        method, target, _ = first.split(" ")
        path, _, query = target.partition("?")
        parts = (line.partition(":") for line in lines)
        headers = CIMultiDict((name, value.strip()) for name, _, value in parts)
        where = {"ip": "10.0.0.9", "origin": f"http://{headers.get('Host', '')}"}
        return RawRequest(
            method=method, path=path, query=query, headers=headers, body=body, **where | how
        )

    def request_bytes(self, name: str) -> bytes:
        """The same, as it is."""
        return (self.folder / f"{name}.request").read_bytes()

    def reply(self, name: str) -> bytes:
        """What the client must get."""
        return (self.folder / f"{name}.reply").read_bytes()

    def faults(self) -> list[str]:
        """What is wrong with the folder: files that are not in the index, or have no provenance."""
        names = {
            path.stem for path in self.folder.iterdir() if path.suffix in {".request", ".reply"}
        }
        wrong = sorted(names ^ set(self.index))
        wrong += [n for n in self.index if self.index[n].get("provenance") not in {"D", "O", "A"}]
        return wrong


def reply_bytes(reply: RawReply) -> bytes:
    """A reply as a ``.reply`` file has it."""
    lines = [f"HTTP/1.1 {reply.status} {reason_phrase(reply.status)}"]
    lines += [f"{name}: {value}" for name, value in reply.headers]
    return "\r\n".join([*lines, "", ""]).encode() + reply.body
