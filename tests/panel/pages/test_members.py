"""The members' side: register, log in, another phone, a protected operation, the captcha."""

import re
from html import unescape

import pytest

from tests.e2e.world import World
from tests.panel.driving import MOBILE, Panel
from tests.panel.pages.browser import Browser, Shown

REGISTER, LOGIN = "/member/register", "/member/login"
SEND = "发送短信验证码"
PASSWORD = "correct horse"
LIMIT = "发送失败，已达验证码发送上限"


def ask(browser: Browser, path: str = REGISTER, mobile: str = MOBILE) -> Shown:
    return browser.open(path).press(SEND, {"mobile": mobile})


def newest_code(world: World, mobile: str = MOBILE) -> str:
    return str(world.messages(mobile=mobile)[-1]["code"])


def registered(browser: Browser, world: World, email: str = "") -> Shown:
    page = ask(browser)
    return page.press(
        "注册",
        {
            "code": newest_code(world),
            "password": PASSWORD,
            "password_again": PASSWORD,
            "email": email,
        },
    )


def inside(browser: Browser, world: World, email: str = "") -> Shown:
    """Register and log in."""
    page = registered(browser, world, email).press(SEND)
    return page.press("登录", {"code": newest_code(world)})


def test_a_person_registers_logs_in_and_logs_out(browser: Browser, world: World) -> None:
    page = registered(browser, world)
    assert page.told == ["注册成功，请用短信验证码登录"]
    assert page.path == LOGIN
    assert page.value("mobile") == MOBILE
    account = page.press(SEND).press("登录", {"code": newest_code(world)})
    assert account.path == "/member"
    assert MOBILE in account.text
    assert account.press("退出登录").told == ["已退出登录"]
    assert browser.open("/member").told == ["请先登录"]


@pytest.mark.parametrize(
    ("lang", "send", "remedy"),
    [("zh", SEND, "全局设置-会员"), ("en", "Send SMS code", "Global settings - Member")],
)
def test_the_limit_is_reached_with_its_exact_text_and_mended(
    browser: Browser, panel: Panel, lang: str, send: str, remedy: str
) -> None:
    panel.set(member={"codes_per_hour": 2})
    page = browser.open(f"{REGISTER}?lang={lang}")
    for _ in range(2):
        page = page.press(send, {"mobile": MOBILE})
        assert page.told != [LIMIT]
    page = page.press(send)
    assert page.told == [LIMIT]
    assert page.value("mobile") == MOBILE
    assert "6" in page.help
    settings = page.follow(remedy)
    settings.press({"zh": "保存设置", "en": "Save settings"}[lang], {"codes_per_hour": "3"})
    assert browser.open(REGISTER).press(send, {"mobile": MOBILE}).told != [LIMIT]


def test_where_the_codes_are_is_said(browser: Browser, world: World) -> None:
    command = f"fakeproviders inbox --follow --session {world.id}"
    for path in ("/", REGISTER, LOGIN):
        assert command in browser.open(path).text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"password": PASSWORD, "password_again": "another"}, {"password_again": "两次输入的密码不一致"}),
        ({"password": "short", "password_again": "short"}, {"password": "请输入8-20位密码"}),
        ({"mobile": ""}, {"mobile": "请输入手机号码"}),
        ({"mobile": "一三八"}, {"mobile": "这不是手机号码"}),
        ({"email": "a" * 201}, {"email": "太长了"}),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_registration_is_said_beside_its_field(
    browser: Browser, fields: dict[str, str], wrong: dict[str, str]
) -> None:
    whole = {"mobile": MOBILE, "code": "1", "password": PASSWORD, "password_again": PASSWORD}
    page = browser.open(REGISTER).press("注册", {**whole, **fields})
    assert page.wrong() == wrong
    assert page.value("mobile") == {**whole, **fields}["mobile"]
    assert page.value("password") == ""


def test_a_wrong_code_is_refused(browser: Browser) -> None:
    page = ask(browser).press(
        "注册", {"code": "wrong", "password": PASSWORD, "password_again": PASSWORD}
    )
    assert page.told == ["验证码错误"]


