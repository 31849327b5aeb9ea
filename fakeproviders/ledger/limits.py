"""Were the limits held, exactly? Every window of every quota is counted again, apart from the store.

A window is exact when it holds no more than its limit, and no less when something was refused for
it. A token bucket (``account_per_second``) may hold its rate once, and drains evenly: in k seconds in a
row, no more than rate x (k + 1) can be accepted; and a refusal's own facts show that it was full.

What several processes answer comes out of order by up to LATE seconds: so long a window that is over is
kept. What comes later still, or finds too many windows, is counted as not judged.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec import structs

from fakeproviders.account import Account
from fakeproviders.clock import BEIJING_OFFSET, iso
from fakeproviders.domain.forward import UPSTREAM_ACCEPTS
from fakeproviders.journal import Entry
from fakeproviders.ledger.document import MOST_EXAMPLES, Inexact, Limit, Reasons
from fakeproviders.ledger.examples import Examples
from fakeproviders.ledger.parts import Part, parts
from fakeproviders.model import Refused
from fakeproviders.settings import Quotas
from fakeproviders.stores.base import BucketUse
from fakeproviders.stores.windows import BUCKETS, LATE, SECONDS, window

MOST_WINDOWS = 50_000
"""Keys of one quota that are followed in the same minute, hour or day; of all of them twice as many."""
RATE = "account_per_second"
_BY_QUOTA = frozenset(reason for _, reason in BUCKETS.values())


class _Cell:
    """One window of one key."""

    __slots__ = ("accepted", "before", "given_back", "high", "low", "refused", "smallest")

    def __init__(self, before: int = 0) -> None:
        self.before = before
        """Used when the run began."""
        self.accepted = self.refused = self.given_back = 0
        self.smallest = 0
        """The least that was refused at once."""
        self.low = self.high = -1
        """The limits that were in force."""

    def limited(self, limit: int) -> None:
        """This limit is in force."""
        self.low = limit if self.low < 0 else min(self.low, limit)
        self.high = max(self.high, limit)

    @property
    def used(self) -> int:
        return self.before + self.accepted

    @property
    def is_over(self) -> bool:
        return self.used > max(self.high, self.before)

    @property
    def is_short(self) -> bool:
        """What was reserved and given back may have stood in the way of others for a while."""
        return self.refused > 0 and self.used + self.given_back + self.smallest <= self.low


class _Row(NamedTuple):
    """Seconds in a row, up to one of them: the most that is accepted in any of them beyond its share."""

    second: int = 0
    excess: int = 0

    def and_then(self, second: int, cell: _Cell) -> "_Row":
        """The row up to a later second; in those between nothing was accepted."""
        drained = self.excess - cell.high * (second - self.second - 1)
        return _Row(second, max(0, drained) + cell.accepted - cell.high)


class _Bucket:
    """One quota of one account."""

    def __init__(self, provider: str, bucket: str) -> None:
        self.total = Limit(provider, bucket, 0)
        self._seconds = SECONDS.get(BUCKETS[bucket][0], 1)
        self._cells: dict[int, dict[str, _Cell]] = {}
        """By the window's number and its key."""
        self._followed = 0
        self._settled = self._open_from = 0
        """The first window that is not judged yet, and the first that takes keys which are new in it."""
        self._row = _Row()

    def begin(self, use: BucketUse, now: float) -> None:
        """What was used before the run."""
        if use.used and use.bucket != RATE:
            self._follow(window(now, self._seconds), use.key, _Cell(use.used))

    def cell(self, key: str, now: float, limit: int) -> _Cell | None:
        """The window of a key; None where it is not followed."""
        number = window(now, self._seconds)
        found = self._cells.get(number, {}).get(key)
        if found is None:
            if not self._has_room(number, now):
                return None
            found = self._follow(number, key, _Cell())
        found.limited(limit)
        self.total.limit = limit
        return found

    def judged(self) -> Limit:
        """The counts, those windows included that still run."""
        whole = structs.replace(self.total, inexact=list(self.total.inexact))
        row = self._row
        for number in sorted(self._cells):
            row = self._judge_all(whole, number, row)
        return whole

    def _follow(self, number: int, key: str, cell: _Cell) -> _Cell:
        self._followed += 1
        self._cells.setdefault(number, {})[key] = cell
        return cell

    def _has_room(self, number: int, now: float) -> bool:
        """Whether a window takes one more key. Where it once did not, it never does: sends would be missing."""
        if number < self._open_from:
            return False
        if self._followed >= MOST_WINDOWS:
            self._settle(window(now - LATE, self._seconds))
        if len(self._cells.get(number, ())) < MOST_WINDOWS and self._followed < 2 * MOST_WINDOWS:
            return True
        self._open_from = number + 1
        return False

    def _settle(self, running: int) -> None:
        """Judge and forget all windows before this one."""
        if running <= self._settled:
            return
        self._settled = running
        self._open_from = max(self._open_from, running)
        for number in sorted(number for number in self._cells if number < running):
            self._row = self._judge_all(self.total, number, self._row)
            self._followed -= len(self._cells.pop(number))

    def _judge_all(self, total: Limit, number: int, row: _Row) -> _Row:
        """Count the windows of all keys; the row of seconds up to them."""
        cells = self._cells[number]
        for key in sorted(cells):
            row = self._judge(total, (number, key), cells[key], row)
        return row

    def _judge(self, total: Limit, place: tuple[int, str], cell: _Cell, row: "_Row") -> "_Row":
        """Count a window; the row of seconds up to it."""
        if cell.high < 0:
            return row
        total.windows += 1
        total.accepted += cell.accepted
        total.refused += cell.refused
        total.peak = max(total.peak, (cell.used + cell.refused) / max(1, cell.low))
        is_over, is_short = cell.is_over, cell.is_short
        if total.bucket == RATE:
            row = row.and_then(place[0], cell)
            is_over, is_short = row.excess > cell.high, False
        total.over += is_over
        total.short += is_short
        if (is_over or is_short) and len(total.inexact) < MOST_EXAMPLES:
            begins = float(place[0] * self._seconds - BEIJING_OFFSET)
            total.inexact.append(Inexact(place[1], iso(begins), cell.high, cell.used, cell.refused))
        return row


