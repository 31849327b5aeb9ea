"""Verification of a journal: each expectation's count, their order, and what nobody expected."""

from collections.abc import Sequence
from heapq import nsmallest
from typing import Any

import msgspec

from fakeproviders.account import UPSTREAM
from fakeproviders.failures import Words
from fakeproviders.faults.matchers import Miss
from fakeproviders.faults.registry import BadRule
from fakeproviders.faults.rule import Rule
from fakeproviders.journal import Entry, Journal
from fakeproviders.verify.expectation import UNASKED, Criteria, Range, Verification
from fakeproviders.verify.verdict import (
    Order,
    Result,
    count_result,
    order_result,
    overall,
    unexpected_result,
)

MATCHING_SHOWN, NEAR_MISSES_SHOWN, UNEXPECTED_SHOWN = 20, 5, 100
Found = tuple[int, Entry]


class NearMiss(msgspec.Struct, frozen=True):
    """A request that did not meet an expectation, and the fields that kept it from that."""

    serial: int
    misses: list[Miss]


class Check(msgspec.Struct, frozen=True):
    """What became of one expectation. ``serials`` are all the requests that meet it."""

    criteria: Criteria
    result: Result
    serials: list[int]
    near_misses: list[NearMiss]
    counted_with: list[int]
    """Other expectations of the same requests: where order matters, they share their counts."""


class Report(msgspec.Struct, frozen=True):
    """The whole answer. ``evicted`` is how many requests in question are gone."""

    result: Result
    strict: bool
    checks: list[Check]
    order: Order | None
    order_serials: list[int]
    evicted: int
    unfired: list[Rule]
    unexpected: list[int]


class Evidence(msgspec.Struct, frozen=True):
    """What a verification looks at, as it was at one moment."""

    entries: list[Found]
    evicted: int
    unfired: list[Rule]


def gather(wanted: Verification, journal: Journal, rules: Sequence[Rule]) -> Evidence:
    """Take the evidence down, quickly. Raises BadRule for a cursor that is none."""
    since = _since(wanted.since, journal)
    unfired = [rule for rule in rules if is_unfired(rule)]
    return Evidence(journal.since(since), journal.lost_since(since), unfired)


def verify(wanted: Verification, evidence: Evidence) -> Report:
    """Compare; may run in a thread of its own. Raises BadRule naming the field that cannot be used."""
    if not wanted.requests and not wanted.strict:
        words = Words(
            zh="至少写一项期望，或开启 strict：否则总会通过",
            en="expect at least one, or be strict: this would always pass",
        )
        raise BadRule("requests", words)
    criteria = _criteria(wanted)
    entries, evicted = evidence.entries, evidence.evicted
    met_by = [[n for n, (_, e) in enumerate(entries) if c.meets(e)] for c in criteria]
    checks = _checks(criteria, met_by, entries, evicted, in_order=wanted.order)
    order = None
    if wanted.order:
        order = order_result(met_by, [c.bounds.low for c in criteria], evicted)
    unexpected = _unexpected(criteria, met_by, entries)
    results = [check.result for check in checks]
    if order is not None:
        results.append(order.result)
    if wanted.strict:
        results.append(unexpected_result(len(unexpected), evicted))
        results.append(Result.FAIL if evidence.unfired else Result.PASS)
    return Report(
        result=overall(results),
        strict=wanted.strict,
        checks=checks,
        order=order,
        order_serials=[entries[place][0] for place in order.taken] if order else [],
        evicted=evicted,
        unfired=evidence.unfired,
        unexpected=unexpected,
    )


def is_unfired(rule: Rule) -> bool:
    """Whether a rule never acted, or has steps of its script left - for any value, if it counts ``per`` one."""
    if rule.refuses:
        return False  # a listener that is down sees nobody whom it could count
    if rule.spec.script is None:
        return not rule.fired
    if rule.per is None:
        return not rule.exhausted()
    needed = rule.spec.after + len(rule.steps)
    values = rule.counts.by_value.values()
    return not values or any(matched < needed for matched, _ in values)


def _criteria(wanted: Verification) -> list[Criteria]:
    criteria = []
    for number, spec in enumerate(wanted.requests):
        try:
            criteria.append(Criteria(spec))
        except BadRule as error:
            raise BadRule(f"requests[{number}].{error.field}", error.words) from None
    return criteria


def _since(cursor: str | int | None, journal: Journal) -> int:
    if cursor is None:
        return 0
    text = str(cursor)
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        words = Words(
            zh=f"{text!r} 不是 cursor：请求列表会给出",
            en=f"{text!r} is no cursor: the list of requests gives one",
        )
        raise BadRule("since", words)
    if int(text) > journal.next_serial:
        words = Words(
            zh=f"{text} 超出了日志，日志到 {journal.next_serial} 为止",
            en=f"{text} is beyond the journal, which ends at {journal.next_serial}",
        )
        raise BadRule("since", words)
    return int(text)


def _checks(
    criteria: list[Criteria],
    met_by: list[list[int]],
    entries: list[Found],
    evicted: int,
    *,
    in_order: bool,
) -> list[Check]:
    checks = []
    for number, (one, places) in enumerate(zip(criteria, met_by, strict=True)):
        same = _same(criteria, number) if in_order else [number]
        bounds = sum((criteria[n].bounds for n in same), Range(0, 0))
        result = count_result(len(places), evicted, bounds)
        checks.append(
            Check(
                criteria=one,
                result=result,
                serials=[entries[place][0] for place in places],
                near_misses=_near_misses(one, entries) if len(places) < bounds.low else [],
                counted_with=[n for n in same if n != number],
            )
        )
    return checks


def _same(criteria: list[Criteria], number: int) -> list[int]:
    """The expectations that ask for the very same requests, this one among them."""
    return [n for n, one in enumerate(criteria) if one.same_as(criteria[number])]


def _near_misses(criteria: Criteria, entries: list[Found]) -> list[NearMiss]:
    """Those with the fewest wrong fields; then of the right operation and provider; then the newest."""

    def rank(found: NearMiss) -> tuple[Any, ...]:
        fields = {miss.field for miss in found.misses}
        return len(found.misses), "operation" in fields, "provider" in fields, -found.serial

    missed = (
        NearMiss(serial, misses)
        for serial, entry in entries
        if criteria.asks_about(entry) and (misses := criteria.misses(entry))
    )
    return nsmallest(NEAR_MISSES_SHOWN, missed, key=rank)


def _unexpected(
    criteria: list[Criteria], met_by: list[list[int]], entries: list[Found]
) -> list[int]:
    """Requests that meet no expectation; those that must be named only where one does."""
    covered = {place for places in met_by for place in places}
    return [
        serial
        for place, (serial, entry) in enumerate(entries)
        if place not in covered and _counts(criteria, entry)
    ]


def _counts(criteria: list[Criteria], entry: Entry) -> bool:
    hidden = entry.role == UPSTREAM or entry.call.operation in UNASKED
    return not hidden or any(one.names(entry) for one in criteria)
