"""The panels of all sessions: each is a tenant of one application and one database.

A tenant is made at its first visit, from its session's credentials, and goes with its session.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.panel import code_log, messages
from fakeproviders.panel.captcha import Captchas
from fakeproviders.panel.clock import Clock
from fakeproviders.panel.codes import Codes
from fakeproviders.panel.database import Database
from fakeproviders.panel.declined import not_found
from fakeproviders.panel.desk import SettingsDesk
from fakeproviders.panel.installation import Given, install, readdress
from fakeproviders.panel.members import Members
from fakeproviders.panel.messages import Messages
from fakeproviders.panel.notices import Notices
from fakeproviders.panel.notifier import Notifier
from fakeproviders.panel.outbox import Counter, Letter, Outbox, Wanted
from fakeproviders.panel.receipts import Receipts
from fakeproviders.panel.replies import Replies
from fakeproviders.panel.reports import Asking, Reports
from fakeproviders.panel.sending import Sms
from fakeproviders.panel.tokens import Tokens

DEFAULT = "default"
Describe = Callable[[str], Mapping[str, Any] | None]
"""The session object of an id; None when there is no such session."""


class Tenant:
    """One session's panel. ``prefix`` is what its paths begin with."""

    def __init__(
        self,
        tenant_id: str,
        database: Database,
        http: aiohttp.ClientSession,
        letters: Counter,
        real: Callable[[], float],
    ) -> None:
        self.id = tenant_id
        self.prefix = "" if tenant_id == DEFAULT else f"/@{tenant_id}"
        self.settings = SettingsDesk(database, tenant_id)
        self.clock = Clock(self.settings, real)
        self.notices = Notices(database, tenant_id)
        self.tokens = Tokens(database, tenant_id, self.clock)
        self.outbox = Outbox(database, tenant_id, self.clock, letters)
        self.captcha = Captchas(database, tenant_id, self.clock)
        self.receipts = Receipts(database, tenant_id, self.settings, self.clock)
        self.replies = Replies(database, tenant_id, self.settings, self.clock)
        records = Messages(database, tenant_id, self.clock)
        asking = Asking(http, self.tokens, self.clock)
        self.reports = Reports(self.settings, self.clock, asking, records)
        self.sms = Sms(http, self.settings, self.clock, self.tokens, asking, records)
        self.codes = Codes(
            database, tenant_id,
            desk=self.settings, clock=self.clock, notices=self.notices, captchas=self.captcha,
            sms=self.sms, outbox=self.outbox,
        )  # fmt: skip
        self.notifier = Notifier(self.notices, self.sms, self.outbox)
        self.members = Members(database, tenant_id, self.clock, self.codes)


class Tenants:
    """Makes, finds and removes tenants."""

    def __init__(
        self,
        database: Database,
        http: aiohttp.ClientSession,
        describe: Describe,
        real: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._http = http
        self._describe = describe
        self._real = real
        self._letters = Counter()
        self._live: dict[str, Tenant] = {}
        self._changing = asyncio.Lock()

    async def start(self) -> None:
        """Of a kept database: forget the sessions that ended with the server, all but one.

        What was under way when that server was killed will never be known.
        """
        await self._database.change("DELETE FROM tenants WHERE id <> ?", DEFAULT)
        await messages.abandon(self._database)
        await code_log.abandon(self._database)

    async def get(self, tenant_id: str) -> Tenant:
        """A session's panel. Raises Declined when there is no such session."""
        found = self._live.get(tenant_id)
        if found is None:
            async with self._changing:
                found = self._live.get(tenant_id) or await self._open(tenant_id)
        return found

    async def reset(self, tenant_id: str, given: Given) -> None:
        """Install it afresh. Raises Declined, and then nothing has changed."""
        async with self._changing, self._database.transaction() as transaction:
            await install(transaction, tenant_id, self._session(tenant_id), given)

    async def letters_of(self, tenant_id: str, wanted: Wanted, wait: float = 0) -> list[Letter]:
        """A session's outbox, and no panel is made for it; ``wait`` seconds for the first letter."""
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        while True:
            seen = self._letters.count
            panel = self._live.get(tenant_id) or self._made(tenant_id)
            found = await panel.outbox.entries(wanted)
            if found or not await self._letters.another(seen, until - loop.time()):
                return found

    async def drop(self, tenant_id: str) -> None:
        """Remove a session's panel, if there is one."""
        async with self._changing:
            self._live.pop(tenant_id, None)
            await self._database.change("DELETE FROM tenants WHERE id = ?", tenant_id)

    async def _open(self, tenant_id: str) -> Tenant:
        session = self._session(tenant_id)
        async with self._database.transaction() as transaction:
            kept = await transaction.row("SELECT id FROM tenants WHERE id = ?", tenant_id)
            if kept is None:
                await install(transaction, tenant_id, session, Given())
            else:
                await readdress(transaction, tenant_id, session)
        tenant = self._live[tenant_id] = self._made(tenant_id)
        return tenant

    def _made(self, tenant_id: str) -> Tenant:
        return Tenant(tenant_id, self._database, self._http, self._letters, self._real)

    def _session(self, session_id: str) -> Mapping[str, Any]:
        """The session object. Raises Declined when there is no such session."""
        session = self._describe(session_id)
        if session is None:
            raise not_found(
                Words(
                    zh=f"没有会话 {session_id}：可能已过期或已删除",
                    en=f"there is no session {session_id}: expired, or deleted",
                )
            )
        return session


TENANTS: web.AppKey[Tenants] = web.AppKey("tenants", Tenants)


async def tenant_of(request: web.Request) -> Tenant:
    """The panel that a path names. Raises Declined."""
    return await request.app[TENANTS].get(request.match_info.get("session", DEFAULT))
