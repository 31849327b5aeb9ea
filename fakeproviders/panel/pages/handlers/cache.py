"""系统-功能设置-清除缓存: what is cached is the official interface's access token."""

from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.panel.pages.menu import CACHE
from fakeproviders.panel.pages.page import Page
from fakeproviders.panel.pages.told import Told

_CLEARED = Words(
    zh="缓存已清除，下一次发送会重新获取 access_token",
    en="The cache has been cleared: the next send fetches a new access token",
)
_EMPTY = Words(zh="缓存里没有内容，无需清除", en="The cache was empty: there was nothing to clear")


async def show(page: Page) -> web.StreamResponse:
    """What is in it."""
    return await page.show("cache.html", CACHE, cached=await page.tenant.tokens.cached())


async def clear(page: Page) -> web.StreamResponse:
    """Clear it."""
    cleared = await page.tenant.tokens.clear()
    return page.back(CACHE.path, Told(kind="good", words=_CLEARED if cleared else _EMPTY))
