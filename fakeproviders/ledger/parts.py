"""What is charged or refused as one: a send as a whole, a batch mobile by mobile."""

from collections.abc import Iterator
from typing import NamedTuple

from fakeproviders.journal import Entry
from fakeproviders.model import Accepted, BatchSent, Outcome, Refused, Sent


class Part(NamedTuple):
    """Mobiles that share one outcome."""

    mobiles: tuple[str, ...]
    outcome: Outcome

    def refused_by(self, bucket: str, key: str) -> bool:
        """Whether it was refused for this quota of this key."""
        if not isinstance(self.outcome, Refused):
            return False
        facts = self.outcome.facts
        return facts.get("bucket") == bucket and facts.get("key") == key


def parts(entry: Entry) -> Iterator[Part]:
    """The parts of a send that was decided; none where a fault kept it from that."""
    outcome = entry.outcome
    if isinstance(outcome, Refused):
        yield Part(entry.call.mobiles, outcome)
    elif isinstance(outcome, Accepted) and isinstance(outcome.result, BatchSent):
        for mobile, own in outcome.result.results:
            yield Part((mobile,), own)
    elif isinstance(outcome, Accepted) and isinstance(outcome.result, Sent):
        yield Part(entry.call.mobiles, outcome)
