"""Every page in both languages: complete, labelled, inside its session, and nothing else from elsewhere."""

import re
from collections.abc import Iterator

import pytest
from lxml.html import HtmlElement

from fakeproviders.panel.pages.routes import PAGES
from tests.e2e.world import World
from tests.panel.driving import MOBILE, Panel
from tests.panel.pages.browser import Browser, Shown
from tests.panel.pages.test_members import inside

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
LATIN = re.compile(r"[A-Za-z]{2,}")
SAME_IN_CHINESE = {"AppId", "IP", "+08:00"}
"""Names that a Chinese page uses as they are."""
SHOWN = ("placeholder", "title", "alt", "aria-label")
PATHS = {
    "/": "/",
    "/admin": "/admin",
    "/admin/settings/sms": "/admin/settings/sms",
    "/admin/settings/interface": "/admin/settings/interface",
    "/admin/settings/member": "/admin/settings/member",
    "/admin/settings/sending": "/admin/settings/sending",
    "/admin/settings/time": "/admin/settings/time",
    "/admin/settings/captcha": "/admin/settings/captcha",
    "/admin/cache": "/admin/cache",
    "/admin/logs/codes": "/admin/logs/codes",
    "/admin/sent": "/admin/sent",
    "/admin/replies": "/admin/replies",
    "/admin/notifications": "/admin/notifications",
    "/admin/notifications/{event}": "/admin/notifications/admin_login",
    "/admin/outbox": "/admin/outbox",
    "/member/register": "/member/register",
    "/member/login": "/member/login",
    "/member/phone": "/member/phone",
    "/member/operation": "/member/operation",
    "/member": "/member",
    "/admin/{rest:.*}": "/admin/nothing",
    "/member/{rest:.*}": "/member/nothing",
}
"""Every route that shows a page, and an address of it."""
MISSING = {"/admin/nothing", "/member/nothing"}


@pytest.fixture
def busy(browser: Browser, panel: Panel, world: World) -> Browser:
    """Somebody who is logged in to a panel where much has happened: sends, failures, drafts, a captcha."""
    inside(browser, world, "li@example.com")
    panel.post("/operations/operation_code", {"mobile": MOBILE, "email": "li@example.com"})
    panel.post("/operations/admin_login", {"mobile": MOBILE, "email": "li@example.com"})
    panel.set(member={"codes_per_hour": 3}, sending={"failover": "reseller", "retries": 1})
    world.fault("official", "internal_error", operation="send", times=2)
    for _ in range(5):
        panel.call("POST", "/codes", {"event": "register", "mobile": "13900139000"})
    world.fault("official", "signature_mismatch", operation="send", times=1)
    panel.test_refused()
    message = panel.messages()[1]
    world.control.post(
        f"{world.path}/messages/{message['message_id']}/status", {"status": "undelivered"}
    )
    panel.set(captcha={"enabled": True})
    panel.code_refused("login")
    panel.enter(
        sms={"channel": "erban", "official": {"signature": ""}, "reseller": {"api_key": "new"}},
        sending={"failover": None, "refresh_token": True},
        time={"offset_seconds": 3600},
    )
    return browser


def test_the_table_above_has_every_page() -> None:
    shown = {page.path for page in PAGES if page.method == "GET" and "static" not in page.path}
    assert PATHS.keys() == shown


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_is_whole_in_its_language(busy: Browser, lang: str) -> None:
    for address in PATHS.values():
        page = busy.open(f"{address}?lang={lang}")
        assert page.status == (404 if address in MISSING else 200), address
        assert page.lang == {"zh": "zh-CN", "en": "en"}[lang]
        assert list(_foreign(page, lang)) == [], address
        _check_markup(page)
        _check_links(page)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_message_is_in_its_language(busy: Browser, lang: str) -> None:
    for address in PATHS.values():
        page = busy.open(f"{address}?lang={lang}")
        for button in page.all("//main//form[@method='post']//button[not(@aria-hidden)]"):
            answer = busy.submit(page, button, {})
            assert list(_foreign(answer, lang)) == [], (address, button.text)


