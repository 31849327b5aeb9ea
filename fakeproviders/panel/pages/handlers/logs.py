"""系统-日志管理: the verification code log, the SMS that were sent, what people answered."""

from collections import Counter
from collections.abc import Sequence

from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.panel.declined import Declined
from fakeproviders.panel.pages.menu import CODE_LOG, REPLIES, SENT, Place
from fakeproviders.panel.pages.names import channel_name, event_name
from fakeproviders.panel.pages.page import Page
from fakeproviders.panel.pages.told import Told, refusal
from fakeproviders.panel.reports import FINAL

SHOWN = 100
"""The newest so many; a mobile narrows them down."""


async def codes(page: Page) -> web.StreamResponse:
    """Who asked for codes, when, from where, with what result; what looks like abuse is marked."""
    mobile = _mobile(page)
    return await _show(page, CODE_LOG, await page.tenant.codes.log(mobile, SHOWN))


async def sent(page: Page) -> web.StreamResponse:
    """The SMS, with every attempt and what the receipts said."""
    mobile = _mobile(page)
    return await _show(page, SENT, await page.tenant.sms.messages(mobile, SHOWN))


async def ask(page: Page) -> web.StreamResponse:
    """Ask the providers what became of the SMS that wait for a receipt."""
    try:
        told = _told(await page.tenant.reports.ask())
    except Declined as declined:
        told = refusal(declined)
    return page.back(SENT.path, told)


async def replies(page: Page) -> web.StreamResponse:
    """What people answered."""
    mobile = _mobile(page)
    return await _show(page, REPLIES, await page.tenant.replies.entries(mobile, SHOWN))


def _mobile(page: Page) -> str | None:
    return page.query.get("mobile", "").strip() or None


async def _show(page: Page, place: Place, rows: Sequence[object]) -> web.StreamResponse:
    return await page.show(
        f"{place.path.rpartition('/')[2]}.html",
        place,
        rows=rows,
        mobile=_mobile(page) or "",
        event_name=event_name,
        channel_name=channel_name,
        limit=SHOWN,
    )


def _told(found: Counter[str]) -> Told:
    final, asked = sum(found[status] for status in FINAL), found.total()
    words = Words(
        zh=f"已查询 {asked} 条：{final} 条有了结果，{asked - final} 条仍在等待",
        en=f"Asked for {asked}: {final} have become final, {asked - final} still wait",
    )
    return Told(kind="good", words=words)
