"""系统-全局设置: drafts, saving, secrets, what cannot be used, the test send."""

from collections.abc import Iterator

import pytest

from fakeproviders.failures import catalogue
from fakeproviders.panel.pages.fields import FIELDS
from fakeproviders.panel.settings import GROUPS, Group, Sms
from tests.e2e.sockets import request
from tests.e2e.world import World
from tests.panel.driving import MOBILE, Panel
from tests.panel.pages.browser import Browser, Shown

SMS = "/admin/settings/sms"
SAVE, KEEP, DISCARD = "保存设置", "暂存为草稿", "放弃修改"
REFUSALS = [
    entry.slug
    for entry in catalogue().values()
    if entry.kind != "transport" and entry.text and entry.slug != "duplicate_request"
]


def try_channel(page: Shown, channel: str = "official", button: str = "测试发送") -> Shown:
    """Press 测试发送 of a channel's block."""
    field = f"test.mobile.{channel}"
    return page.press(button, {field: MOBILE}, near=field)


def test_what_is_typed_is_a_draft_until_it_is_saved(browser: Browser, panel: Panel) -> None:
    before = panel.get("/settings/sms")["saved"]["official"]["signature"]
    kept = browser.open(SMS).press(KEEP, {"official.signature": "【新签名】"})
    assert kept.told == ["已存为草稿，尚未生效；点击页面下方的【保存设置】才生效"]
    assert kept.value("official.signature") == "【新签名】"
    assert f"现在生效的：{before}" in kept.text
    assert panel.get("/settings/sms")["saved"]["official"]["signature"] == before
    assert "未保存" in browser.open("/admin/logs/codes").text
    saved = browser.open("/admin/settings/member").press(SAVE)
    assert saved.told == ["设置已保存并生效：短信"]
    assert "未保存" not in saved.text.replace("没有未保存的修改", "")
    assert panel.get("/settings/sms")["saved"]["official"]["signature"] == "【新签名】"


def test_a_draft_can_be_discarded(browser: Browser, panel: Panel) -> None:
    kept = browser.open("/admin/settings/member").press(
        KEEP, {"codes_per_hour": "3", "codes_per_day": ""}
    )
    assert panel.get("/settings/member")["draft"] == {"codes_per_hour": 3, "codes_per_day": None}
    discarded = kept.press(DISCARD)
    assert discarded.told == ["未保存的修改已放弃"]
    assert discarded.value("codes_per_hour") == "10"
    assert panel.get("/settings/member")["draft"] is None


def test_nothing_changed_makes_no_draft(browser: Browser, panel: Panel) -> None:
    for group in GROUPS:
        assert browser.open(f"/admin/settings/{group}").press(KEEP).told == ["没有改动"]
        assert panel.get(f"/settings/{group}")["draft"] is None


def test_a_form_changes_only_the_fields_that_it_has(panel: Panel) -> None:
    before = panel.get("/settings/sms")["saved"]
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    request("POST", f"{panel.url}{SMS}", "do=save&official.app_id=another", form)
    before["official"]["app_id"] = "another"
    assert panel.get("/settings/sms")["saved"] == before


def test_a_secret_is_never_shown_and_stays_when_left_empty(browser: Browser, panel: Panel) -> None:
    secrets = {
        SMS: ["reseller.api_key", "erban.login_password", "erban.auth_code"],
        "/admin/settings/interface": ["app_secret"],
    }
    panel.set(
        sms={"reseller": {"api_key": "s3cret"}, "erban": {"login_password": "s3cret", "auth_code": "s3cret"}},
        interface={"app_secret": "s3cret"},
    )  # fmt: skip
    panel.enter(sms={"reseller": {"api_key": "s3cret-draft"}})
    for path, names in secrets.items():
        page = browser.open(path)
        assert "s3cret" not in page.html
        assert [page.value(name) for name in names] == [""] * len(names)
        page.press(SAVE)
    saved = panel.get("/settings/sms")["saved"]
    assert saved["erban"]["auth_code"] == "s3cret"


def test_a_secret_can_be_changed_and_made_empty(browser: Browser, panel: Panel) -> None:
    page = browser.open("/admin/settings/interface")
    page.press(SAVE, {"app_id": "", "app_secret.clear": "on"})
    empty = try_channel(browser.open(SMS))
    assert empty.told == ["官方接口未配置"]
    assert "全局设置-接口" in empty.help
    browser.open("/admin/settings/interface").press(SAVE, {"app_id": "x", "app_secret": "new one"})
    assert browser.open("/admin/settings/interface").told == []
    assert "已设置" in browser.open("/admin/settings/interface").text