def test_a_number_that_the_provider_refuses_shows_why(browser: Browser) -> None:
    page = ask(browser, mobile="12345")
    assert page.told == ["短信发送失败: 手机号码格式不正确"]
    assert page.value("mobile") == "12345"


def test_the_phone_is_changed_with_a_code_to_the_new_one(browser: Browser, world: World) -> None:
    new = "13900139000"
    inside(browser, world)
    page = browser.open("/member").follow("修改绑定手机").press(SEND, {"mobile": new})
    account = page.press("修改绑定手机", {"code": newest_code(world, new)})
    assert account.told == ["绑定手机已修改"]
    assert new in account.text
    assert MOBILE not in account.text


def test_an_operation_is_done_with_its_code_only(browser: Browser, world: World) -> None:
    inside(browser, world)
    page = browser.open("/member").follow("操作保护")
    assert page.press("确认执行", {"code": "000000"}).told == ["验证码错误"]
    page = page.press(SEND)
    assert page.press("确认执行", {"code": newest_code(world)}).told == ["验证通过，操作已执行"]


def test_an_operation_whose_notice_is_off_sends_no_code(
    browser: Browser, world: World, panel: Panel
) -> None:
    panel.post("/reset", {"notifications": {"operation_code": {"sms": False, "mail": False}}})
    inside(browser, world)
    page = browser.open("/member/operation").press(SEND)
    assert page.told == ["短信发送失败: 操作保护验证码短信通知未开启"]
    notices = page.follow("通知管理-短信、邮件、站内信、微信 通知管理")
    assert notices.press("保存", {"operation_code.sms": "on"}).told == ["通知设置已保存并生效"]
    assert browser.open("/member/operation").press(SEND).told == [
        "验证码已发送，请到收件箱查看，再填入下面"
    ]


def test_a_mail_code_is_in_the_outbox(browser: Browser, world: World) -> None:
    inside(browser, world, "li@example.com")
    page = browser.open("/member/operation").press(SEND, {"event": "change_email_code"})
    assert "邮件在后台的【发件箱】里" in page.text
    outbox = browser.open("/admin/outbox?kind=mail")
    (letter,) = outbox.all("//article")
    assert "li@example.com" in letter.text_content()
    code = re.search(r"\d{6}", letter.text_content())
    assert code
    assert page.press("确认执行", {"code": code[0]}).told == ["验证通过，操作已执行"]


@pytest.mark.parametrize("off_by", [0, 40])
def test_the_slider_comes_before_a_code_when_the_captcha_is_on(
    browser: Browser, panel: Panel, world: World, off_by: int
) -> None:
    assert not browser.open(REGISTER).all("//*[@name='captcha.id']")
    panel.set(captcha={"enabled": True})
    page = browser.open(REGISTER)
    (gap,) = page.all("//*[@class='gap']")
    position = str(int(float(str(gap.get("x")))) - off_by)
    page = page.press(SEND, {"mobile": MOBILE, "captcha.position": position})
    assert page.told == (
        ["行为验证未通过，请重试"] if off_by else ["验证码已发送，请到收件箱查看，再填入下面"]
    )
    assert len(world.messages()) == (0 if off_by else 1)


@pytest.mark.parametrize("position", ["", "far right", "-5", "9" * 5000])
def test_a_slider_that_was_not_moved_is_not_solved(
    browser: Browser, panel: Panel, position: str
) -> None:
    panel.set(captcha={"enabled": True})
    page = browser.open(REGISTER).press(SEND, {"mobile": MOBILE, "captcha.position": position})
    assert page.told == ["行为验证未通过，请重试"]


def test_the_password_is_never_shown_again(browser: Browser) -> None:
    page = browser.open(REGISTER).press(
        "注册",
        {"mobile": MOBILE, "code": "1", "password": "hunter2 hunter2", "password_again": "no"},
    )
    assert "hunter2" not in unescape(page.html)


def test_two_panels_do_not_share_a_login(browser: Browser, world: World) -> None:
    inside(browser, world)
    other = World.create(world.server)
    stranger = Browser(other.session["panel"]["url"])
    stranger.cookies = browser.cookies
    assert stranger.open("/member").told == ["请先登录"]
    other.delete()
