"""A browser, and a reader on the test's own session."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import require_tool
from tests.console.browsing import CHROMIUM, Console, reading
from tests.console.words import LANGS
from tests.e2e.world import World


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium. Playwright's loop runs in this thread while it is there: so for a module only."""
    path = require_tool("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(params=LANGS)
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def console(browser: Browser, world: World, lang: str) -> Iterator[Console]:
    """A reader in each language."""
    with reading(browser, world.control.url, world.id, lang) as console:
        yield console


@pytest.fixture
def english(browser: Browser, world: World) -> Iterator[Console]:
    """A reader, where the language makes no difference."""
    with reading(browser, world.control.url, world.id, "en") as console:
        yield console
