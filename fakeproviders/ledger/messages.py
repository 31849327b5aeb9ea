"""What becomes of one message: attempt after attempt, until it is accepted or given up.

A message is known by its mobile and its code (its text, where that has no code), so that it is the
same one at every provider and under every id.
"""

import json
from collections import OrderedDict, deque

from fakeproviders.failures import Reason
from fakeproviders.inbox import code_of
from fakeproviders.journal import Entry
from fakeproviders.ledger.document import Clients
from fakeproviders.ledger.examples import Examples
from fakeproviders.model import Call, Refused
from fakeproviders.outcome import ACCEPTED, decided, reason_of

TOGETHER_SECONDS = 120.0
"""Real seconds after which the next attempt is another message."""
MOST_MESSAGES = 50_000
MANY = 6
"""Retries of one message that are worth an example."""
MOST_UNDELIVERED = 10_000
"""Attempts whose faults are waited for; a journal keeps as many."""
LEAST_GAP = 0.01
"""Seconds: pauses below this count as this; a client that does not wait at all takes as long by chance."""
GRAIN = 0.001
"""Seconds by which a send may be early: a client rounds."""
OUTAGE = frozenset({
    Reason.MAINTENANCE, Reason.INTERNAL_ERROR, Reason.UPSTREAM_UNAVAILABLE, Reason.ENDPOINT_UNREACHABLE,
})  # fmt: skip
"""Refusals by a provider that does not work."""
PASSING = OUTAGE | {
    Reason.RATE_LIMITED, Reason.CODE_QUOTA_EXCEEDED, Reason.IP_DAY_LIMIT, Reason.MOBILE_MINUTE_LIMIT,
    Reason.MOBILE_HOUR_LIMIT, Reason.MOBILE_DAY_LIMIT, Reason.TOKEN_EXPIRED,
}  # fmt: skip
"""Refusals that end by themselves, or with a new token; a retry of any other changes nothing."""


def identity(call: Call) -> tuple[str, str]:
    """What makes two attempts the same message: mobile, and code or text."""
    text = call.content or ""
    if not text and call.params:  # refused before the template was filled in
        text = json.dumps(call.params, ensure_ascii=False, sort_keys=True)
    return call.mobile, code_of(text) or text or call.out_id


def is_outage(entry: Entry) -> bool:
    """Whether a send failed because the provider did not work."""
    if isinstance(entry.outcome, Refused):
        return entry.outcome.reason in OUTAGE
    return entry.outcome is None


def _told(entry: Entry) -> str | None:
    """The reason that the client was given; none where a fault spoilt the reply."""
    fault = entry.draw.fault
    return None if fault.acts and fault.reason is None else reason_of(entry)


class _Tries:
    """One message at one provider. Moments are the host's; ``free_at`` is the session's."""

    __slots__ = ("answered_at", "failed", "free_at", "gap", "provider", "sent_at", "undelivered")

    def __init__(self, provider: str) -> None:
        self.provider = provider
        self.sent_at = self.answered_at = 0.0
        self.failed = ""
        """Why the last attempt failed; empty when it did not."""
        self.gap = 0.0
        """Seconds before the last attempt; 0 when it was no retry, or waited for a quota."""
        self.free_at = 0.0
        """From when on the quota is free that refused the last attempt; 0 when none did."""
        self.undelivered: Entry | None = None
        """The last attempt, while a fault may still be at it."""

    def look(self) -> None:
        """See when the last attempt was answered, where that was not known at first."""
        entry = self.undelivered
        if entry is not None and entry.took is not None:
            self.answered_at = entry.real_at + entry.took
            self.undelivered = None


class _Message:
    """One message so far."""

    __slots__ = (
        "accepted_as", "last", "lost", "met", "retries", "settled", "switched", "tries",
    )  # fmt: skip

    def __init__(self, provider: str) -> None:
        self.last = _Tries(provider)
        """Where it was sent last."""
        self.tries = [self.last]
        """At each provider that it was sent to."""
        self.retries = 0
        self.accepted_as: str | None = None
        """Provider and id of the first acceptance."""
        self.lost = self.settled = self.met = self.switched = False

    def at(self, provider: str) -> _Tries:
        """What became of it there."""
        for tries in self.tries:
            if tries.provider == provider:
                return tries
        self.tries.append(_Tries(provider))
        return self.tries[-1]

    def settle(self) -> None:
        """Its sender was told that it is accepted: what failed before is of no account."""
        for tries in self.tries:
            tries.failed = ""


