"""What the control API stands on."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

import msgspec
from aiohttp import web

from fakeproviders.account import UPSTREAM
from fakeproviders.dedicated import DedicatedPorts
from fakeproviders.panel.outbox import Letter, Wanted
from fakeproviders.receipts import Dispatcher
from fakeproviders.session import DEFAULT, Session
from fakeproviders.sessions import Sessions
from fakeproviders.sharing.tally import SharedTally
from fakeproviders.stores.base import Store


class ReadLetters(Protocol):
    """Reads the outbox of a session's panel."""

    async def __call__(self, session_id: str, wanted: Wanted, wait: float, /) -> list[Letter]:
        """The letters wanted; ``wait`` seconds for the first."""


class Workers(msgspec.Struct):
    """The processes that serve the providers' ports for this one: how many there are to be, and are."""

    wanted: int
    alive: int = 0


class Context(msgspec.Struct, frozen=True):
    """Shared by all handlers. ``urls`` are the listeners' base URLs by provider, ``panel`` is the panel's."""

    sessions: Sessions
    store: Store
    urls: Mapping[str, str]
    panel: str
    letters: ReadLetters
    ports: DedicatedPorts
    dispatcher: Dispatcher
    tally: SharedTally
    token: str | None = None
    workers: Workers | None = None
    """None where this process serves the providers' ports itself."""

    def describe(self, session: Session) -> dict[str, object]:
        """The session object: ids, per provider its url and credentials, and its panel's url."""
        shown: dict[str, object] = {"id": session.id, "seed": session.seed, "name": session.name}
        for role, account in session.accounts.items():
            if role != UPSTREAM:
                url = self.url_of(session, role)
                shown[role] = account.provider.describe(account.settings, url)
        shown["panel"] = {"url": _prefixed(self.panel, session)}
        return shown

    def url_of(self, session: Session, role: str) -> str:
        """A provider's address for a session; the default session needs no prefix."""
        if role in session.own_urls:
            return session.own_urls[role]
        return _prefixed(self.urls[role], session)


def _prefixed(base: str, session: Session) -> str:
    return base if session.id == DEFAULT else f"{base}/@{session.id}"


CONTEXT: web.AppKey[Context] = web.AppKey("context", Context)
STOPPING: web.AppKey[asyncio.Event] = web.AppKey("stopping", asyncio.Event)
"""Set when the server stops."""
