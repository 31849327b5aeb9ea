"""A session: one private world of accounts, faults, clock, random stream, journal and inbox."""

import random
import time
from collections.abc import Awaitable, Callable, Mapping

import msgspec

from fakeproviders.account import UPSTREAM, Account
from fakeproviders.clock import ClockState, SessionClock
from fakeproviders.events import Events
from fakeproviders.faults.engine import FaultEngine
from fakeproviders.journal import Journal
from fakeproviders.ledger.ledger import Ledger
from fakeproviders.settings import AMPLE_BALANCE, AccountSettings
from fakeproviders.stores.base import SessionStore

DEFAULT = "default"


class Session:
    """Everything that one test, or one person, has to himself.

    ``balances`` are what the accounts start with. What the session is created with is what reset()
    returns to.
    """

    def __init__(
        self,
        session_id: str,
        *,
        seed: int,
        name: str,
        accounts: Mapping[str, Account],
        store: SessionStore,
        balances: Mapping[str, int],
        ttl: float | None = None,
        start: ClockState | None = None,
        journal: Journal | None = None,
        real: Callable[[], float] = time.time,
    ) -> None:
        self.id = session_id
        self.seed = seed
        self.name = name
        self.accounts = accounts
        self.store = store
        self.created_at = real()
        self.ttl = ttl
        self.last_used = self.created_at
        self._real = real
        self.clock = SessionClock(real)
        self.random = random.Random(seed)  # noqa: S311 - test data that must repeat
        self.faults = FaultEngine(f"{seed}|{name}", self.clock)
        self.events = Events(self.clock, self.faults)
        self.journal = journal or Journal()
        self.ledger: Ledger | None = None
        """Of the newest load run."""
        self.own_urls: Mapping[str, str] = {}
        """By provider, where the session has ports of its own."""
        self.at_end: list[Callable[[], Awaitable[None]]] = []
        """What is to be done when the session is deleted."""
        self.at_reset: list[Callable[[], Awaitable[None]]] = []
        """What is to be done before everything begins anew."""
        self._start = start or ClockState(mode="system")
        self._initial = {role: _copy(account.settings) for role, account in accounts.items()}
        self._balances = dict(balances)

    def touch(self) -> None:
        """It is in use: ``ttl`` counts from now."""
        self.last_used = self._real()

    async def begin(self) -> None:
        """Set the clock and the balances that the session starts with."""
        await self.clock.set(self._start)
        for role in self.accounts:
            await self.store.set_balance(role, self._balances.get(role, AMPLE_BALANCE))

    async def reset(self) -> None:
        """Back to how it was created: settings, clock, faults, journal, inbox, quotas, randomness."""
        self.clock.clear()
        for action in self.at_reset:
            await action()
        await self.clock.set(ClockState(mode="system"))
        self.faults.restart()
        self.journal.clear()
        self.journal.watch = self.ledger = None
        self.events.reset()
        await self.store.clear()
        self.random.seed(self.seed)
        for role, account in self.accounts.items():
            account.settings = _copy(self._initial[role])
        await self.begin()

    async def start_ledger(self, name: str) -> Ledger:
        """Count what is sent from now on; what an earlier run has counted is forgotten."""
        ledger = Ledger(name, self.accounts, self._real)
        await ledger.begin(self.store, self.clock.now())
        self.ledger, self.journal.watch = ledger, ledger.add
        return ledger

    def end_ledger(self) -> None:
        """The load run is over; its ledger can still be read."""
        self.journal.watch = None
        if self.ledger is not None:
            self.ledger.end()

    def identities(self) -> list[tuple[str, str]]:
        """By which its requests are known: provider and identity, as they are and as they were at first.

        Those of the beginning stay its own, so that it can be reset, and so that a client that still
        has them is refused here and not taken for a stranger.
        """
        return [
            (account.provider.name, identity)
            for role, account in self.accounts.items()
            for identity in dict.fromkeys((self._initial[role].account, account.id))
        ]

    def account_for(self, listener: str, identity: str, role_initial: str = "") -> Account:
        """The account that a request to a listener is for.

        The official listener has two of them: the operator's, and the reseller's own.
        """
        upstream = self.accounts.get(UPSTREAM)
        if upstream is None or upstream.provider.name != listener:
            return self.accounts[listener]
        is_upstream = identity == upstream.id if identity else role_initial == UPSTREAM[0]
        return upstream if is_upstream else self.accounts[listener]


def _copy(settings: AccountSettings) -> AccountSettings:
    return msgspec.convert(msgspec.to_builtins(settings), type(settings))
