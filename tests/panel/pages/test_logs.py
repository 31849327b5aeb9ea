"""The verification code log, the sent SMS, the outbox."""

from tests.e2e.world import World
from tests.panel.driving import MOBILE, Panel
from tests.panel.pages.browser import Browser

OTHER = "13900139000"


def test_the_code_log_says_who_asked_and_marks_abuse(browser: Browser, panel: Panel) -> None:
    assert "还没有人索取过验证码" in browser.open("/admin/logs/codes").text
    panel.set(member={"codes_per_hour": 2})
    for _ in range(5):
        panel.call("POST", "/codes", {"event": "register", "mobile": MOBILE})
    panel.code("login", OTHER)
    page = browser.open("/admin/logs/codes")
    assert "5 条疑似恶意盗刷" in page.text
    suspects = page.all("//tr[@class='suspect']")
    assert len(suspects) == 5
    assert all(MOBILE in row.text_content() for row in suspects)
    assert "发送失败，已达验证码发送上限" in suspects[0].text_content()
    assert "127.0.0.1" in suspects[0].text_content()
    page.follow("去开启行为验证码").press("保存设置", {"enabled": "on"})
    assert panel.get("/settings/captcha")["saved"] == {"enabled": True}


def test_the_logs_are_narrowed_by_mobile(browser: Browser, panel: Panel) -> None:
    panel.code("register", MOBILE)
    panel.code("register", OTHER)
    for path in ("/admin/logs/codes", "/admin/sent"):
        page = browser.open(path).press("筛选", {"mobile": OTHER})
        assert OTHER in page.text
        assert MOBILE not in page.text
        assert "没有这个手机号码的记录" in browser.open(f"{path}?mobile=1").text
        assert MOBILE in page.follow("全部").text


def test_the_sent_sms_show_every_attempt_and_the_receipt(
    browser: Browser, panel: Panel, world: World
) -> None:
    assert "还没有发送过短信" in browser.open("/admin/sent").text
    panel.set(sending={"retries": 1, "failover": "reseller"})
    world.patch(
        "reseller", callback_url=f"{panel.url}/api/receipts", receipts={"after_seconds": None}
    )
    world.fault("official", "internal_error", operation="send", times=2)
    panel.code("register", MOBILE)
    attempts = [str(item.text_content()) for item in browser.open("/admin/sent").all("//ol/li")]
    assert [attempt.partition("：")[0] for attempt in attempts] == [
        "云引擎官方短信", "云引擎官方短信", "云引擎资源上级代理",
    ]  # fmt: skip
    assert "等待回执" in browser.open("/admin/sent").text
    message = panel.last()["message_id"]
    world.control.post(f"{world.path}/messages/{message}/status", {"status": "delivered"})
    world.advance(0)
    assert "已送达" in browser.open("/admin/sent").text


def test_a_failed_sms_shows_the_exact_text_with_its_remedy(
    browser: Browser, panel: Panel, world: World
) -> None:
    world.fault("official", "content_blocked", operation="send")
    refused = panel.code_refused()
    page = browser.open("/admin/sent")
    assert refused.error in page.text
    assert page.all("//details[@class='brief']//*[@class='help']")


def test_the_outbox_is_sorted_by_kind(browser: Browser, panel: Panel) -> None:
    assert "发件箱是空的" in browser.open("/admin/outbox").text
    panel.post("/operations/admin_login", {"mobile": MOBILE, "email": "admin@example.com"})
    page = browser.open("/admin/outbox")
    assert "admin@example.com" in page.text
    assert len(page.all("//article")) == 2
    assert "admin@example.com" not in page.follow("微信").text
    assert "发件箱是空的" in page.follow("站内信").text
