"""What a rule looks at: one call of one account, at one moment."""

import random
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Protocol

import msgspec

from fakeproviders.account import Account
from fakeproviders.model import Call, Sent
from fakeproviders.settings import Signature, Template
from fakeproviders.stores.base import SessionStore
from fakeproviders.stores.pending import Onward
from fakeproviders.stores.records import Record


class Hop(Protocol):
    """The way on from a reseller to the platform above it."""

    async def send(self, call: Call, out_id: str) -> None:
        """Forward an accepted send under an id of the reseller's own; return when it is accepted there.

        Raises Refusal with what failed up there, or UPSTREAM_UNAVAILABLE when that is known not to
        have accepted it, and Unsettled when nobody knows.
        """

    def settle(
        self,
        onward: Onward,
        accepted: Callable[[], Awaitable[object]],
        refused: Callable[[], Awaitable[object]],
    ) -> None:
        """Find out in the background whether a send was accepted there, and then do the one or the other."""


class Attempt(msgspec.Struct, gc=False):
    """A rule takes this and raises Refusal, or returns."""

    call: Call
    account: Account
    store: SessionStore
    now: float
    """Epoch seconds of the session's clock."""
    real_now: float
    """Epoch seconds of the host, by which proofs are judged."""
    random: random.Random
    hop: Hop | None = None
    session_id: str = ""
    record: Record | None = None
    """What the journal is to know of a send, in the step that commits it."""
    signature: Signature | None = None
    """The call's, once signature_approved has looked it up."""
    template: Template | None = None
    """The call's, once template_approved has looked it up."""
    texts: dict[str, str] | None = None
    """Its parameters as they stand in the message, once params_fit has read them."""
    segments: int = 0
    """Of the text, once content_allowed has counted them."""
    change: Callable[[], AbstractAsyncContextManager[None]] = nullcontext
    """Inside its block the account's settings may be changed; see Sessions.change."""
    on_sent: Callable[[Sent], None] | None = None
    """Told of every send that was charged: its receipts may have to be called back."""

    def sent(self, sent: Sent) -> Sent:
        """Pass on what the store has sent."""
        if self.on_sent is not None:
            self.on_sent(sent)
        return sent
