"""发件箱: mail, in-site messages and WeChat messages, which go no further than here."""

from aiohttp import web

from fakeproviders.panel.events import CHANNEL_NAMES
from fakeproviders.panel.outbox import KINDS, Wanted
from fakeproviders.panel.pages.menu import OUTBOX
from fakeproviders.panel.pages.names import event_name
from fakeproviders.panel.pages.page import Page

SHOWN = 100


async def show(page: Page) -> web.StreamResponse:
    """All of them, or those of one kind."""
    asked = page.query.get("kind")
    kind = asked if asked in KINDS else None
    return await page.show(
        "outbox.html",
        OUTBOX,
        letters=await page.tenant.outbox.entries(Wanted(kind=kind, limit=SHOWN)),
        kind=kind,
        kinds=KINDS,
        channel_names=CHANNEL_NAMES,
        event_name=event_name,
        limit=SHOWN,
    )
