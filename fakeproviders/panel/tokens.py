"""The cached access token of the official API.

It is kept until it expires by the panel's own clock, or until 清除缓存. A token that the provider no
longer takes stays in the cache: that is the fourth cause of the guide's §5. What it was made of is kept
with it: other credentials or another clock need a token of their own.
"""

import asyncio
import json
import sqlite3
from datetime import datetime

import msgspec

from fakeproviders.clients.answer import Answer, BadAnswer
from fakeproviders.clients.official import Credentials, OfficialClient
from fakeproviders.panel.clock import WALL_CLOCK, Clock
from fakeproviders.panel.database import Database
from fakeproviders.panel.settings import Settings

_USUAL_SECONDS = 7200
"""What a token is good for when its answer does not say."""


class Cached(msgspec.Struct, frozen=True):
    """When the token in the cache was fetched, and when it expires."""

    fetched_at: datetime
    expires_at: datetime


class TokenRefused(Exception):
    """The provider's answer to a token request that it refused."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.msg)
        self.answer = answer


class Tokens:
    """One tenant's cache."""

    def __init__(self, database: Database, tenant: str, clock: Clock) -> None:
        self._database = database
        self._tenant = tenant
        self._clock = clock
        self._fetching = asyncio.Lock()

    async def token(self, settings: Settings, client: OfficialClient) -> str:
        """The cached token, or a new one. Raises TokenRefused, and what the client raises."""
        made_of = _made_of(settings)
        async with self._fetching:
            now = self._clock.shown(settings.time)
            row = await self._row()
            if (
                row is not None
                and row["made_of"] == made_of
                and now.timestamp() < row["expires_at"]
            ):
                return str(row["token"])
            who = credentials(settings)
            answer = await client.token(who, timestamp=now.strftime(WALL_CLOCK))
            token, seconds = _issued(answer)
            await self._database.change(
                "INSERT OR REPLACE INTO tokens (tenant, made_of, token, fetched_at, expires_at)"
                " VALUES (?, ?, ?, ?, ?)",
                self._tenant, made_of, token, now.timestamp(), now.timestamp() + seconds,
            )  # fmt: skip
            return token

    async def clear(self) -> bool:
        """功能设置-清除缓存: forget the token; False when there is none."""
        return bool(
            await self._database.change("DELETE FROM tokens WHERE tenant = ?", self._tenant)
        )

    async def cached(self) -> Cached | None:
        """The token in the cache."""
        row = await self._row()
        if row is None:
            return None
        written = await self._clock.writer()
        return Cached(written(row["fetched_at"]), written(row["expires_at"]))

    async def _row(self) -> sqlite3.Row | None:
        return await self._database.row("SELECT * FROM tokens WHERE tenant = ?", self._tenant)


def credentials(settings: Settings) -> Credentials:
    """What a token is asked for with.

    The secret belongs to the application of the interface settings: for another AppId there is none.
    """
    sms, interface = settings.sms.official, settings.interface
    secret = interface.app_secret if interface.app_id == sms.app_id else ""
    return Credentials(sms.app_id, secret, sms.sign_key)


def _made_of(settings: Settings) -> str:
    who, time = credentials(settings), settings.time
    return json.dumps([settings.interface.url, *who, time.offset_seconds, time.zone])


def _issued(answer: Answer) -> tuple[str, float]:
    """The token and for how many seconds it is good. Raises TokenRefused and BadAnswer."""
    data = answer.data if isinstance(answer.data, dict) else {}
    token = data.get("access_token")
    if answer.code != 0:
        raise TokenRefused(answer)
    if not isinstance(token, str) or not token:
        raise BadAnswer(200, answer.msg)
    seconds = data.get("expires_in")
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        seconds = _USUAL_SECONDS
    return token, float(seconds)
