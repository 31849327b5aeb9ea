"""系统-全局设置: a form a group. What is typed is a draft until 保存设置; a test send uses what is saved."""

from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.panel.declined import UNUSABLE, Declined
from fakeproviders.panel.pages.drafts import Failed, shown, unsaved
from fakeproviders.panel.pages.field import value_at
from fakeproviders.panel.pages.fields import BLOCKS, FIELDS, TEMPLATES
from fakeproviders.panel.pages.form import Form, nested
from fakeproviders.panel.pages.menu import GLOBAL_SETTINGS
from fakeproviders.panel.pages.names import event_name
from fakeproviders.panel.pages.page import Page
from fakeproviders.panel.pages.serving import PageHandler
from fakeproviders.panel.pages.told import Told, refusal
from fakeproviders.panel.settings import CHANNEL_NAMES, GROUP_NAMES

PLACES = {place.path.rpartition("/")[2]: place for place in GLOBAL_SETTINGS.places}
_AGREES = timedelta(minutes=1)
_KEPT = Words(
    zh="已存为草稿，尚未生效；点击页面下方的【保存设置】才生效",
    en="Kept as a draft, not in force yet: it comes into force with Save settings at the foot of the page",
)
_NOTHING = Words(zh="没有改动", en="Nothing was changed")
_DISCARDED = Words(zh="未保存的修改已放弃", en="The unsaved changes have been discarded")
_TESTED = Words(zh="短信发送成功", en="The SMS has been sent")
_NOT_WITH_DRAFT = Words(
    zh="有未保存的修改：测试发送用的仍是已保存的设置",
    en="There are unsaved changes: the test was sent with the saved settings",
)
_NO_SUCH_CHANNEL = Words(zh="没有这个通道", en="There is no such channel")
_WRONG = Words(
    zh="有内容无法使用，未作任何修改：请改正标出的字段",
    en="Something cannot be used, and nothing was changed: correct the fields that are marked",
)


def show(group: str) -> PageHandler:
    """The handler that shows a group's form."""

    async def handle(page: Page) -> web.StreamResponse:
        return await _form_of(page, group)

    return handle


def send(group: str) -> PageHandler:
    """The handler that takes it."""

    async def handle(page: Page) -> web.StreamResponse:
        form = await page.form()
        path = PLACES[group].path
        if form.text("do") == "discard":
            await page.tenant.settings.discard()
            return page.back(path, Told(kind="good", words=_DISCARDED))
        try:
            changed = await _keep(page, group, form)
        except Declined as declined:
            errors = {misfit.field: misfit.words for misfit in declined.fields}
            return await _form_of(page, group, Failed(form, errors))
        return page.back(path, await _outcome(page, form, changed=changed))

    return handle


async def _outcome(page: Page, form: Form, *, changed: bool) -> Told:
    """What comes of the button that was pressed, when the form's content is a draft already."""
    if channel := form.text("test"):
        return await _test(page, channel, form)
    if form.text("do") == "save":
        return _saved(await page.tenant.settings.save())
    return Told(kind="warn", words=_KEPT) if changed else Told(kind="good", words=_NOTHING)


async def _keep(page: Page, group: str, form: Form) -> bool:
    """Make a draft of what the form changes; whether that is anything. Raises Declined."""
    settings = page.tenant.settings
    current = await settings.draft(group) or await settings.saved(group)
    changes: dict[str, Any] = {}
    wrong: list[Misfit] = []
    for field in FIELDS[group]:
        try:
            read = field.read(form)
        except Misfit as misfit:
            wrong.append(misfit)
            continue
        changes |= {path: new for path, new in read.items() if new != value_at(current, path)}
    if wrong:
        raise Declined(_WRONG, status=UNUSABLE, fields=tuple(wrong))
    if changes:
        await settings.put(group, nested(changes))
    return bool(changes)


def _saved(groups: list[str]) -> Told:
    if not groups:
        return Told(kind="good", words=_NOTHING)
    names = [GROUP_NAMES[group] for group in groups]
    words = Words(
        zh=f"设置已保存并生效：{'、'.join(name.zh for name in names)}",
        en=f"Saved and in force: {', '.join(name.en for name in names)}",
    )
    return Told(kind="good", words=words)


async def _test(page: Page, channel: str, form: Form) -> Told:
    """测试发送, with the saved settings whatever the draft says."""
    if channel not in BLOCKS:
        return Told(kind="bad", words=_NO_SUCH_CHANNEL)
    draft = "sms" in await unsaved(page.tenant)
    more = (_NOT_WITH_DRAFT,) if draft else ()
    place, field = f"test-{channel}", f"test.mobile.{channel}"
    values = form.kept(field)
    try:
        await page.tenant.sms.test(channel, form.mobile(field))
    except Declined as declined:
        return refusal(declined, place=place, more=more, values=values)
    return Told(kind="good", words=_TESTED, place=place, more=more, values=values)


async def _form_of(page: Page, group: str, failed: Failed | None = None) -> web.Response:
    settings = page.tenant.settings
    saved = await settings.saved(group)
    entered = await settings.draft(group) or saved
    fields = {field.path: shown(field, saved, entered, failed) for field in FIELDS[group]}
    own_template = group in {"sms", "time"}
    return await page.show(
        f"settings/{group if own_template else 'group'}.html",
        PLACES[group],
        status=UNUSABLE if failed else 200,
        fields=fields,
        failed=_WRONG if failed else None,
        **await _beside(page, group),
    )


async def _beside(page: Page, group: str) -> dict[str, object]:
    """What a group's page shows beside its fields."""
    if group == "sms":
        return {"blocks": BLOCKS, "channel_names": CHANNEL_NAMES, "templates": _TEMPLATES}
    if group == "time":
        now, beijing = await page.tenant.clock.now(), await page.tenant.clock.beijing()
        return {"now": now, "beijing": beijing, "is_off": _is_off(now, beijing)}
    return {}


def _is_off(now: datetime, beijing: datetime) -> bool:
    """Whether what the clock shows, whatever its zone, is another time than Beijing's."""
    return abs(now.replace(tzinfo=None) - beijing.replace(tzinfo=None)) > _AGREES


_TEMPLATES = {name: (event_name(name), fields) for name, fields in TEMPLATES.items()}
"""Each SMS template's name and fields."""
