"""A reseller's send: reserved here, accepted above, then confirmed - or given back.

Both accounts are charged or neither. When it is unknown what happened above (the hop timed out, the
connection broke after the request) the reservation stays until the hop has found out.
"""

from collections.abc import Awaitable, Callable

from fakeproviders.domain.attempt import Attempt, Hop
from fakeproviders.failures import Reason
from fakeproviders.model import Refusal, Sent
from fakeproviders.stores.base import Charge, Reserved

UPSTREAM_ACCEPTS = "upstream_accepts"


class Unsettled(Refusal):
    """The caller is told UPSTREAM_UNAVAILABLE, and what really happened is still to be found out.

    ``settle`` takes what to do when the send was accepted above, and what when it was not.
    """

    def __init__(
        self,
        settle: Callable[[Callable[[], Awaitable[object]], Callable[[], Awaitable[object]]], None],
        why: str,
    ) -> None:
        super().__init__(Reason.UPSTREAM_UNAVAILABLE, "unsettled", why=why)
        self.settle = settle


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
    reservation = _Reservation(attempt, await attempt.store.reserve(charge))
    out_id = f"R{attempt.random.getrandbits(64):016x}"
    try:
        await hop.send(attempt.call, out_id)
    except Unsettled as open_end:
        open_end.rule = UPSTREAM_ACCEPTS
        open_end.settle(reservation.confirm_late, reservation.release)
        raise
    except Refusal as refusal:
        refusal.rule = UPSTREAM_ACCEPTS
        await reservation.release()
        raise
    except Exception:
        await reservation.release()
        raise
    return await reservation.confirm()
