"""A target that is driven by a target file: each action is HTTP requests. The panel is one of them."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import msgspec

from fakeproviders.failures import Words
from fakeproviders.merge import merged
from fakeproviders.scenario.actions import ACTIONS
from fakeproviders.scenario.model import PanelState, Scenario, UserSees
from fakeproviders.scenario.results import Seen
from fakeproviders.scenario.targets import needs
from fakeproviders.scenario.targets.base import TargetError, Values
from fakeproviders.scenario.targets.conversation import (
    Conversation,
    client,
    exchanges_of,
    filled_in,
)
from fakeproviders.scenario.targets.shapes import Doing, TargetFile
from fakeproviders.scenario.targets.working import working_settings
from fakeproviders.scenario.variables import BadTemplate, filled


class HttpTarget:
    """A target file, ready to be driven. ``environ`` is what its templates know as ``env``."""

    def __init__(self, name: str, file: TargetFile, environ: Mapping[str, str]) -> None:
        self.name = name
        self.at_once = file.at_once
        self._file = file
        self._environ = dict(environ)

    def lacks(self, scenario: Scenario) -> Words | None:
        """Actions, events, settings, wordings that the file does not have."""
        supports = self._file.supports
        actions = [name for name in needs.actions_of(scenario) if name not in self._file.actions]
        events = [
            name
            for name in needs.events_of(scenario)
            if not needs.is_supported(name, supports.events)
        ]
        settings = needs.unsupported(scenario, supports.settings, supports.fixed)
        return (
            _missing(Words(zh="动作", en="the action"), actions)
            or _missing(Words(zh="事件", en="the event"), events)
            or _missing(Words(zh="设置", en="the setting"), settings)
            or self._lacks_a_matter(scenario)
            or self._lacks_telling(scenario)
        )

    def expected(self, user: UserSees) -> UserSees:
        """What its user must see, in its own words."""
        if not self._file.wording:
            return user
        sees = self._worded(user.sees, user.failure)
        return msgspec.structs.replace(user, sees=sees, failure=None)

    async def reach(self) -> None:
        """Ask for the base address, unless it is a session's own. Any answer will do."""
        try:
            base = str(filled(self._file.base_url, {"env": self._environ}))
        except BadTemplate:
            return
        async with client() as http:
            await Conversation(self._file, http, base, {"env": self._environ}).knock()

    @asynccontextmanager
    async def drive(self, session: Values) -> AsyncIterator["_Driven"]:
        """Drive it with connections and cookies of the scenario's own."""
        context = {"env": self._environ, "session": session}
        base = str(filled_in(self._file.base_url, context))
        async with client() as http:
            driven = _Driven(self._file, Conversation(self._file, http, base, context), session)
            try:
                yield driven
            except BaseException:
                with contextlib.suppress(TargetError):
                    await driven.finish()
                raise
            await driven.finish()

    def _lacks_a_matter(self, scenario: Scenario) -> Words | None:
        if not self._file.supports.drafts and needs.needs_drafts(scenario):
            return Words(
                zh="设置即时生效，没有“填写但未保存”的状态",
                en="its settings take effect at once: none is entered and not saved",
            )
        if not self._file.supports.notifications and needs.needs_notifications(scenario):
            return Words(zh="没有通知矩阵", en="it has no notification matrix")
        return None

    def _lacks_telling(self, scenario: Scenario) -> Words | None:
        """Whether it has words, and data, for all that its user must see."""
        for action, user in needs.told_of(scenario):
            told = user.sees or user.failure
            if told and self._file.wording and not self._worded(user.sees, user.failure):
                return _missing(Words(zh="措辞", en="a wording for"), [told])
            if unknown := [name for name in user.data if not self._gives(action, name)]:
                return _missing(Words(zh="响应数据", en="the answer's data"), unknown)
        return None

    def _worded(self, sees: str | None, failure: str | None) -> str | None:
        """Its own text for a failure; a text that the file names comes before a slug."""
        wording = self._file.wording
        return wording.get(sees or "") or wording.get(failure or "")

    def _gives(self, action: str, field: str) -> bool:
        exchanges = exchanges_of(self._file.actions.get(action))
        return any(e.reply.data is not None or field in e.reply.fields for e in exchanges)


class _Driven:
    """The system during one scenario: which settings it has, and what was said."""

    def __init__(self, file: TargetFile, conversation: Conversation, session: Values) -> None:
        self._file = file
        self._conversation = conversation
        self._settings = working_settings(session)
        self._drafts: Values = {}

    async def prepare(self, state: PanelState) -> None:
        self._settings = merged(self._settings, state.settings)
        self._drafts = merged(self._drafts, state.drafts)
        await self._without_refusal(
            self._file.prepare,
            {
                "changes": state.settings,
                "drafts": state.drafts,
                "notifications": state.notifications,
                "settings": self._settings,
            },
        )

    async def act(self, action: str, parameters: Values) -> Seen:
        shape = msgspec.convert(parameters, ACTIONS[action])
        self._take_settings(action, parameters)
        defaults = {name: getattr(shape, name) for name in shape.__struct_fields__}
        others = {name: value for name, value in parameters.items() if name != "event"}
        more = {"settings": self._settings, "parameters": parameters, "others": others}
        return await self._conversation.hold(
            self._file.actions[action], {**defaults, **parameters, **more}
        )

    async def finish(self) -> None:
        """Leave it as the file says."""
        await self._without_refusal(self._file.finish, {"settings": self._settings})

    def _take_settings(self, action: str, parameters: Values) -> None:
        if action == "set":
            self._drafts = merged(self._drafts, parameters)
        if action == "save" or not self._file.supports.drafts:
            self._settings = merged(self._settings, self._drafts)
        if action in {"save", "discard"} or not self._file.supports.drafts:
            self._drafts = {}

    async def _without_refusal(self, doing: Doing, context: Values) -> None:
        seen = await self._conversation.hold(doing, context)
        if not seen.succeeded:
            raise TargetError(
                Words(
                    zh=f"目标系统没有接受准备或收尾的请求：{seen.text}",
                    en=f"the target did not accept a request of prepare or finish: {seen.text}",
                )
            )


def _missing(what: Words, names: list[str]) -> Words | None:
    if not names:
        return None
    listed = Words(zh="、".join(names), en=", ".join(names))
    return Words(zh=f"目标没有{what.zh} {listed.zh}", en=f"the target lacks {what.en} {listed.en}")
