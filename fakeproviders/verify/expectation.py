"""What a test expects of the journal, and which requests meet it.

{"requests": [{"operation": "token"}, {"operation": "send", "match": {"mobile": "13800138000"},
               "outcome": "accepted", "count": 1}], "order": true, "strict": true}
"""

from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from fakeproviders.account import UPSTREAM
from fakeproviders.failures import SLUGS, Words
from fakeproviders.faults.matchers import ALWAYS, Matcher, Miss, describe, parse_match
from fakeproviders.faults.registry import BadRule
from fakeproviders.faults.words import EXACTLY, NOT_UPSTREAM, USUAL, filled
from fakeproviders.journal import Entry
from fakeproviders.misfit import Misfit
from fakeproviders.model import HELP, HOME, OPERATIONS, OWN_CALLS, PAGES, WSDL
from fakeproviders.outcome import ACCEPTED, PAGE, outcomes, reason_of

UNASKED = frozenset({HOME, HELP, WSDL}) | OWN_CALLS
"""What tools and browsers ask for by themselves, and our own calls: only seen when named."""
_NAMED_ONLY = PAGES | OWN_CALLS
Number = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]


class Bounds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often: from ``min`` to ``max``; without one there is no bound on that side."""

    min: Number | None = None
    max: Number | None = None

    def __post_init__(self) -> None:
        if self.min is None and self.max is None:
            words = Words(zh="至少给出 min、max 中的一个", en="give min, max, or both")
            raise Misfit("", words)
        if self.min is not None and self.max is not None and self.min > self.max:
            words = Words(
                zh=f"min {self.min} 大于 max {self.max}",
                en=f"min {self.min} is more than max {self.max}",
            )
            raise Misfit("", words)


class Expectation(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Requests that should have come. All fields that are given must fit."""

    provider: Literal["official", "upstream", "reseller", "erban", "*"] | None = None
    """Without it any but ``upstream``: those are the reseller's own requests."""
    operation: str | None = None
    """One of the operations, or ``*``; without it every operation but documents and receipts."""
    match: dict[str, Any] | None = None
    """Fields of the request, as in a fault rule."""
    outcome: Literal["accepted", "refused", "fault", "page"] | None = None
    """What was decided; ``fault`` where a fault acted, whatever was decided."""
    reason: str | None = None
    """The failure that it was refused for."""
    count: Number | Bounds | None = None
    """Exactly so many, or bounds; without it at least one."""


class Verification(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /verify``."""

    requests: Annotated[tuple[Expectation, ...], msgspec.Meta(max_length=100)] = ()
    order: bool = False
    """The expectations are met one after the other, each by requests of its own."""
    strict: bool = False
    """Requests that nobody expected, and fault rules that never fired, are failures too."""
    since: str | int | None = None
    """A cursor of the list of requests: what came before it does not count."""


class Range(NamedTuple):
    """From ``low`` to ``high``, or without an upper end."""

    low: int
    high: int | None

    def __add__(self, other: object) -> "Range":
        """Both together."""
        assert isinstance(other, Range)  # noqa: S101 - never added to anything else
        open_ended = self.high is None or other.high is None
        return Range(self.low + other.low, None if open_ended else self.high + other.high)  # type: ignore[operator]


class Criteria:
    """One expectation, ready to be asked about requests."""

    def __init__(self, spec: Expectation) -> None:
        """Raises BadRule naming the field that cannot be used."""
        self.spec = spec
        self.bounds = _range(spec.count)
        if spec.operation is not None and spec.operation not in (*OPERATIONS, "*"):
            known = (*OPERATIONS, "*")
            words = Words(
                zh=f"{spec.operation!r} 不是 {'、'.join(known)} 之一",
                en=f"{spec.operation!r} is none of {', '.join(known)}",
            )
            raise BadRule("operation", words)
        self._matcher: Matcher = ALWAYS if spec.match is None else parse_match(spec.match)
        _check_reason(spec)
        asked = ("provider", "operation", "outcome", "reason")
        self._expected = {
            name: filled(EXACTLY, value)
            for name in asked
            if (value := getattr(spec, name)) is not None
        }

    def meets(self, entry: Entry) -> bool:
        """Whether the request is one of those expected."""
        return (
            self.names(entry)
            and not self._matcher.misses(entry.call)
            and self.spec.outcome in (None, *outcomes(entry))
            and self.spec.reason in (None, reason_of(entry))
        )

    def misses(self, entry: Entry) -> list[Miss]:
        """Why it is not, field by field."""
        spec, expected, call = self.spec, self._expected, entry.call
        found: list[Miss] = []
        if not self._meets_provider(entry.role):
            wanted = expected.get("provider", NOT_UPSTREAM)
            found.append(Miss("provider", entry.role, wanted))
        if not self._meets_operation(call.operation):
            found.append(Miss("operation", call.operation, expected.get("operation", USUAL)))
        found += self._matcher.misses(call)
        if spec.outcome not in (None, *outcomes(entry)):
            found.append(Miss("outcome", ", ".join(outcomes(entry)), expected["outcome"]))
        if spec.reason not in (None, reason_of(entry)):
            found.append(Miss("reason", reason_of(entry), expected["reason"]))
        return found

    def names(self, entry: Entry) -> bool:
        """Whether provider and operation fit."""
        return self._meets_provider(entry.role) and self._meets_operation(entry.call.operation)

    def asks_about(self, entry: Entry) -> bool:
        """Whether a request of this kind can be a near miss: some kinds must be named."""
        if entry.role == UPSTREAM and self.spec.provider not in {UPSTREAM, "*"}:
            return False
        operation = entry.call.operation
        return operation not in UNASKED or self._meets_operation(operation)

    def same_as(self, other: "Criteria") -> bool:
        """Whether both ask for the very same requests."""
        return replace(self.spec, count=None) == replace(other.spec, count=None)

    def describe(self) -> Words:
        """In the words of its fields."""
        return Words(zh=self._on_a_line("zh"), en=self._on_a_line("en"))

    def _meets_provider(self, role: str) -> bool:
        if self.spec.provider is None:
            return role != UPSTREAM
        return self.spec.provider in (role, "*")

    def _meets_operation(self, operation: str) -> bool:
        if self.spec.operation is None:
            by_outcome = self.spec.outcome == PAGE and operation in PAGES
            return by_outcome or operation not in _NAMED_ONLY
        return self.spec.operation in (operation, "*")

    def _on_a_line(self, lang: str) -> str:
        spec = self.spec
        match = None if spec.match is None else describe(self._matcher)[lang]
        parts = (spec.provider, spec.operation, match, spec.outcome, spec.reason)
        return " ".join(part for part in parts if part) or "*"


def _range(count: int | Bounds | None) -> Range:
    if count is None:
        return Range(1, None)
    if isinstance(count, int):
        return Range(count, count)
    return Range(count.min or 0, count.max)


def _check_reason(spec: Expectation) -> None:
    """What can never be met would pass wherever it must not be: better refused."""
    if spec.reason is None:
        return
    if spec.reason not in SLUGS:
        words = Words(
            zh=f"没有叫 {spec.reason!r} 的故障；fakeproviders failures 或 GET /api/v1/failures 可列出全部",
            en=f"no failure is called {spec.reason!r}; fakeproviders failures, or GET /api/v1/failures, lists all",
        )
        raise BadRule("reason", words)
    if spec.outcome in {ACCEPTED, PAGE}:
        words = Words(
            zh=f"结果为 {spec.outcome} 的请求没有原因", en=f"what is {spec.outcome} has none"
        )
        raise BadRule("reason", words)
