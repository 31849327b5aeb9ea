"""What every reader needs: his language, light or dark, a keyboard, a narrow screen, a screen reader."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import IN_CI
from tests.console.browsing import NARROW, WIDE, Console, reading
from tests.console.words import LANGS, said, texts
from tests.e2e import clients
from tests.e2e.world import World

AXE = Path(__file__).parent / "axe" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = [key.removeprefix("page.") for key in texts("en") if key.startswith("page.")]


def lived_in(world: World) -> str:
    """A session with something on every page; the id of a refused request."""
    world.patch("official", quotas={"mobile_per_minute": 2})
    world.control.post(f"{world.path}/ledger", {"name": "a run"})
    world.fault("erban", {"delay": {"ms": 1}}, match={"mobile": {"prefix": "139"}}, probability=0.5)
    for _ in range(3):
        clients.official_send(world)
    clients.erban_send(world, password="wrong", mobile="13912345678")
    world.control.post(f"{world.path}/replies", {"mobile": clients.MOBILE, "content": "T"})
    return str(world.requests()[-1]["id"])


def serious(console: Console) -> list[str]:
    """What axe finds that keeps people out."""
    if not AXE.exists():
        assert not IN_CI, "axe-core is not installed: make test-packages"
        pytest.skip("axe-core is not installed: make test-packages")
    console.page.wait_for_function(
        "document.getAnimations().every((one) => one.playState !== 'running')"
    )
    console.page.evaluate(AXE.read_text("utf-8"))  # the page's policy keeps a script element out
    found: dict[str, Any] = console.page.evaluate(
        "axe.run(document, {resultTypes: ['violations']})"
    )
    return [
        f"{violation['id']}: {node['html']} ({node['failureSummary']})"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


@pytest.mark.fakeproviders(allow_unfired=True)
@pytest.mark.parametrize(
    ("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"]
)
def test_no_page_keeps_anybody_out(
    browser: Browser, world: World, size: tuple[int, int], scheme: str
) -> None:
    """Width moves what there is, scheme colours it: neither changes what the other does."""
    opened = {
        "traffic": lived_in(world),
        "failures": "signature_mismatch",
        "scenarios": "maintenance",
    }
    lang = "en" if size == WIDE else "zh"
    with reading(browser, world.control.url, world.id, lang, size=size, scheme=scheme) as console:
        for name in PAGES:
            console.open(name)
            expect(console.page.get_by_text(console.t("loading"))).to_have_count(0)
            assert serious(console) == [], name
            assert console.overflow() <= 0, name
            if name in opened:
                console.open(name, opened[name])
                expect(
                    console.opened.or_(console.page.locator("details[open]")).first
                ).to_be_visible()
                assert serious(console) == [], name
                assert console.overflow() <= 0, name


@pytest.mark.parametrize(
    ("page", "button", "facts"),
    [
        ("failures", "fault.new", {}),
        ("inbox", "reply.new", {}),
        ("quota", "quota.change_of", {"provider": "provider.erban"}),
        ("sessions", "session.new", {}),
        ("load", "load.begin", {}),
    ],
)
def test_a_dialog_keeps_nobody_out_and_gives_the_focus_back(
    browser: Browser, world: World, page: str, button: str, facts: dict[str, str]
) -> None:
    with reading(browser, world.control.url, world.id, "zh", size=NARROW) as console:
        console.open(page)
        opener = console.button(button, **{name: console.t(key) for name, key in facts.items()})
        opener.press("Enter")
        expect(console.dialog).to_be_visible()
        assert serious(console) == []
        assert console.overflow() <= 0
        console.page.keyboard.press("Escape")
        expect(console.dialog).to_have_count(0)
        expect(opener).to_be_focused()


def test_the_focus_goes_back_to_what_was_drawn_anew_meanwhile(
    english: Console, world: World
) -> None:
    world.patch("official", quotas={"mobile_per_day": 5})
    english.open("quota")
    opener = english.button("quota.change_of", provider=english.t("provider.erban"))
    opener.press("Enter")
    expect(english.dialog).to_be_visible()
    clients.send_well(world, "official")
    expect(english.page.locator("main [role=meter]")).not_to_have_count(0)
    english.page.keyboard.press("Escape")
    expect(english.dialog).to_have_count(0)
    expect(opener).to_be_focused()


def test_the_language_is_switched_and_remembered(browser: Browser, world: World) -> None:
    for lang, other in (LANGS, LANGS[::-1]):
        with reading(browser, world.control.url, world.id, lang) as console:
            console.open("inbox")
            expect(console.page.locator("html")).to_have_attribute(
                "lang", {"zh": "zh-CN", "en": "en"}[lang]
            )
            console.click("language.other")
            expect(console.page.get_by_role("heading", level=1)).to_have_text(
                said(other, "page.inbox")
            )
            console.page.reload()
            expect(console.page.get_by_role("heading", level=1)).to_have_text(
                said(other, "page.inbox")
            )
            expect(console.page).to_have_title(f"{said(other, 'page.inbox')} · fakeproviders")


def test_the_theme_is_chosen_and_remembered(english: Console) -> None:
    def ground() -> str:
        return str(english.page.evaluate("getComputedStyle(document.body).backgroundColor"))

    english.open()
    light = ground()
    english.click("theme.system")
    assert ground() == light
    english.click("theme.light")
    assert ground() != light
    dark = ground()
    english.page.reload()
    expect(english.button("theme.dark")).to_be_visible()
    assert ground() == dark
    english.click("theme.dark")
    assert ground() == light


def test_every_page_is_reached_by_keyboard(english: Console) -> None:
    english.open()
    keys = english.page.keyboard
    keys.press("Tab")
    expect(english.page.locator(".skip")).to_be_focused()
    for _ in range(30):
        if english.page.evaluate("document.activeElement.closest('nav') !== null"):
            break
        keys.press("Tab")
    for name in PAGES:
        expect(
            english.page.get_by_role("link", name=english.t(f"page.{name}"), exact=True)
        ).to_be_focused()
        keys.press("Enter")
        expect(english.heading(f"page.{name}")).to_be_visible()
        english.page.get_by_role("link", name=english.t(f"page.{name}"), exact=True).focus()
        keys.press("Tab")


def test_an_address_leads_to_its_page_and_back(english: Console, world: World) -> None:
    english.open("quota")
    english.page.goto(f"{english.url}/console/#/{world.id}/inbox/{clients.MOBILE}")
    expect(english.page.get_by_role("searchbox")).to_have_value(clients.MOBILE)
    english.page.go_back()
    expect(english.heading("page.quota")).to_be_visible()
    english.page.goto(f"{english.url}/console/#/%E0%A4%A/nothing")
    expect(english.page.get_by_role("alert").filter(has_text="there is no session")).to_be_visible()
    english.allowed += ("404",)
    english.page.get_by_role("link", name=english.t("session.choose")).click()
    expect(english.heading("page.sessions")).to_be_visible()
