"""What came of a proof."""

import msgspec

from fakeproviders.failures import Words
from loadtests.proofs.judging import Check
from loadtests.proofs.proof import Figures


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Passed or not, and why."""

    name: str
    sentence: Words
    passed: bool
    seconds: float = 0.0
    figures: Figures = {}
    checks: list[Check] = []
    broken: Words | None = None
    """Why it has not come to an end."""
