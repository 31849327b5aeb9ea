"""Every failure of the catalogue, scripted, at the Java doors."""

import json
from typing import Any

import pytest

from tests.e2e import clients, java_doors
from tests.e2e.clients import MOBILE
from tests.e2e.sockets import Reply, request
from tests.e2e.test_failure_matrix import SLUGS
from tests.e2e.world import World


@pytest.fixture(scope="session")
def stated(running_server: Any) -> dict[str, dict[str, Any]]:
    """Each failure's form here, as the control API states it."""
    reply = request("GET", f"{running_server.addresses.control}/api/v1/failures")
    entries = {entry["slug"]: entry for entry in reply.json()["failures"]}
    return {slug: entries[slug]["wire"]["erban"] for slug in SLUGS}


@pytest.mark.parametrize("door", list(java_doors.SENDS))
@pytest.mark.parametrize("slug", SLUGS)
def test_scripted(world: World, stated: dict[str, dict[str, Any]], slug: str, door: str) -> None:
    before = world.charges()
    rule = world.fault("erban", slug, times=1)

    reply = java_doors.SENDS[door](world)

    wire = stated[slug]
    assert (reply.status, reply.headers["Server"]) == (wire["status"], "Apache-Coyote/1.1")
    if wire.get("html"):
        assert reply.type == "text/html;charset=utf-8"
        assert f"<h1>HTTP Status {wire['status']} - " in reply.text
    else:
        {"xfire": _xfire_form, "rest": _rest_form}[door](reply, wire)
    assert world.charges() == before
    (line,) = world.requests(outcome="fault")
    assert (line["reason"], line["fault"]) == (slug, {"id": rule, "do": slug, "nth": 1})
    clients.send_well(world, "erban")
    assert [m["mobile"] for m in world.messages()] == [MOBILE]


def _xfire_form(reply: Reply, wire: dict[str, Any]) -> None:
    assert reply.type == java_doors.TEXT_XML
    if wire["code"] is None:
        assert reply.text == java_doors.xfire_fault("Client", wire["text"])
    else:
        assert reply.text == java_doors.xfire_returned(f"{wire['code']},{wire['text']}")


def _rest_form(reply: Reply, wire: dict[str, Any]) -> None:
    assert reply.type == java_doors.JSON
    code = "9999999" if wire["code"] is None else str(1_000_000 - int(wire["code"]))
    assert json.loads(reply.body) == {"code": code, "msg": wire["text"]}


@pytest.mark.parametrize("path", ["SmsService?wsdl", "SmsService", "", "Other"])
def test_an_unreachable_service_has_no_documents_either(world: World, path: str) -> None:
    address = f"{world.erban['url']}/WebService/services/{path}"
    usual = request("GET", address).status
    world.fault("erban", "endpoint_unreachable", times=1)
    down = request("GET", address)
    assert (down.status, down.type) == (503, "text/html;charset=utf-8")
    assert request("GET", address).status == usual
