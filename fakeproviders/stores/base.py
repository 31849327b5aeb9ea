"""What the core asks of a store. One contract, one test suite for all stores."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import msgspec

from fakeproviders.failures import Reason
from fakeproviders.model import Message, Refusal, Reply, Sent
from fakeproviders.settings import BY_HAND, Quotas, Receipts
from fakeproviders.sharing.base import Sharing
from fakeproviders.soon import Soon
from fakeproviders.stores.pending import Onward, Pending, Processes
from fakeproviders.stores.records import Record, Records
from fakeproviders.stores.tallies import Tallies

INBOX_LIMIT = 100_000
"""Messages that a session keeps."""
STORE_AVAILABLE = "store_available"
"""The rule that a refusal of a store that is away names."""


class Draft(msgspec.Struct, gc=False, frozen=True):
    """A message that is to be sent to one mobile."""

    mobile: str
    content: str
    signature: str = ""
    template_id: str = ""


class Charge(msgspec.Struct, gc=False, frozen=True):
    """One send as the store sees it: done as a whole or not at all.

    The order in which it can fail: ``token``, then ``refusal`` (what the rules decided already),
    then duplicate ``out_id``, quotas, balance.
    """

    role: str
    now: float
    """Epoch seconds of the session's clock."""
    quotas: Quotas
    drafts: tuple[Draft, ...]
    ip: str
    segments: int
    fee_each: int
    """For one mobile."""
    out_id: str = ""
    once: str = ""
    """What must be new, where that is not ``out_id`` itself: a batch's is new for each mobile."""
    token: str | None = None
    """A token to check first; one that is good for one send is used up. None where the request has none."""
    refusal: Refusal | None = None
    listed: bool = True
    """False keeps the messages out of the inbox: the hop behind a reseller's send."""
    receipts: Receipts = BY_HAND
    """How and when the messages become final."""
    send_at: float | None = None
    """When they are sent, if not at once; all of it is charged now."""
    called_back: bool = False
    """Whether the account wants to be told when they become final."""

    @property
    def due_at(self) -> float | None:
        """When the messages become final by themselves."""
        return self.receipts.due_at(self.now if self.send_at is None else self.send_at)


class StoreUnavailable(Refusal):
    """The store cannot be asked just now: the provider is out of order, for this reason.

    What was asked for has not been done, and will not be. ``why`` is for the trace.
    """

    def __init__(self, why: str) -> None:
        super().__init__(Reason.MAINTENANCE, "store", why=why)
        self.rule = STORE_AVAILABLE
        self.why = why


def once_each(out_id: str, mobile: str) -> str:
    """What a batch's out_id makes new for one of its mobiles."""
    return f"{out_id}/{mobile}"


class BucketUse(msgspec.Struct, frozen=True):
    """One quota bucket: what is used of its limit in the running window."""

    bucket: str
    key: str
    """The mobile or address it counts; empty for the account's own."""
    used: int
    limit: int | None
    window: str
    """``second``, ``minute``, ``hour`` or ``day``."""
    resets_at: float


class Reserved(msgspec.Struct, frozen=True, gc=False):
    """A charge that is made and neither confirmed nor released yet."""

    charge: Charge
    id: str


class InboxEnds(NamedTuple):
    """How far an inbox goes, in serials."""

    oldest: int
    """Of the oldest message that is still here; the next one's when there is none."""
    next: int
    """That the next message gets."""
    evicted: int
    """How many messages were forgotten because the inbox is bounded."""


class MessageFilter(NamedTuple):
    """Which messages or replies are asked for; empty is any."""

    mobile: str = ""
    provider: str = ""

    def fits(self, item: Message | Reply) -> bool:
        """Whether it is asked for."""
        return (not self.mobile or item.mobile == self.mobile) and (
            not self.provider or item.provider == self.provider
        )


