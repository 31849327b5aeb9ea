"""``trickle``: the reply comes in small pieces."""

from typing import ClassVar

from fakeproviders.faults.base import Chance, Fault, Wire, between
from fakeproviders.http1 import head
from fakeproviders.model import RawReply


class Trickle(Fault, frozen=True):
    """``bytes`` of the reply every ``ms`` of real time, its head included."""

    name: ClassVar[str] = "trickle"

    bytes: int = 16
    ms: float = 100.0

    def __post_init__(self) -> None:
        between("bytes", self.bytes, 1, 1 << 20)
        between("ms", self.ms, 0, 60_000)

    async def deliver(self, wire: Wire, reply: RawReply, chance: Chance) -> RawReply | None:
        """Write piece by piece, then close."""
        del chance
        whole = head(reply) + reply.body
        for start in range(0, len(whole), self.bytes):
            if start:
                await wire.sleep(self.ms / 1000)
            wire.write(whole[start : start + self.bytes])
        wire.close()
        return None
