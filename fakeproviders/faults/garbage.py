"""``garbage``: bytes that are no HTTP."""

from random import Random
from typing import ClassVar

from fakeproviders.faults.base import Chance, Interception, Wire, between
from fakeproviders.model import RawReply


class Garbage(Interception, frozen=True):
    """So many random ``bytes`` instead of a reply, the same for the same draw; nothing is sent."""

    name: ClassVar[str] = "garbage"

    bytes: int = 64

    def __post_init__(self) -> None:
        between("bytes", self.bytes, 1, 1 << 20)

    async def deliver(self, wire: Wire, reply: RawReply, chance: Chance) -> RawReply | None:
        """Write the bytes, then close. The first is never the H of HTTP."""
        del reply
        drawn = bytearray(Random(chance.uniform("garbage")).randbytes(self.bytes))  # noqa: S311
        drawn[0] |= 0x80
        wire.write(drawn)
        wire.close()
        return None
