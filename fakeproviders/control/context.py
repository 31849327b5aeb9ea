"""What the control API stands on."""

import asyncio
from collections.abc import Mapping

import msgspec
from aiohttp import web

from fakeproviders.account import UPSTREAM
from fakeproviders.dedicated import DedicatedPorts
from fakeproviders.receipts import Dispatcher
from fakeproviders.session import DEFAULT, Session
from fakeproviders.sessions import Sessions
from fakeproviders.stores.base import Store


class Context(msgspec.Struct, frozen=True):
    """Shared by all handlers. ``urls`` are the listeners' base URLs by provider."""

    sessions: Sessions
    store: Store
    urls: Mapping[str, str]
    ports: DedicatedPorts
    dispatcher: Dispatcher
    token: str | None = None

    def describe(self, session: Session) -> dict[str, object]:
        """The session object: ids, and per provider its url and credentials."""
        shown: dict[str, object] = {"id": session.id, "seed": session.seed, "name": session.name}
        for role, account in session.accounts.items():
            if role != UPSTREAM:
                url = self.url_of(session, role)
                shown[role] = account.provider.describe(account.settings, url)
        return shown

    def url_of(self, session: Session, role: str) -> str:
        """A provider's address for a session; the default session needs no prefix."""
        if role in session.own_urls:
            return session.own_urls[role]
        base = self.urls[role]
        return base if session.id == DEFAULT else f"{base}/@{session.id}"


CONTEXT: web.AppKey[Context] = web.AppKey("context", Context)
STOPPING: web.AppKey[asyncio.Event] = web.AppKey("stopping", asyncio.Event)
"""Set when the server stops."""
