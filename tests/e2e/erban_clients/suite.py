"""All cases with one client, and what came of them: ``python -m tests.e2e.erban_clients.suite``.

The command prints what each client says, as table.py has it.
"""

import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pprint import pformat
from typing import NamedTuple

from tests.e2e import clients
from tests.e2e.erban_clients.cases import Case, content
from tests.e2e.erban_clients.clients import CLIENTS, Client
from tests.e2e.erban_clients.drivers import DRIVERS
from tests.e2e.erban_clients.sends import Send, send
from tests.e2e.running import RunningServer
from tests.e2e.world import World

_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+[^\s'\",]*")
_HOST = re.compile(r"127\.0\.0\.1(?: port |:)\d+(?: after \d+ ms)?")
_PAGE = re.compile(r"(?<=with invalid XML): .*|(?<=Code: 503) Response Body: .*")
"""Where zeep and node-soap quote the page that they got."""


class Seen(NamedTuple):
    """What the client said, what the session's inbox has, and the doors it knocked at to send."""

    report: str
    sent: Send
    contents: list[str]
    doors: list[str]


def observe(server: RunningServer, client: Client) -> dict[str, Seen]:
    """Every case by its key, each in a session of its own."""
    worlds = [_prepared(server, case) for case in client.cases]
    try:
        with closed_base() as closed:
            sends = [
                send(client, world, _fields(world, case), closed if case.closed_port else "")
                for world, case in zip(worlds, client.cases, strict=True)
            ]
            reports = DRIVERS[client.driver](sends)
        return {
            case.key: Seen(
                _tidy(report),
                sent,
                [message["content"] for message in sent.world.messages()],
                [line["door"] for line in sent.world.requests(operation="send")],
            )
            for case, sent, report in zip(client.cases, sends, reports, strict=True)
        }
    finally:
        for world in worlds:
            world.delete()


def _prepared(server: RunningServer, case: Case) -> World:
    world = World.create(server)
    if case.settings:
        world.patch("erban", **case.settings)
    if case.fault:
        world.fault("erban", **case.fault)
    return world


def _fields(world: World, case: Case) -> dict[str, str]:
    overrides = {"content": content(world.erban["signature"]), **case.fields}
    return clients.erban_fields(world, **overrides)


@contextmanager
def closed_base() -> Iterator[str]:
    """A base address where nothing listens, and nothing else can."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def _tidy(report: str) -> str:
    """A report on one line, without what differs from run to run."""
    line = " ".join(report.split())
    return _PAGE.sub("", _HOST.sub("HOST", _ADDRESS.sub("URL", line)))


def main() -> None:
    with RunningServer() as server:
        wanted = sys.argv[1:] or [client.key for client in CLIENTS]
        for client in CLIENTS:
            if client.key in wanted:
                said = {key: seen.report for key, seen in observe(server, client).items()}
                print(client.key, pformat(said, sort_dicts=False, width=160))  # noqa: T201


if __name__ == "__main__":
    main()
