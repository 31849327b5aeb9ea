"""短信、邮件、站内信、微信 通知管理: the matrix."""

from collections.abc import Iterable

from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.panel.declined import Declined
from fakeproviders.panel.events import CHANNEL_NAMES, CHANNELS
from fakeproviders.panel.notices import Row
from fakeproviders.panel.pages.form import Form
from fakeproviders.panel.pages.menu import NOTICES
from fakeproviders.panel.pages.page import Page
from fakeproviders.panel.pages.told import Told

_SAVED = Words(zh="通知设置已保存并生效", en="The notices have been saved and are in force")
_NOTHING = Words(zh="没有改动", en="Nothing was changed")
_OTHERS = Words(
    zh="被拒绝的改动在标出的行；其余改动已生效",
    en="What was refused is in the rows that are marked; all other changes are in force",
)
_ROW = "row"
_Change = tuple[str, dict[str, bool]]


async def show(page: Page) -> web.StreamResponse:
    """The matrix, row by row."""
    return await page.show(
        "notices.html",
        NOTICES,
        rows=await page.tenant.notices.rows(),
        channels=CHANNELS,
        channel_names=CHANNEL_NAMES,
    )


async def save(page: Page) -> web.StreamResponse:
    """Put what was switched, one by one: a refusal of one keeps no other from being put."""
    switched = _switched(await page.tenant.notices.rows(), await page.form())
    refused: dict[str, Words] = {}
    for event, change in switched:
        try:
            await page.tenant.notices.put({event: change})
        except Declined as declined:
            refused[event] = declined.words
    if refused:
        words = next(iter(refused.values()))
        told = Told(kind="bad", words=words, more=(_OTHERS,), errors=refused)
    else:
        told = Told(kind="good", words=_SAVED if switched else _NOTHING)
    return page.back(NOTICES.path, told)


def _switched(rows: Iterable[Row], form: Form) -> list[_Change]:
    """The switches that stand otherwise on the form; a box that is not ticked is not sent."""
    return [
        (row.event.id, {name: not is_on})
        for row in rows
        for name, is_on in {_ROW: row.row, **row.channels}.items()
        if is_on is not None and form.has(f"{row.event.id}.{name}") != is_on
    ]
