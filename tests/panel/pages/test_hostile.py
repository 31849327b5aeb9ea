"""Hostile text in every field is text wherever it is shown; bodies that are no forms are refused."""

import pytest

from fakeproviders.panel.pages.fields import FIELDS
from fakeproviders.panel.pages.routes import PAGES
from tests.e2e.sockets import request
from tests.e2e.world import World
from tests.panel.driving import MOBILE, Panel
from tests.panel.pages.browser import Browser, Shown
from tests.panel.pages.test_languages import MISSING, PATHS
from tests.panel.pages.test_members import inside

EVIL = """'"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 'xq' * 3 }}&lt;b&gt;"""


def inert(page: Shown) -> None:
    """No element or attribute comes from the hostile text."""
    assert not page.all("//script[not(contains(@src, '/static/'))]")
    assert not page.all("//img[@src='x']")
    assert not page.all("//*[@onerror]")
    assert not page.all("//b")
    assert "xqxqxq" not in page.html


def test_hostile_settings_are_text_everywhere(browser: Browser, panel: Panel) -> None:
    for group in ("sms", "interface"):
        texts = {
            field.path: EVIL
            for field in FIELDS[group]
            if field.kind in {"text", "secret"} and not field.path.endswith("url")
        }
        page = browser.open(f"/admin/settings/{group}").press("暂存为草稿", texts)
        assert page.status == 200
        inert(page)
        assert all(
            page.value(f.path) == EVIL
            for f in FIELDS[group]
            if f.path in texts and f.kind == "text"
        )
        saved = page.press("保存设置")
        inert(saved)
    assert panel.get("/settings/sms")["saved"]["official"]["signature"] == EVIL


@pytest.mark.parametrize("group", list(FIELDS))
def test_hostile_text_where_it_does_not_fit_is_shown_again_as_text(
    browser: Browser, group: str
) -> None:
    for field in FIELDS[group]:
        if field.kind in {"text", "whole", "decimal"} and "templates" not in field.path:
            inert(browser.open(f"/admin/settings/{group}").press("保存设置", {field.path: EVIL}))
            browser.open(f"/admin/settings/{group}")


def test_hostile_members_notices_and_logs_are_text(
    browser: Browser, panel: Panel, world: World
) -> None:
    inside(browser, world, EVIL)
    panel.set(sms={"templates": {"login": {"content": EVIL}}})
    browser.open("/admin/notifications/admin_login").press(
        "保存模板", {"template.mail": EVIL, "template.wechat": EVIL}
    )
    page = browser.open("/admin/notifications/admin_login")
    inert(page.press("触发", {"mobile": "<script>x</script>", "email": EVIL}))
    for path, fields in {
        "/member/login": {"mobile": EVIL[:32]},
        "/member/register": {"mobile": "<b>13800138000", "email": EVIL, "code": EVIL},
    }.items():
        page = browser.open(path).press("发送短信验证码", fields)
        inert(page)
        assert page.value("mobile") == fields["mobile"]
    browser.open("/admin/settings/sms").press(
        "测试发送", {"test.mobile.official": "<b>1</b>"}, near="test.mobile.official"
    )
    for address in PATHS.values():
        inert(browser.open(address))
    assert "<script>alert(1)" in browser.open("/admin/outbox").text


def test_hostile_addresses_are_text(browser: Browser) -> None:
    for address in PATHS.values():
        if address not in MISSING:
            inert(
                browser.open(
                    f"{address}?mobile=%22%3E%3Cb%3E&kind=%3Cb%3E&told=%3Cb%3E&lang=%3Cb%3E"
                )
            )
    inert(browser.open("/admin/notifications/%3Cb%3E"))
    inert(browser.open("/admin/%3Cb%3Ex"))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"mobile=%ff%fe\xff&x=%"),
        ("application/x-www-form-urlencoded; charset=no-such", b"mobile=1"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"mobile=1"),
        ("application/json", b'{"mobile": "1"}'),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nno headers"),
        ("multipart/form-data; boundary=x", b"garbage"),
        ("multipart/form-data; boundary=x",
         b'--x\r\nContent-Disposition: form-data; name="mobile"; filename="f"\r\n\r\n1\r\n--x--\r\n'),
        ("", b""),
    ],
)  # fmt: skip
def test_a_body_that_is_no_form_is_refused_and_nobody_sees_a_traceback(
    panel: Panel, kind: str, body: bytes
) -> None:
    paths = {page.path for page in PAGES if page.method == "POST"}
    for path in sorted(paths):
        url = f"{panel.url}{path.replace('{event}', 'admin_login')}"
        reply = request("POST", url, body, {"Content-Type": kind} if kind else {})
        assert reply.status in {303, 422}, (path, reply.status, reply.text[:200])
        assert "Traceback" not in reply.text


def test_a_form_of_another_site_is_refused(panel: Panel, world: World) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://evil.example"}
    reply = request("POST", f"{panel.url}/member/register/code", f"mobile={MOBILE}", form)
    assert reply.status == 403
    assert world.messages() == []


def test_a_form_that_is_too_large_is_refused(panel: Panel) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    reply = request(
        "POST", f"{panel.url}/member/register/code", b"mobile=" + b"1" * (2 << 20), form
    )
    assert reply.status == 413
    assert "<h1>" in reply.text
