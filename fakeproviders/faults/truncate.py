"""``truncate``: Content-Length promises more than the body holds."""

from typing import ClassVar

from fakeproviders.failures import Words
from fakeproviders.faults.base import Chance, Fault, Wire, between
from fakeproviders.http1 import head
from fakeproviders.misfit import Misfit
from fakeproviders.model import RawReply


class Truncate(Fault, frozen=True):
    """The head is whole, of the body only the ``keep`` share (0 to 1) or the first ``bytes`` come."""

    name: ClassVar[str] = "truncate"

    keep: float = 0.5
    bytes: int | None = None

    def __post_init__(self) -> None:
        between("keep", self.keep, 0, 1)
        if self.bytes is not None and self.bytes < 0:
            words = Words(
                zh=f"bytes 必须不小于 0，而不是 {self.bytes}",
                en=f"bytes must be 0 or more, not {self.bytes}",
            )
            raise Misfit("", words)

    async def deliver(self, wire: Wire, reply: RawReply, chance: Chance) -> RawReply | None:
        """Write the head and a part of the body, then close."""
        del chance
        whole = len(reply.body)
        part = int(whole * self.keep) if self.bytes is None else self.bytes
        promised = max(whole, part + 1)
        wire.write(head(reply, content_length=promised) + reply.body[:part])
        wire.close()
        return None
