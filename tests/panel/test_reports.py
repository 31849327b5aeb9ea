"""What became of the SMS, for who has configured no callback: the panel asks."""

import time
from typing import Any

import pytest

from tests.e2e.world import World
from tests.panel.driving import Panel, Refused
from tests.panel.pages.browser import Browser

ASK = "查询送达状态"


def ask(panel: Panel) -> dict[str, int]:
    found: dict[str, int] = panel.post("/messages/report")
    return found


def counted(delivered: int = 0, undelivered: int = 0, waiting: int = 0) -> dict[str, int]:
    return {"delivered": delivered, "undelivered": undelivered, "waiting": waiting}


@pytest.mark.parametrize("channel", ["official", "reseller"])
@pytest.mark.parametrize("status", ["delivered", "undelivered"])
def test_the_provider_is_asked(world: World, panel: Panel, channel: str, status: str) -> None:
    error = "UNDELIV" if status == "undelivered" else ""
    world.patch(channel, receipts={"status": status, "error": error})
    panel.set(sms={"channel": channel})
    panel.test(channel)
    assert ask(panel) == counted(waiting=1)
    world.advance(5)
    assert ask(panel) == counted(**{status: 1})
    last = panel.last()
    assert (last["receipt"], last["receipt_error"], last["receipts"]) == (status, error, 0)
    assert last["receipt_at"]
    assert ask(panel) == counted()


def test_a_receipt_that_comes_later_finds_it_final(world: World, panel: Panel) -> None:
    panel.test()
    world.advance(5)
    ask(panel)
    world.patch("official", callback_url=f"{panel.url}/api/receipts")
    [message] = world.messages()
    path = f"{world.path}/messages/{message['id']}/status"
    world.control.post(path, {"status": "undelivered"})
    last = panel.last()
    assert (last["receipt"], last["contradicted"]) == ("delivered", True)


def test_erban_cannot_be_asked(world: World, panel: Panel) -> None:
    panel.set(sms={"channel": "erban"})
    panel.test("erban")
    world.advance(5)
    assert ask(panel) == counted(waiting=1)
    assert len(world.requests()) == 1


def test_the_newest_twenty_are_asked_for(world: World, panel: Panel) -> None:
    for _ in range(22):
        panel.test()
    world.advance(5)
    assert ask(panel) == counted(delivered=20)
    assert ask(panel) == counted(delivered=2)


FAULTS: dict[str, tuple[dict[str, Any], Refused]] = {
    "a refusal": (
        {"do": "balance_insufficient"},
        Refused("短信发送失败: 账户余额不足, 请充值后重试", "balance_insufficient"),
    ),
    "no answer": ({"do": "hang"}, Refused("短信发送失败: 服务商响应超时", "hang")),
    "a stale token": (
        {"do": "token_expired"},
        Refused(
            "接口请求失败, 接口配置错误.接口请求失败:access_token获取失败", "access_token_failed"
        ),
    ),
}


@pytest.mark.parametrize("name", list(FAULTS))
def test_what_keeps_it_from_asking_is_said_and_takes_no_longer_than_one_request(
    world: World, panel: Panel, name: str
) -> None:
    rule, refused = FAULTS[name]
    panel.set(sending={"timeout_seconds": 0.5})
    for _ in range(5):
        panel.test()
    world.fault("official", operation="report", **rule)
    began = time.monotonic()
    assert panel.refused("POST", "/messages/report") == refused
    assert time.monotonic() - began < 2
    page = Browser(panel.url).open("/admin/sent").press(ASK)
    assert page.told == [refused.error]


def test_a_person_sees_it_without_configuring_anything(
    world: World, panel: Panel, browser: Browser
) -> None:
    panel.test()
    page = browser.open("/admin/sent")
    assert "等待回执" in page.text
    world.advance(5)
    page = page.press(ASK)
    assert page.told == ["已查询 1 条：1 条有了结果，0 条仍在等待"]
    assert "已送达" in page.text
