"""What the Python API takes beside plain values."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

Do = str | Mapping[str, object] | Sequence[object]
"""What a fault does: the name of a failure, ``{"delay": {"ms": 300}}``, or a list of these."""
Outcome = Literal["accepted", "refused", "fault", "page"]
LetterKind = Literal["mail", "site", "wechat"]
Status = Literal["submitted", "delivered", "undelivered"]


class RuleFields(TypedDict, total=False):
    """Which calls a fault meets, and when it acts on them; all but ``do``, ``script`` and ``provider``."""

    operation: str
    """``send``, ``token`` ...; without it every operation but documents and receipts."""
    match: Mapping[str, object]
    """Conditions on the request's fields: ``{"mobile": {"prefix": "138"}}``."""
    times: int
    """Acts at most so often."""
    after: int
    """Lets so many matching calls pass first."""
    every: int
    """Acts on every n-th matching call."""
    since: str
    """A moment of the session's clock: RFC 3339, or ``+30s``, ``+5m``, ``+2h`` from now."""
    until: str
    cycle: Mapping[str, float]
    """``{"on_seconds": 60, "off_seconds": 240}``: in force and out of force by turns."""
    probability: float | Mapping[str, float]
    """0 to 1, or a ramp: ``{"start": 0, "end": 0.5, "over_seconds": 600}``."""
    per: str
    """A field, as ``mobile``: each of its values is counted apart."""


class Wanted(TypedDict, total=False):
    """Which requests: each field that is given must fit."""

    provider: str
    operation: str
    mobile: str
    outcome: Outcome
    reason: str
    """The failure that it was refused for."""
    limit: int
    """The newest so many, 100 without it and 10,000 at most."""
