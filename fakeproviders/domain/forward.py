"""A reseller's send: reserved here, accepted above, then confirmed - or given back.

Both accounts are charged or neither. When it is unknown what happened above (the hop timed out, the
connection broke after the request) the reservation stays until the hop has found out. A store that
outlives the process keeps with the reservation how another process finds out; see duties.
"""

import asyncio

from fakeproviders.domain.attempt import Attempt, Hop
from fakeproviders.failures import Reason
from fakeproviders.model import Refusal, Sent
from fakeproviders.stores.base import Charge, Reserved, StoreUnavailable
from fakeproviders.stores.pending import Onward

UPSTREAM_ACCEPTS = "upstream_accepts"


class Unsettled(Refusal):
    """The caller is told UPSTREAM_UNAVAILABLE, and what really happened is still to be found out."""

    def __init__(self, why: str) -> None:
        super().__init__(Reason.UPSTREAM_UNAVAILABLE, "unsettled", why=why)


class _Reservation:
    """A charge that is made and not yet confirmed; void once the session was reset."""

    def __init__(self, attempt: Attempt, reserved: Reserved) -> None:
        self._attempt = attempt
        self._reserved = reserved

    async def confirm(self) -> Sent:
        """Send it. Raises Refusal when the session began anew meanwhile."""
        sent = await self.confirm_late()
        if sent is None:
            void = Refusal(Reason.UPSTREAM_UNAVAILABLE, "reset")
            void.rule = UPSTREAM_ACCEPTS
            raise void
        return sent

    async def confirm_late(self) -> Sent | None:
        """Send it, its caller long told that nothing is known."""
        sent = await self._attempt.store.confirm(self._reserved)
        return None if sent is None else self._attempt.sent(sent)

    async def release(self) -> None:
        """Give it back."""
        await self._attempt.store.release(self._reserved)


async def forward(attempt: Attempt, hop: Hop, charge: Charge) -> Sent:
    """Reserve, forward, confirm or release. Raises Refusal."""
    onward = Onward(f"R{attempt.random.getrandbits(64):016x}", attempt.call.sign_key or "")
    reservation = _Reservation(attempt, await attempt.store.reserve(charge, onward))
    try:
        await hop.send(attempt.call, onward.out_id)
    except Unsettled as open_end:
        open_end.rule = UPSTREAM_ACCEPTS
        hop.settle(onward, reservation.confirm_late, reservation.release)
        raise
    except (
        asyncio.CancelledError
    ):  # nobody waits for the answer; the send may be accepted all the same
        hop.settle(onward, reservation.confirm_late, reservation.release)
        raise
    except Refusal as refusal:
        refusal.rule = UPSTREAM_ACCEPTS
        await reservation.release()
        raise
    except Exception:
        await reservation.release()
        raise
    try:
        return await reservation.confirm()
    except StoreUnavailable as away:  # accepted above, and confirmed as soon as the store is back
        unsettled = Unsettled(away.why)
        unsettled.rule = UPSTREAM_ACCEPTS
        raise unsettled from None
