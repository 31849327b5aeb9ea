"""Members: register, log in by code, change the mobile. A password is kept as its scrypt digest."""

import asyncio
import hashlib
import secrets
import sqlite3
from datetime import datetime

import msgspec

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.panel.clock import Clock
from fakeproviders.panel.codes import Codes
from fakeproviders.panel.database import Database
from fakeproviders.panel.declined import Declined, unusable

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 20
TAKEN = Words(zh="该手机号码已注册", en="this mobile is registered already")
UNKNOWN = Words(zh="该手机号码未注册", en="this mobile is not registered")
LOGGED_OUT = Words(zh="请先登录", en="log in first")
PASSWORD = Words(zh="请输入8-20位密码", en="the password must have 8 to 20 characters")


class Member(msgspec.Struct, frozen=True):
    """One of them."""

    mobile: str
    email: str
    at: datetime


class Members:
    """One tenant's."""

    def __init__(self, database: Database, tenant: str, clock: Clock, codes: Codes) -> None:
        self._database = database
        self._tenant = tenant
        self._clock = clock
        self._codes = codes

    async def register(self, mobile: str, password: str, code: str, email: str = "") -> Member:
        """A new member, who has the code of a registration. Raises Declined."""
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise unusable(Misfit("password", PASSWORD))
        if await self._row(mobile) is not None:
            raise Declined(TAKEN)
        await self._codes.use("register", mobile, code)
        digest = await asyncio.to_thread(_digest, password)
        now = await self._clock.now()
        try:
            await self._database.change(
                "INSERT INTO members (tenant, mobile, email, password, at) VALUES (?, ?, ?, ?, ?)",
                self._tenant, mobile, email, digest, now.timestamp(),
            )  # fmt: skip
        except sqlite3.IntegrityError:
            raise Declined(TAKEN) from None
        return Member(mobile, email, now)

    async def login(self, mobile: str, code: str) -> str:
        """Log in by code; a token that stands for the member. Raises Declined."""
        row = await self._row(mobile)
        if row is None:
            raise Declined(UNKNOWN)
        await self._codes.use("login", mobile, code)
        token = secrets.token_urlsafe(24)
        await self._database.change(
            "INSERT INTO logins (token, member) VALUES (?, ?)", token, row["id"]
        )
        return token

    async def logout(self, token: str) -> None:
        """The token is good no more."""
        await self._database.change("DELETE FROM logins WHERE token = ?", token)

    async def of_token(self, token: str) -> Member | None:
        """Who has logged in."""
        rows = await self._members("AND id = (SELECT member FROM logins WHERE token = ?)", token)
        return rows[0] if rows else None

    async def change_mobile(self, token: str, mobile: str, code: str) -> Member:
        """Bind another mobile, which the code was sent to. Raises Declined."""
        member = await self.of_token(token)
        if member is None:
            raise Declined(LOGGED_OUT)
        if await self._row(mobile) is not None:
            raise Declined(TAKEN)
        await self._codes.use("change_mobile_code", mobile, code)
        try:
            await self._database.change(
                "UPDATE members SET mobile = ? WHERE tenant = ? AND mobile = ?",
                mobile, self._tenant, member.mobile,
            )  # fmt: skip
        except sqlite3.IntegrityError:
            raise Declined(TAKEN) from None
        return msgspec.structs.replace(member, mobile=mobile)

    async def all(self) -> list[Member]:
        """The newest first."""
        return await self._members("ORDER BY id DESC")

    async def _members(self, which: str, *values: object) -> list[Member]:
        rows = await self._database.rows(
            f"SELECT mobile, email, at FROM members WHERE tenant = ? {which}",  # noqa: S608 - ours
            self._tenant, *values,
        )  # fmt: skip
        written = await self._clock.writer()
        return [Member(row["mobile"], row["email"], written(row["at"])) for row in rows]

    async def _row(self, mobile: str) -> sqlite3.Row | None:
        return await self._database.row(
            "SELECT id FROM members WHERE tenant = ? AND mobile = ?", self._tenant, mobile
        )


def _digest(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${hashlib.scrypt(password.encode(), salt=salt, n=4096, r=8, p=1).hex()}"