def _foreign(page: Shown, lang: str) -> Iterator[str]:
    """Texts in the other language, but for what is data or comes over the wire."""
    for element in page.tree.iter():
        if not isinstance(element, HtmlElement) or _is_data(element, page.lang):
            continue
        attributes = [element.get(name, "") for name in SHOWN]
        after = [child.tail or "" for child in element]
        for text in (element.text or "", *after, *attributes):
            if _is_foreign(text.strip(), lang):
                yield text.strip()


def _is_data(element: HtmlElement, lang: str) -> bool:
    return any(
        part.tag in {"code", "time", "script", "svg"}
        or "data" in part.get("class", "").split()
        or part.get("lang", lang) != lang
        for part in (element, *element.iterancestors())
    )


def _is_foreign(text: str, lang: str) -> bool:
    if lang == "en":
        return CHINESE.search(text) is not None
    return bool(LATIN.search(text)) and not CHINESE.search(text) and text not in SAME_IN_CHINESE


def _check_markup(page: Shown) -> None:
    """What accessibility and safety ask of every page."""
    ids = [str(element.get("id")) for element in page.all("//*[@id]")]
    assert len(ids) == len(set(ids)), page.url
    assert [len(page.all(f"//{tag}")) for tag in ("title", "h1", "main")] == [1, 1, 1]
    labelled = {element.get("for") for element in page.all("//label[@for]")}
    for field in page.all("//input[not(@type='hidden')] | //select"):
        assert (
            field.get("id") in labelled
            or field.get("aria-label")
            or any(parent.tag == "label" for parent in field.iterancestors())
        ), (page.url, field.get("name"))
    for field in page.all("//*[@aria-describedby]"):
        assert field.get("aria-describedby") in ids
    assert not page.all("//*[@style] | //script[not(@src)]")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def _check_links(page: Shown) -> None:
    """All of them stay in the session."""
    prefix = "/@" + page.browser.url.rpartition("/@")[2]
    for link in page.links():
        assert link.startswith((f"{prefix}/", "#")) or link == "/#", (page.url, link)
        assert link.startswith("#") or link[len(prefix)] == "/"


def test_every_link_leads_somewhere(busy: Browser) -> None:
    seen: set[str] = set()
    base = busy.url.rpartition("/@")[0]
    for address in PATHS.values():
        page = busy.open(address)
        for link in page.all("//a[@href] | //link[@href] | //script[@src]"):
            target = str(link.get("href") or link.get("src")).partition("#")[0]
            if target and target not in seen and address not in MISSING:
                seen.add(target)
                assert busy.get(f"{base}{target}").status == 200, (address, target)
    assert len(seen) > len(PATHS)


@pytest.mark.parametrize(
    ("accept", "lang"),
    [("zh-CN,zh;q=0.9", "zh-CN"), ("en-GB,en", "en"), ("fr", "zh-CN"), ("", "zh-CN")],
)
def test_the_browser_s_language_is_taken(panel: Panel, accept: str, lang: str) -> None:
    assert Browser(panel.url, accept).open("/").lang == lang


def test_the_switch_is_remembered_and_stays_on_the_page(browser: Browser) -> None:
    page = browser.open("/admin/logs/codes?mobile=13800138000").follow("English")
    assert (page.lang, page.path) == ("en", "/admin/logs/codes")
    assert page.value("mobile") == "13800138000"
    assert browser.open("/member/login").lang == "en"
    assert browser.open("/member/login").follow("中文").lang == "zh-CN"


def test_a_message_changes_its_language_with_the_page(browser: Browser) -> None:
    page = browser.open("/admin/cache").press("清除缓存")
    assert page.told == ["缓存里没有内容，无需清除"]
    assert page.follow("English").told == ["The cache was empty: there was nothing to clear"]


def test_a_form_that_was_wrong_leads_back_to_itself_in_another_language(browser: Browser) -> None:
    page = browser.open("/admin/settings/time").press("保存设置", {"zone": "x"})
    assert page.status == 422
    assert page.follow("English").path == "/admin/settings/time"


def test_the_panel_of_no_session_is_a_page_too(english: Browser) -> None:
    english.url = english.url.rpartition("/@")[0]
    page = english.open("/@gone/admin/cache")
    assert page.status == 404
    assert "no session gone" in page.text
