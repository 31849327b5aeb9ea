"""The reseller's way to the platform above: one send, two accounts, both charged or neither."""

from collections.abc import Iterator
from typing import Any

import pytest

from fakeproviders.harness import Servers
from tests.e2e import clients
from tests.e2e.clients import MOBILE, Verdict
from tests.e2e.running import RunningServer
from tests.e2e.world import World

UNAVAILABLE = Verdict(1901, "上游通道不可用, 请稍后再试")
SHORT = 0.3
"""Seconds that the reseller waits for the platform above, where it waits in vain."""


@pytest.fixture
def hasty(world: World) -> World:
    """A world whose reseller has little patience."""
    world.patch("reseller", upstream_timeout_seconds=SHORT)
    return world


def accounts(world: World) -> tuple[int, int]:
    return world.balance("reseller"), world.balance("upstream")


def test_a_send_is_forwarded(world: World) -> None:
    ours, above = accounts(world)
    clients.send_well(world, "reseller", out_id="order-7")
    (message,) = world.messages()
    assert (message["provider"], message["mobile"]) == ("reseller", MOBILE)
    assert (message["out_id"], message["content"]) == (
        "order-7",
        f"{world.reseller['signature']}{clients.FILLED}",
    )
    assert [(r["provider"], r["operation"]) for r in world.requests()] == [
        ("upstream", "token"),
        ("upstream", "send"),
        ("reseller", "send"),
    ]
    assert accounts(world) == (ours - 1, above - 1)
    assert world.messages(provider="upstream") == []


def test_the_token_is_kept(world: World) -> None:
    for _ in range(3):
        clients.send_well(world, "reseller")
    assert len(world.requests(provider="upstream", operation="token")) == 1
    assert len(world.requests(provider="upstream", operation="send")) == 3


def test_a_token_that_has_expired_is_fetched_again(world: World) -> None:
    clients.send_well(world, "reseller")
    world.advance(8000)
    clients.send_well(world, "reseller")
    above = world.requests(provider="upstream")
    assert [(r["operation"], r["reason"]) for r in above] == [
        ("token", None),
        ("send", None),
        ("send", "token_expired"),
        ("token", None),
        ("send", None),
    ]
    assert len(world.messages()) == 2


REFUSALS: dict[str, tuple[dict[str, Any], Verdict]] = {
    "signature": ({"signatures": []}, Verdict(1105, "接口请求失败:access_token获取失败")),
    "template": ({"templates": []}, Verdict(1302, "短信模板不存在")),
    "disabled": ({"enabled": False}, Verdict(1106, "应用已停用, 请联系客服")),
    "balance": ({"balance": 0}, Verdict(1701, "账户余额不足, 请充值后重试")),
    "blacklist": ({"mobile_blacklist": [MOBILE]}, Verdict(1402, "手机号码在黑名单中")),
    "word": ({"blocked_words": ["验证码"]}, Verdict(1501, "短信内容含有敏感词")),
    "ip": ({"ip_allow": ["10.0.0.1"]}, Verdict(1107, "当前IP不在白名单内")),
    "quota": ({"quotas": {"account_per_day": 0}}, Verdict(1602, "发送失败，已达验证码发送上限")),
    "clock": ({"skew_seconds": 28800}, Verdict(1105, "接口请求失败:access_token获取失败")),
}


@pytest.mark.parametrize("cause", REFUSALS)
def test_what_is_refused_above(world: World, cause: str) -> None:
    """It comes back with the text of above; the member is not charged, and can send after the remedy."""
    settings, expected = REFUSALS[cause]
    before = {name: world.settings("upstream")[name] for name in settings}
    world.patch("upstream", **settings)
    charged = world.charges()
    assert clients.send(world, "reseller") == expected
    assert world.charges() == charged
    world.patch("upstream", **before)
    clients.send_well(world, "reseller")


@pytest.mark.parametrize("wrong", ["wrong", ""])
@pytest.mark.parametrize("field", ["upstream_app_id", "upstream_app_secret", "upstream_sign_key"])
@pytest.mark.fakeproviders(allow_unfired=True)
def test_a_wrong_login_above(world: World, field: str, wrong: str) -> None:
    """§5 of the reseller's own settings."""
    before, right = world.charges(), world.settings("reseller")[field]
    world.fault("official", "maintenance")
    world.patch("reseller", **{field: wrong})
    assert clients.send(world, "reseller") == Verdict(1105, "接口请求失败:access_token获取失败")
    (token,) = world.requests(provider="upstream")
    assert (token["operation"], token["reason"]) == ("token", "access_token_failed")
    assert world.charges() == before
    world.patch("reseller", **{field: right})
    clients.send_well(world, "reseller")


@pytest.mark.parametrize("slug", ["rate_limited", "signature_mismatch", "template_id_empty"])
def test_a_scripted_refusal_above(world: World, slug: str) -> None:
    entry = next(f for f in world.control.get("/api/v1/failures")["failures"] if f["slug"] == slug)
    before = world.charges()
    world.fault("upstream", slug, operation="send", times=1)
    wire = entry["wire"]["reseller"]
    assert clients.send(world, "reseller") == Verdict(wire["code"], wire["text"])
    assert world.charges() == before
    clients.send_well(world, "reseller")


