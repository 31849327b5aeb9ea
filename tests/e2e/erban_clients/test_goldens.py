"""What was recorded from the clients is read as they meant it, and recording gives the same again."""

import re
from pathlib import Path
from typing import cast

import pytest

from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.erban.calls import ErbanCall
from fakeproviders.providers.erban.proof import PasswordDigest
from tests.e2e.erban_clients.clients import BY_KEY, CLIENTS, Client
from tests.e2e.erban_clients.record import record
from tests.e2e.erban_clients.replay import FIELDS, GOLDENS
from tests.e2e.running import RunningServer

UNDERSTOOD = [client for client in CLIENTS if client.understood]


def test_every_client_was_recorded() -> None:
    notes = {name: entry["note"] for name, entry in GOLDENS.index.items()}
    recorded = {name for name, note in notes.items() if note.startswith("recorded from ")}
    assert recorded == BY_KEY.keys()


@pytest.mark.parametrize("client", UNDERSTOOD, ids=lambda client: client.key)
def test_a_recorded_request_is_read_as_it_was_meant(client: Client) -> None:
    call = cast("ErbanCall", ERBAN.decode(GOLDENS.request(client.key)))
    assert (call.door, call.method, call.missing) == (client.door, "SendSms3", "")
    assert (call.account, call.channel) == (FIELDS["account"], FIELDS["channel"])
    assert (call.mobiles, call.content) == ((FIELDS["mobile"],), FIELDS["content"])
    if isinstance(call.credential, PasswordDigest):
        assert call.credential.given == FIELDS["password"]


@pytest.mark.parametrize("key", ["curl_post", "nusoap_gbk", "zeep_soap12"])
def test_recording_again_gives_the_same_exchange(
    server: RunningServer, tmp_path: Path, key: str
) -> None:
    record(server, [key], tmp_path)
    assert (tmp_path / f"{key}.reply").read_bytes() == GOLDENS.reply(key)
    again = (tmp_path / f"{key}.request").read_bytes()
    assert _without_versions(again) == _without_versions(GOLDENS.request_bytes(key))


def _without_versions(request: bytes) -> bytes:
    """Without the headers that tell versions, and what the machine's other packages offer."""
    return re.sub(rb"(?m)^(?:User-Agent|Accept-Encoding): .*\r\n", b"", request)
