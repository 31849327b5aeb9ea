"""Several faults at once, as a list in ``do``: each acts on what the one before it left."""

from fakeproviders.failures import Reason
from fakeproviders.faults.base import Chance, Fault, Wire
from fakeproviders.model import RawReply


class Composite(Fault, frozen=True):
    """``[{"delay": {"ms": 300}}, "rate_limited"]``: the parts in order."""

    parts: tuple[Fault, ...]

    @property
    def intercepts(self) -> bool:
        """Whether any part keeps the request from being handled."""
        return any(part.intercepts for part in self.parts)

    @property
    def reason(self) -> Reason | None:
        """The refusal of the first part that is one."""
        return next((part.reason for part in self.parts if part.reason), None)

    async def deliver(self, wire: Wire, reply: RawReply, chance: Chance) -> RawReply | None:
        """Each part in turn, until one has dealt with the connection."""
        left: RawReply | None = reply
        for part in self.parts:
            if left is None:
                return None
            left = await part.deliver(wire, left, chance)
        return left

    @property
    def label(self) -> str:
        """The parts' labels, joined."""
        return " + ".join(part.label for part in self.parts)

    @property
    def names(self) -> tuple[str, ...]:
        """The parts' names."""
        return tuple(name for part in self.parts for name in part.names)