@pytest.mark.parametrize(
    "do", ["endpoint_unreachable", "reset", "empty", {"status": {"status": 502}}, "hang"], ids=str
)
@pytest.mark.parametrize("operation", ["token", "send"])
def test_nothing_comes_back_from_above(hasty: World, operation: str, do: object) -> None:
    """Nothing was accepted there, so that nothing is charged on either side once that is known."""
    before = hasty.charges()
    hasty.fault("upstream", do, operation=operation, times=1)
    assert clients.send(hasty, "reseller") == UNAVAILABLE
    hasty.server.settle(hasty.id)
    assert hasty.charges() == before
    clients.send_well(hasty, "reseller")


@pytest.mark.parametrize(
    "do", ["reply_lost", {"delay": {"ms": 1000 * 3 * SHORT}}, {"reset": {"after_bytes": 40}}],
    ids=str,
)  # fmt: skip
def test_accepted_above_and_the_reply_lost(hasty: World, do: object) -> None:
    """The caller is told that it failed, and yet it was sent: charged on both sides, and in the inbox."""
    ours, above = accounts(hasty)
    hasty.fault("upstream", do, operation="send", times=1)
    assert clients.send(hasty, "reseller", out_id="once") == UNAVAILABLE
    (message,) = hasty.messages(provider="reseller", wait=10)
    assert message["out_id"] == "once"
    hasty.server.settle(hasty.id)
    assert accounts(hasty) == (ours - 1, above - 1)
    report = hasty.requests(provider="upstream")[-1]
    assert (report["operation"], report["outcome"]) == ("report", "accepted")
    # A client that sends once more, with its id, is told that it has been.
    assert clients.send(hasty, "reseller", out_id="once").code == 1503
    assert len(hasty.messages()) == 1


def test_the_reports_that_settle_may_fail_at_first(hasty: World) -> None:
    ours, above = accounts(hasty)
    hasty.fault("upstream", {"delay": {"ms": 1000 * 3 * SHORT}}, operation="send", times=1)
    hasty.fault("upstream", {"status": {"status": 502}}, operation="report", times=1)
    assert clients.send(hasty, "reseller") == UNAVAILABLE
    assert len(hasty.messages(wait=10)) == 1
    hasty.server.settle(hasty.id)
    assert accounts(hasty) == (ours - 1, above - 1)


def test_what_is_open_stays_reserved(hasty: World) -> None:
    """While it is unknown what happened above, the member's balance is not given back."""
    hasty.patch("reseller", balance=1)
    hasty.fault("upstream", "reset", operation="send", times=1)
    hasty.fault("upstream", "hang", operation="report", times=1)
    assert clients.send(hasty, "reseller") == UNAVAILABLE
    assert hasty.balance("reseller") == 0
    hasty.server.settle(hasty.id)
    assert hasty.balance("reseller") == 1


@pytest.mark.fakeproviders(allow_unfired=True)
def test_no_platform_above(world: World) -> None:
    world.patch("reseller", upstream="none")
    above = world.balance("upstream")
    clients.send_well(world, "reseller")
    assert [r["provider"] for r in world.requests()] == ["reseller"]
    assert world.balance("upstream") == above
    world.fault("upstream", "internal_error")
    clients.send_well(world, "reseller")


@pytest.mark.parametrize("do", ["signature_mismatch", "maintenance", "reset"])
@pytest.mark.fakeproviders(allow_unfired=True)
def test_faults_on_official_do_not_touch_it(world: World, do: str) -> None:
    world.fault("official", do)
    clients.send_well(world, "reseller")
    world.patch("official", enabled=False, balance=0)
    clients.send_well(world, "reseller")


def test_faults_on_upstream_do_not_touch_official(world: World) -> None:
    world.fault("upstream", "internal_error")
    clients.send_well(world, "official")
    assert clients.send(world, "reseller") == Verdict(1900, "系统内部错误")


def test_both_accounts_have_quotas_of_their_own(world: World) -> None:
    world.freeze("2026-03-10T12:00:00+08:00")
    world.patch("upstream", quotas={"mobile_per_hour": 1})
    world.patch("reseller", quotas={"mobile_per_hour": 2})
    clients.send_well(world, "reseller")
    assert clients.send(world, "reseller").code == 1605
    assert world.requests(provider="upstream")[-1]["reason"] == "mobile_hour_limit"
    world.patch("upstream", quotas={"mobile_per_hour": None})
    clients.send_well(world, "reseller")
    assert clients.send(world, "reseller").code == 1605
    assert world.requests(provider="upstream")[-1]["reason"] is None


def _nowhere(harness: Servers) -> None:
    harness._core.urls["official"] = "http://127.0.0.1:1"


@pytest.fixture
def stranded() -> Iterator[World]:
    """A world on a server whose platform above is down: nothing listens there."""
    with RunningServer(prepare=_nowhere) as server:
        yield World.create(server)
        assert server.complaints.take() == []


def test_the_platform_above_is_down(stranded: World) -> None:
    before = stranded.charges()
    assert clients.send(stranded, "reseller") == UNAVAILABLE
    assert stranded.charges() == before
    (line,) = stranded.requests()
    assert (line["provider"], line["reason"]) == ("reseller", "upstream_unavailable")
    clients.send_well(stranded, "official")
    stranded.patch("reseller", upstream="none")
    clients.send_well(stranded, "reseller")
