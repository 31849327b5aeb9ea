"""The nodes of a Redis: one, or all masters of a cluster, each with a client of its own.

All keys of a session are in one slot, by its hash tag: a session lives on one node, and a cluster
carries as many sessions more as it has nodes. What concerns all sessions is tagged ``{fp}``.
Which node has which slot is read once, at the start.
"""

import asyncio
from bisect import bisect_right
from secrets import token_hex
from typing import Any

import msgspec

from fakeproviders.stores.base import StoreUnavailable
from fakeproviders.stores.redis.address import Address
from fakeproviders.stores.redis.client import ANSWER_SECONDS, CONNECT_SECONDS, RUN_SECONDS, Client
from fakeproviders.stores.redis.connection import CommandFailed, Connection, ConnectionLost
from fakeproviders.stores.redis.handshake import greet, opened

SLOTS = 16_384
"""Of a Redis Cluster."""
COMMON = "fp"
"""The hash tag of what concerns all sessions."""
_POLYNOMIAL = 0x1021


class Nodes:
    """Clients by session. ``home`` has what concerns all sessions; all are known under one name."""

    def __init__(
        self, address: Address, *, run: float = RUN_SECONDS, answer: float = ANSWER_SECONDS
    ) -> None:
        self._address = address
        self._run = run
        self._answer = answer
        self.worker = token_hex(4)
        """Tells this process from others."""
        self.home = self._client(address)
        self._firsts: list[int] = [0]
        self._owners: list[Client] = [self.home]
        """Of the slots from each of ``_firsts`` on."""

    async def start(self) -> None:
        """Find the nodes, and connect to ``home``. Raises StoreUnavailable."""
        ranges = await self._ranges()
        if ranges:
            self._spread(ranges)
        await self.home.start()

    async def close(self) -> None:
        """End all connections."""
        await asyncio.gather(*(client.close() for client in self.all()))

    def all(self) -> list[Client]:
        """One client a node."""
        return list(dict.fromkeys(self._owners))

    def of(self, session_id: str) -> Client:
        """The client of the node that a session lives on."""
        if len(self._owners) == 1:
            return self.home
        return self._owners[bisect_right(self._firsts, slot_of(session_id)) - 1]

    def _client(self, address: Address) -> Client:
        return Client(address, run=self._run, answer=self._answer, worker=self.worker)

    async def _ranges(self) -> list[tuple[int, Address]]:
        """The first slot of each range, and its node; nothing when there is no cluster."""
        connection: Connection | None = None
        try:
            async with asyncio.timeout(2 * CONNECT_SECONDS + self._answer):
                connection = await opened(self._address, lambda push: None)
                if await greet(connection, self._address) != b"cluster":
                    return []
                return self._read(await connection.execute(("CLUSTER", "SLOTS")))
        except (OSError, TimeoutError, ConnectionLost, CommandFailed) as error:
            why = getattr(error, "strerror", None) or str(error) or "it does not answer in time"
            raise StoreUnavailable(why) from None
        finally:
            if connection is not None:
                connection.abort()

    def _read(self, slots: list[list[Any]]) -> list[tuple[int, Address]]:
        """What CLUSTER SLOTS says: first slot, last slot, master (host, port, ...), replicas."""
        covered = sum(last - first + 1 for first, last, *_ in slots)
        if covered < SLOTS:
            raise CommandFailed(f"the cluster serves {covered} of its {SLOTS} slots")
        return sorted(
            ((first, self._node(master)) for first, _, master, *_ in slots), key=lambda row: row[0]
        )

    def _node(self, master: list[Any]) -> Address:
        """A node as it names itself; one that does not know its host is where we found it."""
        if self._address.path:
            return self._address  # a cluster behind a Unix socket can be of one node only
        host = (master[0] or b"").decode() or self._address.host
        return msgspec.structs.replace(self._address, host=host, port=master[1])

    def _spread(self, ranges: list[tuple[int, Address]]) -> None:
        clients = {address: self._client(address) for _, address in ranges}
        self._firsts = [first for first, _ in ranges]
        addresses = [address for _, address in ranges]
        home = addresses[bisect_right(self._firsts, slot_of(COMMON)) - 1]
        self.home.address = home
        clients[home] = self.home
        self._owners = [clients[address] for address in addresses]


def slot_of(tag: str) -> int:
    """The slot of all keys with a hash tag: CRC-16/XMODEM of it (Redis Cluster Specification)."""
    crc = 0
    for byte in tag.encode():
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ (_POLYNOMIAL if crc & 0x8000 else 0)
        crc &= 0xFFFF
    return crc % SLOTS
