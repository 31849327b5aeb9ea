"""``reply_lost``: the send is accepted and charged, and its reply never arrives.

This is the fault that makes an integration send twice.
"""

from typing import ClassVar

from fakeproviders.faults.base import Chance, Fault, Wire
from fakeproviders.model import RawReply


class ReplyLost(Fault, frozen=True):
    """The request is handled in full, then the connection drops: FIN, or RST with ``reset``."""

    name: ClassVar[str] = "reply_lost"

    reset: bool = False

    async def deliver(self, wire: Wire, reply: RawReply, chance: Chance) -> RawReply | None:
        """Drop the connection."""
        del reply, chance
        if self.reset:
            wire.reset()
        else:
            wire.close()
        return None
