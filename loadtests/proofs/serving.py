"""The servers of a proof, started as a user starts them, and a session with limits of its own."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import aiohttp

from fakeproviders.clients.control import ControlClient, control_client, session_path
from loadtests.bench import servers
from loadtests.doors import DOORS, OfficialDoor
from loadtests.proofs.job import MOBILES, Stream

BALANCE = 1_000_000_000
"""What every account begins with."""
NOON = {"mode": "offset", "at": "2026-06-01T12:00:00+08:00"}
"""No proof meets the end of a day."""
Quotas = Mapping[str, int]
"""Limits of an account by their buckets."""
REPLACED_SECONDS = 20.0
LOOK_EVERY = 0.05


class ServingError(Exception):
    """The servers did not start, or do not do as they should."""


class Serving:
    """Running servers."""

    def __init__(self, addresses: Mapping[str, Any], pid: int) -> None:
        self.control = str(addresses["control"])
        self._workers = frozenset(addresses.get("workers") or {pid})
        self._supervisor = int(addresses.get("supervisor", pid))
        self._others = servers.children_of(self._supervisor) - self._workers
        """Of the supervisor's: the desk."""

    def workers(self) -> set[int]:
        """The pids of the workers that run now."""
        return servers.children_of(self._supervisor) - self._others

    async def replaced(self, victim: int) -> None:
        """Wait until a worker is gone and there are as many as before. Raises ServingError."""
        deadline = time.monotonic() + REPLACED_SECONDS
        while victim in (now := self.workers()) or len(now) != len(self._workers):
            if time.monotonic() > deadline:
                raise ServingError(f"a killed worker was not replaced in {REPLACED_SECONDS:g} s")
            await asyncio.sleep(LOOK_EVERY)


@contextlib.contextmanager
def serving(*, workers: int = 1, store: str = "") -> Iterator[Serving]:
    """Servers with their state in a store, or one in a process. Raises ServingError."""
    options = ["--workers", str(workers), "--store", store] if store else []
    with servers.fakeproviders(*options, core=None) as server:
        try:
            addresses = json.loads(server.ready)
        except ValueError:
            raise ServingError(f"serve {' '.join(options)} did not start") from None
        yield Serving(addresses, server.process.pid)


class Told(NamedTuple):
    """A message as the inbox has it."""

    id: str
    out_id: str
    fee: int
    mobile: str = ""
    at: float = 0.0
    """Epoch seconds of the session's clock, in whole milliseconds."""


class Kept(NamedTuple):
    """What the servers have kept of an account, in the end."""

    messages: list[Told]
    evicted: int
    """Messages that had no room; then nothing can be said."""
    used: int
    """Of the account's day."""
    balance: int


class World:
    """A session of a proof's own."""

    def __init__(self, control: ControlClient, session: Mapping[str, Any]) -> None:
        self._control = control
        self._session = session
        self._path = session_path(session["id"])

    async def stream(
        self, door: str, attempts: int, connections: int, mobiles: int = MOBILES
    ) -> Stream:
        """Attempts through a door."""
        who = self._session[DOORS[door].provider]
        token = await _token(who) if door == "official" else ""
        return Stream(door, who, attempts, connections, token, mobiles)

    async def kept(self, provider: str) -> Kept:
        """What is kept of an account now."""
        settings = await self._control.get(f"{self._path}/providers/{provider}")
        quota = await self._control.get(f"{self._path}/quota", provider=provider)
        used = [b["used"] for b in quota["quota"] if b["bucket"] == "account_per_day"]
        messages, evicted = await self._messages(provider)
        return Kept(messages, evicted, sum(used), settings["balance"])

    async def _messages(self, provider: str) -> tuple[list[Told], int]:
        messages: list[Told] = []
        page: dict[str, Any] = {"cursor": "0"}
        while True:
            query = {"provider": provider, "cursor": page["cursor"], "limit": 10_000}
            page = await self._control.get(f"{self._path}/messages", **query)
            messages += map(_told, page["messages"])
            if not page["messages"]:
                return messages, page["evicted"]


@contextlib.asynccontextmanager
async def world(
    running: Serving, quotas: Mapping[str, Quotas], clock: Mapping[str, str] = NOON
) -> AsyncIterator[World]:
    """A new session whose accounts have these quotas; others may send as much as they like."""
    accounts: dict[str, dict[str, Any]] = {
        role: {"balance": BALANCE} for role in ("official", "upstream", "reseller", "erban")
    }
    for role, own in quotas.items():
        accounts[role]["quotas"] = own
    async with control_client(running.control) as control:
        body = {"clock": clock, "providers": accounts}
        yield World(control, await control.post("/sessions", body))


def per_day(limits: Mapping[str, int]) -> dict[str, Quotas]:
    """Accounts that may send so much a day."""
    return {role: {"account_per_day": limit} for role, limit in limits.items()}


def _told(message: Mapping[str, Any]) -> Told:
    at = datetime.fromisoformat(message["at"]).timestamp()
    return Told(message["id"], message["out_id"], message["fee"], message["mobile"], at)


async def _token(who: Mapping[str, str]) -> str:
    door = OfficialDoor(who)
    asked = door.token()
    async with (
        aiohttp.ClientSession() as http,
        http.post(asked.url, data=asked.body, headers=asked.headers) as reply,
    ):
        answer = door.read(reply.status, await reply.text())
    return str(answer.data["access_token"])
