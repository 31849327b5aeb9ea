"""Bare clients as targets: ``client:official``, ``client:reseller``, ``client:erban`` - no panel between.

Their user is a program: it reads the provider's own text. They have the settings of one channel.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec

from fakeproviders.clients.answer import Answer, BadAnswer
from fakeproviders.clients.reseller import OWN_TEXTS
from fakeproviders.failures import Words, catalogue
from fakeproviders.merge import merged
from fakeproviders.scenario.actions import ACTIONS
from fakeproviders.scenario.model import PanelState, Scenario, UserSees
from fakeproviders.scenario.results import Seen
from fakeproviders.scenario.targets import needs
from fakeproviders.scenario.targets.base import Values
from fakeproviders.scenario.targets.channels import CHANNELS, Channel
from fakeproviders.scenario.targets.working import working_settings

PREFIX = "client:"
COMMON = ("send_code", "test_send", "send", "set", "save", "discard")
_SETTINGS = ("sms.templates.*", "sending.timeout_seconds")
_CONCLUSIONS = frozenset({"interface_not_configured", "endpoint_unreachable"})
"""What a system concludes from what it has or meets, and words by itself; no provider says so."""


class ClientTarget:
    """One provider's bare client."""

    at_once: int | None = None

    def __init__(self, provider: str) -> None:
        self.name = f"{PREFIX}{provider}"
        self._provider = provider
        self._channel = CHANNELS[provider]
        self._actions = (*COMMON, *self._channel.actions)

    def lacks(self, scenario: Scenario) -> Words | None:
        """Another provider, actions, settings, and words for what no provider says."""
        named = needs.roles_of(scenario)
        if scenario.target != self.name and named and not named & self._channel.roles:
            about = ", ".join(sorted(named))
            return Words(zh=f"场景与 {about} 有关", en=f"the scenario is about {about}")
        actions = [name for name in needs.actions_of(scenario) if name not in self._actions]
        if actions:
            return Words(
                zh=f"{self.name} 没有动作 {'、'.join(actions)}",
                en=f"{self.name} lacks the action {', '.join(actions)}",
            )
        known = (*_SETTINGS, *self._channel.settings)
        fixed = {"sms.channel": self._provider, "sending.retries": 0}
        paths = needs.unsupported(scenario, known, fixed)
        if paths or needs.needs_notifications(scenario):
            missing = paths or ["notifications"]
            return Words(
                zh=f"{self.name} 没有设置 {'、'.join(missing)}",
                en=f"{self.name} lacks the setting {', '.join(missing)}",
            )
        if conclusion := next(_concluded(scenario), None):
            return Words(
                zh=f"{self.name} 只转述服务商的话，不会自己得出 {conclusion}",
                en=f"{self.name} repeats what its provider says, and does not conclude {conclusion}",
            )
        return None

    def expected(self, user: UserSees) -> UserSees:
        """The provider's text, without what the panel puts before it."""
        if user.sees is None:
            return user
        prefixes = {entry.panel_prefix for entry in catalogue().values()} - {""}
        prefix = next(filter(user.sees.startswith, prefixes), "")
        return msgspec.structs.replace(user, sees=user.sees.removeprefix(prefix))

    async def reach(self) -> None:
        """It is here."""

    @asynccontextmanager
    async def drive(self, session: Values) -> AsyncIterator["_Driven"]:
        """Drive it with connections of the scenario's own."""
        async with aiohttp.ClientSession() as http:
            yield _Driven(self._provider, self._channel, http, session)


class _Driven:
    """The client during one scenario."""

    def __init__(
        self,
        provider: str,
        channel: type[Channel],
        http: aiohttp.ClientSession,
        session: Values,
    ) -> None:
        self._settings = working_settings(session)
        self._drafts: Values = {}
        self._provider = provider
        self._session = session
        self._channel = channel(http, session)
        self._codes = 0

    async def prepare(self, state: PanelState) -> None:
        """Take its settings over."""
        self._settings = merged(self._settings, state.settings)
        self._drafts = merged(self._drafts, state.drafts)

    async def act(self, action: str, parameters: Values) -> Seen:
        """Do an action; what the provider says to it."""
        if action == "set":
            self._drafts = merged(self._drafts, parameters)
            return Seen(succeeded=True)
        if action == "save":
            self._settings = merged(self._settings, self._drafts)
        if action in {"save", "discard"}:
            self._drafts = {}
            return Seen(succeeded=True)
        wanted = msgspec.convert(parameters, ACTIONS[action])
        self._channel.settings_now = self._settings
        return await _seen(lambda: self._done(action, wanted))

    async def _done(self, action: str, wanted: Any) -> Answer:
        if action == "send_code":
            return await self._channel.send(self._code(wanted.event, wanted.mobile))
        if action == "test_send":
            return await self._channel.send(self._code("test", wanted.mobile))
        return await self._channel.act(action, wanted)

    def _code(self, event: str, mobile: str) -> Values:
        """A message with a new code, which is a function of the seed."""
        self._codes += 1
        code = (self._session["seed"] * 7919 + self._codes * 104_729) % 1_000_000
        template = self._settings["sms"]["templates"][event]
        params = {"code": f"{code:06}", "minutes": "5"}
        content = template["content"]
        for name, value in params.items():
            content = content.replace(f"{{{name}}}", value)
        return {
            "mobile": mobile,
            "template_id": template.get(self._provider),
            "params": params,
            "content": content,
        }


def _concluded(scenario: Scenario) -> Iterator[str]:
    """Failures that a user must be told of, and that no provider gives for its reason."""
    for step in needs.steps_of(scenario):
        user = step.expect.user
        if user is None or user.failure is None:
            continue
        reasons = {request.reason for request in step.expect.received if request.reason}
        worded = user.sees is not None and user.failure in _CONCLUSIONS
        if worded or (reasons and user.failure not in reasons):
            yield user.failure


async def _seen(ask: Callable[[], Any]) -> Seen:
    """What the provider says, or what became of the connection."""
    try:
        return _of_answer(await ask())
    except BadAnswer as error:
        return Seen(succeeded=False, text=str(error), failure=_of_page(error))
    except TimeoutError:
        return Seen(succeeded=False, text="TimeoutError", failure="hang")
    except (aiohttp.ClientError, ConnectionError) as error:
        failure = next(slug for kind, slug in _BROKEN.items() if isinstance(error, kind))
        return Seen(succeeded=False, text=f"{type(error).__name__}: {error}", failure=failure)


def _of_answer(answer: Answer) -> Seen:
    data = dict(answer.data) if isinstance(answer.data, Mapping) else {}
    if answer.code == 0:
        return Seen(succeeded=True, text=answer.msg, data=data)
    slugs = (slug for slug, entry in catalogue().items() if entry.text == answer.msg)
    failure = next(slugs, None) or OWN_TEXTS.get(answer.msg)
    return Seen(succeeded=False, text=answer.msg, failure=failure, data=data)


def _of_page(error: BadAnswer) -> str:
    """Which failure a reply is that is none of the interface's."""
    if not error.is_page:
        return "malformed"
    return {404: "base_url_has_api_path", 503: "endpoint_unreachable"}.get(error.status, "status")


_BROKEN: dict[type[Exception], str] = {
    aiohttp.ClientConnectorError: "refuse",
    aiohttp.ServerDisconnectedError: "empty",
    aiohttp.ClientOSError: "reset",
    ConnectionError: "reset",
    aiohttp.ClientPayloadError: "truncate",
    aiohttp.ClientError: "garbage",
}
"""What a broken connection is called, the special before the general."""
