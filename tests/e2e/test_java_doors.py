"""The Java twin and REST over real sockets: exact bytes, the same inbox and rules."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e import clients, java_doors
from tests.e2e.clients import FILLED, MOBILE, XFIRE, XFIRE_NAMESPACE
from tests.e2e.java_doors import JSON, TEXT_XML
from tests.e2e.sockets import Reply, exchange, head_and_body, request
from tests.e2e.world import World

SENT = "0,短信发送成功"
ACCEPTED = {
    "xfire": java_doors.xfire_returned(SENT).encode(),
    "rest": '{"code":"0000000","msg":"短信发送成功"}'.encode(),
}


def the_message(world: World) -> dict[str, Any]:
    (message,) = world.messages(wait=5)
    return message


def raw(
    world: World, method: str, path: str, headers: str, body: bytes = b"", version: str = "1.1"
) -> tuple[str, bytes]:
    """Bytes as they are, and the reply's head without its date, and its body."""
    url = world.erban["url"]
    prefix = url[url.index("/@") :]
    head = f"{method} {prefix}{path} HTTP/{version}\r\nHost: sms.test:8080\r\n{headers}"
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    data = f"{head}{length}Connection: close\r\n\r\n".encode() + body
    answer, content = head_and_body(exchange(url, data))
    return "\r\n".join(x for x in answer.split("\r\n") if not x.startswith("Date: ")), content


def expected_head(status: str, kind: str, size: int, *more: str) -> str:
    lines = [f"HTTP/1.1 {status}", "Server: Apache-Coyote/1.1", *more, f"Content-Type: {kind}"]
    return "\r\n".join([*lines, f"Content-Length: {size}", "Connection: close"])


@pytest.mark.parametrize("door", list(java_doors.SENDS))
def test_a_send_is_in_the_inbox_and_in_the_journal(world: World, door: str) -> None:
    before = world.balance("erban")
    reply = java_doors.SENDS[door](world)
    assert (reply.status, reply.body) == (200, ACCEPTED[door])
    message = the_message(world)
    assert message["content"] == f"{world.erban['signature']}{FILLED}"
    assert (message["provider"], message["mobile"]) == ("erban", MOBILE)
    assert world.balance("erban") == before - 1
    (line,) = world.requests(operation="send")
    assert line["door"] == {"xfire": "xfire.soap", "rest": "rest"}[door]


def test_xfires_bytes(world: World) -> None:
    fields = clients.erban_fields(world)
    document = clients.envelope(fields, "xfire").replace('encoding="utf-8"', 'encoding="GBK"')
    body = document.encode("gbk")
    head = "Content-Type: text/xml; charset=GBK\r\nSOAPAction: \r\n"
    answer = raw(world, "POST", XFIRE, head, body)
    want = ACCEPTED["xfire"]
    assert answer == (expected_head("200 OK", TEXT_XML, len(want)), want)
    assert the_message(world)["content"] == f"{world.erban['signature']}{FILLED}"


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_an_old_client_gets_a_length_and_a_close(world: World, version: str) -> None:
    body = clients.envelope({}, "xfire", "Nope").encode()
    answer = raw(world, "POST", XFIRE, "Content-Type: text/xml\r\n", body, version)
    want = java_doors.xfire_fault("Client", f"Invalid operation: {{{XFIRE_NAMESPACE}}}Nope")
    assert answer == (
        expected_head("500 Internal Server Error", TEXT_XML, len(want)),
        want.encode(),
    )


def test_the_wsdl_names_the_address_it_was_fetched_from(world: World) -> None:
    head, body = raw(world, "GET", f"{XFIRE}?wsdl", "")
    assert head == expected_head("200 OK", "text/xml", len(body))
    address = f"http://sms.test:8080/@{world.id}{XFIRE}"
    assert f'<wsdlsoap:address location="{address}"/>'.encode() in body


def test_an_unknown_service_and_a_request_that_is_none(world: World) -> None:
    head, body = raw(world, "GET", "/WebService/services/Other", "")
    assert head == expected_head("404 Not Found", "text/html", len(body))
    listed, known = raw(world, "GET", "/WebService/services/", "")
    assert listed == expected_head("200 OK", "text/html", len(body))
    assert body == known
    invalid = b"<html><body>Invalid SOAP request.</body></html>"
    head = expected_head("200 OK", "text/html; charset=UTF-8", len(invalid))
    assert raw(world, "GET", XFIRE, "") == (head, invalid)


