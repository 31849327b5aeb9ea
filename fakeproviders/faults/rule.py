"""A fault rule: which calls it meets, which of those it acts on, and what it then does.

{"provider": "official", "operation": "send", "match": {"mobile": {"prefix": "138"}},
 "do": "signature_mismatch", "times": 2, "after": 1}
{"provider": "reseller", "script": "rate_limited x2, ok, reply_lost"}
"""

from collections.abc import Callable
from typing import Annotated, Any

import msgspec

from fakeproviders.clock import iso
from fakeproviders.failures import Words, failure
from fakeproviders.faults.base import Fault
from fakeproviders.faults.chaos import ORDERLY
from fakeproviders.faults.matchers import ALWAYS, Matcher, Miss, field_name, parse_match
from fakeproviders.faults.profile import Cycle, Ramp, moment
from fakeproviders.faults.refuse import Refuse
from fakeproviders.faults.registry import BadRule, parse_do
from fakeproviders.faults.script import parse_script
from fakeproviders.model import OPERATIONS, OWN_CALLS, PAGES, RECEIPT, REPLY, Call

PROVIDERS = ("official", "upstream", "reseller", "erban")
Count = Annotated[int, msgspec.Meta(ge=1)]


class FaultSpec(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A rule as it is written. Exactly one of ``do`` and ``script``."""

    provider: str
    """``official``, ``upstream``, ``reseller``, ``erban``, or ``*`` for all."""
    operation: str | None = None
    """One of the operations; without it every operation but documents (help page, WSDL, home) and receipts."""
    match: dict[str, Any] | None = None
    do: str | dict[str, Any] | list[Any] | None = None
    script: str | None = None
    """Steps joined by commas, one a match: a failure, ``ok``, or ``fail``; ``name x3`` repeats."""
    per: str | None = None
    """A field, as ``mobile``: each of its values is counted, and walks through a script, apart."""
    times: Count | None = None
    """Acts at most this often."""
    after: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Lets so many matching calls pass first."""
    every: Count = 1
    """Acts on every n-th matching call."""
    since: str | None = None
    until: str | None = None
    """Moments of the session's clock: RFC 3339, or ``+30s``, ``+5m``, ``+2h`` from now."""
    cycle: Cycle | None = None
    """In force and out of force by turns, on the session's clock: outage windows."""
    probability: Annotated[float, msgspec.Meta(ge=0, le=1)] | Ramp | None = None


class Counts:
    """How often a rule has met a call, and acted: in all, and for each value of ``per``."""

    __slots__ = ("by_value", "fired", "matched")

    def __init__(self) -> None:
        self.matched = 0
        self.fired = 0
        self.by_value: dict[str, list[int]] = {}
        """``[matched, fired]`` of each value."""

    def of(self, value: str) -> list[int]:
        """The counts of a value."""
        return self.by_value.setdefault(value, [0, 0])


class Act(msgspec.Struct, frozen=True, gc=False):
    """A rule's turn at a call: the fault (NO_FAULT where a script says ``ok``) and the match's number."""

    fault: Fault
    nth: int
    """From 0; of this value, where the rule counts ``per`` value."""
    value: str = ""
    """The value of ``per``."""


class Rule:
    """A rule in force, with its counters."""

    def __init__(self, rule_id: str, spec: FaultSpec, now: float) -> None:
        """Raises BadRule naming the field that cannot be used."""
        self.id = rule_id
        self.spec = spec
        self.added_at = now
        self.provider = _known(spec.provider, (*PROVIDERS, "*"), "provider")
        self.operation = spec.operation and _known(spec.operation, (*OPERATIONS, "*"), "operation")
        self.matcher: Matcher = ALWAYS if spec.match is None else parse_match(spec.match)
        self.per = spec.per and field_name(spec.per, "per")
        self.steps = _steps(spec)
        if _is_for_own_calls(self.operation, self.steps):
            self.operation = self.operation or RECEIPT
        self.since = moment(spec.since, now, "since")
        self.until = moment(spec.until, now, "until")
        self.counts = Counts()
        self.refuses = any(isinstance(step, Refuse) for step in self.steps)
        """Whether it takes the session's own listener down instead of answering requests."""
        if self.refuses:
            _only_a_state(spec)
        self._everywhere = any(_is_everywhere(step) for step in self.steps)

    @property
    def matched(self) -> int:
        """How many calls it has met while it was in force."""
        return self.counts.matched

    @property
    def fired(self) -> int:
        """How often it has acted."""
        return self.counts.fired

    def misses(self, call: Call, now: float) -> list[Miss]:
        """Why it does not meet a call: provider, operation, time, fields. Empty when it does."""
        found: list[Miss] = []
        if self.provider not in (call.provider, "*"):
            found.append(Miss("provider", call.provider, f"= {self.provider}"))
        if not self._meets_operation(call.operation):
            expected = self.operation or "any but documents"
            found.append(Miss("operation", call.operation, f"= {expected}"))
        if not self.in_force(now):
            found.append(Miss("time", iso(now), "within since, until and cycle"))
        return [*found, *self.matcher.misses(call)]

    def meets(self, call: Call, now: float) -> bool:
        """Whether the call is one of those that this rule counts."""
        return (
            self.provider in (call.provider, "*")
            and self._meets_operation(call.operation)
            and self.in_force(now)
            and not self.matcher.misses(call)
        )

    def in_force(self, now: float) -> bool:
        """Whether the moment is within ``since``, ``until`` and ``cycle``."""
        if self.since is not None and now < self.since:
            return False
        if self.until is not None and now >= self.until:
            return False
        start = self.added_at if self.since is None else self.since
        return self.spec.cycle is None or self.spec.cycle.is_on(now - start)

    def exhausted(self) -> bool:
        """Whether it will never act again: ``times`` used up, or a script at its end."""
        return self.per is None and self._over(self.counts.matched, self.counts.fired)

    def act(self, call: Call, now: float, draw: Callable[["Rule", str, int], float]) -> Act | None:
        """Count a call that it meets; None leaves the call to the next rule.

        ``draw`` gives the number for this rule, value and match that ``probability`` is compared with.
        """
        value = "" if self.per is None else str(call.field(self.per))
        mine = None if self.per is None else self.counts.of(value)
        matched, fired = mine or (self.counts.matched, self.counts.fired)
        if self._over(matched, fired):
            return None
        self.counts.matched += 1
        if mine is not None:
            mine[0] += 1
        place = matched - self.spec.after
        if place < 0 or (place + 1) % self.spec.every:
            return None
        uncertain = self.spec.probability is not None
        if uncertain and draw(self, value, matched) >= self.probability_at(now):
            return None
        fault = self.steps[place if self.spec.script is not None else 0]
        if fault.acts:
            self.counts.fired += 1
            if mine is not None:
                mine[1] += 1
        return Act(fault, matched, value)

    def probability_at(self, now: float) -> float:
        """The probability in force at a moment of the session's clock; 1 without one."""
        probability = self.spec.probability
        if probability is None:
            return 1.0
        return probability.at(now - self.added_at) if isinstance(probability, Ramp) else probability

    def _over(self, matched: int, fired: int) -> bool:
        if self.spec.times is not None and fired >= self.spec.times:
            return True
        return self.spec.script is not None and matched >= self.spec.after + len(self.steps)

    def _meets_operation(self, operation: str) -> bool:
        if operation in OWN_CALLS:
            return self.operation == operation
        if self.operation is None:
            return operation not in PAGES or self._everywhere
        return self.operation in (operation, "*")


def _known(value: str, known: tuple[str, ...], field: str) -> str:
    if value not in known:
        words = Words(
            zh=f"{value!r} 不是 {'、'.join(known)} 之一",
            en=f"{value!r} is none of {', '.join(known)}",
        )
        raise BadRule(field, words)
    return value


def _steps(spec: FaultSpec) -> tuple[Fault, ...]:
    if (spec.do is None) == (spec.script is None):
        words = Words(zh="do 和 script 必须给且只给一个", en="give exactly one of do and script")
        raise BadRule("do", words)
    if spec.script is None:
        return (parse_do(spec.do),)
    if spec.every != 1:
        words = Words(
            zh="script 的每一步对应一次请求，不要再给 every",
            en="a script has a step for every call; leave every out",
        )
        raise BadRule("every", words)
    return parse_script(spec.script)


def _is_for_own_calls(operation: str | None, steps: tuple[Fault, ...]) -> bool:
    """Whether a rule is about receipts or replies, which ``receipt`` alone can meet. Raises BadRule."""
    kinds = {step.chaos is not ORDERLY for step in steps if step.acts}
    if True in kinds and operation not in {None, *OWN_CALLS}:
        words = Words(
            zh=f"故障 receipt 只作用于操作 receipt 或 reply，而不是 {operation}",
            en=f"the fault receipt acts on operation receipt or reply, not {operation}",
        )
        raise BadRule("operation", words)
    if False in kinds and operation in OWN_CALLS:
        words = Words(
            zh=f'操作 {operation} 上只能用故障 receipt：{{"receipt": {{"copies": 2}}}}',
            en=f'on operation {operation} only the fault receipt can act: {{"receipt": {{"copies": 2}}}}',
        )
        raise BadRule("do", words)
    if operation == REPLY and any(step.chaos.contradict for step in steps):
        words = Words(
            zh="回复没有状态，不能用 contradict",
            en="a reply has no status to contradict",
        )
        raise BadRule("do.receipt.contradict", words)
    return operation in OWN_CALLS or True in kinds


def _only_a_state(spec: FaultSpec) -> None:
    """Refuse a rule that counts or matches requests, and would take the listener down."""
    given = {name for name in spec.__struct_fields__ if getattr(spec, name) != _PLAIN[name]}
    surplus = sorted(given - {"provider", "do", "since", "until"})
    if spec.provider == "upstream":
        words = Words(
            zh="upstream 用的是 official 的监听端口：请写 official 或 *",
            en="upstream is asked at official's listener: name official or *",
        )
        raise BadRule("provider", words)
    if surplus or spec.do not in ("refuse", {"refuse": {}}):
        raise BadRule(
            surplus[0] if surplus else "do",
            Words(
                zh="refuse 会关掉监听端口，没有请求可供计数或匹配："
                "只能给 provider、do、since、until",
                en="refuse takes the listener down, so that no request arrives to be counted or "
                "matched: give provider, do, since and until only",
            ),
        )


_PLAIN = {name: getattr(FaultSpec(provider=""), name) for name in FaultSpec.__struct_fields__} | {
    "provider": ""
}


def _is_everywhere(fault: Fault) -> bool:
    return fault.reason is not None and failure(fault.reason).everywhere
