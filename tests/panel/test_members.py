"""Members: register, log in by code, change the mobile."""

import pytest

from tests.e2e.world import World
from tests.panel.driving import MOBILE, Panel, Refused

OTHER = "13900139000"
PASSWORD = "correct-horse"


def code(world: World, panel: Panel, event: str, mobile: str = MOBILE) -> str:
    panel.code(event, mobile)
    return str(world.messages(mobile=mobile)[-1]["code"])


def registered(world: World, panel: Panel, mobile: str = MOBILE, email: str = "") -> None:
    wanted = {"mobile": mobile, "password": PASSWORD, "email": email}
    panel.post("/members", {**wanted, "code": code(world, panel, "register", mobile)})


def login(world: World, panel: Panel) -> str:
    body = {"mobile": MOBILE, "code": code(world, panel, "login")}
    return str(panel.post("/members/login", body)["token"])


def test_a_member_registers_logs_in_and_changes_the_mobile(world: World, panel: Panel) -> None:
    registered(world, panel)
    token = login(world, panel)
    wanted = {
        "token": token,
        "mobile": OTHER,
        "code": code(world, panel, "change_mobile_code", OTHER),
    }
    assert panel.post("/members/mobile", wanted)["member"]["mobile"] == OTHER
    assert [member["mobile"] for member in panel.get("/members")["members"]] == [OTHER]
    panel.post("/members/logout", {"token": token})
    refused = panel.refused("POST", "/members/mobile", {**wanted, "mobile": MOBILE})
    assert refused == Refused("请先登录", None)


def test_a_member_gets_codes_by_mail_too(world: World, panel: Panel) -> None:
    registered(world, panel, email="me@example.com")
    assert panel.code("operation_code")["mail"] is True
    assert panel.get("/outbox")["outbox"][0]["recipient"] == "me@example.com"


@pytest.mark.parametrize("password", ["7 chars", "x" * 21])
def test_a_password_has_eight_to_twenty_characters(
    world: World, panel: Panel, password: str
) -> None:
    given = code(world, panel, "register")
    wanted = {"mobile": MOBILE, "password": password, "code": given}
    assert panel.refused("POST", "/members", wanted).error == "password：请输入8-20位密码"
    panel.post("/members", {**wanted, "password": PASSWORD})  # the code is still good


def test_a_mobile_is_registered_once(world: World, panel: Panel) -> None:
    registered(world, panel)
    registered(world, panel, OTHER)
    again = {"mobile": MOBILE, "password": PASSWORD, "code": code(world, panel, "register")}
    taken = Refused("该手机号码已注册", None)
    assert panel.refused("POST", "/members", again) == taken
    change = {"token": login(world, panel), "mobile": OTHER, "code": "000000"}
    assert panel.refused("POST", "/members/mobile", change) == taken


def test_only_a_member_with_the_right_code_logs_in(world: World, panel: Panel) -> None:
    body = {"mobile": MOBILE, "code": code(world, panel, "login")}
    assert panel.refused("POST", "/members/login", body).error == "该手机号码未注册"
    registered(world, panel)
    wrong = {"mobile": MOBILE, "code": "x"}
    assert panel.refused("POST", "/members/login", wrong).error == "验证码错误"
    panel.post("/members/login", body)
