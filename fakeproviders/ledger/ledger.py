"""The ledger of one session: on while a load run is, fed by the journal."""

import time
from collections.abc import Callable, Mapping

from fakeproviders.account import UPSTREAM, Account
from fakeproviders.clock import iso
from fakeproviders.faults.rule import Rule
from fakeproviders.journal import Entry
from fakeproviders.ledger.document import Document
from fakeproviders.ledger.examples import Examples
from fakeproviders.ledger.limits import Limits
from fakeproviders.ledger.messages import Messages
from fakeproviders.ledger.outages import OutageWatch
from fakeproviders.ledger.traffic import SENDS, Traffic
from fakeproviders.stores.base import SessionStore


class Ledger:
    """Counts from ``begin`` to ``end``; what it holds does not grow with the number of requests."""

    def __init__(
        self, name: str, accounts: Mapping[str, Account], real: Callable[[], float] = time.time
    ) -> None:
        self._name = name
        self._accounts = accounts
        self._real = real
        self._began = real()
        self._ended: float | None = None
        self._missed = 0
        examples = self._examples = Examples(self._began)
        self._traffic = Traffic(self._began)
        self._limits = Limits(accounts, examples)
        self._messages = Messages(examples)
        self._outages = OutageWatch(self._began)

    async def begin(self, store: SessionStore, now: float) -> None:
        """Take down what quotas were used before the run; ``now`` is the session's clock."""
        for role, account in self._accounts.items():
            used = await store.usage(role, account.settings.quotas, now)
            self._limits.begin(role, used, now)

    def add(self, entry: Entry) -> None:
        """Count a request that has been decided. Calls of our own are none of a client's."""
        if entry.posting is not None:
            return
        self._traffic.add(entry)
        if entry.call.operation not in SENDS:
            return
        self._limits.add(entry)
        if entry.role != UPSTREAM:
            self._messages.add(entry, self._answered_at(entry))
            self._outages.add(entry)

    def clock_turned(self, shows: float, *, runs: bool) -> None:
        """The session's clock was set or advanced; it goes on from what it shows, or stands still."""
        if self.running:
            self._outages.clock_turned(self._real(), shows, runs=runs)

    def rule_changed(self, action: str, rule: Rule) -> None:
        """A fault rule was ``added``, ``removed``, or has ``fired``."""
        if self.running:
            self._outages.rule_changed(action, rule, self._real())

    def miss(self, number: int) -> None:
        """So many requests were gone before they could be counted."""
        self._missed += number

    def end(self) -> None:
        """The run is over; what comes from now on is not part of it."""
        if self._ended is None:
            self._ended = self._real()
            self._outages.end(self._ended)

    @property
    def running(self) -> bool:
        """Whether it still counts."""
        return self._ended is None

    def document(self) -> Document:
        """What has been counted so far."""
        now = self._real() if self._ended is None else self._ended
        return Document(
            name=self._name,
            started_at=iso(self._began),
            running=self.running,
            seconds=round(now - self._began, 3),
            doors=self._traffic.doors(),
            series=self._traffic.series(),
            limits=self._limits.judged(),
            reasons=self._limits.reasons,
            clients=self._messages.counts,
            outages=self._outages.found(now),
            examples=self._examples.kept,
            missed=self._missed,
        )

    def _answered_at(self, entry: Entry) -> float:
        """Now; or when it was, where another process told of it later."""
        return self._real() if entry.took is None else entry.real_at + entry.took
