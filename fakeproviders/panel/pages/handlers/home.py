"""The first page: what this is, where to go, how to try it."""

from aiohttp import web

from fakeproviders.panel.pages.menu import HOME, SMS
from fakeproviders.panel.pages.page import Page
from fakeproviders.panel.settings import CHANNEL_NAMES, GROUP_NAMES


async def show(page: Page) -> web.StreamResponse:
    """The page, with the state of this panel."""
    saved = await page.tenant.settings.all_saved()
    return await page.show(
        "home.html",
        HOME,
        channel=CHANNEL_NAMES[saved.sms.channel],
        group_names=GROUP_NAMES,
        now=await page.tenant.clock.now(),
    )


async def administration(page: Page) -> web.StreamResponse:
    """To its first page."""
    return page.back(SMS.path)
