"""The notification matrix: the guide's table, what can be switched, and who is then told."""

import pytest

from tests.e2e.world import World
from tests.panel.driving import MOBILE, Panel, Refused

ON, OFF, NONE = True, False, None
TABLE: list[tuple[str, str, bool, bool | None, bool | None, bool | None, bool | None]] = [
    ("bare_metal_renewal_failed", "裸金属服务器自动续费失败通知", OFF, ON, ON, ON, OFF),
    ("bare_metal_booking_lapsed", "裸金属预约掉配通知", OFF, ON, ON, ON, OFF),
    ("admin_login_code", "后台登录验证码", ON, ON, ON, NONE, NONE),
    ("change_email_code", "修改邮箱验证码", ON, NONE, ON, NONE, NONE),
    ("find_password_code", "找回密码验证码", ON, ON, ON, NONE, NONE),
    ("change_email_new_code", "修改邮箱验证码", ON, ON, ON, NONE, NONE),
    ("change_mobile_code", "修改绑定手机验证码", ON, ON, ON, NONE, NONE),
    ("change_protection_code", "修改密码保护验证码", ON, ON, ON, NONE, NONE),
    ("operation_code", "操作保护验证码", ON, ON, ON, NONE, NONE),
    ("admin_login", "管理员登录通知", ON, ON, ON, NONE, ON),
    ("login", "用户登录验证码", ON, ON, NONE, NONE, NONE),
    ("register", "会员注册验证码", ON, ON, NONE, NONE, NONE),
]
PROTECTED = Refused("敏感操作时的短信验证不可取消，防止误操作", None)


def test_a_fresh_matrix_is_the_guides(panel: Panel) -> None:
    rows = panel.get("/notifications")["notifications"]
    found = [
        (event, *(row[name] for name in ("name", "row", "sms", "mail", "site", "wechat")))
        for event, row in rows.items()
    ]
    assert found == TABLE
    assert [event for event, row in rows.items() if row["locked"]] == ["operation_code"]


@pytest.mark.parametrize("change", [{"row": False}, {"sms": False}, {"row": False, "mail": False}])
def test_verification_of_sensitive_operations_cannot_be_switched_off(
    panel: Panel, change: dict[str, bool]
) -> None:
    together = {"login": {"row": False}, "operation_code": change}
    assert panel.refused("PUT", "/notifications", together) == PROTECTED
    rows = panel.get("/notifications")["notifications"]
    assert rows["operation_code"]["row"]
    assert rows["login"]["row"], "all changes or none"
    panel.put("/notifications", {"operation_code": {"mail": False}})


@pytest.mark.parametrize("initial", [{"row": False}, {"sms": False}])
def test_it_may_be_off_from_the_start_and_once_on_stays_on(
    panel: Panel, initial: dict[str, bool]
) -> None:
    panel.post("/reset", {"notifications": {"operation_code": initial}})
    panel.put("/notifications", {"operation_code": initial})
    panel.put("/notifications", {"operation_code": {"row": True, "sms": True}})
    assert panel.refused("PUT", "/notifications", {"operation_code": initial}) == PROTECTED


def test_a_code_whose_notice_is_off_is_not_sent(world: World, panel: Panel) -> None:
    panel.put("/notifications", {"login": {"sms": False}})
    assert panel.code_refused("login") == Refused(
        "短信发送失败: 用户登录验证码短信通知未开启", None
    )
    assert world.requests() == []
    panel.code("register")


BAD: list[tuple[object, str]] = [
    ({"nonsense": {}}, "nonsense"),
    ({"login": {"mail": True}}, "login.mail"),
    ({"login": {"sms": None}}, "login.sms"),
    ({"login": {"row": 1}}, "login.row"),
    ({"login": {"row": None}}, "login.row"),
    ({"login": {"colour": True}}, "login.colour"),
    ({"login": True}, "login"),
    ({"login": {"templates": {"mail": "x"}}}, "login.templates.mail"),
]


@pytest.mark.parametrize(("changes", "field"), BAD, ids=str)
def test_what_cannot_be_switched_is_named(panel: Panel, changes: object, field: str) -> None:
    for lang in ("zh", "en"):
        reply = panel.call("PUT", "/notifications", changes, {"Accept-Language": lang})
        assert reply.status == 422
        [error] = reply.json()["errors"]
        assert error["field"].startswith(field)
        assert error["message"].isascii() == (lang == "en")


def test_a_notice_goes_by_every_channel_that_is_on(world: World, panel: Panel) -> None:
    panel.set(sms={"channel": "erban"})
    templates = {"wechat": "{name}，请核实"}
    panel.put("/notifications", {"admin_login": {"templates": templates}})
    done = panel.post("/operations/admin_login", {"mobile": MOBILE, "email": "root@example.com"})
    sent = {"sent": True}
    assert done == {"done": True, "channels": {"sms": sent, "mail": sent, "wechat": sent}}
    [message] = world.messages()
    assert "管理员登录通知" in message["content"]
    letters = {letter["kind"]: letter for letter in panel.get("/outbox")["outbox"]}
    assert letters["wechat"]["body"] == "管理员登录通知，请核实"
    assert letters["mail"]["recipient"] == "root@example.com"


def test_what_one_channel_refuses_the_others_still_send(panel: Panel) -> None:
    done = panel.post("/operations/admin_login", {"mobile": MOBILE})
    assert done["channels"] == {
        "sms": {
            "sent": False,
            "error": "短信发送失败: 模板编号不能为空",
            "failure": "template_id_empty",
        },
        "mail": {"sent": False, "error": "没有邮箱地址", "failure": None},
        "wechat": {"sent": True},
    }


def test_an_event_that_is_off_tells_nobody(panel: Panel) -> None:
    body = {"mobile": MOBILE}
    refused = panel.refused("POST", "/operations/bare_metal_booking_lapsed", body)
    assert refused == Refused("此事件的通知未开启", None)
    assert panel.get("/outbox")["outbox"] == []
