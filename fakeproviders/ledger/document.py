"""The ledger as it is read: ``GET /sessions/{id}/ledger``.

Moments are real seconds since the run began unless they say otherwise. Requests are counted; where
limits are concerned, mobiles are, since a request for three of them is charged three times.
"""

from typing import Any, Literal

import msgspec

from fakeproviders.ledger.histogram import Histogram

MOST_EXAMPLES = 10
"""Examples that are kept of each kind."""

Kind = Literal["reason", "retries", "pointless", "early", "duplicate"]


def _counts() -> Any:
    return msgspec.field(default_factory=dict)


class Door(msgspec.Struct):
    """What came through one door of a provider. A request can be a fault and accepted: its reply got lost."""

    provider: str
    """``upstream`` is the reseller's own account: what it forwards."""
    operation: str
    door: str
    attempts: int = 0
    accepted: int = 0
    refused: dict[str, int] = _counts()
    """By reason."""
    faults: dict[str, int] = _counts()
    """By the fault's name."""
    pages: int = 0
    """Documents and protocol errors."""
    seconds: Histogram = msgspec.field(default_factory=Histogram)
    """From the last byte read to the reply being handed over, delays of faults included."""


class Slot(msgspec.Struct):
    """Sends of all providers within one slot of time."""

    at: float
    """When it begins."""
    attempts: int = 0
    accepted: int = 0
    refused: dict[str, int] = _counts()
    unanswered: int = 0
    """A fault kept them from being decided."""
    seconds: Histogram = msgspec.field(default_factory=Histogram)


class Series(msgspec.Struct):
    """The run in slots of equal length, oldest first; slots in which nothing happened are left out."""

    step: float
    slots: list[Slot]


class Example(msgspec.Struct):
    """One case of what a check counts."""

    kind: Kind
    at: float
    provider: str
    mobile: str
    facts: dict[str, Any] = _counts()


class Inexact(msgspec.Struct, frozen=True):
    """A window that holds what it must not, or not all that it could."""

    key: str
    """The mobile or address that it counts; empty for the account's own."""
    at: str
    """When it begins, RFC 3339, by the session's clock."""
    limit: int
    used: int
    refused: int


class Limit(msgspec.Struct):
    """One quota of an account, over all its windows and keys."""

    provider: str
    bucket: str
    limit: int
    """The newest."""
    windows: int = 0
    """That were judged; of ``account_per_second``, seconds."""
    accepted: int = 0
    refused: int = 0
    """For this quota."""
    over: int = 0
    """Windows in which more was accepted than the limit allows."""
    short: int = 0
    """Windows in which something was refused though the limit was not reached."""
    peak: float = 0.0
    """The highest demand of a window, as a multiple of the limit."""
    inexact: list[Inexact] = msgspec.field(default_factory=list)
    """The first of those that are over or short."""
    not_judged: int = 0
    """Sends in windows that were not followed, there being too many, or that came when theirs was judged."""


class Reasons(msgspec.Struct):
    """Refusals by a quota, held against the quota that was in force."""

    checked: int = 0
    wrong: int = 0


class Outages(msgspec.Struct):
    """Messages that met a provider which did not work."""

    met: int = 0
    switched: int = 0
    """That were tried at another provider after that."""
    delivered: int = 0
    """That were accepted in the end, wherever."""


class Clients(msgspec.Struct):
    """How those behaved who sent. A message is what goes to one mobile with one code, or one text.

    Attempts at one message belong together while they are not further apart than two minutes.
    """

    messages: int = 0
    retries: int = 0
    """Attempts at the same provider after one that had failed."""
    retries_after: dict[str, int] = _counts()
    """By what had failed: a reason, or a fault's name."""
    by_retries: dict[int, int] = _counts()
    """How many messages were retried so often."""
    pointless: int = 0
    """Retries after a refusal that no retry can change."""
    limited: int = 0
    """Sends that a quota refused."""
    early: int = 0
    """Sends that came before the moment at which the quota that had refused them was free again."""
    gaps: Histogram = msgspec.field(default_factory=Histogram)
    """Seconds from the reply to one attempt until its retry, at one provider."""
    growth: Histogram = msgspec.field(default_factory=Histogram)
    """How much longer each such pause was than the one before; waits for a quota are none."""
    lost_replies: int = 0
    """Sends that were accepted and whose reply was spoilt."""
    duplicates: int = 0
    """Acceptances of a message that had been accepted before: the person gets it twice."""
    duplicates_after_lost_reply: int = 0
    outages: Outages = msgspec.field(default_factory=Outages)
    forgotten: int = 0
    """Messages that had to be forgotten to make room for others."""


class Outage(msgspec.Struct):
    """A time in which a provider accepted nothing."""

    provider: str
    began: float
    failures: int
    ended: float | None = None
    """When the last rule that caused it was removed, used up or out of its time; without a rule, the last failure.

    None while it lasts, or when the run ended before.
    """
    recovered_after: float | None = None
    """Seconds from then to the next accepted send."""


class Document(msgspec.Struct):
    """All of it."""

    name: str
    started_at: str
    """RFC 3339, real time."""
    running: bool
    seconds: float
    doors: list[Door]
    series: Series
    limits: list[Limit]
    reasons: Reasons
    clients: Clients
    outages: list[Outage]
    examples: list[Example]
    missed: int = 0
    """Requests that are in none of these numbers: they were gone before they could be counted."""
