"""``malformed``: well-formed HTTP, and a body that is broken JSON or XML."""

from typing import ClassVar

from fakeproviders.faults.base import Chance, Fault, Wire
from fakeproviders.model import RawReply
from fakeproviders.replies import with_body


class Malformed(Fault, frozen=True):
    """The request is handled; of the reply's body the second half is missing, and the length says so."""

    name: ClassVar[str] = "malformed"

    async def deliver(self, wire: Wire, reply: RawReply, chance: Chance) -> RawReply | None:
        """The reply with half of its body."""
        del wire, chance
        return with_body(reply, reply.body[: len(reply.body) // 2])
