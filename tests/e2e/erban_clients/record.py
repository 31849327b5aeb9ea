"""Records the golden exchanges of the clients: ``python -m tests.e2e.erban_clients.record [KEY ...]``.

Each client makes its good send once, with the default session's credentials, through a relay that
writes ``<key>.request`` and ``<key>.reply`` into tests/golden/erban. What nusoap and Axis send is replayed
(replay.py), so theirs stay as they are. Whoever records with other versions says so in index.yaml.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.e2e.erban_clients.clients import BY_KEY, Client
from tests.e2e.erban_clients.drivers import DRIVERS
from tests.e2e.erban_clients.relay import Exchange, Relay, relay_to
from tests.e2e.erban_clients.replay import FIELDS, GOLDENS
from tests.e2e.erban_clients.sends import send
from tests.e2e.running import RunningServer
from tests.e2e.world import Control, World

HOST = "127.0.0.1:9403"
"""Where the service is by default, and in golden files."""
_OF_THE_TRANSPORT = re.compile(rb"(?m)^(?:Date|Content-Length|Connection): .*\r\n")


def record(server: RunningServer, keys: Iterable[str], folder: Path) -> None:
    """Write the exchanges of these clients into a folder."""
    with relay_to(server.addresses.erban) as relay:
        for key in keys:
            exchange = _exchange(server, BY_KEY[key], relay)
            (folder / f"{key}.request").write_bytes(_as_default(exchange.request, relay.host))
            (folder / f"{key}.reply").write_bytes(_without_the_transports(exchange.reply))


def _exchange(server: RunningServer, client: Client, relay: Relay) -> Exchange:
    """Its good send; what it read before is not kept."""
    control = Control(server.addresses.control)
    session = control.get("/api/v1/sessions/default")
    session["erban"]["url"] = f"http://{relay.host}"
    DRIVERS[client.driver]([send(client, World(server, session, control), FIELDS)])
    return relay.exchanges[-1]


def _as_default(request: bytes, host: str) -> bytes:
    head, end, body = request.partition(b"\r\n\r\n")
    return head.replace(host.encode(), HOST.encode()) + end + body


def _without_the_transports(reply: bytes) -> bytes:
    head, end, body = reply.partition(b"\r\n\r\n")
    return _OF_THE_TRANSPORT.sub(b"", head + b"\r\n").removesuffix(b"\r\n") + end + body


def main() -> None:
    with RunningServer() as server:
        record(server, sys.argv[1:] or BY_KEY, GOLDENS.folder)


if __name__ == "__main__":
    main()
