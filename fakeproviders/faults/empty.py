"""``empty``: the connection is closed in order, without a reply."""

from typing import ClassVar

from fakeproviders.faults.base import Chance, Interception, Wire
from fakeproviders.model import RawReply


class Empty(Interception, frozen=True):
    """A clean end of the connection where a reply should be; nothing is sent."""

    name: ClassVar[str] = "empty"

    async def deliver(self, wire: Wire, reply: RawReply, chance: Chance) -> RawReply | None:
        """Close the connection."""
        del reply, chance
        wire.close()
        return None
