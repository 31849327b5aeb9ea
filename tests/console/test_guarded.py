"""What must not happen: text that becomes markup, and anything readable without the token."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from fakeproviders.config import Ports, ServersConfig
from tests.console.browsing import Console, reading
from tests.e2e import clients
from tests.e2e.running import RunningServer
from tests.e2e.sockets import request
from tests.e2e.world import Control, World

MARKUP = '<img src=x onerror="window.hostile=1"><script>window.hostile=1</script><b data-hostile>\'&amp;\u2028{0}</b>'
TOKEN = "a-token-for-this-test"


def hostile(world: World) -> list[str]:
    """Markup in every field that a client or a tester can write; ids of the requests."""
    name, text = MARKUP.format("n"), MARKUP.format("t")
    clients.token_of(world)
    world.patch("erban", signatures=[{"signature": f"【{text}】"}], blocked_words=[])
    world.patch("official", signatures=[{"sign_key": name, "signature": f"【{text}】"}])
    world.control.post(f"{world.path}/ledger", {"name": text[:100]})
    world.control.post(f"{world.path}/replies", {"mobile": clients.MOBILE, "content": text})
    world.fault("erban", {"reply": {"status": 200, "headers": {"X-Text": "<b data-hostile>"}, "body": text}},
                match={"content": {"prefix": name}}, times=1)  # fmt: skip
    clients.erban_send(world, content=f"{name}")
    clients.erban_send(world, content=f"【{text}】{text}验证码4829", smsid=name[:50])
    clients.erban_send(world, account=name, mobile=text, password=text, channel=name)
    clients.erban_send(world, door="form", account=name, mobile=text, content=text)
    clients.official_token(world, app_id=name, sign_key=text)
    clients.official_send(world, access_token=text)
    clients.official_send(world, mobile=text, template_id=name, params={name: text}, signature=text)
    clients.reseller_send(world, member_id=text, mobile=name, sign=text)
    request("GET", f"{world.erban['url']}/%3Cb%20data-hostile%3E?q=<b%20data-hostile>",
            headers={"User-Agent": "<b data-hostile>", "Accept": text.encode().decode("latin-1")})  # fmt: skip
    request(
        "POST",
        f"{world.official['url']}/api/sms/send",
        f"<a>{text}</a>",
        {"Content-Type": "text/html"},
    )
    return [each["id"] for each in world.requests()]


def is_clean(console: Console) -> bool:
    """Whether no text has become an element or a script."""
    made = "[data-hostile], main script, body img[src=x], main b:not(.number)"
    script = "(made) => !window.hostile && !document.querySelector(made)"
    return bool(console.page.evaluate(script, made))


@pytest.mark.fakeproviders(allow_unfired=True)
def test_text_is_never_markup(browser: Browser, world: World) -> None:
    requests = hostile(world)
    named = World.create(world.server, name=MARKUP.format("s")[:100])
    with reading(browser, world.control.url, world.id, "en") as console:
        for name in ("inbox", "failures", "quota", "sessions", "load"):
            console.open(name)
            expect(console.page.get_by_text(console.t("loading"))).to_have_count(0)
            if name != "quota":  # which counts well-formed mobiles only
                expect(console.page.locator("main")).to_contain_text("<img src=x onerror=")
            assert is_clean(console), name
        told = ""
        for id_ in requests:
            console.open("traffic", id_)
            expect(
                console.page.get_by_role("heading", name=f"Request {id_}", exact=True)
            ).to_be_visible()
            for tab in console.page.get_by_role("tab", name=console.t("wire.raw")).all():
                tab.click()
            assert is_clean(console), world.request(id_)
            told += console.opened.inner_text()
            console.click("request.make_step")
            assert is_clean(console)
        assert "<script>window.hostile=1</script>" in told
    named.delete()


@pytest.fixture(scope="module")
def guarded() -> Iterator[RunningServer]:
    """A server that wants a token."""
    with RunningServer(ServersConfig(ports=Ports.free(), token=TOKEN)) as server:
        yield server


@pytest.fixture
def guarded_world(guarded: RunningServer) -> World:
    """A session there, with one request."""
    control = Control(guarded.addresses.control, {"Authorization": f"Bearer {TOKEN}"})
    world = World(guarded, control.post("/api/v1/sessions", {}), control)
    clients.send_well(world, "erban")
    return world


def test_nothing_is_readable_without_the_token(
    browser: Browser, guarded_world: World, lang: str
) -> None:
    world = guarded_world
    with reading(browser, world.control.url, world.id, lang, allowed=("401",)) as console:
        for name in ("traffic", "inbox", "failures", "scenarios", "quota", "sessions", "load"):
            console.page.goto(f"{console.url}/console/#/{world.id}/{name}")
            console.page.reload()
            expect(console.page.get_by_role("heading", level=1)).to_have_text(
                console.t("token.title")
            )
            seen = console.page.locator("body").inner_text()
            for secret in (
                world.id,
                clients.MOBILE,
                "482915",
                world.official["app_secret"],
                "signature_mismatch",
            ):
                assert secret not in seen


def test_the_console_works_with_the_token(
    browser: Browser, guarded_world: World, lang: str
) -> None:
    world = guarded_world
    with reading(browser, world.control.url, world.id, lang, allowed=("401",)) as console:
        console.page.goto(f"{console.url}/console/#/{world.id}/traffic")
        token = console.page.get_by_label(console.t("token"), exact=True)
        token.fill("another")
        token.press("Enter")
        expect(console.page.get_by_role("alert")).to_have_text(console.t("token.wrong"))
        console.page.get_by_label(console.t("token"), exact=True).fill(TOKEN)
        console.click("token.enter")
        expect(console.rows).to_have_count(1)
        clients.send_well(world, "erban", smsid="another")
        expect(console.rows).to_have_count(2)
        console.page.reload()
        expect(console.rows).to_have_count(2)
        console.open("scenarios", "maintenance")
        console.button_in(console.opened, "scenario.run").click()
        with console.page.expect_download() as saved:
            console.click("scenario.save_report")
        assert saved.value.suggested_filename == "maintenance.html"
        assert "maintenance" in saved.value.path().read_text("utf-8")
        console.click("token.forget")
        expect(console.page.get_by_role("heading", level=1)).to_have_text(console.t("token.title"))
