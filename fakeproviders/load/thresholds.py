"""What a run must keep to, in order to pass. ``null`` leaves a check out."""

from typing import Annotated

import msgspec

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Whole = Annotated[int, msgspec.Meta(ge=0)]
Amount = Annotated[float, msgspec.Meta(ge=0)]


class Thresholds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A plan's ``thresholds``, or a file of their own. All have a default."""

    requests: Whole | None = 1
    """Sends that must have come at least: a run that does nothing proves nothing."""
    uncounted: Whole | None = 0
    """Requests that were gone before the ledger could count them: what it says does not hold for them."""
    accepted: Share | None = None
    """Share of the sends that were accepted."""
    inexact_limits: Whole | None = 0
    """Windows of a quota that accepted more than it allows, or less although something was refused for it."""
    wrong_reasons: Whole | None = 0
    """Refusals by a quota whose facts do not bear them out."""
    retries: Whole | None = 5
    """Retries of one message, at most; going on to another provider is none."""
    pointless_retries: Whole | None = 0
    """Retries after a refusal that no retry can change, as ``mobile_invalid``."""
    early_retries: Share | None = 0.02
    """Share of the sends refused by a quota that were followed by another before it was free again."""
    backoff_growth: Amount | None = 1.3
    """By how much each pause before a retry is longer than the one before, at the median. 1 is no back-off."""
    duplicates: Whole | None = 0
    """Messages that were accepted once more: after a lost reply, say, under another id."""
    delivered_after_outage: Share | None = 0.9
    """Share of the messages that met a provider out of order and were accepted in the end, anywhere."""
    failed_over: Share | None = None
    """Share of the messages that met a provider out of order and were tried at another one."""
    recovery_seconds: Amount | None = 10.0
    """From the end of an outage to the next accepted send at that provider."""
    peak_over_limit: Amount | None = 10.0
    """Highest demand of a window, as a multiple of its limit."""
    p99_ms: Amount | None = None
    """Time that 99 % of all sends are answered within, in milliseconds, by the server's own clock."""
    client_failures: Share | None = None
    """Share of the load's own requests that failed: no answer, none of the interface, a failed scenario."""
