"""What happened in a session: messages, requests, quotas; waited for, paged, filtered."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e import clients
from tests.e2e.clients import MOBILE
from tests.e2e.sockets import request
from tests.e2e.world import Control, World

PROVIDERS = ("official", "reseller", "erban")


def in_background(work: Callable[[], Any]) -> Callable[[], Any]:
    """Start work in a thread; calling what is returned waits for its result."""
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()

    def result() -> Any:
        thread.join(15)
        return results[0]

    return result


def test_messages_are_filtered(world: World) -> None:
    for provider in PROVIDERS:
        for mobile in ("13900000001", "13900000002"):
            clients.send_well(world, provider, mobile=mobile)
    assert len(world.messages()) == 6
    assert [m["provider"] for m in world.messages(mobile="13900000002")] == list(PROVIDERS)
    assert [m["mobile"] for m in world.messages(provider="erban")] == ["13900000001", "13900000002"]
    (only,) = world.messages(provider="reseller", mobile="13900000001")
    assert world.control.get(f"{world.path}/messages/{only['id']}") == only
    assert world.messages(mobile="139") == []


def test_messages_are_paged(world: World) -> None:
    mobiles = [f"1390000000{n}" for n in range(7)]
    for mobile in mobiles:
        clients.send_well(world, "erban", mobile=mobile)
    path, seen, cursor = f"{world.path}/messages", [], "0"
    for expected in (3, 3, 1, 0):
        page = world.control.get(path, limit=3, cursor=cursor)
        assert len(page["messages"]) == expected
        seen += [message["mobile"] for message in page["messages"]]
        cursor = page["cursor"]
    assert seen == mobiles
    newest = world.control.get(path, limit=2)
    assert [message["mobile"] for message in newest["messages"]] == mobiles[-2:]
    assert newest["cursor"] == cursor
    clients.send_well(world, "erban")
    assert [m["mobile"] for m in world.messages(cursor=newest["cursor"])] == [MOBILE]


def test_messages_are_waited_for(world: World) -> None:
    waiting = in_background(lambda: world.messages(wait=10, mobile="13911111111"))
    clients.send_well(world, "erban", mobile="13922222222")
    clients.send_well(world, "erban", mobile="13911111111")
    assert [m["mobile"] for m in waiting()] == ["13911111111"]


def test_many_wait_at_once(world: World) -> None:
    waiting = [in_background(lambda: world.messages(wait=10)) for _ in range(8)]
    clients.send_well(world, "official")
    assert all(len(found()) == 1 for found in waiting)


def test_waiting_ends(world: World) -> None:
    began = time.monotonic()
    assert world.messages(wait=0.2) == []
    assert world.requests(wait=0.2) == []
    assert 0.35 < time.monotonic() - began < 5


def test_who_waits_need_not_when_it_is_there(world: World) -> None:
    clients.send_well(world, "official")
    began = time.monotonic()
    assert len(world.messages(wait=30)) == 1
    assert time.monotonic() - began < 5


def test_waiting_from_a_cursor_on(world: World) -> None:
    clients.send_well(world, "erban")
    cursor = world.control.get(f"{world.path}/messages")["cursor"]
    waiting = in_background(lambda: world.messages(wait=10, cursor=cursor))
    clients.send_well(world, "erban", mobile="13933333333")
    assert [m["mobile"] for m in waiting()] == ["13933333333"]


@pytest.mark.parametrize("status", ["delivered", "undelivered"])
def test_delivery_is_driven(world: World, status: str) -> None:
    clients.send_well(world, "official")
    (message,) = world.messages()
    path = f"{world.path}/messages/{message['id']}"
    assert (message["status"], message["done_at"]) == ("submitted", None)
    error = "MK:0001" if status == "undelivered" else ""
    changed = world.control.post(f"{path}/status", {"status": status, "error": error})
    assert (changed["status"], changed["error"]) == (status, error)
    assert changed["done_at"] is not None
    assert world.control.get(path) == changed
    url = f"{world.official['url']}/api/sms/report?access_token={clients.token_of(world)}"
    report = request("GET", f"{url}&message_id={message['id']}").json()["data"]
    assert (report["status"], report["error"]) == (status, error)


def test_a_status_that_is_none(world: World) -> None:
    clients.send_well(world, "official")
    (message,) = world.messages()
    path = f"{world.path}/messages/{message['id']}/status"
    reply = world.control.call("POST", path, {"status": "lost"})
    assert reply.status == 422
    assert "status" in reply.json()["detail"]


def test_the_hops_message_is_not_in_the_inbox(world: World) -> None:
    clients.send_well(world, "reseller")
    (message,) = world.messages()
    sent = next(r for r in world.requests(provider="upstream") if r["operation"] == "send")
    above = world.request(sent["id"])["reply"]["body"]
    assert message["id"] not in above
    hidden = above.partition('"message_id":"')[2].partition('"')[0]
    assert world.control.call("GET", f"{world.path}/messages/{hidden}").status == 404


# --- the journal --------------------------------------------------------------------------------------


def test_requests_are_filtered(world: World) -> None:
    for provider in PROVIDERS:
        clients.send_well(world, provider)
    clients.send(world, "official", mobile="1")
    world.fault("erban", "maintenance", times=1)
    clients.erban_send(world)
    request("GET", f"{world.erban['url']}{clients.ASMX}?wsdl")
    request("GET", f"{world.official['url']}/nowhere")
    one = world.requests
    assert [r["operation"] for r in one(provider="official")] == [
        "token",
        "send",
        "send",
        "unknown",
    ]
    assert {r["provider"] for r in one(operation="send")} == {*PROVIDERS, "upstream"}
    assert [r["reason"] for r in one(outcome="refused")] == ["mobile_invalid"]
    assert [r["provider"] for r in one(outcome="fault")] == ["erban"]
    assert [r["provider"] for r in one(reason="mobile_invalid")] == ["official"]
    assert [r["mobile"] for r in one(mobile="1")] == ["1"]
    assert [r["path"] for r in one(outcome="page")] == [clients.ASMX, "/nowhere"]
    assert len(one(provider="erban", operation="wsdl")) == 1
    assert one(provider="erban", outcome="refused") == []


def test_requests_are_paged_and_waited_for(world: World) -> None:
    for _ in range(5):
        clients.send_well(world, "erban")
    path = f"{world.path}/requests"
    first = world.control.get(path, limit=2, cursor=0)
    rest = world.control.get(path, limit=10, cursor=first["cursor"])
    assert [len(page["requests"]) for page in (first, rest)] == [2, 3]
    assert first["evicted"] == 0
    waiting = in_background(
        lambda: world.requests(wait=10, cursor=rest["cursor"], outcome="refused")
    )
    clients.send_well(world, "erban")
    clients.send(world, "erban", channel="x")
    assert [r["reason"] for r in waiting()] == ["channel_not_found"]


def test_one_request_whole(world: World) -> None:
    clients.send_well(world, "reseller", out_id="o-1")
    line = world.requests(provider="reseller")[0]
    whole = world.request(line["id"])
    assert {name: whole[name] for name in line} == line
    sent = whole["request"]
    assert (sent["method"], sent["path"]) == ("POST", "/api/sms/")
    assert (sent["session_prefix"], sent["ip"]) == (world.id, "127.0.0.1")
    assert ["Content-Type", "application/json"] in sent["headers"]
    assert '"out_id": "o-1"' in sent["body"]
    assert world.reseller["signature"] in sent["body"]
    assert '"msg":"success"' in whole["reply"]["body"]
    assert whole["reply"]["status"] == 200
    assert whole["took_ms"] >= 0


def test_the_trace_says_why(world: World) -> None:
    """For a wrong proof: what was signed, what was given, and what it should have been."""
    reply = clients.official_token(world, secret="not the secret")
    assert reply.json()["code"] == 40103
    (line,) = world.requests()
    trace = world.request(line["id"])["trace"]
    told = str(trace)
    assert f"app_id={world.official['app_id']}" in told
    assert world.official["app_secret"] not in told
    assert world.official["app_secret"] not in str(world.request(line["id"]))


@pytest.mark.fakeproviders(allow_unfired=True)
def test_the_trace_says_how_a_rule_was_missed(world: World) -> None:
    world.fault("erban", "maintenance", match={"mobile": {"prefix": "199"}})
    clients.send_well(world, "erban")
    (line,) = world.requests()
    told = str(world.request(line["id"])["trace"])
    assert "199" in told
    assert MOBILE in told


def test_every_request_has_a_trace_in_both_languages(world: World) -> None:
    for provider in PROVIDERS:
        clients.send_well(world, provider)
        clients.send(world, provider, mobile="x")
    request("GET", f"{world.erban['url']}{clients.ASMX}")
    request("GET", f"{world.official['url']}/nowhere")
    for line in world.requests():
        steps = world.request(line["id"])["trace"]
        for step in steps:
            for words in (
                v for v in step.values() if isinstance(v, dict) and set(v) == {"zh", "en"}
            ):
                assert words["zh"]
                assert words["en"]
        assert steps or line["operation"] in {"help", "unknown"}


# --- quotas, faults, clock -----------------------------------------------------------------------------


def test_quota(world: World) -> None:
    world.freeze("2026-03-10T23:59:30+08:00")
    world.patch("official", quotas={"mobile_per_minute": 5, "account_per_day": 100})
    for _ in range(3):
        clients.send_well(world, "official")
    shown = world.control.get(f"{world.path}/quota", provider="official")
    assert shown["now"] == "2026-03-10T23:59:30.000+08:00"
    assert {q["provider"] for q in shown["quota"]} == {"official"}
    found = {q["bucket"]: q for q in shown["quota"]}
    minute, day = found["mobile_per_minute"], found["account_per_day"]
    assert (minute["key"], minute["used"], minute["limit"]) == (MOBILE, 3, 5)
    assert (day["used"], day["limit"], day["window"]) == (3, 100, "day")
    assert day["resets_at"] == minute["resets_at"] == "2026-03-11T00:00:00.000+08:00"
    world.advance(30)
    after = world.control.get(f"{world.path}/quota", provider="official")["quota"]
    assert all(not q["used"] for q in after)


def test_faults_are_listed_and_removed(world: World) -> None:
    path = f"{world.path}/faults"
    first = {"provider": "official", "operation": "send", "do": "rate_limited", "times": 2}
    reply = world.control.call("POST", path, first)
    assert reply.status == 201
    assert reply.headers["Location"] == f"{path}/{reply.json()['id']}"
    second = world.fault("erban", {"delay": {"ms": 1}})
    assert clients.send(world, "official").code == 46001
    listed = world.control.get(path)["faults"]
    assert [rule["id"] for rule in listed] == [reply.json()["id"], second]
    assert {**listed[0], **first} == listed[0]
    assert (listed[0]["matched"], listed[0]["fired"], listed[0]["exhausted"]) == (1, 1, False)
    world.control.delete(f"{path}/{reply.json()['id']}")
    clients.send_well(world, "official")
    assert world.control.call("DELETE", f"{path}/{reply.json()['id']}").status == 404
    world.control.delete(path)
    assert world.control.get(path)["faults"] == []
    world.control.delete(path)


def test_a_script_reads_as_one_line(world: World) -> None:
    world.fault("erban", script="fail, rate_limited x2, ok, maintenance")
    seen = [clients.erban_send(world) for _ in range(6)]
    assert [reply.status for reply in seen] == [500, 200, 200, 200, 503, 200]
    assert len(world.messages()) == 2


def test_rules_are_tried_oldest_first(world: World) -> None:
    clients.token_of(world)
    world.fault("official", "rate_limited", times=1)
    world.fault("official", "maintenance", match={"mobile": {"suffix": "1"}})
    assert clients.send(world, "official", mobile="13900000001").code == 46001
    assert clients.send(world, "official", mobile="13900000001").code == 50300
    clients.send_well(world, "official", mobile="13900000002")


def test_clock(world: World) -> None:
    path = f"{world.path}/clock"
    assert world.control.get(path)["mode"] == "system"
    frozen = {"mode": "frozen", "at": "2026-01-01T23:59:00+08:00"}
    assert world.control.put(path, frozen)["now"] == "2026-01-01T23:59:00.000+08:00"
    moved = world.control.post(f"{path}/advance", {"seconds": 90})
    assert moved["now"] == "2026-01-02T00:00:30.000+08:00"
    moved = world.control.post(f"{path}/advance", {"to": "2026-01-02T08:00:00Z"})
    assert (moved["mode"], moved["now"]) == ("frozen", "2026-01-02T16:00:00.000+08:00")
    assert world.control.put(path, {"mode": "system"})["mode"] == "system"
    shifted = world.control.put(path, {"mode": "offset", "offset_seconds": 86400})
    assert shifted["now"] > world.control.put(path, {"mode": "system"})["now"]


def test_a_message_bears_the_sessions_time(world: World) -> None:
    world.freeze("2031-05-06T07:08:09+08:00")
    clients.send_well(world, "erban")
    assert world.messages()[0]["at"] == "2031-05-06T07:08:09.000+08:00"


def test_a_fault_has_its_hours(world: World) -> None:
    world.freeze("2026-03-10T12:00:00+08:00")
    world.fault("erban", "maintenance", since="+1m", until="2026-03-10T12:02:00+08:00")
    clients.send_well(world, "erban")
    world.advance(60)
    assert clients.erban_send(world).status == 503
    world.advance(60)
    clients.send_well(world, "erban")


def test_the_catalogue(running_server: Any) -> None:
    control = Control(running_server.addresses.control)
    entries = control.get("/api/v1/failures")["failures"]
    assert {entry["kind"] for entry in entries} == {"documented", "gateway", "transport"}
    for entry in entries:
        assert set(entry["title"]) == set(entry["cause"]) == set(entry["remedy"]) == {"zh", "en"}
        assert entry["provenance"] in {"D", "O", "A"}
        assert ("wire" in entry) == (entry["kind"] != "transport")
