"""One notice: its templates for mail, in-site and WeChat messages, and a trial of it."""

from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.panel.declined import Declined, not_found
from fakeproviders.panel.events import CHANNEL_NAMES, EVENTS
from fakeproviders.panel.notices import Row
from fakeproviders.panel.notifier import Outcome
from fakeproviders.panel.pages.menu import NOTICES, SMS
from fakeproviders.panel.pages.page import Page
from fakeproviders.panel.pages.told import Told, refusal

_SAVED = Words(zh="模板已保存并生效", en="The templates have been saved and are in force")
_WRONG = Words(
    zh="有的模板无法使用，原因见标出的字段；其余已生效",
    en="A template cannot be used, see the field that is marked; the others are in force",
)
_NO_SUCH_NOTICE = Words(zh="没有这个通知", en="There is no such notice")
_TRIED = Words(zh="通知已按开启的渠道发出", en="The notice went out by every channel that is on")
_FAILED = Words(zh="有渠道没有发出，见下面各行", en="Not every channel worked, see the lines below")
_SENT = Words(zh="已发送", en="sent")
_NO_CHANNEL = Words(zh="没有开启的渠道，什么也没有发出", en="No channel is on: nothing was sent")
TRIAL = "try"


async def show(page: Page) -> web.StreamResponse:
    """Its templates; where it is no code, a form to try it."""
    return await page.show(
        "notice.html",
        NOTICES,
        row=await _row(page),
        channel_names=CHANNEL_NAMES,
        sms_settings=SMS,
    )


async def save(page: Page) -> web.StreamResponse:
    """Put the templates in force, each by itself: one that cannot be used keeps no other from it."""
    row, form = await _row(page), await page.form()
    names = {f"template.{channel}": channel for channel in row.templates}
    errors: dict[str, Words] = {}
    for name, channel in names.items():
        try:
            templates = {channel: form.text(name)}
            await page.tenant.notices.put({row.event.id: {"templates": templates}})
        except Declined as declined:
            errors[name] = declined.fields[0].words if declined.fields else declined.words
    told = Told(kind="good", words=_SAVED)
    if errors:
        told = Told(kind="bad", words=_WRONG, errors=errors, values=form.kept(*names))
    return page.back(_path(row), told)


async def attempt(page: Page) -> web.StreamResponse:
    """Let it happen once: it is sent by every channel that is on."""
    row, form = await _row(page), await page.form()
    values = form.kept("mobile", "email")
    try:
        outcomes = await page.tenant.notifier.notify(
            row.event.id, form.mobile(), form.email() or None
        )
    except Declined as declined:
        return page.back(_path(row), refusal(declined, place=TRIAL, values=values))
    return page.back(_path(row), _told(outcomes, values))


def _told(outcomes: dict[str, Outcome], values: dict[str, str]) -> Told:
    if not outcomes:
        return Told(kind="warn", words=_NO_CHANNEL, place=TRIAL, values=values)
    failed = [outcome for outcome in outcomes.values() if not outcome.sent]
    return Told(
        kind="bad" if failed else "good",
        words=_FAILED if failed else _TRIED,
        more=tuple(_line(channel, outcome) for channel, outcome in outcomes.items()),
        failure=next((outcome.failure for outcome in failed if outcome.failure), None),
        place=TRIAL,
        values=values,
    )


def _line(channel: str, outcome: Outcome) -> Words:
    name, what = CHANNEL_NAMES[channel], outcome.words or _SENT
    return Words(zh=f"{name.zh}：{what.zh}", en=f"{name.en}: {what.en}")


async def _row(page: Page) -> Row:
    """The notice that the address names. Raises Declined when there is none."""
    event = page.request.match_info["event"]
    if event not in EVENTS:
        raise not_found(_NO_SUCH_NOTICE)
    return await page.tenant.notices.row(event)


def _path(row: Row) -> str:
    return f"{NOTICES.path}/{row.event.id}"
