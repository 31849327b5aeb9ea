"""``hang``: the request is accepted and never answered."""

from typing import ClassVar

from fakeproviders.faults.base import Chance, Interception, Wire
from fakeproviders.model import RawReply


class Hang(Interception, frozen=True):
    """Nothing is sent, nothing is answered, until the caller gives up."""

    name: ClassVar[str] = "hang"

    async def deliver(self, wire: Wire, reply: RawReply, chance: Chance) -> RawReply | None:
        """Keep silent."""
        del reply, chance
        await wire.hang()
        return None
