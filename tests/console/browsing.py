"""The console in a real browser: what is opened, found and clicked, and what must never happen meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

from tests.console.words import said

PATIENCE_MS = 10_000
WIDE, NARROW = (1280, 800), (400, 860)
CHROMIUM = ("--no-sandbox", "--disable-dev-shm-usage")
expect.set_options(timeout=PATIENCE_MS)


class Console:
    """One reader's browser on one session. ``complaints`` is what a browser's own console would show."""

    def __init__(self, page: Page, url: str, session: str, lang: str) -> None:
        self.page = page
        self.url = url
        self.session = session
        self.lang = lang
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.allowed: tuple[str, ...] = ()
        """Parts of complaints that a test brings about itself."""
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"{error.name}: {error.message}"))
        page.on("request", self._asked)

    def open(self, name: str = "traffic", item: str | None = None) -> None:
        """Go to a page, by its tab's name."""
        rest = "" if item is None else f"/{quote(item, safe='')}"
        self.page.goto(f"{self.url}/console/#/{self.session}/{name}{rest}")
        expect(self.heading(f"page.{name}")).to_be_visible()
        expect(self.page.locator(".live-now")).to_be_visible()

    def t(self, key: str, **facts: object) -> str:
        """A text in the reader's language."""
        return said(self.lang, key, **facts)

    def heading(self, key: str) -> Locator:
        return self.page.get_by_role("heading", name=self.t(key), exact=True, level=1)

    def button(self, key: str, **facts: object) -> Locator:
        """A button by its whole name."""
        return self.page.get_by_role("button", name=self.t(key, **facts), exact=True)

    def button_in(self, part: Locator, key: str) -> Locator:
        """One in a part of the page."""
        return part.get_by_role("button", name=self.t(key), exact=True)

    def click(self, key: str, **facts: object) -> None:
        self.button(key, **facts).click()

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def rows(self) -> Locator:
        """The requests of the traffic list that exist in the page."""
        return self.page.get_by_role("option").and_(self.page.locator(".row-of-list"))

    @property
    def opened(self) -> Locator:
        return self.page.locator(".opened")

    def copied(self) -> str:
        """What was copied last."""
        expect(self.page.get_by_role("status").filter(has_text=self.t("copied"))).to_be_visible()
        return str(self.page.evaluate("navigator.clipboard.readText()"))

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def unexpected(self) -> list[str]:
        """Complaints that no test has asked for."""
        return [each for each in self.complaints if not any(part in each for part in self.allowed)]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).scheme in {"http", "https"} and not request.url.startswith(
            f"{self.url}/"
        ):
            self.foreign.append(request.url)


@contextmanager
def reading(
    browser: Browser,
    url: str,
    session: str,
    lang: str,
    *,
    size: tuple[int, int] = WIDE,
    scheme: str = "light",
    allowed: tuple[str, ...] = (),
) -> Iterator[Console]:
    """A reader with a fresh browser. Nothing may go wrong but what is ``allowed``."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale={"zh": "zh-CN", "en": "en-GB"}[lang],
        color_scheme="dark" if scheme == "dark" else "light",
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
    console = Console(context.new_page(), url, session, lang)
    console.allowed = allowed
    try:
        yield console
        assert not console.foreign, console.foreign
        assert not console.unexpected(), console.unexpected()
    finally:
        context.close()
