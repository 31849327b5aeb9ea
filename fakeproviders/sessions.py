"""All live sessions, and which of them a request belongs to."""

import contextlib
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from fakeproviders.account import UPSTREAM, Account
from fakeproviders.clock import ClockState
from fakeproviders.failures import Words
from fakeproviders.invention import SessionInvention
from fakeproviders.journal import Budget
from fakeproviders.merge import merged
from fakeproviders.misfit import Misfit, located
from fakeproviders.model import Call
from fakeproviders.outgoing import LOOPBACK, AllowedAddresses, NotAllowed
from fakeproviders.owned import owner_of
from fakeproviders.providers.base import Provider
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.providers.reseller.above import account_above
from fakeproviders.session import DEFAULT, Session
from fakeproviders.settings import AMPLE_BALANCE, AccountSettings
from fakeproviders.sharing.base import Alone, Sharing
from fakeproviders.sharing.document import SessionDocument
from fakeproviders.sharing.journal import journal_of
from fakeproviders.stores.base import Store, StoreUnavailable

_log = logging.getLogger(__name__)


class BadSettings(Misfit):
    """Settings that cannot be used; ``field`` says which."""


class SessionOver(Exception):
    """The session has been ended meanwhile; its argument is the id."""


class Owner(msgspec.Struct, frozen=True, gc=False):
    """Whose a request is; ``hint`` says why it went to ``default`` when it names nobody known."""

    session: Session
    account: Account
    hint: str = ""