class Messages:
    """Follows the messages of a run. ``counts`` is what it finds."""

    def __init__(self, examples: Examples) -> None:
        self.counts = Clients()
        self._examples = examples
        self._messages: OrderedDict[tuple[str, str], _Message] = OrderedDict()
        self._resting: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()
        """Provider and mobile: from when on its quota is free, and when that was said."""
        self._undelivered: deque[tuple[_Tries, Entry]] = deque()

    def add(self, entry: Entry, answered_at: float) -> None:
        """Count an attempt, decided at this moment of the host's clock."""
        message = self._message(entry)
        tries = message.at(entry.role)
        tries.look()
        self._count_early(tries, entry)
        if tries.failed:
            self._count_retry(message, tries, entry)
        else:
            tries.gap = 0.0
        if message.met and message.last is not tries and not message.switched:
            message.switched = True
            self.counts.outages.switched += 1
        self._count_ending(message, tries, entry)
        self._remember_limit(tries, entry, answered_at)
        self._remember_undelivered(tries, entry)
        message.last = tries
        tries.sent_at, tries.answered_at = entry.real_at, answered_at

    def _message(self, entry: Entry) -> _Message:
        key = identity(entry.call)
        found = self._messages.pop(key, None)
        if found is None or entry.real_at - found.last.sent_at > TOGETHER_SECONDS:
            found = _Message(entry.role)
            self.counts.messages += 1
            self._shift_retries(None, 0)
        if len(self._messages) >= MOST_MESSAGES:
            self._messages.popitem(last=False)
            self.counts.forgotten += 1
        self._messages[key] = found
        return found

    def _count_early(self, tries: _Tries, entry: Entry) -> None:
        """A send that was on its way before the refusal was told is not early."""
        free_at, told_at = tries.free_at, tries.answered_at
        mobile_free_at, mobile_told_at = self._resting.get(
            (entry.role, entry.call.mobile), (0.0, 0.0)
        )
        if mobile_free_at > free_at:
            free_at, told_at = mobile_free_at, mobile_told_at
        if entry.at < free_at - GRAIN and entry.real_at > told_at:
            self.counts.early += 1
            self._examples.add("early", entry, seconds=round(free_at - entry.at, 3))

    def _count_retry(self, message: _Message, tries: _Tries, entry: Entry) -> None:
        counts = self.counts
        counts.retries += 1
        counts.retries_after[tries.failed] = counts.retries_after.get(tries.failed, 0) + 1
        self._count_pause(tries, max(entry.real_at - tries.answered_at, LEAST_GAP))
        self._shift_retries(message.retries, message.retries + 1)
        message.retries += 1
        if tries.failed in _POINTLESS:
            counts.pointless += 1
            self._examples.add("pointless", entry, reason=tries.failed)
        if message.retries == MANY:
            self._examples.add("retries", entry, retries=message.retries, after=tries.failed)

    def _count_pause(self, tries: _Tries, gap: float) -> None:
        """One that a quota named the end of is as long as that says, and need not grow."""
        self.counts.gaps.add(gap)
        if tries.free_at:
            tries.gap = 0.0
            return
        if tries.gap:
            self.counts.growth.add(gap / tries.gap)
        tries.gap = gap

    def _shift_retries(self, old: int | None, new: int) -> None:
        numbers = self.counts.by_retries
        if old is not None:
            numbers[old] -= 1
            if not numbers[old]:
                del numbers[old]
        numbers[new] = numbers.get(new, 0) + 1

    def _count_ending(self, message: _Message, tries: _Tries, entry: Entry) -> None:
        reason = _told(entry)
        if decided(entry) == ACCEPTED:
            self._count_accepted(message, tries, entry)
        elif reason == Reason.DUPLICATE_REQUEST and message.accepted_as is not None:
            message.settle()
        else:
            tries.failed = reason or entry.draw.fault.label
            if is_outage(entry) and not message.met:
                message.met = True
                self.counts.outages.met += 1

    def _count_accepted(self, message: _Message, tries: _Tries, entry: Entry) -> None:
        counts = self.counts
        if message.accepted_as is None:
            message.accepted_as = f"{entry.role} {entry.call.out_id}"
        else:
            counts.duplicates += 1
            counts.duplicates_after_lost_reply += message.lost
            self._examples.add(
                "duplicate",
                entry,
                out_id=entry.call.out_id,
                earlier=message.accepted_as,
                after_lost_reply=message.lost,
            )
        if message.met and not message.settled:
            message.settled = True
            counts.outages.delivered += 1
        spoilt = entry.draw.fault.acts
        message.lost = message.lost or spoilt
        counts.lost_replies += spoilt
        if spoilt:
            tries.failed = entry.draw.fault.label
        else:
            message.settle()

    def _remember_limit(self, tries: _Tries, entry: Entry, answered_at: float) -> None:
        tries.free_at = 0.0
        facts = entry.outcome.facts if isinstance(entry.outcome, Refused) and _told(entry) else {}
        free_at, bucket = facts.get("resets_at"), str(facts.get("bucket", ""))
        if not isinstance(free_at, float):
            return
        tries.free_at = free_at
        self.counts.limited += 1
        if bucket.startswith("mobile"):
            self._resting[entry.role, entry.call.mobile] = (free_at, answered_at)
            if len(self._resting) > MOST_MESSAGES:
                self._resting.popitem(last=False)

    def _remember_undelivered(self, tries: _Tries, entry: Entry) -> None:
        tries.undelivered = None
        if entry.took is not None or not entry.draw.fault.acts:
            return
        tries.undelivered = entry
        self._undelivered.append((tries, entry))
        if len(self._undelivered) > MOST_UNDELIVERED:
            oldest, its_entry = self._undelivered.popleft()
            if oldest.undelivered is its_entry:
                oldest.look()
                oldest.undelivered = None


_POINTLESS = frozenset(str(reason) for reason in Reason if reason not in PASSING)
