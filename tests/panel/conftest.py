"""A panel of the test's own, with its session."""

import pytest

from tests.e2e.world import World
from tests.panel.driving import Panel
from tests.panel.pages.browser import Browser


@pytest.fixture
def panel(world: World) -> Panel:
    """The panel of the session ``world``, which retries without a pause."""
    panel = Panel(world.session["panel"]["url"])
    panel.set(sending={"pause_seconds": 0})
    return panel


@pytest.fixture
def browser(panel: Panel) -> Browser:
    """One that asks for Chinese."""
    return Browser(panel.url)
