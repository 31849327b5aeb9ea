"""Receipts at the panel: proved, in any order, any number of times."""

from collections.abc import Callable
from typing import Any

import pytest

from fakeproviders.clients.envelope import sign
from tests.e2e.world import World
from tests.panel.driving import MOBILE, Panel

CHANNELS = ("official", "reseller", "erban")


@pytest.fixture
def called_back(world: World, panel: Panel) -> Panel:
    """A panel that the providers call back, once somebody drives a message."""
    for role in CHANNELS:
        world.patch(
            role, callback_url=f"{panel.url}/api/receipts", receipts={"after_seconds": None}
        )
    return panel


def drive(world: World, status: str = "delivered") -> None:
    """All messages become final; the receipts are out when this returns."""
    for message in world.messages():
        world.control.post(f"{world.path}/messages/{message['id']}/status", {"status": status})


def results(panel: Panel) -> list[str]:
    """What was made of the receipts, the oldest first."""
    return [row["result"] for row in reversed(panel.get("/receipts")["receipts"])]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("status", ["delivered", "undelivered"])
def test_a_receipt_is_shown_at_its_message(
    world: World, called_back: Panel, channel: str, status: str
) -> None:
    called_back.set(sms={"channel": channel})
    called_back.test(channel)
    assert called_back.last()["receipt"] == "submitted"
    drive(world, status)
    last = called_back.last()
    assert (last["receipt"], last["receipts"], last["contradicted"]) == (status, 1, False)
    assert last["receipt_at"] is not None


CHAOS: list[tuple[dict[str, Any], list[str], bool]] = [
    ({"copies": 3}, ["applied", "repeated", "repeated"], False),
    ({"contradict": True}, ["applied", "contradicted"], True),
    ({"wrong_proof": True}, ["bad_proof"], False),
    ({"never": True}, [], False),
]


@pytest.mark.parametrize(("chaos", "expected", "contradicted"), CHAOS, ids=str)
def test_receipts_in_disorder(
    world: World, called_back: Panel, chaos: object, expected: list[str], *, contradicted: bool
) -> None:
    world.fault("official", {"receipt": chaos}, operation="receipt")
    called_back.test()
    drive(world)
    found = results(called_back)
    assert found[: len(expected)] == expected
    assert set(found[len(expected) :]) <= {"bad_proof"}  # which is brought again and again
    last = called_back.last()
    assert last["receipt"] == ("delivered" if "applied" in expected else "submitted")
    assert last["contradicted"] == contradicted


def test_receipts_out_of_order(world: World, called_back: Panel) -> None:
    world.fault("official", {"receipt": {"out_of_order": True}}, operation="receipt", times=1)
    for mobile in ("13700137001", "13700137002"):
        called_back.test(mobile=mobile)
    drive(world)
    world.advance(60)
    assert results(called_back) == ["applied", "applied"]
    assert {message["receipt"] for message in called_back.messages()} == {"delivered"}


def test_the_receipt_of_a_lost_reply_finds_its_message(world: World, called_back: Panel) -> None:
    world.fault("official", "reply_lost", operation="send")
    called_back.set(sending={"retries": 0})
    world.fault("official", "reset", operation="report")
    assert called_back.test_refused().failure == "empty"
    assert called_back.last()["status"] == "unknown"
    drive(world)
    assert called_back.last()["receipt"] == "delivered"


def receipt(panel: Panel, secret: str, **overrides: str) -> dict[str, str]:
    fields = {
        "message_id": "1", "mobile": MOBILE, "status": "delivered", "error": "",
        "time": "2026-01-01 08:00:00", "out_id": panel.last()["out_id"], **overrides,
    }  # fmt: skip
    return {**fields, "sign": sign(fields, secret)}


Made = Callable[[World, Panel], dict[str, str]]
BAD: dict[str, tuple[Made, int]] = {
    "another secret": (lambda world, panel: receipt(panel, "x"), 403),
    "no secret": (lambda world, panel: receipt(panel, ""), 403),
    "an unknown message": (
        lambda world, panel: receipt(panel, world.official["app_secret"], out_id="x"),
        404,
    ),
    "a status that is none": (lambda world, panel: {**receipt(panel, "x"), "status": "?"}, 422),
    "nothing": (lambda world, panel: {}, 422),
}


@pytest.mark.parametrize("name", list(BAD))
def test_what_is_no_receipt_of_ours_is_refused(world: World, panel: Panel, name: str) -> None:
    made, status = BAD[name]
    panel.test()
    panel.set(
        sms={"erban": {"login_password": "", "auth_code": ""}}
    )  # an empty secret proves nothing
    reply = panel.call("POST", "/receipts", made(world, panel))
    assert reply.status == status
    assert reply.json()["error"]
    assert panel.last()["receipt"] == "submitted"
