"""The guide's sections at the panel: what causes each failure, what its user sees, what mends it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.world import World
from tests.panel.driving import MOBILE, Panel, Refused

TOKEN_FAILED = Refused(
    "接口请求失败, 接口配置错误.接口请求失败:access_token获取失败", "access_token_failed"
)
Values = dict[str, Any]


def arrived(world: World) -> int:
    return len(world.messages())


def test_nothing_is_in_force_before_it_is_saved(world: World, panel: Panel) -> None:
    panel.enter(sms={"official": {"signature": "【别家公司】"}})
    panel.test()
    panel.post("/settings/save")
    assert panel.test_refused() == Refused("短信发送失败: 签名数据不一致", "signature_mismatch")
    assert arrived(world) == 1


def test_1_the_official_interface_is_empty(world: World, panel: Panel) -> None:
    keys = {name: world.official[name] for name in ("app_id", "app_secret")}
    panel.set(interface=dict.fromkeys(keys, ""))
    assert panel.test_refused() == Refused("官方接口未配置", "interface_not_configured")
    assert world.requests() == []
    panel.set(interface=keys)
    panel.test()


@pytest.mark.parametrize("selected", ["reseller", "erban"])
def test_2_another_channel_is_selected(world: World, panel: Panel, selected: str) -> None:
    panel.set(sms={"channel": selected})
    assert panel.test_refused("official") == Refused("请求参数不存在", "parameter_missing")
    [asked] = world.requests(provider="official")
    assert (asked["operation"], asked["reason"]) == ("send", "parameter_missing")
    panel.test(selected)
    panel.set(sms={"channel": "official"})
    panel.test("official")


@pytest.mark.parametrize("channel", ["official", "reseller", "erban"])
def test_3_the_signature_differs(world: World, panel: Panel, channel: str) -> None:
    panel.set(sms={"channel": channel, channel: {"signature": "【别家公司】"}})
    refused = Refused("短信发送失败: 签名数据不一致", "signature_mismatch")
    assert panel.test_refused(channel) == refused
    assert panel.code_refused() == refused
    panel.set(sms={channel: {"signature": world.session[channel]["signature"]}})
    panel.test(channel)


@pytest.mark.parametrize("status", ["pending", "rejected"])
def test_4_the_signature_is_not_approved(world: World, panel: Panel, status: str) -> None:
    registered = world.settings("official")["signatures"][0]
    world.patch("official", signatures=[{**registered, "status": status}])
    text = "短信发送失败: 短信签名未找到, 请提交签名审核通过后重试"
    assert panel.test_refused() == Refused(text, "signature_not_found")
    world.patch("official", signatures=[registered])
    panel.test()


WRONG: dict[str, Callable[[World], Values]] = {
    "the clock is eight hours slow": lambda world: {"time": {"offset_seconds": -8 * 3600}},
    "the host is on UTC": lambda world: {"time": {"zone": "+00:00"}},
    "the interface's app id is another": lambda world: {"interface": {"app_id": "1"}},
    "the interface's app id is unset": lambda world: {"interface": {"app_id": ""}},
    "the interface's secret is another": lambda world: {"interface": {"app_secret": "x"}},
    "the interface's secret is unset": lambda world: {"interface": {"app_secret": ""}},
    "the AppId is another": lambda world: {"sms": {"official": {"app_id": "1"}}},
    "the 签名 is another": lambda world: {"sms": {"official": {"sign_key": "other"}}},
}
"""The first three causes of §5."""


@pytest.mark.parametrize("cause", list(WRONG))
@pytest.mark.parametrize("cached", [False, True], ids=["fresh", "used"])
def test_5_no_token_is_given(world: World, panel: Panel, cause: str, *, cached: bool) -> None:
    if cached:
        panel.test()
    wrong = WRONG[cause](world)
    right = {group: panel.get(f"/settings/{group}")["saved"] for group in wrong}
    panel.set(**wrong)
    assert panel.test_refused() == TOKEN_FAILED
    last = world.requests(provider="official")[-1]
    assert (last["operation"], last["reason"]) == ("token", "access_token_failed")
    panel.set(**right)
    panel.test()


def test_5_a_stale_token_is_in_the_cache(world: World, panel: Panel) -> None:
    panel.test()
    assert panel.get("/cache")["token"] is True
    world.advance(7201)
    assert panel.test_refused() == TOKEN_FAILED
    assert panel.test_refused() == TOKEN_FAILED
    assert panel.post("/cache/clear") == {"cleared": True}
    assert panel.post("/cache/clear") == {"cleared": False}
    panel.test()


def test_5_a_panel_may_fetch_a_new_token_by_itself(world: World, panel: Panel) -> None:
    panel.set(sending={"refresh_token": True, "retries": 0})
    panel.test()
    world.advance(7201)
    panel.test()
    operations = [request["operation"] for request in world.requests()]
    assert operations == ["token", "send", "send", "token", "send"]


def test_6_the_members_limit_is_reached(world: World, panel: Panel) -> None:
    panel.set(member={"codes_per_hour": 2})
    panel.code()
    panel.code(event="login")
    refused = Refused("发送失败，已达验证码发送上限", "code_quota_exceeded")
    assert panel.code_refused() == refused
    assert panel.code_refused(event="operation_code") == refused
    panel.code(mobile="13900139000")
    panel.set(member={"codes_per_hour": 3})
    panel.code()
    assert arrived(world) == 4


def test_6_the_providers_limit_is_reached(world: World, panel: Panel) -> None:
    world.patch("official", quotas={"account_per_day": 1})
    panel.code()
    assert panel.code_refused() == Refused("发送失败，已达验证码发送上限", "code_quota_exceeded")


def test_7_the_operation_protection_notice_is_off(world: World, panel: Panel) -> None:
    panel.post("/reset", {"notifications": {"operation_code": {"row": False}}})
    before = panel.refused("POST", "/operations/operation_code", {"mobile": MOBILE})
    text = "短信发送失败: 操作保护验证码短信通知未开启"
    assert before == Refused(text, "operation_notice_disabled")
    assert arrived(world) == 0
    panel.put("/notifications", {"operation_code": {"row": True}})
    begun = panel.post("/operations/operation_code", {"mobile": MOBILE})
    assert begun == {"done": False, "code_sent": True}
    [message] = world.messages()
    done = panel.post("/operations/operation_code", {"mobile": MOBILE, "code": message["code"]})
    assert done == {"done": True}


@pytest.mark.parametrize("channel", ["official", "reseller"])
def test_8_a_template_has_no_number(world: World, panel: Panel, channel: str) -> None:
    panel.set(sms={"channel": channel, "templates": {"test": {channel: ""}}})
    refused = Refused("短信发送失败: 模板编号不能为空", "template_id_empty")
    assert panel.test_refused(channel) == refused
    panel.code()  # the template of another event
    panel.set(sms={"templates": {"test": {channel: world.session[channel]["template_id"]}}})
    panel.test(channel)


@pytest.mark.parametrize("path", ["/api/sms/", "/api/sms"])
def test_8_the_address_was_entered_with_its_path(world: World, panel: Panel, path: str) -> None:
    home = world.reseller["url"]
    panel.set(sms={"channel": "reseller", "reseller": {"url": f"{home}{path}"}})
    refused = panel.test_refused("reseller")
    assert refused.failure == "base_url_has_api_path"
    assert "404" in refused.error
    assert "不要加 /api/sms/" in refused.error
    [asked] = world.requests()
    assert asked["path"].endswith("/api/sms/api/sms/")
    panel.set(sms={"reseller": {"url": f"{home}/"}})
    panel.test("reseller")


def test_8_an_empty_key_stays_what_it_is(world: World, panel: Panel) -> None:
    panel.set(sms={"channel": "reseller", "reseller": {"api_key": ""}})
    panel.test("reseller")
    shown = panel.get("/settings/sms")
    assert shown["saved"]["reseller"]["api_key"] == ""
    assert shown["secrets"] == {"reseller.api_key": True}
    panel.set(sms={"reseller": {"api_key": "wrong"}})
    refused = panel.test_refused("reseller")
    assert refused == Refused("短信发送失败: 会员ID或接口密钥错误", "credentials_invalid")


NOWHERE = "http://127.0.0.1:1"
NO_ANSWERS = [
    "empty",
    "garbage",
    "reset",
    {"status": {"status": 503}},
    {"status": {"status": 404}},
    "truncate",
]


def test_9_erban_cannot_be_reached(world: World, panel: Panel) -> None:
    address = panel.get("/settings/sms")["saved"]["erban"]["url"]
    panel.set(sms={"channel": "erban", "erban": {"url": f"{NOWHERE}/WebService/SmsService.asmx"}})
    assert panel.test_refused("erban") == Refused("接口不通", "endpoint_unreachable")
    panel.set(sms={"erban": {"url": address}})
    panel.test("erban")


@pytest.mark.parametrize("fault", NO_ANSWERS, ids=str)
def test_9_what_erban_answers_is_no_answer(world: World, panel: Panel, fault: object) -> None:
    panel.set(sms={"channel": "erban"}, sending={"retries": 0})
    world.fault("erban", fault)
    assert panel.test_refused("erban") == Refused("接口不通", "endpoint_unreachable")


def door_of(request: Values) -> str:
    return str(request["door"]).rpartition(".")[2]


@pytest.mark.parametrize("door", ["SmsService.asmx", "sms3.aspx"])
def test_erban_is_used_by_soap_or_by_its_form(world: World, panel: Panel, door: str) -> None:
    address = f"{world.erban['url']}/WebService/{door}"
    panel.set(sms={"channel": "erban", "erban": {"url": address}})
    panel.test("erban")
    [message] = world.messages()
    assert message["content"].startswith(world.erban["signature"])
    assert door_of(world.requests()[-1]) == {"SmsService.asmx": "soap11", "sms3.aspx": "form"}[door]