def test_rests_bytes(world: World) -> None:
    url = java_doors.rest_address(world, 1700000000)
    given = clients.erban_fields(world)
    document = {**given, "appId": None, "smsid": 1700000000, "timestamp": 1700000000}
    headers = "".join(f"{k}:{v}\r\n" for k, v in java_doors.rest_headers(world, 1700000000).items())
    path = url[url.index("/Accounts") :]
    answer = raw(world, "POST", path, headers, json.dumps(document).encode())
    want = ACCEPTED["rest"]
    assert answer == (expected_head("200 OK", JSON, len(want)), want)


def test_the_journal_says_why_a_sign_was_refused(world: World) -> None:
    now = int(time.time())
    url = java_doors.rest_address(world, now).replace("sign=", "sign=0")
    fields = {**clients.erban_fields(world), "timestamp": now}
    reply = request("POST", url, json.dumps(fields), java_doors.rest_headers(world, now))
    assert reply.json()["code"] == "1000001"
    (line,) = world.requests(operation="send")
    explained = json.dumps(world.request(line["id"]), ensure_ascii=False)
    assert "MD5(account + 授权码 + timestamp)" in explained
    assert url.rpartition("=0")[2] in explained
    assert world.erban["auth_code"] not in explained
    assert world.messages() == []


def test_the_account_of_another_path_is_another_account(world: World) -> None:
    reply = java_doors.rest_send(world, account="1")
    assert reply.json()["code"] == "1000001"


@pytest.mark.parametrize("door", list(java_doors.SENDS))
@pytest.mark.parametrize(
    ("settings", "fields", "number"),
    [
        ({"mobile_blacklist": [MOBILE]}, {}, 7),
        ({"ip_allow": ["10.0.0.0/8"]}, {}, 3),
        ({"enabled": False}, {}, 2),
        ({"balance": 0}, {}, 12),
        ({}, {"channel": "1"}, 5),
        ({}, {"mobile": "1"}, 6),
        ({}, {"content": "没有签名"}, 8),
    ],
)  # fmt: skip
def test_the_rules_are_the_same(
    world: World, door: str, settings: dict[str, Any], fields: dict[str, str], number: int
) -> None:
    if settings:
        world.patch("erban", **settings)
    reply = java_doors.SENDS[door](world, **fields)
    code = f"<ns1:out>-{number}," if door == "xfire" else f'"code":"{1_000_000 + number}"'
    assert code in reply.text
    assert world.messages() == []


@pytest.mark.parametrize("door", list(java_doors.SENDS))
def test_quotas_count_all_doors_together(world: World, door: str) -> None:
    world.patch("erban", quotas={"mobile_per_minute": 1})
    clients.send_well(world, "erban")
    reply = java_doors.SENDS[door](world)
    assert "-14," in reply.text or '"code":"1000014"' in reply.text


# --- faults -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", list(java_doors.SENDS))
@pytest.mark.parametrize("status", [400, 404, 500, 502, 503])
def test_a_scripted_status_is_tomcats_page(world: World, door: str, status: int) -> None:
    world.fault("erban", {"status": {"status": status}}, times=1)
    reply = java_doors.SENDS[door](world)
    assert (reply.status, reply.headers["Server"]) == (status, "Apache-Coyote/1.1")
    assert f"<h1>HTTP Status {status} - " in reply.text
    assert world.messages() == []


def test_a_scripted_status_is_still_iiss_page_at_door_1(world: World) -> None:
    world.fault("erban", {"status": {"status": 503}}, times=1)
    assert clients.erban_send(world).headers["Server"] == "Microsoft-HTTPAPI/2.0"


SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "malformed": lambda whole: whole[: len(whole) // 2],
    "wrong_charset": lambda whole: whole.decode().encode("gbk"),
    "wrong_content_type": lambda whole: whole,
}


@pytest.mark.parametrize("door", list(java_doors.SENDS))
@pytest.mark.parametrize("do", list(SPOILT))
def test_a_reply_that_is_spoilt_is_spoilt_after_the_send(world: World, door: str, do: str) -> None:
    world.fault("erban", do, times=1)
    reply = java_doors.SENDS[door](world)
    assert reply.body == SPOILT[do](ACCEPTED[door])
    assert ("html" in reply.type) == (do == "wrong_content_type")
    assert the_message(world)["mobile"] == MOBILE


def test_every_reply_is_a_reply(world: World) -> None:
    """Nothing that these doors answer names what we are made of."""
    for path in (XFIRE, f"{XFIRE}?wsdl", "/WebService/services/x", "/Accounts/1/Sms/SendSms"):
        for verb in ("GET", "POST", "PUT", "OPTIONS", "DELETE"):
            reply: Reply = request(verb, f"{world.erban['url']}{path}")
            assert "python" not in f"{reply.headers}{reply.text}".lower()
            assert "aiohttp" not in f"{reply.headers}{reply.text}".lower()
