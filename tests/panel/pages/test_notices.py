"""短信、邮件、站内信、微信 通知管理: the matrix as the guide has it, what is refused, one notice's trial."""

from fakeproviders.panel.events import CHANNELS, EVENTS
from tests.e2e.world import World
from tests.panel.driving import MOBILE, Panel
from tests.panel.pages.browser import Browser, Shown

NOTICES = "/admin/notifications"
PROTECTED = "敏感操作时的短信验证不可取消，防止误操作"


def test_the_matrix_is_shown_row_by_row(browser: Browser) -> None:
    page = browser.open(NOTICES)
    assert [_row(page, event) for event in EVENTS] == [
        [event.row, event.sms, event.mail, event.site, event.wechat] for event in EVENTS.values()
    ]
    (row,) = page.all("//tr[.//input[@name='admin_login.row']]")
    links = [str(link.text) for link in row.iterfind(".//a")]
    assert links == ["短信模板", "邮件模板", "微信模板", "触发一次"]


def _row(page: Shown, event: str) -> list[bool | None]:
    names = [f"{event}.{name}" for name in ("row", *CHANNELS)]
    return [page.ticked(n) if page.all(f"//input[@name='{n}']") else None for n in names]


def test_switches_are_in_force_at_once(browser: Browser, panel: Panel) -> None:
    page = browser.open(NOTICES).press(
        "保存", {"bare_metal_renewal_failed.row": "on"}, untick=("login.sms",)
    )
    assert page.told == ["通知设置已保存并生效"]
    matrix = panel.get("/notifications")["notifications"]
    assert matrix["login"]["sms"] is False
    assert matrix["bare_metal_renewal_failed"]["row"] is True
    assert page.press("保存").told == ["没有改动"]


def test_a_refused_switch_says_why_and_keeps_no_other_from_being_set(
    browser: Browser, panel: Panel
) -> None:
    page = browser.open(NOTICES).press(
        "保存", untick=("operation_code.sms", "admin_login_code.mail")
    )
    assert page.told == [PROTECTED]
    (row,) = page.all("//tr[@class='refused']")
    assert "操作保护验证码" in row.text_content()
    assert PROTECTED in row.text_content()
    matrix = panel.get("/notifications")["notifications"]
    assert matrix["operation_code"]["sms"] is True
    assert matrix["admin_login_code"]["mail"] is False


def test_a_notice_goes_out_in_the_words_of_its_templates(
    browser: Browser, panel: Panel, world: World
) -> None:
    panel.set(sms={"templates": {"admin_login": {"official": world.official["template_id"]}}})
    page = browser.open(NOTICES).follow("微信模板")
    page = browser.open(f"{NOTICES}/admin_login").press(
        "保存模板", {"template.wechat": "有人登录：{name}"}
    )
    assert page.told == ["模板已保存并生效"]
    tried = page.press("触发", {"mobile": MOBILE, "email": "admin@example.com"})
    assert "微信：已发送" in tried.text
    assert "有人登录：管理员登录通知" in browser.open("/admin/outbox?kind=wechat").text
    assert "admin@example.com" not in browser.open("/admin/outbox?kind=wechat").text


def test_a_trial_shows_what_failed_and_its_remedy(browser: Browser) -> None:
    page = browser.open(f"{NOTICES}/admin_login").press("触发", {"mobile": MOBILE})
    assert page.told == ["有渠道没有发出，见下面各行"]
    assert "短信：短信发送失败: 模板编号不能为空" in page.text
    assert "邮件：没有邮箱地址" in page.text
    assert "第 8 条" in page.help


def test_a_template_that_cannot_be_used_stays_to_be_mended(browser: Browser) -> None:
    page = browser.open(f"{NOTICES}/admin_login").press("保存模板", {"template.mail": "字" * 501})
    assert list(page.wrong()) == ["template.mail"]
    assert page.value("template.mail") == "字" * 501


def test_a_notice_that_is_none_is_not_found(browser: Browser) -> None:
    assert browser.open(f"{NOTICES}/nothing").status == 404
    assert browser.open(f"{NOTICES}/login").all("//form")
    assert "触发" not in browser.open(f"{NOTICES}/login").text


def test_two_notices_that_the_guide_calls_alike_are_told_apart(browser: Browser) -> None:
    page = browser.open(NOTICES)
    rows = [page.all(f"//tr[.//input[@name='{event}.row']]/th")[0] for event in EVENTS]
    shown = ["".join(row.itertext()).strip() for row in rows]
    assert len(set(shown)) == len(EVENTS)
    assert [one for one in shown if one.startswith("修改邮箱验证码")] == [
        "修改邮箱验证码（发到邮箱）",
        "修改邮箱验证码（发到手机）",
    ]