class Limits:
    """All quotas of all accounts."""

    def __init__(self, accounts: Mapping[str, Account], examples: Examples) -> None:
        self._accounts = accounts
        self._examples = examples
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self.reasons = Reasons()

    def begin(self, role: str, used: Iterable[BucketUse], now: float) -> None:
        """What an account had used before the run."""
        for use in used:
            self._bucket(role, use.bucket).begin(use, now)

    def add(self, entry: Entry) -> None:
        """Count a send."""
        quotas = self._accounts[entry.role].settings.quotas
        for part in parts(entry):
            for bucket in BUCKETS:
                limit = getattr(quotas, bucket)
                if limit is not None:
                    self._count(entry, part, bucket, limit)
            if isinstance(part.outcome, Refused):
                self._check_reason(entry, part, quotas)

    def judged(self) -> list[Limit]:
        """Every quota that was in force."""
        found = [bucket.judged() for _, bucket in sorted(self._buckets.items())]
        return [limit for limit in found if limit.windows or limit.not_judged]

    def _bucket(self, role: str, bucket: str) -> _Bucket:
        found = self._buckets.get((role, bucket))
        if found is None:
            found = self._buckets[role, bucket] = _Bucket(role, bucket)
        return found

    def _count(self, entry: Entry, part: Part, bucket: str, limit: int) -> None:
        for key, number in _keys(entry, part, bucket):
            found = self._bucket(entry.role, bucket)
            cell = found.cell(key, entry.at, limit)
            if cell is None:
                found.total.not_judged += number
            elif not isinstance(part.outcome, Refused):
                cell.accepted += number
            elif part.refused_by(bucket, key):
                cell.refused += number
                cell.smallest = min(cell.smallest or number, number)
            elif part.outcome.rule == UPSTREAM_ACCEPTS:
                cell.given_back += number

    def _check_reason(self, entry: Entry, part: Part, quotas: Quotas) -> None:
        outcome = part.outcome
        assert isinstance(outcome, Refused)  # noqa: S101 - the caller has looked
        if outcome.reason not in _BY_QUOTA or outcome.rule in {"fault", UPSTREAM_ACCEPTS}:
            return
        self.reasons.checked += 1
        if why := _contradiction(part, outcome, quotas):
            self.reasons.wrong += 1
            self._examples.add(
                "reason", entry, reason=str(outcome.reason), why=why, **outcome.facts
            )


def _keys(entry: Entry, part: Part, bucket: str) -> Iterator[tuple[str, int]]:
    """Whom a bucket counts a send for, and how often."""
    if bucket.startswith("mobile"):
        for mobile in dict.fromkeys(part.mobiles):
            yield mobile, part.mobiles.count(mobile)
    else:
        yield entry.call.ip if bucket.startswith("ip") else "", len(part.mobiles)


def _contradiction(part: Part, refused: Refused, quotas: Quotas) -> str:
    """What in a refusal's facts does not fit its reason; empty when all does."""
    facts = refused.facts
    bucket, used, limit = facts.get("bucket"), facts.get("used"), facts.get("limit")
    if bucket not in BUCKETS or not isinstance(used, int) or not isinstance(limit, int):
        return "no_bucket"
    if BUCKETS[bucket][1] != refused.reason:
        return "other_bucket"
    if getattr(quotas, bucket) != limit:
        return "other_limit"
    key = facts.get("key")
    number = part.mobiles.count(key) if key in part.mobiles else len(part.mobiles)
    return "not_reached" if used + number <= limit else ""
