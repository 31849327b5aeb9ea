"""What the control API says when it cannot do what was asked: RFC 9457, in both languages."""

import json
from typing import Any

import pytest

from tests.e2e.running import RunningServer
from tests.e2e.sockets import Reply, exchange, request
from tests.e2e.world import Control, World

S = "/api/v1/sessions"


@pytest.fixture
def control(server: RunningServer) -> Control:
    return Control(server.addresses.control)


def problem(reply: Reply, status: int, *fields: str) -> dict[str, Any]:
    """The document of a problem, seen to be one."""
    assert reply.status == status, reply.text
    assert reply.type.partition(";")[0] == "application/problem+json"
    document: dict[str, Any] = reply.json()
    assert document["status"] == status
    assert document["type"]
    assert document["title"]
    assert document["detail"]
    assert [error["field"] for error in document.get("errors", [])] == list(fields)
    assert "Traceback" not in reply.text
    return document


UNKNOWN_FIELDS = [
    ("POST", "", {"nmae": "x"}, "nmae"),
    ("POST", "", {"clock": {"mode": "system", "ofset": 1}}, "clock.ofset"),
    ("POST", "", {"providers": {"official": {"quotas": {"per_day": 1}}}}, "providers.official.quotas.per_day"),
    ("POST", "", {"providers": {"offical": {}}}, "providers.offical"),
    ("POST", "{id}/faults", {"provider": "official", "do": "hang", "tims": 1}, "tims"),
    ("POST", "{id}/clock/advance", {"second": 1}, "second"),
    ("PUT", "{id}/clock", {"mode": "system", "x": 1}, "x"),
    ("PATCH", "{id}/providers/official", {"colour": "red"}, "colour"),
    ("PATCH", "{id}/providers/reseller", {"quotas": {"per_second": 1}}, "quotas.per_second"),
    ("PATCH", "{id}/providers/erban", {"signatures": [{"signature": "【x】", "state": "x"}]}, "signatures[0].state"),
]  # fmt: skip
HANG = {"provider": "official", "do": "hang"}
BAD_VALUES = [
    ("POST", "", {"seed": "seven"}, "seed"),
    ("POST", "", {"seed": -1}, "seed"),
    ("POST", "", {"ttl_seconds": 0}, "ttl_seconds"),
    ("POST", "", {"name": "x" * 101}, "name"),
    ("POST", "", {"clock": {"mode": "stopped"}}, "clock.mode"),
    ("POST", "", {"providers": {"erban": {"balance": "much"}}}, "providers.erban.balance"),
    ("POST", "", [], "body"),
    ("POST", "", "text", "body"),
    ("POST", "{id}/faults", {"provider": "official"}, "do"),
    ("POST", "{id}/faults", {"do": "hang"}, "provider"),
    ("POST", "{id}/faults", {"provider": "offical", "do": "hang"}, "provider"),
    ("POST", "{id}/faults", {"provider": "official", "do": "no_such_thing"}, "do"),
    ("POST", "{id}/faults", {"provider": "official", "do": 7}, "do"),
    ("POST", "{id}/faults", {**HANG, "script": "ok"}, "do"),
    ("POST", "{id}/faults", {"provider": "official", "do": ["hang", "nope"]}, "do[1]"),
    ("POST", "{id}/faults", {"provider": "official", "operation": "sned", "do": "hang"}, "operation"),
    ("POST", "{id}/faults", {**HANG, "match": {"mobil": "1"}}, "match.mobil"),
    ("POST", "{id}/faults", {**HANG, "match": {"mobile": {"regex": "("}}}, "match.mobile.regex"),
    ("POST", "{id}/faults", {**HANG, "match": {"any": [{"ip": {"in": []}}]}}, "match.any[0].ip.in"),
    ("POST", "{id}/faults", {"provider": "official", "do": {"delay": {"ms": -1}}}, "do.delay"),
    ("POST", "{id}/faults", {"provider": "official", "script": "ok, nope"}, "script"),
    ("POST", "{id}/faults", {**HANG, "until": "soon"}, "until"),
    ("POST", "{id}/clock/advance", {"seconds": -1}, "seconds"),
    ("POST", "{id}/clock/advance", {"to": "tomorrow"}, "to"),
    ("POST", "{id}/clock/advance", {"to": "2001-01-01T00:00:00Z"}, "to"),
    ("PUT", "{id}/clock", {}, "mode"),
    ("PATCH", "{id}/providers/official", {"balance": 1.5}, "balance"),
    ("PATCH", "{id}/providers/official", {"balance": True}, "balance"),
    ("PATCH", "{id}/providers/official", {"enabled": "yes"}, "enabled"),
    ("PATCH", "{id}/providers/erban", {"signatures": [{"signature": "", "status": "?"}]}, "signatures[0].status"),
    ("PATCH", "{id}/providers/official", {"templates": [{"content": "x"}]}, "templates[0].template_id"),
    ("PATCH", "{id}/providers/official", [], "body"),
    ("PATCH", "{id}/providers/official", {"app_id": None}, "app_id"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "field"), UNKNOWN_FIELDS + BAD_VALUES)
