"""短信、邮件、站内信、微信 通知管理: which event tells whom, by which channel, in what words."""

from collections.abc import Mapping
from typing import Any

import msgspec

from fakeproviders.failures import Words
from fakeproviders.merge import merged
from fakeproviders.misfit import Misfit, located
from fakeproviders.panel.database import Database, Transaction
from fakeproviders.panel.declined import Declined, not_found, unusable
from fakeproviders.panel.desk import write
from fakeproviders.panel.events import CHANNELS, EVENTS, Event
from fakeproviders.panel.settings import Group, Line

_KIND = "notice"
PROTECTED = Words(
    zh="敏感操作时的短信验证不可取消，防止误操作",
    en="SMS verification of sensitive operations cannot be switched off, which guards against mistakes",
)


class Switches(Group, frozen=True):
    """A row as it is set. A channel that an event does not have is None for ever."""

    row: bool
    sms: bool | None
    mail: bool | None
    site: bool | None
    wechat: bool | None
    templates: dict[str, Line]
    """The text of each channel but SMS."""

    def is_on(self, channel: str) -> bool:
        """Whether the event goes out by this channel."""
        return self.row and bool(getattr(self, channel))


class Row(msgspec.Struct, frozen=True):
    """An event and how it is set. ``locked``: its SMS verification cannot be switched off."""

    event: Event
    switches: Switches

    @property
    def locked(self) -> bool:
        """Whether row and SMS must stay on."""
        return self.event.sensitive and self.switches.is_on("sms")

    @property
    def row(self) -> bool:
        """Whether the event is on at all."""
        return self.switches.row

    @property
    def channels(self) -> dict[str, bool | None]:
        """By channel, on, off, or not available."""
        return {channel: getattr(self.switches, channel) for channel in CHANNELS}

    @property
    def templates(self) -> dict[str, str]:
        """By channel, the text; SMS templates are among the SMS settings."""
        return self.switches.templates


class Notices:
    """One tenant's matrix."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    async def rows(self) -> list[Row]:
        """All events, in the order of the table."""
        found = await self._database.rows(
            "SELECT name, body FROM documents WHERE tenant = ? AND kind = ?", self._tenant, _KIND
        )
        by_event = {row["name"]: msgspec.json.decode(row["body"], type=Switches) for row in found}
        return [Row(event, by_event[event.id]) for event in EVENTS.values() if event.id in by_event]

    async def row(self, event: str) -> Row:
        """One event. Raises Declined."""
        known = event_of(event)
        for row in await self.rows():
            if row.event is known:
                return row
        raise not_found(Words(zh="会话已结束", en="the session has ended"))

    async def put(self, changes: Mapping[str, Any]) -> None:
        """Switch events, all of them or none; in force at once. Raises Declined."""
        async with self._database.transaction() as transaction:
            for name, patch in changes.items():
                event = event_of(name)
                row = await transaction.row(
                    "SELECT body FROM documents WHERE tenant = ? AND kind = ? AND name = ?",
                    self._tenant, _KIND, name,
                )  # fmt: skip
                before = msgspec.json.decode(row["body"], type=Switches) if row else usual(event)
                after = changed(event, before, patch)
                if Row(event, before).locked and not Row(event, after).locked:
                    raise Declined(PROTECTED)
                await write(transaction, self._tenant, _KIND, name, after)


async def install(transaction: Transaction, tenant: str, given: Mapping[str, Any]) -> None:
    """A fresh matrix, with what is given in force whatever it is. Raises Declined."""
    for name in given:
        event_of(name)
    for name, event in EVENTS.items():
        switches = changed(event, usual(event), given.get(name, {}))
        await write(transaction, tenant, _KIND, name, switches)


def usual(event: Event) -> Switches:
    """How a fresh installation has it."""
    templates = {
        channel: event.content
        for channel in CHANNELS
        if channel != "sms" and getattr(event, channel) is not None
    }
    return Switches(
        row=event.row, sms=event.sms, mail=event.mail, site=event.site, wechat=event.wechat,
        templates=templates,
    )  # fmt: skip


def event_of(name: str) -> Event:
    """An event by its id. Raises Declined."""
    if name not in EVENTS:
        known = ", ".join(EVENTS)
        raise unusable(
            Misfit(
                name, Words(zh=f"没有这个事件；有：{known}", en=f"no such event; there are {known}")
            )
        )
    return EVENTS[name]


def changed(event: Event, before: Switches, patch: Any) -> Switches:
    """A row with a patch merged in. Raises Declined naming the field that does not fit."""
    try:
        if not isinstance(patch, Mapping):
            raise Misfit("", Words(zh="必须是 JSON 对象", en="must be an object"))
        after = msgspec.convert(merged(msgspec.to_builtins(before), dict(patch)), Switches)
        _check_available(event, after)
    except msgspec.ValidationError as error:
        raise unusable(_below(event, located(error))) from None
    except Misfit as misfit:
        raise unusable(_below(event, misfit)) from None
    return after


def _check_available(event: Event, after: Switches) -> None:
    for channel in CHANNELS:
        if (getattr(after, channel) is None) != (getattr(event, channel) is None):
            raise Misfit(
                channel,
                Words(
                    zh="此事件没有这个通道，只能为 null",
                    en="the event does not have this channel: null",
                )
                if getattr(event, channel) is None
                else Words(zh="必须是 true 或 false", en="must be true or false"),
            )
    for channel in after.templates:
        if channel not in usual(event).templates:
            words = Words(zh="此事件在这个通道没有模板", en="the event has no template there")
            raise Misfit(f"templates.{channel}", words)


def _below(event: Event, misfit: Misfit) -> Misfit:
    return Misfit(f"{event.id}.{misfit.field}" if misfit.field else event.id, misfit.words)
