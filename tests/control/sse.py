"""A listener of server-sent events, as browsers are: it remembers the last id."""

import http.client
import json
from collections.abc import Iterator
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from tests.e2e.world import World

PATIENCE = 10.0


class Event(NamedTuple):
    kind: str
    data: dict[str, Any]
    id: str


class Listener:
    """``with Listener(world) as listener: listener.take(2)``."""

    def __init__(self, world: World, last_id: str = "", **query: str) -> None:
        where = urlsplit(world.control.url)
        self.connection = http.client.HTTPConnection(where.netloc, timeout=PATIENCE)
        path = f"{world.path}/events"
        headers = {"Last-Event-ID": last_id} if last_id else {}
        self.connection.request("GET", f"{path}?{urlencode(query)}", headers=headers)
        self.reply = self.connection.getresponse()
        self.status = self.reply.status
        self.last_id = last_id
        self.comments = 0

    def __enter__(self) -> "Listener":
        if self.status != 200:
            self.close()
        assert self.status == 200
        assert self.reply.headers["Content-Type"] == "text/event-stream"
        next(self._blocks())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave."""
        self.connection.close()
        self.reply.close()

    def take(self, number: int) -> list[Event]:
        """The next so many events."""
        events = self.events()
        return [next(events) for _ in range(number)]

    def events(self) -> Iterator[Event]:
        """All events until the server ends the stream."""
        for fields in self._blocks():
            if "data" in fields:
                yield Event(fields["event"], json.loads(fields["data"]), self.last_id)

    def _blocks(self) -> Iterator[dict[str, str]]:
        """Fields of each block; a block with an id alone counts as well."""
        fields: dict[str, str] = {}
        while line := self.reply.readline().decode():
            name, _, value = line.rstrip("\n").partition(": ")
            if line == "\n" and fields:
                self.last_id = fields.get("id", self.last_id)
                yield fields
                fields = {}
            elif line.startswith(":"):
                self.comments += 1
            elif name:
                fields[name] = value