class SessionStore(Protocol):
    """The state of one session. ``role`` is the account: official, upstream, reseller, erban."""

    @property
    def pending(self) -> Pending | None:
        """What is still to be done; None in a store that dies with its process."""

    @property
    def records(self) -> Records | None:
        """The journal that all processes share; None in a store that only this process knows."""

    async def issue_token(
        self, role: str, token: str, *, now: float, lifetime: float, grace: float
    ) -> None:
        """Make a token valid for ``lifetime`` seconds; older ones end after ``grace`` at most."""

    async def issue_once(self, role: str, token: str, *, now: float, lifetime: float) -> None:
        """Make a token valid for ``lifetime`` seconds and one send; others stay as they are."""

    async def token_valid(self, role: str, token: str, now: float) -> bool:
        """Whether this token is in force."""

    def commit(self, charge: Charge, record: Record | None = None) -> Soon[Sent]:
        """Check and charge in one atomic step, and send. Raises Refusal; then nothing is charged.

        A store with records writes ``record`` in the same step, whatever comes of it.

        A store that has to wait for its answer returns an awaitable, which then raises.
        """

    async def reserve(self, charge: Charge, onward: Onward | None = None) -> Reserved:
        """Check and charge in one atomic step, send nothing yet. Raises Refusal.

        The caller's ``out_id`` is taken from now on. ``onward`` is kept with it, for who settles it if
        this process dies.
        """

    async def confirm(self, reserved: Reserved) -> Sent | None:
        """Send what was reserved; None when clear() has made it void.

        Raises StoreUnavailable; it is then sent as soon as the store is back.
        """

    async def release(self, reserved: Reserved) -> None:
        """Give back what was reserved, in those windows that still run; nothing when it is void.

        While the store is away this only notes it, for as soon as the store is back.
        """

    async def balance(self, role: str) -> int:
        """What is left, in units of price."""

    async def set_balance(self, role: str, amount: int) -> None:
        """Replace the balance."""

    async def usage(self, role: str, quotas: Quotas, now: float) -> list[BucketUse]:
        """Every bucket that has a limit or was used in the running window."""

    async def fullest(self, role: str, quotas: Quotas, now: float) -> dict[str, float]:
        """What is used of each bucket that has a limit, as a share of it: of the fullest key. 1 for a limit of 0."""

    async def message(self, message_id: str) -> Message | None:
        """One message, listed or not; None when it never was or was evicted."""

    async def message_by_out_id(self, role: str, out_id: str) -> Message | None:
        """The first message that was accepted under a caller's id."""

    async def set_status(self, message_id: str, status: str, error: str, at: float) -> bool:
        """Change a message's delivery status; it no longer changes by itself. False without such a message."""

    async def messages(
        self, wanted: MessageFilter, *, after: int, limit: int, wait: float
    ) -> tuple[Sequence[Message], int]:
        """Listed messages with serials from ``after`` on, oldest first, and the next serial to ask for.

        Without any, waits up to ``wait`` real seconds for the first.
        """

    async def latest_messages(
        self, wanted: MessageFilter, limit: int, before: int | None = None
    ) -> Sequence[Message]:
        """The newest listed messages, newest first; of those before a serial, where one is given."""

    async def add_reply(self, role: str, mobile: str, content: str, at: float) -> Reply:
        """Keep what a person answered to an account."""

    async def reply(self, reply_id: str) -> Reply | None:
        """One reply; None when it never was or was evicted."""

    async def fetch_replies(self, role: str, *, since: float | None, limit: int) -> list[Reply]:
        """An account's replies that are not read, from a moment on, oldest first; now they are fetched."""

    async def mark_read(self, role: str, reply_id: str) -> bool:
        """Mark a reply read; once more is harmless. False when the account has no such reply."""

    async def latest_replies(self, wanted: MessageFilter, limit: int) -> Sequence[Reply]:
        """The newest replies, newest first."""

    async def inbox_ends(self) -> InboxEnds:
        """How far the inbox goes, now."""

    async def clear(self) -> None:
        """Forget tokens, usage, messages, replies; balances go back to what set_balance gave last."""


class Store(Protocol):
    """All sessions' state. What needs it and cannot have it raises StoreUnavailable."""

    @property
    def processes(self) -> Processes | None:
        """Those that work on this store; None in a store that is one process's own."""

    async def start(self) -> None:
        """Make sure that it can work. Raises StoreUnavailable."""

    def open(self, session_id: str) -> SessionStore:
        """The state of a session, empty when it is new."""

    async def drop(self, session_id: str) -> None:
        """Forget a session's state; a store that is away does so by itself, in time."""

    def let_go(self, session_id: str) -> None:
        """Another process has dropped this session: keep nothing of it here."""

    def sharing(self) -> Sharing:
        """How this process's sessions are shared with others."""

    def tallies(self, run: str) -> Tallies | None:
        """What the processes of one server have counted; None in a store that is one process's own."""

    async def close(self) -> None:
        """Let go of connections."""

    async def ready(self) -> bool:
        """Whether the store can work just now."""