@pytest.mark.parametrize(
    ("group", "field", "typed", "says"),
    [
        ("member", "codes_per_hour", "many", "应为整数"),
        ("member", "codes_per_day", "-1", ""),
        ("sending", "timeout_seconds", "soon", "应为数字"),
        ("sending", "timeout_seconds", "nan", "应为数字"),
        ("sending", "retries", "2.5", "应为整数"),
        ("time", "zone", "Beijing", "应为与 UTC 的时差，如 +08:00"),
        ("time", "offset_seconds", "1e300", ""),
        ("sms", "reseller.url", "no address", "应为以 http:// 或 https:// 开头的地址，不带 ? 和 #"),
        ("sms", "templates.login.content", "多" * 501, "500"),
        ("interface", "app_id", "a\x00b", "不能含有换行或其他控制字符"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said_beside_its_field_and_stays_to_be_mended(
    browser: Browser, panel: Panel, group: str, field: str, typed: str, says: str
) -> None:
    page = browser.open(f"/admin/settings/{group}").press(SAVE, {field: typed})
    assert page.status == 422
    assert list(page.wrong()) == [field]
    assert says in page.wrong()[field]
    assert typed == "a\x00b" or page.value(field) == typed
    assert panel.get(f"/settings/{group}")["draft"] is None
    switched = browser.get(page.url.partition("/admin")[0] + f"/admin/settings/{group}")
    assert switched.status == 200


def test_every_setting_has_a_field() -> None:
    for group, shape in GROUPS.items():
        assert {field.path for field in FIELDS[group]} == set(_paths(shape()))


def _paths(group: Group, above: str = "") -> Iterator[str]:
    for name in group.__struct_fields__:
        value = getattr(group, name)
        if isinstance(value, Group):
            yield from _paths(value, f"{above}{name}.")
        elif isinstance(group, Sms) and name == "templates":
            yield from (f.path for f in FIELDS["sms"] if f.path.startswith("templates."))
        else:
            yield f"{above}{name}"


def test_a_test_send_uses_what_is_saved_and_keeps_what_is_typed(
    browser: Browser, world: World
) -> None:
    page = browser.open(SMS).press(
        "测试发送",
        {"test.mobile.official": MOBILE, "official.signature": "【别的签名】"},
        near="test.mobile.official",
    )
    assert page.told == ["短信发送成功"]
    assert "有未保存的修改：测试发送用的仍是已保存的设置" in page.text
    assert page.value("official.signature") == "【别的签名】"
    assert page.value("test.mobile.official") == MOBILE
    assert [message["mobile"] for message in world.messages()] == [MOBILE]
    page.press(SAVE)
    assert try_channel(browser.open(SMS)).told == ["短信发送失败: 签名数据不一致"]


def test_a_test_of_another_channel_than_the_chosen_one_misses_parameters(browser: Browser) -> None:
    browser.open(SMS).press(SAVE, {"channel": "reseller"})
    page = try_channel(browser.open(SMS))
    assert page.told == ["请求参数不存在"]
    assert "第 2 条" in page.help


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("slug", REFUSALS)
def test_every_failure_is_shown_with_its_exact_text_and_its_remedy(
    browser: Browser, panel: Panel, world: World, slug: str, lang: str
) -> None:
    panel.set(sending={"retries": 0})
    world.fault("official", slug, operation="send")
    refused = panel.test_refused()
    page = try_channel(
        browser.open(f"{SMS}?lang={lang}"), button={"zh": "测试发送", "en": "Send a test"}[lang]
    )
    assert page.told == [refused.error]
    entry = catalogue()[refused.failure or ""]
    assert entry.remedy[lang] in page.help
    assert entry.cause[lang] in page.help
    if entry.kind == "documented":
        assert page.all("//*[@class='mend']/a"), "nowhere to mend it"


def test_the_clock_is_shown_beside_beijing(browser: Browser, panel: Panel) -> None:
    assert "与北京时间一致" in browser.open("/admin/settings/time").text
    page = browser.open("/admin/settings/time").press(SAVE, {"offset_seconds": "-3600"})
    assert "不是北京时间" in page.text
    page = page.press(SAVE, {"offset_seconds": "0", "zone": "+00:00"})
    assert "不是北京时间" in page.text
    browser.open("/admin/cache").press("清除缓存")
    shown = try_channel(browser.open(SMS))
    assert shown.told == ["接口请求失败, 接口配置错误.接口请求失败:access_token获取失败"]
    shown.follow("全局设置-服务器时间").press(SAVE, {"zone": "+08:00"})
    assert try_channel(browser.open(SMS)).told == ["短信发送成功"]


def test_the_cache_page_says_what_is_cached_and_clears_it(browser: Browser, panel: Panel) -> None:
    assert "没有缓存" in browser.open("/admin/cache").text
    panel.test()
    page = browser.open("/admin/cache")
    assert "已缓存" in page.text
    assert page.press("清除缓存").told == ["缓存已清除，下一次发送会重新获取 access_token"]
    assert panel.get("/cache")["token"] is False


def test_a_channel_that_is_none_is_refused(browser: Browser) -> None:
    page = browser.open(SMS)
    (button,) = page.all("//button[@value='erban']")
    button.set("value", "x\r\nSet-Cookie: a=b")
    assert browser.submit(page, button, {}).told == ["没有这个通道"]
