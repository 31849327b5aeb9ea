"""``reset``: the connection ends with RST."""

from typing import ClassVar

from fakeproviders.failures import Words
from fakeproviders.faults.base import Chance, Fault, Wire
from fakeproviders.http1 import head
from fakeproviders.misfit import Misfit
from fakeproviders.model import RawReply


class Reset(Fault, frozen=True):
    """A real RST. Without ``after_bytes`` it comes before any byte of a reply, and nothing is sent.

    With it the request is handled, and so many bytes of its reply are written first.
    """

    name: ClassVar[str] = "reset"

    after_bytes: int | None = None

    def __post_init__(self) -> None:
        if self.after_bytes is not None and self.after_bytes < 0:
            words = Words(
                zh=f"after_bytes 必须不小于 0，而不是 {self.after_bytes}",
                en=f"after_bytes must be 0 or more, not {self.after_bytes}",
            )
            raise Misfit("", words)

    @property
    def intercepts(self) -> bool:
        """Only when there is no reply to begin with."""
        return self.after_bytes is None

    async def deliver(self, wire: Wire, reply: RawReply, chance: Chance) -> RawReply | None:
        """Write what is to be written, and reset the connection."""
        del chance
        if self.after_bytes:
            wire.write((head(reply) + reply.body)[: self.after_bytes])
            await wire.drain()
        wire.reset()
        return None
