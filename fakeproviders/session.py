"""A session: one private world of accounts, faults, clock, random stream, journal and inbox."""

import random
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ParamSpec

import msgspec

from fakeproviders.account import UPSTREAM, Account
from fakeproviders.clock import ClockState, SessionClock
from fakeproviders.events import Events
from fakeproviders.faults.engine import FaultEngine
from fakeproviders.faults.rule import Rule
from fakeproviders.journal import Journal
from fakeproviders.ledger.ledger import Ledger
from fakeproviders.settings import AMPLE_BALANCE, AccountSettings
from fakeproviders.sharing.document import OwnPorts, SessionDocument
from fakeproviders.stores.base import SessionStore

DEFAULT = "default"
_P = ParamSpec("_P")


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
        process: str = "",
        created_at: float | None = None,
    ) -> None:
        self.id = session_id
        self.seed = seed
        self.name = name
        self.accounts = accounts
        self.store = store
        self.created_at = real() if created_at is None else created_at
        self.ttl = ttl
        self.last_used = real()
        self._real = real
        self.clock = SessionClock(real)
        self._random_seed = f"{seed}|{process}" if process else seed
        """Several processes must not make the same tokens; one alone repeats its own by the seed."""
        self.random = random.Random(self._random_seed)  # noqa: S311 - test data that must repeat
        self.faults = FaultEngine(f"{seed}|{name}", self.clock)
        self.events = Events(self.clock, self.faults)
        self.clock.watch = _each(self.clock.watch, self._clock_moved)
        self.faults.watch = _each(self.faults.watch, self._rule_changed)
        self.journal = journal or Journal()
        self.journal.faults = self.faults
        self.ledger: Ledger | None = None
        """Of the newest load run."""
        self.own_urls: Mapping[str, str] = {}
        """By provider, where the session has ports of its own."""
        self.own_ports: OwnPorts | None = None
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
        await self._forget()
        await self.store.clear()
        for role, account in self.accounts.items():
            account.put(_copy(self._initial[role]))
        await self.begin()

    async def _forget(self) -> None:
        """Forget what this process has of it beside settings and what is in the store."""
        self.clock.clear()
        for action in self.at_reset:
            await action()
        await self.clock.set(ClockState(mode="system"))
        self.faults.restart()
        self.journal.clear()
        self.journal.observe(None)
        self.ledger = None
        self.events.reset()
        self.random.seed(self._random_seed)

    def document(self) -> SessionDocument:
        """What other processes have to know of it."""
        rules, rules_made = self.faults.known()
        return SessionDocument(
            id=self.id,
            seed=self.seed,
            name=self.name,
            created_at=self.created_at,
            ttl=self.ttl,
            start=self._start,
            balances=self._balances,
            initial={role: _plain(settings) for role, settings in self._initial.items()},
            settings={role: _plain(account.settings) for role, account in self.accounts.items()},
            hands=self.clock.hands(),
            rules=rules,
            rules_made=rules_made,
            resets=self.events.resets,
            own_ports=self.own_ports,
        )

    async def adopt(self, document: SessionDocument) -> None:
        """Become what another process has made of it."""
        if document.resets != self.events.resets:
            await self._forget()
            self.events.resets = document.resets
        for role, account in self.accounts.items():
            settings = msgspec.convert(document.settings[role], type(account.settings))
            if settings != account.settings:
                account.put(settings)
        self.own_ports = document.own_ports
        self.faults.adopt(document.rules, document.rules_made)
        await self.clock.adopt(document.hands)

    async def start_ledger(self, name: str) -> Ledger:
        """Count what is sent from now on; what an earlier run has counted is forgotten."""
        ledger = Ledger(name, self.accounts, self._real)
        await ledger.begin(self.store, self.clock.now())
        await self.journal.sync()  # what was sent before is none of it
        self.ledger = ledger
        self._clock_moved("set")
        for rule in self.faults.rules:
            self._rule_changed("added", rule)
        self.journal.observe(ledger)
        return ledger

    def end_ledger(self) -> None:
        """The load run is over; its ledger can still be read."""
        self.journal.observe(None)
        if self.ledger is not None:
            self.ledger.end()

    def _clock_moved(self, action: str) -> None:
        del action
        if self.ledger is not None:
            runs = self.clock.hands().frozen is None
            self.ledger.clock_turned(self.clock.now(), runs=runs)

    def _rule_changed(self, action: str, rule: Rule) -> None:
        if self.ledger is not None:
            self.ledger.rule_changed(action, rule)

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


def _each(one: Callable[_P, None] | None, other: Callable[_P, None]) -> Callable[_P, None]:
    """Both, one after the other."""

    def told(*args: _P.args, **kwargs: _P.kwargs) -> None:
        if one is not None:
            one(*args, **kwargs)
        other(*args, **kwargs)

    return told


def _copy(settings: AccountSettings) -> AccountSettings:
    return msgspec.convert(_plain(settings), type(settings))


def _plain(settings: AccountSettings) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(settings)
    return plain