def test_a_field_that_cannot_be_used(
    world: World, method: str, path: str, body: object, field: str
) -> None:
    """422, the field's path, and nothing has changed."""
    path = f"{S}/{path.format(id=world.id)}".rstrip("/")
    whole = [world.settings(p) for p in ("official", "reseller", "erban")]
    reply = world.control.call(method, path, body)
    document = problem(reply, 422, field)
    assert field in document["detail"]
    assert whole == [world.settings(p) for p in ("official", "reseller", "erban")]
    assert world.control.get(f"{world.path}/faults")["faults"] == []


RULES_OF_VALUES = [
    ("{id}/faults", {**HANG, "times": 0}, "times"),
    ("{id}/faults", {**HANG, "probability": 1.5}, "probability"),
    ("{id}/providers/official", {"quotas": {"account_per_day": -1}}, "account_per_day"),
    ("{id}/providers/official", {"max_segments": 0}, "max_segments"),
    ("{id}/providers/official", {"ip_allow": ["here"]}, "here"),
    ("{id}/providers/reseller", {"upstream_timeout_seconds": 0}, "upstream_timeout_seconds"),
    ("{id}/clock", {"mode": "system", "at": "2026-01-01T00:00:00Z"}, "system"),
    ("{id}/clock", {"mode": "frozen", "at": "noon"}, "noon"),
    ("{id}/clock/advance", {}, "exactly one"),
]


@pytest.mark.parametrize(("path", "body", "named"), RULES_OF_VALUES)
def test_a_value_that_breaks_a_rule(world: World, path: str, body: object, named: str) -> None:
    """422, and the text names what is wrong."""
    method = {"faults": "POST", "advance": "POST", "clock": "PUT"}.get(path.split("/")[-1], "PATCH")
    reply = world.control.call(method, f"{S}/{path.format(id=world.id)}", body)
    assert reply.status == 422
    assert named in reply.json()["detail"]
    assert reply.json()["errors"]


def test_a_close_name_is_suggested(world: World) -> None:
    rule = {"provider": "official", "do": "signature_mismatc"}
    reply = world.control.call("POST", f"{world.path}/faults", rule)
    assert "did you mean signature_mismatch?" in problem(reply, 422, "do")["detail"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=10001", "limit"),
        ("limit=ten", "limit"),
        ("cursor=-1", "cursor"),
        ("cursor=x", "cursor"),
        ("wait=61", "wait"),
        ("wait=nan", "wait"),
        ("wait=-1", "wait"),
        ("mobiles=1", "mobiles"),
    ],
)
@pytest.mark.parametrize("what", ["messages", "requests"])
def test_a_query_that_cannot_be_used(world: World, what: str, query: str, field: str) -> None:
    reply = world.control.call("GET", f"{world.path}/{what}?{query}")
    problem(reply, 422, field)


@pytest.mark.parametrize("path", ["", "/faults", "/clock", "/quota"])
def test_a_query_that_is_not_known(world: World, path: str) -> None:
    problem(world.control.call("GET", f"{world.path}{path}?verbose=1"), 422, "verbose")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nowhere"),
        ("GET", "/api/v1/nothing"),
        ("GET", f"{S}/nobody"),
        ("DELETE", f"{S}/nobody"),
        ("POST", f"{S}/nobody/reset"),
        ("GET", f"{S}/nobody/messages"),
        ("GET", f"{S}/default/providers/smtp"),
        ("PATCH", f"{S}/default/providers/smtp"),
        ("DELETE", f"{S}/default/faults/f999"),
        ("GET", f"{S}/default/requests/r999999999"),
        ("GET", f"{S}/default/requests/x"),
        ("GET", f"{S}/default/requests/r²"),
        ("GET", f"{S}/default/messages/none"),
    ],
)
def test_not_there(control: Control, method: str, path: str) -> None:
    problem(control.call(method, path.replace("²", "%C2%B2")), 404)