class Sessions:
    """Creates, finds and ends sessions. ``default`` is always there."""

    def __init__(
        self,
        providers: Iterable[Provider],
        store: Store,
        real: Callable[[], float] = time.time,
        allowed: AllowedAddresses = LOOPBACK,
        sharing: Sharing | None = None,
    ) -> None:
        self.providers = {provider.name: provider for provider in providers}
        self._store = store
        self._real = real
        self._allowed = allowed
        self._sharing = sharing or Alone()
        self._budget = Budget()
        self._by_id: dict[str, Session] = {}
        self._by_identity: dict[tuple[str, str], Session] = {}
        self._identities: dict[str, list[tuple[str, str]]] = {}

    @property
    def journals(self) -> Budget:
        """What all journals hold together."""
        return self._budget

    async def start(self) -> Session:
        """Take over the sessions there are; make the default one, with its documented credentials."""
        await self._sharing.start(self)
        async with self._sharing.turn():
            default = self._by_id.get(DEFAULT)
            if default is None:
                settings = {name: p.default_settings() for name, p in self.providers.items()}
                default = await self._open(DEFAULT, seed=0, name=DEFAULT, settings=settings)
            return default

    async def close(self) -> None:
        """Take over no more of what other processes change."""
        await self._sharing.close()

    async def create(
        self,
        *,
        name: str = "",
        seed: int | None = None,
        clock: ClockState | None = None,
        ttl: float | None = None,
        providers: dict[str, dict[str, Any]] | None = None,
    ) -> Session:
        """A new session. Raises BadSettings for provider settings that do not fit."""
        session_id = secrets.token_hex(5)
        seed = secrets.randbits(32) if seed is None else seed
        async with self._sharing.turn():
            invention = SessionInvention(session_id, seed, self._taken)
            settings = {n: p.invent_settings(invention) for n, p in self.providers.items()}
            return await self._open(
                session_id, seed=seed, name=name, settings=settings, clock=clock, ttl=ttl,
                given=providers or {},
            )  # fmt: skip

    def get(self, session_id: str) -> Session | None:
        """A session by its id."""
        return self._by_id.get(session_id)

    def all(self) -> list[Session]:
        """Every live session, oldest first."""
        return list(self._by_id.values())

    async def delete(self, session_id: str) -> bool:
        """End a session; False when there is none. Raises ValueError for ``default``."""
        if session_id == DEFAULT:
            raise ValueError("the default session cannot be deleted; reset it instead")
        async with self._sharing.turn():
            session = self._by_id.get(session_id)
            if session is None:
                return False
            await self._sharing.tell_ended(session_id)
            try:
                await self._end(session)
            finally:
                await self._store.drop(session_id)
        return True

    async def _end(self, session: Session) -> None:
        """End it in this process."""
        del self._by_id[session.id]
        self._forget_identities(session)
        await session.clock.close()
        try:
            for action in session.at_end:
                await action()
        finally:
            session.events.close()
            session.journal.close()

    async def catch_up(self) -> None:
        """Know all that other processes have changed. Raises StoreUnavailable when they cannot be told either."""
        async with self._sharing.turn():
            pass

    @contextlib.asynccontextmanager
    async def change(self, session: Session) -> AsyncIterator[None]:
        """Inside the block a session is changed; when it is left, every process has the change.

        Raises StoreUnavailable, and SessionOver when another process has ended the session.
        """
        async with self._sharing.turn():
            if self._by_id.get(session.id) is not session:
                raise SessionOver(session.id)
            yield
            self._index(session)
            await self._sharing.tell(session.document())

    async def reset(self, session: Session) -> None:
        """Bring a session back to how it was created."""
        async with self.change(session):
            await session.reset()

    async def expire(self) -> list[str]:
        """End the sessions whose ttl has passed since they were last used; returns their ids."""
        now = self._real()
        gone = []
        for session in self.all():
            if session.ttl is None or session.last_used + session.ttl >= now:
                continue
            try:
                elsewhere = await self._sharing.last_used(session.id)
                session.last_used = max(session.last_used, elsewhere)
                if session.last_used + session.ttl < now and await self.delete(session.id):
                    gone.append(session.id)
            except StoreUnavailable:
                continue  # it is over when the store is back
            except Exception:  # noqa: BLE001 - logged, and the others are over all the same
                _log.exception("session %s did not end in order", session.id)
                gone.append(session.id)
        return gone

    async def patch(self, session: Session, role: str, patch: dict[str, Any]) -> None:
        """Merge settings into an account's. Raises BadSettings, and then nothing has changed."""
        async with self.change(session):
            account = session.accounts[role]
            settings, balance = self._patched(account.settings, patch)
            self._claim(session.accounts, account, settings)
            if balance is not None:
                await session.store.set_balance(role, balance)
            account.put(settings)

    async def adopt(self, document: SessionDocument) -> None:
        """See World."""
        session = self._by_id.get(document.id)
        if session is None:
            session = self._make(document)
        await session.adopt(document)
        self._index(session)

    async def let_go(self, session_id: str) -> None:
        """See World."""
        session = self._by_id.get(session_id)
        if session is not None and session_id != DEFAULT:
            await self._end(session)
            self._store.let_go(session_id)

    async def tell_again(self) -> None:
        """See World."""
        for session in self.all():
            with contextlib.suppress(SessionOver, StoreUnavailable):
                async with self.change(session):
                    pass

    async def fired(self, session_id: str, rule_ids: Sequence[str]) -> None:
        """See World."""
        session = self._by_id.get(session_id)
        if session is not None and session.events.has_listeners:
            await session.faults.count_again()
            for rule_id in rule_ids:
                session.faults.fired(rule_id)

    def owner(self, listener: str, prefix: str, call: Call) -> Owner:
        """Whose call this is: by address prefix, identity, or token - else ``default``'s, with a hint.

        A token or a reply's id names its session, for calls that say nothing of their account.
        A prefix ``<session>.<role>`` names the account too: so the hop above is the reseller's
        account there whatever it was told to log in with.
        """
        named, initial = owner_of("" if call.account else call.token or call.reply_id)
        session_id, _, role = prefix.partition(".")
        session = self._by_id.get(session_id)
        hint = ""
        if session is None:
            if prefix:
                hint = "unknown_prefix"
            else:
                session = self._by_id.get(named) or self._by_identity.get((listener, call.account))
                hint = "" if session is not None else _hint(call)
            session = session or self._by_id[DEFAULT]
        session.last_used = self._real()
        if session.ttl is not None:
            self._sharing.used(session.id, session.last_used)
        account = session.accounts.get(role)
        if account is None or account.provider.name != listener:
            account = session.account_for(listener, call.account, initial)
        return Owner(session, account, hint)

    async def _open(
        self,
        session_id: str,
        *,
        seed: int,
        name: str,
        settings: dict[str, AccountSettings],
        clock: ClockState | None = None,
        ttl: float | None = None,
        given: dict[str, dict[str, Any]] | None = None,
    ) -> Session:
        accounts = self._accounts(settings)
        balances: dict[str, int] = {}
        for role, patch in (given or {}).items():
            if role not in accounts:
                words = Words(
                    zh=f"没有这个服务商；有：{'、'.join(accounts)}",
                    en=f"no such provider; known are {', '.join(accounts)}",
                )
                raise BadSettings(f"providers.{role}", words)
            try:
                own, balance = self._patched(accounts[role].settings, patch)
            except BadSettings as error:
                raise BadSettings(f"providers.{role}.{error.field}", error.words) from None
            accounts[role].put(own)
            balances[role] = AMPLE_BALANCE if balance is None else balance
        for role, account in accounts.items():
            try:
                self._claim(accounts, account, account.settings)
            except BadSettings as error:
                raise BadSettings(f"providers.{role}.{error.field}", error.words) from None
        store = self._store.open(session_id)
        session = Session(
            session_id, seed=seed, name=name, accounts=accounts, balances=balances, ttl=ttl,
            store=store, start=clock, real=self._real, process=self._sharing.process,
            journal=journal_of(store.records, self._budget, self.providers),
        )  # fmt: skip
        session.faults.shared = self._sharing.counts(session_id)
        await session.begin()
        await self._sharing.tell(session.document())
        self._by_id[session_id] = session
        self._index(session)
        return session

    def _make(self, document: SessionDocument) -> Session:
        """A session of another process, as it was at first."""
        accounts = self._accounts({n: p.default_settings() for n, p in self.providers.items()})
        for role, account in accounts.items():
            account.put(msgspec.convert(document.initial[role], type(account.settings)))
        store = self._store.open(document.id)
        session = Session(
            document.id, seed=document.seed, name=document.name, accounts=accounts,
            balances=document.balances, ttl=document.ttl, store=store, start=document.start,
            real=self._real, journal=journal_of(store.records, self._budget, self.providers),
            process=self._sharing.process, created_at=document.created_at,
        )  # fmt: skip
        session.faults.shared = self._sharing.counts(document.id)
        self._by_id[document.id] = session
        return session

    def _patched(
        self, settings: AccountSettings, patch: dict[str, Any]
    ) -> tuple[AccountSettings, int | None]:
        """As patched(); an address that we may not call is refused too."""
        whole, balance = patched(settings, patch)
        if whole.callback_url is not None:
            try:
                self._allowed.check(whole.callback_url)
            except NotAllowed as error:
                raise BadSettings("callback_url", error.words) from None
        return whole, balance

    def _accounts(self, settings: dict[str, AccountSettings]) -> dict[str, Account]:
        """An account a provider, and the one that the reseller has above."""
        accounts = {
            role: Account(role, self.providers[role], own) for role, own in settings.items()
        }
        reseller = accounts.get(RESELLER.name)
        if reseller is not None:
            above = account_above(reseller.settings)
            accounts[UPSTREAM] = Account(UPSTREAM, OFFICIAL, above, fallback=reseller)
        return accounts

    def _claim(
        self, accounts: Mapping[str, Account], account: Account, settings: AccountSettings
    ) -> None:
        """Raises BadSettings when requests could not tell this account from another one."""
        provider, identity = account.provider.name, settings.account
        holder = self._by_identity.get((provider, identity))
        if holder is not None and holder.accounts is not accounts:
            raise BadSettings(
                settings.identity,
                Words(
                    zh=f"{identity!r} 已属于另一个会话",
                    en=f"{identity!r} belongs to another session already",
                ),
            )
        for other in accounts.values():
            if other is not account and (other.provider.name, other.id) == (provider, identity):
                words = Words(
                    zh=f"{identity!r} 已是 {other.role} 的账号",
                    en=f"{identity!r} is the account of {other.role} already",
                )
                raise BadSettings(settings.identity, words)

    def _taken(self, provider: str, identity: str) -> bool:
        return (provider, identity) in self._by_identity

    def _index(self, session: Session) -> None:
        self._forget_identities(session)
        keys = session.identities()
        self._identities[session.id] = keys
        for key in keys:
            self._by_identity[key] = session

    def _forget_identities(self, session: Session) -> None:
        for key in self._identities.pop(session.id, ()):
            if self._by_identity.get(key) is session:
                del self._by_identity[key]


def _hint(call: Call) -> str:
    """Why a call that no session is found for is the default session's."""
    if call.account:
        return "unknown_identity"
    return "unknown_token" if call.token else ""


def patched(settings: AccountSettings, patch: dict[str, Any]) -> tuple[AccountSettings, int | None]:
    """Settings with a patch merged in (objects merge, lists are replaced), and a new balance if given.

    Raises BadSettings.
    """
    patch = dict(patch)
    balance = patch.pop("balance", None)
    if balance is not None and (not isinstance(balance, int) or isinstance(balance, bool)):
        raise BadSettings("balance", Words(zh="必须是整数", en="must be a whole number"))
    try:
        whole = merged(msgspec.to_builtins(settings), patch)
        return msgspec.convert(whole, type(settings), strict=True), balance
    except msgspec.ValidationError as error:
        found = located(error, type(settings))
        raise BadSettings(found.field, found.words) from None
