"""One client in one case, as its driver is told of it."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tests.e2e.erban_clients.clients import Client
from tests.e2e.world import World


class Send(NamedTuple):
    """Whose session it is, what to read first, where to send, and what."""

    client: Client
    world: World
    wsdl: str
    address: str
    moved: bool
    """Whether ``address`` is another than the WSDL names."""
    fields: Mapping[str, str]


def send(client: Client, world: World, fields: Mapping[str, str], closed: str = "") -> Send:
    """A send; with ``closed``, to that base address instead of the session's."""
    base = world.erban["url"]
    return Send(
        client=client,
        world=world,
        wsdl=client.wsdl and f"{base}{client.wsdl}",
        address=(closed or base) + client.path.format(account=world.erban["account"]),
        moved=bool(closed),
        fields=fields,
    )


def as_json(sends: Sequence[Send]) -> str:
    """What a script reads."""
    return json.dumps(
        [
            {
                "wsdl": each.wsdl,
                "address": each.address,
                "moved": each.moved,
                "fields": dict(each.fields),
                **each.client.how,
            }
            for each in sends
        ]
    )