def test_a_status_of_no_message(control: Control) -> None:
    path = f"{S}/default/messages/none/status"
    problem(control.call("POST", path, {"status": "delivered"}), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", S, {"GET", "HEAD", "POST"}),
        ("PATCH", f"{S}/default", {"GET", "HEAD", "DELETE"}),
        ("POST", "/healthz", {"GET", "HEAD"}),
        ("DELETE", f"{S}/default/clock", {"GET", "HEAD", "PUT"}),
        ("GET", f"{S}/default/reset", {"POST"}),
    ],
)
def test_a_method_that_a_path_does_not_take(
    control: Control, method: str, path: str, allowed: set[str]
) -> None:
    reply = control.call(method, path)
    problem(reply, 405)
    given = set(reply.headers["Allow"].replace(" ", "").split(","))
    assert given - {"HEAD"} == allowed - {"HEAD"}


BODIES = [
    ("POST", S),
    ("POST", f"{S}/default/faults"),
    ("POST", f"{S}/default/clock/advance"),
    ("PUT", f"{S}/default/clock"),
    ("PATCH", f"{S}/default/providers/official"),
]


@pytest.mark.parametrize(("method", "path"), BODIES)
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "json"]
)
def test_a_body_that_is_not_json(control: Control, method: str, path: str, kind: str) -> None:
    reply = control.call(method, path, {"mode": "system"}, headers={"Content-Type": kind})
    problem(reply, 415)


@pytest.mark.parametrize(
    "body",
    [b"{", b"{'a': 1}", b'{"a":}', b"\xff\xfe", b'"\xff"', b"[" * 100_000, b'{"a":' * 5000, b"nul"],
)
@pytest.mark.parametrize(("method", "path"), BODIES)
def test_broken_json(control: Control, method: str, path: str, body: bytes) -> None:
    reply = request(method, control.url + path, body, {"Content-Type": "application/json"})
    problem(reply, 400)


def test_a_body_that_is_too_large(control: Control) -> None:
    body = json.dumps({"name": "x" * (9 << 20)})
    reply = request("POST", control.url + S, body, {"Content-Type": "application/json"})
    problem(reply, 413)


def test_a_body_that_is_not_what_its_encoding_says(control: Control) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    reply = request("POST", control.url + S, b"{}", headers)
    assert "Content-Encoding" in problem(reply, 400)["detail"]


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "application/merge-patch+json"]
)
def test_other_names_of_json(world: World, kind: str) -> None:
    path = f"{world.path}/providers/official"
    reply = world.control.call("PATCH", path, {"balance": 3}, headers={"Content-Type": kind})
    assert reply.json()["balance"] == 3


@pytest.mark.parametrize(
    ("headers", "query", "chinese"),
    [
        ({}, "", False),
        ({"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}, "", True),
        ({"Accept-Language": "zh-CN"}, "?lang=en", False),
        ({"Accept-Language": "en-US,en"}, "?lang=zh", True),
        ({"Accept-Language": "en-GB, zh"}, "", False),
        ({"Accept-Language": "fr, zh"}, "", True),
        ({"Accept-Language": "fr"}, "", False),
        ({}, "?lang=fr", False),
        ({}, "?lang=zh", True),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("GET", f"{S}/nobody"), ("PUT", S), ("DELETE", f"{S}/default")]
)
def test_in_both_languages(
    control: Control, method: str, path: str, headers: dict[str, str], query: str, chinese: bool
) -> None:
    document = control.call(method, path + query, headers=headers).json()
    assert any("一" <= letter <= "鿿" for letter in document["detail"]) is chinese


def test_the_default_session_stays(control: Control) -> None:
    problem(control.call("DELETE", f"{S}/default"), 409)
    assert control.get(f"{S}/default")["id"] == "default"


# --- who may drive it -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:9400", "127.0.0.1.evil.example", "localhost.evil.example",
     "192.168.1.7", "[2001:db8::1]:80", "0.0.0.0"],
)  # fmt: skip
@pytest.mark.parametrize("path", [S, "/docs", "/healthz"])
def test_another_host(control: Control, host: str, path: str) -> None:
    """A name that somebody has pointed at 127.0.0.1."""
    problem(control.call("GET", path, headers={"Host": host}), 403)


def test_no_host(control: Control) -> None:
    answer = exchange(control.url, b"GET /api/v1/sessions HTTP/1.0\r\n\r\n")
    assert answer.split(b"\r\n")[0].split()[1] in {b"400", b"403"}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "127.8.9.1", "LOCALHOST"])
def test_this_machines_names(control: Control, host: str) -> None:
    port = control.url.rpartition(":")[2]
    reply = control.call("GET", S, headers={"Host": f"{host}:{port}"})
    assert reply.status == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1", "file://"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_a_page_of_another_origin(control: Control, origin: str, method: str) -> None:
    reply = control.call(method, S, headers={"Origin": origin})
    problem(reply, 403)
    assert "Access-Control-Allow-Origin" not in reply.headers


def test_its_own_pages(control: Control) -> None:
    reply = control.call("GET", S, headers={"Origin": control.url})
    assert reply.status == 200
