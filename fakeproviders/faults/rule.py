"""A fault rule: which calls it meets, which of those it acts on, and what it then does.

{"provider": "official", "operation": "send", "match": {"mobile": {"prefix": "138"}},
 "do": "signature_mismatch", "times": 2, "after": 1}
{"provider": "reseller", "script": "rate_limited x2, ok, reply_lost"}
"""

from typing import Annotated, Any

import msgspec

from fakeproviders.clock import iso
from fakeproviders.failures import Words, failure
from fakeproviders.faults.base import Fault
from fakeproviders.faults.chaos import ORDERLY
from fakeproviders.faults.counts import Counts, Limits
from fakeproviders.faults.matchers import ALWAYS, Matcher, Miss, field_name, parse_match
from fakeproviders.faults.profile import Cycle, Ramp, moment
from fakeproviders.faults.refuse import Refuse
from fakeproviders.faults.registry import BadRule, parse_do
from fakeproviders.faults.script import parse_script
from fakeproviders.faults.words import EXACTLY, IN_FORCE, USUAL, filled
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
        self.limits = Limits(
            times=spec.times,
            after=spec.after,
            every=spec.every,
            acts=tuple(step.acts for step in self.steps),
            scripted=spec.script is not None,
            certain=spec.probability is None,
        )
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
            expected = filled(EXACTLY, self.provider)
            found.append(Miss("provider", call.provider, expected))
        if not self._meets_operation(call.operation):
            expected = filled(EXACTLY, self.operation) if self.operation else USUAL
            found.append(Miss("operation", call.operation, expected))
        if not self.in_force(now):
            found.append(Miss("time", iso(now), IN_FORCE))
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
        return self.per is None and self.limits.over(self.counts.matched, self.counts.fired)

    def value_of(self, call: Call) -> str | None:
        """By which the call is counted; None where all calls are counted together."""
        return None if self.per is None else str(call.field(self.per))

    def fault_at(self, nth: int) -> Fault | None:
        """What the n-th match, from 0, comes to: NO_FAULT where a script says ``ok``; None lets it pass."""
        step = self.limits.step_at(nth)
        return None if step is None else self.steps[step]

    def probability_at(self, now: float) -> float:
        """The probability in force at a moment of the session's clock; 1 without one."""
        probability = self.spec.probability
        if probability is None:
            return 1.0
        return probability.at(now - self.added_at) if isinstance(probability, Ramp) else probability

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
