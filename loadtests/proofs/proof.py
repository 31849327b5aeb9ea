"""What a proof is: a sentence, what it needs, and what it finds."""

from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, NamedTuple

from fakeproviders.failures import Words
from loadtests.attempts import Ending
from loadtests.proofs.judging import Check
from loadtests.proofs.records import Record
from loadtests.proofs.sizes import Size

Figures = Mapping[str, float]
Show = Callable[[int, int, int], None]
"""Takes how many attempts have ended, of how many, and how many of them were accepted."""


class Found(NamedTuple):
    """What a proof has found."""

    figures: Figures
    checks: Sequence[Check]

    @property
    def passed(self) -> bool:
        """Whether all that is judged is as it must be, and something is."""
        judged = [check.passed for check in self.checks if check.passed is not None]
        return bool(judged) and all(judged)


class Proof(NamedTuple):
    """One proof."""

    name: str
    sentence: Words
    run: Callable[[Size, Show], Coroutine[Any, Any, Found]]
    needs: str = ""
    """A program without which it cannot be run."""


def figures_of(records: Sequence[Record]) -> Figures:
    """How many attempts ended how, and what they took."""
    endings = Counter(record.ending for record in records)
    seconds = max(r.ended for r in records) - min(r.began for r in records)
    return {
        "attempts": len(records),
        **{ending.value: endings[ending] for ending in Ending},
        "seconds": seconds,
        "per_second": len(records) / seconds,
        "longest_seconds": max(record.took for record in records),
    }
