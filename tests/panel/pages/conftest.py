"""A browser on a panel of the test's own, beside the Chinese one."""

import pytest

from tests.panel.driving import Panel
from tests.panel.pages.browser import Browser


@pytest.fixture
def english(panel: Panel) -> Browser:
    """One that asks for English."""
    return Browser(panel.url, "en-GB,en;q=0.9")
