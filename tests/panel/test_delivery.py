"""Retries and fail-over: what helps is done, and never are two SMS sent for one."""

import threading
import time
from itertools import product

import pytest

from fakeproviders.panel.settings import CHANNELS
from tests.e2e.world import World
from tests.panel.driving import Panel

COMMITTED = {"reply_lost", "truncate", "malformed"}
"""Faults that act on the reply of a send that was handled."""
OPEN_ENDS = ["reply_lost", "hang", "reset", "empty", "truncate", "malformed"]


def channels_of(panel: Panel) -> list[tuple[str, bool]]:
    """The attempts of the newest message."""
    return [(a["channel"], a["accepted"]) for a in panel.last()["attempts"]]


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_lost_reply_makes_no_second_sms(world: World, panel: Panel, channel: str) -> None:
    panel.set(sms={"channel": channel})
    world.fault(channel, "reply_lost", operation="send", times=1)
    panel.test(channel)
    assert channels_of(panel) == [(channel, False), (channel, True)]
    first, second = world.requests(operation="send", provider=channel)
    assert (first["decided"], second["reason"]) == ("accepted", "duplicate_request")
    assert len(world.messages()) == 1
    assert panel.last()["status"] == "sent"


@pytest.mark.parametrize(
    ("channel", "fault", "failover"),
    [row for row in product(CHANNELS, OPEN_ENDS, CHANNELS) if row[0] != row[2]],
)
def test_whatever_stays_open_the_user_gets_one_sms_at_most(
    world: World, panel: Panel, channel: str, fault: str, failover: str
) -> None:
    """Every send to the channel ends so; the report may be asked."""
    panel.set(
        sms={"channel": channel},
        sending={"retries": 1, "timeout_seconds": 0.4, "failover": failover},
    )
    panel.test(channel)  # with a token that is cached, so that the send itself is what fails
    world.fault(channel, fault, operation="send")
    panel.call("POST", "/codes", {"event": "register", "mobile": "13700137000"})
    found = len(world.messages(mobile="13700137000"))
    if channel == "erban":  # which has no report: what became of it stays open
        assert (found, panel.last()["status"]) == (int(fault in COMMITTED), "unknown")
    else:
        assert (found, panel.last()["status"]) == (1, "sent")


def test_a_reply_lost_without_retries_is_found_out_by_the_report(
    world: World, panel: Panel
) -> None:
    panel.set(sending={"retries": 0})
    world.fault("official", "reply_lost", operation="send")
    panel.code()
    assert [r["operation"] for r in world.requests()] == ["token", "send", "report"]
    [message] = world.messages()
    assert panel.last()["message_id"] == message["id"]


def test_nothing_is_sent_elsewhere_while_the_outcome_is_open(world: World, panel: Panel) -> None:
    panel.set(sending={"retries": 0, "failover": "reseller"})
    panel.test()
    world.fault("official", "reset")  # the report too
    assert panel.code_refused().failure == "reset"
    assert panel.last()["status"] == "unknown"
    assert world.requests(provider="reseller") == []


@pytest.mark.parametrize("channel", CHANNELS)
def test_fail_fail_ok(world: World, panel: Panel, channel: str) -> None:
    panel.set(sms={"channel": channel})
    world.fault(channel, script="fail, fail, ok", operation="send")
    panel.test(channel)
    assert channels_of(panel) == [(channel, False), (channel, False), (channel, True)]
    assert len({m["out_id"] for m in world.messages()}) == 1


def test_rate_limited_is_tried_again_after_growing_pauses(world: World, panel: Panel) -> None:
    panel.set(sending={"pause_seconds": 0.1, "retries": 2})
    world.fault("official", "rate_limited", operation="send")
    began = time.monotonic()
    assert panel.test_refused().failure == "rate_limited"
    assert time.monotonic() - began >= 0.3
    assert len(world.requests(operation="send")) == 3


def test_wrong_credentials_are_not_tried_again(world: World, panel: Panel) -> None:
    panel.set(
        sms={"channel": "reseller", "reseller": {"api_key": "x"}}, sending={"failover": "erban"}
    )
    assert panel.code_refused().failure == "credentials_invalid"
    assert len(world.requests()) == 1


@pytest.mark.parametrize("down", ["endpoint_unreachable", "internal_error", "balance_insufficient"])
def test_the_failover_channel_takes_over(world: World, panel: Panel, down: str) -> None:
    world.fault("official", down)
    assert panel.code_refused().failure == down  # off by default
    panel.set(sending={"failover": "reseller", "retries": 0})
    panel.code()
    assert channels_of(panel) == [("official", False), ("reseller", True)]
    [message] = world.messages()
    assert message["provider"] == panel.last()["channel"] == "reseller"


def test_a_test_send_has_no_failover(world: World, panel: Panel) -> None:
    panel.set(sending={"failover": "reseller", "retries": 0})
    world.fault("official", "internal_error")
    assert panel.test_refused().failure == "internal_error"
    assert world.requests(provider="reseller") == []


def test_a_platform_above_that_hangs_makes_no_second_sms(world: World, panel: Panel) -> None:
    world.patch("reseller", upstream_timeout_seconds=0.3)
    panel.set(sms={"channel": "reseller"}, sending={"failover": "official", "retries": 1})
    world.fault("upstream", "reply_lost", operation="send", times=1)
    panel.code()
    world.server.settle(world.id)
    assert len(world.messages()) == 1


def test_many_sends_at_once_fetch_one_token(world: World, panel: Panel) -> None:
    sends = [threading.Thread(target=panel.test) for _ in range(8)]
    for send in sends:
        send.start()
    for send in sends:
        send.join(20)
    assert len(world.messages()) == 8
    assert len(world.requests(operation="token", provider="official")) == 1
