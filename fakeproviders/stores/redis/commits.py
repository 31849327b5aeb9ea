"""Sends that are asked for in the same turn of the event loop: one script does them, one after the other.

What it costs to call a script they share: the more there is to do, the less a send costs.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

from fakeproviders.stores.base import Charge
from fakeproviders.stores.redis.asks import ChargeAsk, Keys, charged
from fakeproviders.stores.redis.client import Client

MOST_SENDS, MOST_MOBILES = 50, 1000
"""That go together, so that Redis is not held up; a send that begins within these bounds goes whole."""
Reply = list[bytes]
"""The serial in the journal, or nothing; then what became of the send, and the facts of that."""
NewAsk = Callable[[Charge], ChargeAsk]
"""Makes an ask for the account, the day and the quotas of a charge, without charges."""


class Batch:
    """Sends of one account on one day, under one set of quotas, that go together."""

    def __init__(self, keys: tuple[bytes, ...], ask: ChargeAsk) -> None:
        self.keys = keys
        self.ask = ask
        self.parts: list[bytes] = []
        self.answers: list[asyncio.Future[Reply]] = []
        self._mobiles = 0

    def takes(self, charge: Charge, keys: tuple[bytes, ...]) -> bool:
        """Whether a charge on these keys can go with the others."""
        has_room = len(self.answers) < MOST_SENDS and self._mobiles < MOST_MOBILES
        return has_room and self.keys == keys and self.ask.quotas == charge.quotas

    def add(
        self, charge: Charge, bodies: Sequence[bytes], request: bytes | None
    ) -> asyncio.Future[Reply]:
        """One more, with what goes into the inbox and the journal; returns what it will be answered."""
        self.ask.charges.append(charged(charge, noted=request is not None))
        self.parts += bodies
        if request is not None:
            self.parts.append(request)
        self._mobiles += len(bodies)
        self.answers.append(asyncio.get_running_loop().create_future())
        return self.answers[-1]

    def tell(self, replies: Sequence[Reply]) -> None:
        """Let everyone go who still waits."""
        for answer, reply in zip(self.answers, replies, strict=True):
            if not answer.done():
                answer.set_result(reply)

    def fail(self, error: Exception) -> None:
        """Tell everyone who still waits that nothing is known."""
        for answer in self.answers:
            if not answer.done():
                answer.set_exception(error)


class Sending(NamedTuple):
    """A send on its way."""

    answer: asyncio.Future[Reply]
    batch: Batch
    place: int
    """Among those of its batch, counted from 1."""


class Commits:
    """The sends of one session that are on their way to Redis."""

    def __init__(self, client: Client, keys: Keys, new_ask: NewAsk) -> None:
        self._client = client
        self._keys = keys
        self._new_ask = new_ask
        self._open: dict[str, Batch] = {}
        """By account: what is sent off when this turn is over."""
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, charge: Charge, bodies: Sequence[bytes], request: bytes | None) -> Sending:
        """Have it sent with what else there is in this turn; see Client.run() for how it can fail."""
        batch = self._batch(charge)
        answer = batch.add(charge, bodies, request)
        return Sending(answer, batch, len(batch.answers))

    def _batch(self, charge: Charge) -> Batch:
        """That which is open, or a new one."""
        keys = self._keys.of_day(charge)
        batch = self._open.get(charge.role)
        if batch is None or not batch.takes(charge, keys):
            batch = self._open[charge.role] = Batch(keys, self._new_ask(charge))
            task = asyncio.get_running_loop().create_task(self._run(charge.role, batch))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return batch

    async def _run(self, role: str, batch: Batch) -> None:
        if self._open.get(role) is batch:
            del self._open[role]
        try:
            batch.tell(await self._client.run("commit", batch.keys, batch.ask, *batch.parts))
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait raise it
            batch.fail(error)
