"""What the scripts are told, and the keys that they work on."""

from collections.abc import Sequence

import msgspec

from fakeproviders.faults.counts import Limits
from fakeproviders.settings import Quotas
from fakeproviders.stores.base import Charge
from fakeproviders.stores.redis.client import Ask
from fakeproviders.stores.windows import windows

JOURNAL_LIMIT = 100_000
"""About so many entries a session's journal in Redis keeps."""
_encode = msgspec.msgpack.Encoder().encode


class Keys:
    """A session's keys, in the order in which lua/session.lua names them."""

    def __init__(self, session_id: str, worker: str) -> None:
        self._prefix = f"fp:{{{session_id}}}:"
        self.state = self._key("state")
        self.tokens = self._key("tokens")
        self.once = self._key("once")
        self.inbox = self._key("inbox")
        self.replies = self._key("replies")
        self.faults = self._key("faults")
        self.reserved = self._key("reserved")
        self.due = self._key("due")
        self.claims = self._key("claims")
        self.journal = self._key("journal")
        self.answers = self._key("answers")
        self.days = self._key("days")
        self.channel = self._key("arrived")
        self.all = (
            self.state, self.tokens, self.once, self.inbox, self._key("index"), self.reserved, self.replies,
            self.faults, self.journal, self.answers, self._key(f"requests:{worker}"), self.due, self.claims,
            self.days,
        )  # fmt: skip
        self._today: dict[str, tuple[str, tuple[bytes, ...]]] = {}
        """By account: the day of its last charge, and all keys with that day's."""

    def used(self, day: str) -> bytes:
        """What an account has used on a day."""
        return self._key(f"used:{day}")

    def of_day(self, charge: Charge) -> tuple[bytes, ...]:
        """All keys, with those of the account's day."""
        day = day_of(charge.role, charge.now)
        known, keys = self._today.get(charge.role, ("", ()))
        if known != day:
            keys = (*self.all, self.used(day))
            self._today[charge.role] = (day, keys)
        return keys

    def of_live_session(self) -> set[bytes]:
        """Those that must stay as long as the session lives, even when its clock stands still."""
        return {*self.all, *(key for _, keys in self._today.values() for key in keys)}

    def _key(self, name: str) -> bytes:
        return f"{self._prefix}{name}".encode()


def day_of(role: str, now: float) -> str:
    """The name of an account's day."""
    return f"{role}:{windows(now).day}"


class Charged(msgspec.Struct, kw_only=True, gc=False, omit_defaults=True):
    """One charge, for the scripts that take, send and give back. They read what is left out as nil."""

    now: float
    minute: int
    """The minute's number; hours and days follow from it."""
    mobiles: Sequence[str]
    ip: str
    fee: int
    listed: bool
    out_id: str
    once: str | None = None
    """What must be new, where that is not ``out_id`` itself."""
    token: str | None = None
    refused: bool = False
    due_at: float | None = None
    """When the account is to be told that the messages are final; None when it is not."""
    noted: bool = False
    """Whether it goes into the journal in the same step."""


class ChargeAsk(Ask, kw_only=True, gc=False, omit_defaults=False):
    """Charges of one account on one day, under one set of quotas."""

    role: str
    day: str
    quotas: Quotas
    prefix: str
    """Of message ids."""
    inbox_limit: int
    channel: str
    session_id: str
    charges: list[msgspec.Raw]
    """Each a Charged."""
    reservation: str = ""
    place: int = 1
    """Of the charge among those that were asked for together, counted from 1."""
    journal_limit: int = JOURNAL_LIMIT


class RecordAsk(Ask, kw_only=True, gc=False, omit_defaults=False):
    """Requests for the journal, and what was answered."""

    whole: int = 0
    """Requests that come with their answers."""
    before: int | None = None
    """What may have written the one request already, and was never answered."""
    before_place: int = 1
    """Which of those that it wrote that would be, counted from 1."""
    lost: int = 0
    """Requests that came before these, and are nowhere."""
    journal_limit: int = JOURNAL_LIMIT


class MatchAsk(Ask, kw_only=True, gc=False, omit_defaults=False):
    """A fault rule's match, or with ``fires`` an act that was not certain."""

    rule: str
    value: str | None
    limits: Limits
    fires: bool
    channel: str
    told: str


class TokenAsk(Ask, kw_only=True, gc=False):
    """A new token."""

    role: str
    token: str
    now: float
    lifetime: float
    grace: float = 0.0


class BalanceAsk(Ask, kw_only=True, gc=False, omit_defaults=False):
    """An account's new balance."""

    role: str
    amount: int


class StatusAsk(Ask, kw_only=True, gc=False, omit_defaults=False):
    """A message's new status."""

    serial: int
    status: str
    error: str
    done_at: float | None


class PendingAsk(Ask, kw_only=True, gc=False, omit_defaults=False):
    """A thing to be told, and the desk that would tell it, or has."""

    thing: str
    desk: str
    gone: Sequence[str] = ()
    """Desks whose claims are void."""
    at: float | None = None


class ReplyAsk(Ask, kw_only=True, gc=False, omit_defaults=False):
    """What is wanted of an account's replies."""

    role: str
    serial: int = 0
    since: float | None = None
    limit: int = 0


class MessagesAsk(Ask, kw_only=True, gc=False, omit_defaults=False):
    """Which messages: of a mobile or any, from one serial up to another, or the newest."""

    mobile: str
    after: int
    before: int | None
    limit: int
    newest: bool


class ClearAsk(Ask, kw_only=True, gc=False, omit_defaults=False):
    """How many days there were to clear away, and whether the session is over."""

    days: int
    dropped: bool


def charged(charge: Charge, *, noted: bool = False) -> msgspec.Raw:
    """A charge as the scripts take it, packed. Raises UnicodeEncodeError."""
    asked = Charged(
        now=charge.now,
        minute=windows(charge.now).minute,
        mobiles=[draft.mobile for draft in charge.drafts],
        ip=charge.ip,
        fee=charge.fee_each,
        out_id=charge.out_id,
        once=charge.once or None,
        token=charge.token,
        refused=charge.refusal is not None,
        listed=charge.listed,
        due_at=charge.due_at if charge.called_back else None,
        noted=noted,
    )
    return msgspec.Raw(_encode(asked))
