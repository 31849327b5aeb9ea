"""Receipts over real sockets: a receiver, a session whose clock stands still, and the journal."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from fakeproviders.clock import parse_moment
from fakeproviders.harness import Ports, Servers, ServersConfig, StartError
from tests.e2e import clients
from tests.e2e.clients import MOBILE, proof
from tests.e2e.running import RunningServer
from tests.e2e.sockets import request
from tests.e2e.world import World
from tests.receiver import PATIENCE, Receiver

NOON = "2026-01-01T12:00:00+08:00"
PROVIDERS = ("official", "reseller", "erban")
OTHER = "13900000002"
SECRETS: dict[str, Callable[[World], str]] = {
    "official": lambda world: world.official["app_secret"],
    "reseller": lambda world: world.reseller["api_key"],
    "erban": lambda world: world.erban["login_password"] + world.erban["auth_code"],
}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def told(world: World, receiver: Receiver) -> World:
    """A world at noon whose accounts are told of deliveries."""
    world.freeze(NOON)
    for provider in PROVIDERS:
        world.patch(provider, callback_url=receiver.url)
    return world


def fields(receiver: Receiver) -> list[dict[str, str]]:
    return [json.loads(arrived.body) for arrived in receiver.got]


def is_proved(world: World, said: Mapping[str, str], provider: str = "official") -> bool:
    rest = {name: value for name, value in said.items() if name != "sign"}
    return said["sign"] == proof(rest, SECRETS[provider](world))


def attempts(world: World) -> list[dict[str, Any]]:
    found = world.requests(operation="receipt")
    assert all(one["direction"] == "out" for one in found)
    return [world.request(one["id"]) for one in found]


def moments(world: World) -> list[float]:
    return [parse_moment(one["at"]) - parse_moment(NOON) for one in attempts(world)]


def only_message(world: World) -> dict[str, Any]:
    (message,) = world.messages()
    return message


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_receipt(told: World, receiver: Receiver, provider: str) -> None:
    clients.send_well(told, provider)
    assert only_message(told)["status"] == "submitted"
    told.advance(3)
    (said,) = fields(receiver)
    message = only_message(told)
    assert {name: value for name, value in said.items() if name not in {"sign", "out_id"}} == {
        "message_id": message["id"],
        "mobile": MOBILE,
        "status": "delivered",
        "error": "",
        "time": "2026-01-01 12:00:03",
    }
    assert is_proved(told, said, provider)
    assert (message["status"], message["done_at"]) == ("delivered", "2026-01-01T12:00:03.000+08:00")
    assert receiver.got[0].headers["Content-Type"] == "application/json; charset=utf-8"


def test_the_journal_has_it_byte_for_byte(told: World, receiver: Receiver) -> None:
    clients.send_well(told, "official", out_id="订单-7")
    told.advance(3)
    (attempt,) = attempts(told)
    (arrived,) = receiver.got
    assert attempt["request"]["body"] == arrived.body.decode()
    assert "订单-7" in arrived.body.decode()
    sent = sorted([k.decode(), v.decode()] for k, v in arrived.raw_headers)
    assert sorted(attempt["request"]["headers"]) == sent
    assert attempt["posting"] == {
        "url": receiver.url, "attempt": 1, "accepted": True, "error": None, "next_at": None,
    }  # fmt: skip
    assert (attempt["status"], attempt["reply"]["body"]) == (200, "answered")
    assert (attempt["provider"], attempt["mobile"], attempt["outcome"]) == (
        "official",
        MOBILE,
        "accepted",
    )
    incoming = [r for r in told.requests() if r["operation"] != "receipt"]
    assert {r["direction"] for r in incoming} == {"in"}
    assert "posting" not in told.request(incoming[0]["id"])


def test_again_until_it_is_accepted(told: World, receiver: Receiver) -> None:
    receiver.answers = [500, 302, 204]
    clients.send_well(told, "official")
    began = time.monotonic()
    told.advance(3600)
    assert time.monotonic() - began < 5
    assert moments(told) == [3, 4, 6]
    assert [one["status"] for one in attempts(told)] == [500, 302, 204]
    assert [one["trace"][-1]["passed"] for one in attempts(told)] == [False, False, True]
    assert [arrived.path for arrived in receiver.got] == ["/receipts"] * 3


def test_nobody_there(told: World, receiver: Receiver) -> None:
    told.patch("official", callback_url="http://127.0.0.1:1/")
    clients.send_well(told, "official")
    told.advance(3600)
    assert moments(told) == [2 + 2**n for n in range(10)]
    last = attempts(told)[-1]
    assert (last["status"], last["reply"], last["outcome"]) == (None, None, "refused")
    assert "127.0.0.1" in last["posting"]["error"]
    assert last["posting"]["next_at"] is None
    assert receiver.got == []


def test_report_and_inbox_agree(told: World) -> None:
    told.patch("official", receipts={"status": "undelivered", "error": "MK:0001"})
    clients.send_well(told, "official")
    message = only_message(told)

    def report() -> dict[str, Any]:
        query = f"access_token={clients.token_of(told)}&message_id={message['id']}"
        answer = request("GET", f"{told.official['url']}/api/sms/report?{query}").json()
        data: dict[str, Any] = answer["data"]
        return data

    assert (report()["status"], report()["done_at"]) == ("submitted", None)
    told.advance(3)
    assert (report()["status"], report()["error"]) == ("undelivered", "MK:0001")
    assert report()["done_at"] == "2026-01-01 12:00:03"
    assert only_message(told)["status"] == "undelivered"


def test_without_an_address_the_report_is_the_same(world: World) -> None:
    world.freeze(NOON)
    clients.send_well(world, "reseller")
    world.advance(3)
    message = only_message(world)
    assert (message["status"], message["done_at"]) == ("delivered", "2026-01-01T12:00:03.000+08:00")
    assert attempts(world) == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_driven_by_hand(told: World, receiver: Receiver, provider: str) -> None:
    told.patch(provider, receipts={"after_seconds": None})
    clients.send_well(told, provider)
    told.advance(100)
    path = f"{told.path}/messages/{only_message(told)['id']}/status"
    told.control.post(path, {"status": "undelivered", "error": "空号"})
    (said,) = fields(receiver)
    assert (said["status"], said["error"]) == ("undelivered", "空号")
    assert said["time"] == "2026-01-01 12:01:40"
    assert is_proved(told, said, provider)


def test_never(told: World, receiver: Receiver) -> None:
    told.fault("official", {"receipt": {"never": True}})
    clients.send_well(told, "official")
    told.advance(3600)
    assert receiver.got == []
    assert only_message(told)["status"] == "delivered"
    (unsent,) = attempts(told)
    assert unsent["fault"]["do"] == "receipt (never)"
    assert (unsent["status"], unsent["posting"]["attempt"]) == (None, 0)


def test_late_and_twice(told: World, receiver: Receiver) -> None:
    told.fault("*", {"receipt": {"late_seconds": 600, "copies": 2}}, operation="receipt")
    clients.send_well(told, "erban")
    told.advance(602)
    assert receiver.got == []
    told.advance(1)
    assert [said["time"] for said in fields(receiver)] == ["2026-01-01 12:00:03"] * 2
    assert moments(told) == [603, 603]


def test_out_of_order(told: World, receiver: Receiver) -> None:
    told.fault("official", {"receipt": {"out_of_order": True}}, times=1)
    clients.send_well(told, "official")
    told.advance(1)
    clients.send_well(told, "official", mobile=OTHER)
    told.advance(10)
    assert [said["mobile"] for said in fields(receiver)] == [OTHER, MOBILE]


def test_contradiction_and_wrong_proof(told: World, receiver: Receiver) -> None:
    told.fault("official", {"receipt": {"contradict": True}}, match={"mobile": MOBILE})
    told.fault("official", {"receipt": {"wrong_proof": True}}, match={"mobile": OTHER})
    clients.send_well(told, "official")
    clients.send_well(told, "official", mobile=OTHER)
    told.advance(3)
    said = fields(receiver)
    assert [one["status"] for one in said] == ["delivered", "undelivered", "delivered"]
    assert [is_proved(told, one) for one in said] == [True, True, False]
    assert {message["status"] for message in told.messages()} == {"delivered"}
    faults = told.control.get(f"{told.path}/faults")["faults"]
    assert [(f["matched"], f["fired"]) for f in faults] == [(1, 1), (1, 1)]


@pytest.mark.parametrize(
    "url", ["http://192.0.2.1/", "ftp://127.0.0.1/", "http://10.0.0.1@127.0.0.1/", "nowhere"]
)
def test_an_address_that_is_not_allowed(world: World, url: str) -> None:
    path = f"{world.path}/providers/official"
    reply = world.control.call("PATCH", path, {"callback_url": url, "balance": 5})
    assert reply.status == 422
    (error,) = reply.json()["errors"]
    assert error["field"] == "callback_url"
    assert world.settings("official")["callback_url"] is None
    assert world.balance("official") != 5
    providers = {"providers": {"erban": {"callback_url": url}}}
    reply = world.control.call("POST", "/api/v1/sessions", providers)
    assert reply.status == 422
    assert reply.json()["errors"][0]["field"] == "providers.erban.callback_url"


@pytest.mark.parametrize(
    "rule",
    [
        {"operation": "receipt", "do": "rate_limited"},
        {"operation": "send", "do": {"receipt": {"never": True}}},
        {"do": "receipt"},
    ],
)
def test_a_rule_that_cannot_be(world: World, rule: dict[str, object]) -> None:
    reply = world.control.call("POST", f"{world.path}/faults", {"provider": "official", **rule})
    assert reply.status == 422
    assert reply.json()["errors"][0]["message"]


def test_the_session_is_deleted_meanwhile(server: RunningServer, receiver: Receiver) -> None:
    world = World.create(server, providers={"official": {"callback_url": receiver.url}})
    world.patch("official", receipts={"after_seconds": 0.2})
    receiver.answers = [0]
    clients.send_well(world, "official")
    assert receiver.arrived.wait(PATIENCE)
    session = server.harness.sessions.get(world.id)
    clients.send_well(world, "official")
    world.delete()
    assert session is not None
    assert (session.clock._due, session.clock._running) == ([], set())
    time.sleep(0.4)
    assert len(receiver.got) == 1


def test_a_flowing_clock_tells_by_itself(world: World, receiver: Receiver) -> None:
    world.patch("official", callback_url=receiver.url, receipts={"after_seconds": 0.1})
    clients.send_well(world, "official")
    assert receiver.arrived.wait(PATIENCE)
    assert only_message(world)["status"] == "delivered"


def test_the_server_stops_in_the_middle_of_it(receiver: Receiver) -> None:
    receiver.answers = [0, 0]
    with RunningServer(ServersConfig(ports=Ports.free())) as server:
        world = World.create(server, providers={"official": {"callback_url": receiver.url}})
        world.patch("official", receipts={"after_seconds": 0})
        clients.send_well(world, "official")
        assert receiver.arrived.wait(PATIENCE)
        began = time.monotonic()
    assert time.monotonic() - began < 3
    assert server.complaints.take() == []


def test_a_receiver_that_keeps_silent(receiver: Receiver) -> None:
    receiver.answers = [0]
    config = ServersConfig(ports=Ports.free(), callback_timeout_seconds=0.2)
    with RunningServer(config) as server:
        world = World.create(server, providers={"official": {"callback_url": receiver.url}})
        world.freeze(NOON)
        clients.send_well(world, "official")
        world.advance(4)
        assert moments(world) == [3, 4]
        assert attempts(world)[0]["posting"]["error"] == "no answer within 0.2 s"


def test_the_operator_allows_more() -> None:
    config = ServersConfig(ports=Ports.free(), allow_callbacks=("hooks.example:8080",))
    with RunningServer(config) as server:
        world = World.create(server)
        assert world.patch("official", callback_url="http://hooks.example:8080/x")
        path = f"{world.path}/providers/official"
        assert (
            world.control.call("PATCH", path, {"callback_url": "http://hooks.example/"}).status
            == 422
        )


def test_an_entry_that_cannot_be_stops_the_start() -> None:
    with pytest.raises(StartError, match="--allow-callback: 'http://x' is not HOST or HOST:PORT"):
        Servers(ServersConfig(allow_callbacks=("http://x",)))
