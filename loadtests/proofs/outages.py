"""What clients were told around an outage of the store."""

from collections.abc import Sequence
from typing import NamedTuple

from fakeproviders.failures import Words
from loadtests.attempts import Ending
from loadtests.proofs.judging import Check
from loadtests.proofs.records import Record

AWAY = "maintenance"
ANSWERED_WITHIN, RECOVERED_WITHIN = 1.0, 2.0
"""Seconds."""


class Outage(NamedTuple):
    """Moments of the machine's monotonic clock."""

    way: str
    away: float
    """From here on it answers nobody."""
    returning: float
    """It is begun to be brought back."""
    back: float
    """From here on it answers."""
    over: float
    """Sends are accepted again for some time."""


def outage_checks(records: Sequence[Record], outage: Outage, *, judges_time: bool) -> list[Check]:
    """Refused while it is away, soon, and accepted soon after."""
    during = [r for r in records if outage.away <= r.began and r.ended <= outage.returning]
    around = [r for r in records if outage.away <= r.ended and r.began <= outage.over]
    after = [r for r in records if outage.back <= r.ended and r.began <= outage.over]
    return [
        _only_refusals(during, outage),
        _soon(around, outage, judges_time=judges_time),
        _recovered(after, outage, judges_time=judges_time),
    ]


def _only_refusals(during: Sequence[Record], outage: Outage) -> Check:
    """There are some, each in the provider's form, for this reason."""
    right = sum(record.slug == AWAY for record in during)
    words = Words(
        zh=f"期间响应 {len(during)} 次，其中以 {AWAY} 拒绝 {right} 次",
        en=f"{len(during)} answers meanwhile, {right} of them refused as {AWAY}",
    )
    return Check(f"{outage.way}.only_refusals", 0 < right == len(during), words)


def _soon(around: Sequence[Record], outage: Outage, *, judges_time: bool) -> Check:
    longest = max((record.took for record in around), default=0.0)
    words = Words(
        zh=f"响应最久 {longest:.3f} s（上限 {ANSWERED_WITHIN:g} s）",
        en=f"the longest answer took {longest:.3f} s (at most {ANSWERED_WITHIN:g} s)",
    )
    passed = longest <= ANSWERED_WITHIN if judges_time else None
    return Check(f"{outage.way}.answered_soon", passed, words)


def _recovered(after: Sequence[Record], outage: Outage, *, judges_time: bool) -> Check:
    """From when the store answers until the last refusal."""
    refused = [record.ended for record in after if record.ending is not Ending.ACCEPTED]
    seconds = max(refused, default=outage.back) - outage.back
    words = Words(
        zh=f"Redis 恢复后 {seconds:.3f} s 不再拒绝（上限 {RECOVERED_WITHIN:g} s）",
        en=f"the last refusal came {seconds:.3f} s after Redis was back (at most {RECOVERED_WITHIN:g} s)",
    )
    passed = seconds <= RECOVERED_WITHIN if judges_time else None
    return Check(f"{outage.way}.recovered", passed, words)
