"""Exports over the control API."""

import json
from base64 import b64decode
from http.client import RemoteDisconnected
from urllib.parse import urlencode

import pytest

from fakeproviders.journal import Journal
from tests.e2e import clients
from tests.e2e.sockets import request
from tests.e2e.world import World
from tests.har import read_har


def export(world: World, form: str, **query: str) -> bytes:
    path = f"{world.path}/requests?{urlencode({'format': form, **query})}"
    reply = world.control.call("GET", path)
    assert reply.status == 200, reply.text
    name = f'attachment; filename="fakeproviders-{world.id}.{form}"'
    assert reply.headers["Content-Disposition"] == name
    return reply.body


def test_a_har_of_everything(world: World) -> None:
    world.fault("official", "signature_mismatch", operation="send", times=1)
    clients.send(world, "official")
    clients.send_well(world, "official")
    log = read_har(export(world, "har"))
    ours = [entry.ours for entry in log.entries]
    assert [one["id"] for one in ours] == [row["id"] for row in world.requests()]
    assert {one["session"] for one in ours} == {world.id}
    refused = next(entry for entry in log.entries if entry.ours["outcome"] == "fault")
    assert refused.ours["reason"] == "signature_mismatch"
    assert refused.ours["fault"]["do"] == "signature_mismatch"
    assert refused.ours["trace"]
    assert "签名数据不一致" in str(refused.response.content.text)
    assert refused.request.url.startswith(f"{world.official['url']}/")
    assert log.ours == {
        "session": world.id, "seed": world.session["seed"], "name": world.session["name"],
        "evicted": 0,
    }  # fmt: skip


def test_a_fault_without_a_reply(world: World) -> None:
    world.fault("erban", "empty")
    with pytest.raises(RemoteDisconnected):
        clients.send(world, "erban")
    (entry,) = read_har(export(world, "har")).entries
    assert (entry.response.status, entry.ours["fault"]["do"]) == (0, "empty")


def test_json_lines_are_the_detail_views(world: World) -> None:
    clients.send_well(world, "erban")
    clients.send_well(world, "reseller")
    lines = export(world, "jsonl").decode().splitlines()
    shown = [json.loads(line) for line in lines]
    assert shown == [world.request(row["id"]) for row in world.requests()]


def test_filters_limit_and_cursor(world: World) -> None:
    for mobile in ("13900000001", "13900000002", "13900000001"):
        clients.send_well(world, "erban", mobile=mobile)

    def ids(**query: str) -> list[str]:
        return [json.loads(line)["id"] for line in export(world, "jsonl", **query).splitlines()]

    assert ids(mobile="13900000001") == ["r0", "r2"]
    assert ids(mobile="13900000001", limit="1") == ["r2"]
    assert ids(cursor="1") == ["r1", "r2"]
    assert ids(operation="token") == []
    assert ids(outcome="accepted", provider="erban", cursor="2") == ["r2"]


def test_more_than_the_lists_limit_and_more_than_a_chunk(world: World) -> None:
    padding = "x" * 2000
    for _ in range(120):
        request("POST", f"{world.erban['url']}/nowhere", padding)
    assert len(read_har(export(world, "har")).entries) == 120
    assert len(export(world, "jsonl").splitlines()) == 120


@pytest.mark.parametrize(("query", "field"), [
    ({"format": "pcap"}, "format"), ({"format": "har", "wait": "1"}, "wait"),
    ({"format": "har", "limit": "0"}, "limit"), ({"format": "har", "colour": "red"}, "colour"),
])  # fmt: skip
def test_what_cannot_be_exported(world: World, query: dict[str, str], field: str) -> None:
    reply = world.control.call("GET", f"{world.path}/requests?{urlencode(query)}")
    assert (reply.status, reply.json()["errors"][0]["field"]) == (422, field)


def test_the_list_tells_its_bounds(world: World) -> None:
    path = f"{world.path}/requests"
    empty = world.control.get(path)
    assert (empty["evicted"], empty["oldest"]) == (0, None)
    session = world.server.harness.sessions.get(world.id)
    assert session is not None
    session.journal = Journal(max_entries=2)
    for _ in range(5):
        clients.send_well(world, "erban")
    page = world.control.get(path)
    assert (page["evicted"], page["oldest"]) == (3, "r3")
    assert read_har(export(world, "har")).ours["evicted"] == 3
    assert world.control.get(path, format="json") == page


def test_a_body_that_is_no_text_is_there_byte_for_byte(world: World) -> None:
    body = "短信".encode("gb18030") + b"\xff"
    request("POST", f"{world.erban['url']}/nowhere", body, {"Content-Type": "text/plain"})
    shown = world.request("r0")["request"]
    assert b64decode(shown["body_base64"]) == body
    assert "body_base64" not in world.request("r0")["reply"]
