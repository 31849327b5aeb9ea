"""What people answer, over real sockets: kept, listed, called back, retried, and in the journal."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from fakeproviders.clock import parse_moment
from tests.control.sse import Listener
from tests.e2e.clients import MOBILE, erban_returned
from tests.e2e.test_receipts import NOON, PROVIDERS, is_proved
from tests.e2e.world import World
from tests.receiver import Receiver

OTHER = "13900139000"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def told(world: World, receiver: Receiver) -> World:
    """A world at noon whose accounts are told of replies."""
    world.freeze(NOON)
    for provider in PROVIDERS:
        world.patch(provider, callback_url=receiver.url)
    return world


def answer(world: World, content: str = "退订", **more: str) -> dict[str, Any]:
    given = {"mobile": MOBILE, "content": content, **more}
    return dict(world.control.post(f"{world.path}/replies", given))


def replies(world: World, **query: object) -> list[dict[str, Any]]:
    return list(world.control.get(f"{world.path}/replies", **query)["replies"])


def said(receiver: Receiver) -> list[dict[str, str]]:
    return [json.loads(arrived.body) for arrived in receiver.got]


def calls(world: World) -> list[dict[str, Any]]:
    return world.requests(operation="reply")


def test_a_reply_is_created_and_listed(world: World) -> None:
    world.freeze(NOON)
    url = f"{world.path}/replies"
    reply = world.control.call("POST", url, {"mobile": MOBILE, "content": "退订"})
    assert reply.status == 201
    added = reply.json()
    assert added == {
        "id": added["id"],
        "provider": "erban",
        "mobile": MOBILE,
        "content": "退订",
        "status": "new",
        "at": "2026-01-01T12:00:00.000+08:00",
    }
    assert replies(world) == [added]
    assert calls(world) == []


def test_the_list_is_oldest_first_and_can_be_narrowed(world: World) -> None:
    for content in "abc":
        answer(world, content)
    answer(world, "d", mobile=OTHER, provider="reseller")
    assert [r["content"] for r in replies(world)] == ["a", "b", "c", "d"]
    assert [r["content"] for r in replies(world, limit=2)] == ["c", "d"]
    assert [r["content"] for r in replies(world, mobile=MOBILE)] == ["a", "b", "c"]
    assert [r["content"] for r in replies(world, provider="reseller")] == ["d"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_reply_is_called_back(told: World, receiver: Receiver, provider: str) -> None:
    added = answer(told, provider=provider)
    (arrived,) = said(receiver)
    assert {name: value for name, value in arrived.items() if name != "sign"} == {
        "reply_id": added["id"],
        "mobile": MOBILE,
        "content": "退订",
        "time": "2026-01-01 12:00:00",
    }
    assert is_proved(told, arrived, provider)
    assert added["status"] == "read"
    (line,) = calls(told)
    assert (line["direction"], line["outcome"], line["provider"]) == ("out", "accepted", provider)
    assert (line["mobile"], line["status"]) == (MOBILE, 200)
    assert told.request(line["id"])["request"]["body"] == receiver.got[0].body.decode()


def test_a_callback_is_tried_again_and_meanwhile_the_reply_can_be_fetched(
    told: World, receiver: Receiver
) -> None:
    receiver.answers = [500, 302]
    assert answer(told)["status"] == "new"
    who = told.erban
    asked = {"in0": who["account"], "in1": who["password"], "in2": ""}
    assert "退订" in erban_returned(told, "GetSmsMo", **asked)
    told.advance(3600)
    assert len(receiver.got) == 3
    moments = [parse_moment(line["at"]) - parse_moment(NOON) for line in calls(told)]
    assert moments == [0, 1, 3]
    assert [line["outcome"] for line in calls(told)] == ["refused", "refused", "accepted"]
    assert replies(told)[0]["status"] == "read"
    assert erban_returned(told, "GetSmsMo", **asked) == ""


@pytest.mark.fakeproviders(allow_unfired=True)
def test_a_fault_makes_a_reply_come_late_and_twice(told: World, receiver: Receiver) -> None:
    do = {"receipt": {"late_seconds": 60, "copies": 2}}
    told.fault("erban", do, operation="reply", match={"content": "退订"})
    told.fault("erban", {"receipt": {"never": True}})  # of receipts alone
    answer(told)
    assert receiver.got == []
    told.advance(60)
    assert [one["content"] for one in said(receiver)] == ["退订", "退订"]


def test_a_reset_forgets_replies(told: World, receiver: Receiver) -> None:
    receiver.answers = [500]
    answer(told)
    told.control.post(f"{told.path}/reset")
    told.freeze(NOON)
    told.advance(3600)
    assert len(receiver.got) == 1
    assert replies(told) == []


def test_a_reply_is_an_event(world: World) -> None:
    with Listener(world, types="reply") as listener:
        added = answer(world)
        (event,) = listener.take(1)
    assert (event.kind, event.data) == ("reply", added)
