"""What the core asks of a store. One contract, one test suite for all stores."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import msgspec

from fakeproviders.model import Message, Refusal, Sent
from fakeproviders.settings import BY_HAND, Quotas, Receipts


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
    """An access token to check first; None where the wire has none."""
    refusal: Refusal | None = None
    listed: bool = True
    """False keeps the messages out of the inbox: the hop behind a reseller's send."""
    receipts: Receipts = BY_HAND
    """How and when the messages become final."""


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


class MessageFilter(NamedTuple):
    """Which messages are asked for; empty is any."""

    mobile: str = ""
    provider: str = ""


class SessionStore(Protocol):
    """The state of one session. ``role`` is the account: official, upstream, reseller, erban."""

    async def issue_token(
        self, role: str, token: str, *, now: float, lifetime: float, grace: float
    ) -> None:
        """Make a token valid for ``lifetime`` seconds; older ones end after ``grace`` at most."""

    async def token_valid(self, role: str, token: str, now: float) -> bool:
        """Whether this token is in force."""

    async def commit(self, charge: Charge) -> Sent:
        """Check and charge in one atomic step, and send. Raises Refusal; then nothing is charged."""

    async def reserve(self, charge: Charge) -> None:
        """Check and charge in one atomic step, send nothing yet. Raises Refusal.

        The caller's ``out_id`` is taken from now on.
        """

    async def confirm(self, charge: Charge) -> Sent:
        """Send what was reserved."""

    async def release(self, charge: Charge) -> None:
        """Give back what was reserved, in those windows that still run."""

    async def balance(self, role: str) -> int:
        """What is left, in units of price."""

    async def set_balance(self, role: str, amount: int) -> None:
        """Replace the balance."""

    async def usage(self, role: str, quotas: Quotas, now: float) -> list[BucketUse]:
        """Every bucket that has a limit or was used in the running window."""

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

    async def latest_messages(self, wanted: MessageFilter, limit: int) -> Sequence[Message]:
        """The newest listed messages, newest first."""

    @property
    def era(self) -> int:
        """How often clear() was called: what was begun in another era is void."""

    @property
    def next_message(self) -> int:
        """The serial that the next message gets."""

    @property
    def oldest_message(self) -> int:
        """The serial of the oldest message that is still here; the next one's when there is none."""

    @property
    def messages_evicted(self) -> int:
        """How many messages the inbox has forgotten because it is bounded."""

    async def clear(self) -> None:
        """Forget tokens, usage, messages; balances go back to what set_balance gave last."""


class Store(Protocol):
    """All sessions' state."""

    def open(self, session_id: str) -> SessionStore:
        """The state of a session, empty when it is new."""

    async def drop(self, session_id: str) -> None:
        """Forget a session's state."""

    async def close(self) -> None:
        """Let go of connections."""

    async def ready(self) -> bool:
        """Whether the store can work just now."""
