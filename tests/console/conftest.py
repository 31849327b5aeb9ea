"""A browser, and a reader on the test's own session."""

import shutil
from collections.abc import Iterator
from zlib import crc32

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import IN_CI, require_tool
from tests.console.browsing import CHROMIUM, Console, reading
from tests.console.words import LANGS
from tests.e2e.running import RunningServer
from tests.e2e.world import World


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium, at best without its windows, which cost more than the pages in them.

    Playwright's loop runs in this thread while it is there: so for a module only.
    """
    path = require_tool(
        "chromium-headless-shell" if shutil.which("chromium-headless-shell") else "chromium"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes ``lang`` runs in both; in CI in either, which its name decides.

    That no text is missing in one of them is proved without a browser, and axe walks every page in both.
    """
    if "lang" in metafunc.fixturenames:
        either = crc32(metafunc.function.__name__.encode()) % 2
        metafunc.parametrize("lang", LANGS[either : either + 1] if IN_CI else LANGS)


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


@pytest.fixture
def untried(browser: Browser, lang: str) -> Iterator[Console]:
    """A reader in each language, on a server that has run no scenario yet."""
    with RunningServer() as server:
        world = World.create(server)
        with reading(browser, world.control.url, world.id, lang) as console:
            yield console
