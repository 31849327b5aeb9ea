"""All live sessions, and which of them a request belongs to."""

import logging
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from fakeproviders.account import UPSTREAM, Account
from fakeproviders.clock import ClockState
from fakeproviders.failures import Words
from fakeproviders.invention import SessionInvention
from fakeproviders.journal import Budget, Journal
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
from fakeproviders.stores.base import Store

_log = logging.getLogger(__name__)


class BadSettings(Misfit):
    """Settings that cannot be used; ``field`` says which."""


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
    ) -> None:
        self.providers = {provider.name: provider for provider in providers}
        self._store = store
        self._real = real
        self._allowed = allowed
        self._budget = Budget()
        self._by_id: dict[str, Session] = {}
        self._by_identity: dict[tuple[str, str], Session] = {}
        self._identities: dict[str, list[tuple[str, str]]] = {}

    @property
    def journals(self) -> Budget:
        """What all journals hold together."""
        return self._budget

    async def start(self) -> Session:
        """Make the default session, with its documented credentials."""
        settings = {name: p.default_settings() for name, p in self.providers.items()}
        return await self._open(DEFAULT, seed=0, name=DEFAULT, settings=settings)

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
        session = self._by_id.pop(session_id, None)
        if session is None:
            return False
        self._forget_identities(session)
        await session.clock.close()
        try:
            for action in session.at_end:
                await action()
        finally:
            session.events.close()
            session.journal.close()
            await self._store.drop(session_id)
        return True

    async def reset(self, session: Session) -> None:
        """Bring a session back to how it was created."""
        await session.reset()
        self._index(session)

    async def expire(self) -> list[str]:
        """End the sessions whose ttl has passed since they were last used; returns their ids."""
        now = self._real()
        gone = [s.id for s in self.all() if s.ttl is not None and s.last_used + s.ttl < now]
        for session_id in gone:
            try:
                await self.delete(session_id)
            except Exception:  # noqa: BLE001 - logged, and the others are over all the same
                _log.exception("session %s did not end in order", session_id)
        return gone

    async def patch(self, session: Session, role: str, patch: dict[str, Any]) -> None:
        """Merge settings into an account's. Raises BadSettings, and then nothing has changed."""
        account = session.accounts[role]
        settings, balance = self._patched(account.settings, patch)
        self._claim(session.accounts, account, settings)
        account.settings = settings
        self._index(session)
        if balance is not None:
            await session.store.set_balance(role, balance)

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
        session.touch()
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
                accounts[role].settings, balance = self._patched(accounts[role].settings, patch)
            except BadSettings as error:
                raise BadSettings(f"providers.{role}.{error.field}", error.words) from None
            balances[role] = AMPLE_BALANCE if balance is None else balance
        for role, account in accounts.items():
            try:
                self._claim(accounts, account, account.settings)
            except BadSettings as error:
                raise BadSettings(f"providers.{role}.{error.field}", error.words) from None
        session = Session(
            session_id, seed=seed, name=name, accounts=accounts, balances=balances, ttl=ttl,
            store=self._store.open(session_id), start=clock, real=self._real,
            journal=Journal(self._budget),
        )  # fmt: skip
        await session.begin()
        self._by_id[session_id] = session
        self._index(session)
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
        found = located(error)
        raise BadSettings(found.field, found.words) from None
