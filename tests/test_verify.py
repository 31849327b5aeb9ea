"""Verification: what passes, what fails, and what nobody can know any more."""

from collections.abc import Sequence
from itertools import combinations, product
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.clock import SessionClock
from fakeproviders.failures import Reason
from fakeproviders.faults.engine import FaultEngine
from fakeproviders.faults.hang import Hang
from fakeproviders.faults.refusal import RefusalFault
from fakeproviders.faults.registry import BadRule
from fakeproviders.faults.reply_lost import ReplyLost
from fakeproviders.faults.rule import FaultSpec, Rule
from fakeproviders.journal import Entry, Journal
from fakeproviders.model import Call
from fakeproviders.verify.expectation import Verification
from fakeproviders.verify.report import Report, gather, verify
from fakeproviders.verify.words import summary
from tests.entries import an_entry

PASS, FAIL, INCONCLUSIVE = "pass", "fail", "inconclusive"


def journal_of(*entries: Entry, most: int = 1000) -> Journal:
    journal = Journal(max_entries=most)
    for entry in entries:
        journal.append(entry)
    return journal


def verified(
    journal: Journal, *requests: dict[str, Any], rules: Sequence[Rule] = (), **options: Any
) -> Report:
    wanted = msgspec.convert({"requests": requests, **options}, Verification)
    return verify(wanted, gather(wanted, journal, rules))


def result(journal: Journal, *requests: dict[str, Any], **options: Any) -> str:
    return verified(journal, *requests, **options).result


def mobiles(*numbers: str) -> list[Entry]:
    return [an_entry(mobiles=(number,)) for number in numbers]


# Counts.


@pytest.mark.parametrize(("count", "expected"), [
    (None, PASS), (2, PASS), (1, FAIL), (3, FAIL), (0, FAIL), ({"min": 2}, PASS), ({"min": 3}, FAIL),
    ({"max": 2}, PASS), ({"max": 1}, FAIL), ({"min": 1, "max": 2}, PASS), ({"min": 3, "max": 4}, FAIL),
])  # fmt: skip
def test_counts(count: object, expected: str) -> None:
    journal = journal_of(*mobiles("1", "2", "1"))
    assert result(journal, {"match": {"mobile": "1"}, "count": count}) == expected


@pytest.mark.parametrize(("count", "expected"), [
    (None, INCONCLUSIVE), ({"min": 1}, INCONCLUSIVE), ({"min": 2}, INCONCLUSIVE),
    ({"min": 3}, FAIL), (0, INCONCLUSIVE), (2, INCONCLUSIVE), (3, FAIL), ({"max": 0}, INCONCLUSIVE),
    ({"max": 1}, INCONCLUSIVE), ({"max": 2}, PASS), ({"max": 99}, PASS),
])  # fmt: skip
def test_counts_when_two_are_gone_and_none_is_left(count: object, expected: str) -> None:
    journal = journal_of(*mobiles("2", "2", "2"), most=1)
    assert result(journal, {"match": {"mobile": "1"}, "count": count}) == expected


@pytest.mark.parametrize(("count", "expected"), [
    (None, PASS), ({"min": 2}, PASS), ({"min": 3}, INCONCLUSIVE), ({"max": 1}, FAIL),
    (1, FAIL), (2, INCONCLUSIVE), ({"max": 3}, INCONCLUSIVE), ({"max": 4}, PASS),
])  # fmt: skip
def test_counts_when_two_are_gone_and_two_are_left(count: object, expected: str) -> None:
    journal = journal_of(*mobiles("2", "2", "1", "1"), most=2)
    assert result(journal, {"match": {"mobile": "1"}, "count": count}) == expected


def test_what_a_reset_forgot_is_not_in_question() -> None:
    journal = journal_of(*mobiles("1", "1", "1"), most=2)
    journal.clear()
    assert result(journal, {"operation": "send", "count": 0}) == PASS


def test_only_what_came_since_the_cursor_counts() -> None:
    journal = journal_of(*mobiles("1", "1", "2", "1"), most=3)
    one = {"match": {"mobile": "1"}, "count": 1}
    assert result(journal, one) == FAIL
    assert result(journal, one, since="2") == PASS
    assert result(journal, one, since=4) == FAIL
    report = verified(journal, one, since="0")
    assert report.evicted == 1
    assert verified(journal, one, since="1").evicted == 0


# What is met.


def test_upstream_documents_and_receipts_must_be_named() -> None:
    journal = journal_of(
        an_entry("upstream"), an_entry("reseller"), an_entry("erban", "wsdl", page=True),
        an_entry("official", "unknown", page=True), an_entry("erban", "receipt"),
    )  # fmt: skip
    assert result(journal, {"count": 1}, strict=False) == PASS
    assert result(journal, {"provider": "*", "count": 2}) == PASS
    assert result(journal, {"provider": "upstream", "count": 1}) == PASS
    assert result(journal, {"operation": "wsdl", "count": 1}) == PASS
    assert result(journal, {"operation": "receipt", "count": 1}) == PASS
    assert result(journal, {"operation": "*", "count": 4}) == PASS
    assert result(journal, {"operation": "*", "provider": "*", "count": 5}) == PASS
    assert result(journal, {"outcome": "page", "count": 2}) == PASS


def test_a_lost_reply_was_accepted_all_the_same() -> None:
    """The double send that this fault provokes must not look like a single one."""
    journal = journal_of(an_entry(fault=ReplyLost()), an_entry())
    assert result(journal, {"outcome": "accepted", "count": 1}) == FAIL
    assert result(journal, {"outcome": "accepted", "count": 2}) == PASS
    assert result(journal, {"outcome": "fault", "count": 1}) == PASS


def test_outcomes_and_reasons() -> None:
    scripted = RefusalFault(slug=Reason.RATE_LIMITED)
    journal = journal_of(
        an_entry(),
        an_entry(refused=Reason.MOBILE_INVALID),
        an_entry(refused=Reason.RATE_LIMITED, fault=scripted),
        an_entry(fault=Hang(), handled=False, reply=None),
    )
    assert result(journal, {"outcome": "accepted", "count": 1}) == PASS
    assert result(journal, {"outcome": "refused", "count": 2}) == PASS
    assert result(journal, {"outcome": "fault", "count": 2}) == PASS
    assert result(journal, {"reason": "rate_limited", "count": 1}) == PASS
    assert result(journal, {"reason": "maintenance", "count": 0}) == PASS


# Near misses.


def test_near_misses_are_ranked() -> None:
    journal = journal_of(
        an_entry(operation="token"),
        an_entry(mobiles=("139",), template_id="1"),
        an_entry(mobiles=("138",), template_id="2"),
        an_entry(mobiles=("138",), template_id="3"),
        an_entry("erban", mobiles=("138",), template_id="1"),
        an_entry("upstream", mobiles=("138",), template_id="1"),
        an_entry("erban", "help", page=True),
    )
    match = {"mobile": "138", "template_id": "1"}
    spec = {"provider": "official", "operation": "send", "match": match}
    (check,) = verified(journal, spec).checks
    assert [near.serial for near in check.near_misses] == [3, 2, 1, 4, 0]
    missed = check.near_misses[0].misses
    assert [(miss.field, miss.actual, miss.expected.en) for miss in missed] == [
        ("template_id", "3", "= 1")
    ]


def test_a_near_miss_says_all_that_is_wrong() -> None:
    journal = journal_of(an_entry("erban", "token", refused=Reason.MOBILE_INVALID, account="a"))
    spec = {
        "provider": "official", "operation": "send", "match": {"account": "b"},
        "outcome": "fault", "reason": "rate_limited",
    }  # fmt: skip
    (near,) = verified(journal, spec).checks[0].near_misses
    assert [(miss.field, miss.actual, miss.expected.en) for miss in near.misses] == [
        ("provider", "erban", "= official"),
        ("operation", "token", "= send"),
        ("account", "a", "= b"),
        ("outcome", "refused", "= fault"),
        ("reason", "mobile_invalid", "= rate_limited"),
    ]


def test_who_asks_for_too_many_misses_nothing() -> None:
    report = verified(journal_of(*mobiles("1", "1", "2")), {"match": {"mobile": "1"}, "count": 1})
    assert (report.result, report.checks[0].near_misses) == (FAIL, [])


# Order.


def test_order_needs_a_request_each() -> None:
    journal = journal_of(an_entry(operation="token"), an_entry(), an_entry(operation="token"))
    token, send = {"operation": "token"}, {"operation": "send"}
    assert result(journal, token, send, order=True) == PASS
    assert result(journal, token, send, token, order=True) == PASS
    assert result(journal, send, token, order=True) == PASS
    assert result(journal, send, token, send, order=True) == FAIL
    assert result(journal, send, send, order=True) == FAIL
    assert result(journal, send, send) == PASS


def test_equal_expectations_share_their_counts_when_order_matters() -> None:
    token, send = {"operation": "token", "count": 1}, {"operation": "send", "count": 1}
    journal = journal_of(an_entry(operation="token"), an_entry(), an_entry(operation="token"))
    report = verified(journal, token, send, token, order=True)
    assert report.result == PASS
    assert [check.counted_with for check in report.checks] == [[2], [], [0]]
    assert result(journal, token, send, token) == FAIL
    journal.append(an_entry(operation="token"))
    assert result(journal, token, send, token, order=True) == FAIL


def test_order_says_where_it_broke() -> None:
    journal = journal_of(an_entry(), an_entry(operation="token"))
    report = verified(journal, {"operation": "token"}, {"operation": "send"}, order=True)
    assert report.order is not None
    assert (report.order.result, report.order.missing, report.order_serials) == (FAIL, 1, [1])


# Strict.


def test_strict_refuses_what_nobody_expected() -> None:
    journal = journal_of(
        an_entry(), an_entry(refused=Reason.MOBILE_INVALID), an_entry("upstream"),
        an_entry("erban", "wsdl", page=True), an_entry(operation="unknown", page=True),
    )  # fmt: skip
    report = verified(journal, {"operation": "send", "outcome": "accepted"}, strict=True)
    assert (report.result, report.unexpected) == (FAIL, [1, 4])
    report = verified(journal, {"outcome": "accepted"}, {"outcome": "refused"}, strict=False)
    assert (report.result, report.unexpected) == (PASS, [4])
    named = {"operation": "wsdl", "provider": "official", "count": 0}
    assert verified(journal, named).unexpected == [0, 1, 4]
    named["provider"] = "*"
    assert verified(journal, named | {"match": {"door": "x"}}).unexpected == [0, 1, 3, 4]
    named = {"operation": "send", "provider": "upstream", "outcome": "fault"}
    assert verified(journal, named).unexpected == [0, 1, 2, 4]


def test_strict_knows_nothing_of_what_is_gone() -> None:
    journal = journal_of(an_entry(), an_entry(), most=1)
    assert result(journal, {"operation": "send"}, strict=True) == INCONCLUSIVE
    assert result(journal, {"operation": "token", "count": 0}, strict=True) == FAIL
    assert result(journal, {"operation": "send"}, strict=True, since=1) == PASS
    assert result(Journal(), strict=True) == PASS


def rules_of(*specs: dict[str, Any]) -> FaultEngine:
    engine = FaultEngine("seed", SessionClock())
    for spec in specs:
        engine.add(msgspec.convert({"provider": "official", **spec}, FaultSpec))
    return engine


def test_strict_wants_every_fault_to_have_fired() -> None:
    engine = rules_of(
        {"do": "rate_limited", "times": 1},
        {"script": "ok, rate_limited x2"},
        {"script": "ok", "operation": "token"},
        {"script": "fail", "per": "mobile", "match": {"mobile": "9"}},
        {"do": "refuse"},
    )

    def unfired() -> list[str]:
        report = verified(Journal(), rules=engine.rules, strict=True)
        assert report.result == (FAIL if report.unfired else PASS)
        return [rule.id for rule in report.unfired]

    assert unfired() == ["f1", "f2", "f3", "f4"]
    engine.draw(Call("official", "send"), 0.0)
    assert unfired() == ["f2", "f3", "f4"]
    engine.draw(Call("official", "token"), 0.0)
    engine.draw(Call("official", "token"), 0.0)
    assert unfired() == ["f2", "f3", "f4"]
    engine.draw(Call("official", "token"), 0.0)
    assert unfired() == ["f3", "f4"]
    engine.draw(Call("official", "token"), 0.0)
    engine.draw(Call("official", "send", mobiles=("9",)), 0.0)
    assert unfired() == []
    assert verified(Journal(), {"count": 0}, rules=engine.rules).result == PASS


# What cannot be asked.


@pytest.mark.parametrize(("wanted", "field"), [
    ({}, "requests"),
    ({"requests": [{"operation": "sned"}]}, "requests[0].operation"),
    ({"requests": [{}, {"match": {"mobil": "1"}}]}, "requests[1].match.mobil"),
    ({"requests": [{"match": {"mobile": {"regex": "("}}}]}, "requests[0].match.mobile.regex"),
    ({"requests": [{"reason": "nonsense"}]}, "requests[0].reason"),
    ({"requests": [{"reason": "rate_limited", "outcome": "accepted"}]}, "requests[0].reason"),
    ({"requests": [{}], "since": "x"}, "since"),
    ({"requests": [{}], "since": -1}, "since"),
    ({"requests": [{}], "since": "1"}, "since"),
])  # fmt: skip
def test_what_would_mean_nothing_is_refused(wanted: dict[str, Any], field: str) -> None:
    with pytest.raises(BadRule) as refused:
        verified(Journal(), *wanted.pop("requests", ()), **wanted)
    assert refused.value.field == field


@pytest.mark.parametrize("count", [-1, {}, {"min": 2, "max": 1}, {"least": 1}, "1", 1.5, True])
def test_bad_counts(count: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"requests": [{"count": count}]}, Verification)


# Words.


def test_the_summary_names_what_is_wrong() -> None:
    engine = rules_of({"do": "hang"})
    journal = journal_of(*mobiles("1", "2", "139"), most=2)
    report = verified(
        journal,
        {
            "operation": "send", "match": {"mobile": {"prefix": "138"}}, "outcome": "accepted",
            "count": {"min": 9, "max": 10},
        },
        {"operation": "token", "count": {"max": 0}},
        {"operation": "balance", "count": {"min": 0, "max": 2}},
        order=True, strict=True, rules=engine.rules,
    )  # fmt: skip
    words = summary(report, 42)
    nearest = "nearest is r2: mobile = '139', expected prefix 138"
    assert words.en.splitlines() == [
        "Fail: 1 of 3 expectations met (the session's seed is 42)",
        f"- expectation 1 (send mobile prefix 138 accepted): wanted 9 to 10, found 0; {nearest}",
        "- expectation 2 (token): wanted exactly 0, found 0; evicted ones could change that",
        "- order: there are too few requests for expectation 1",
        "- 2 unexpected: r1, r2",
        "- fault rules that never fired, or whose script has steps left: f1",
        "- the journal is bounded: 1 requests in question were evicted",
    ]
    assert len(words.zh.splitlines()) == 7
    nearest = "最接近的是 r2：mobile = '139'，要求以 138 开头"
    assert words.zh.splitlines()[:2] == [
        "不通过：3 项期望中 1 项满足（会话种子 42）",
        f"- 第 1 项（send mobile 以 138 开头 accepted）：应为 9 到 10 次，实有 0 次；{nearest}",
    ]


def test_the_summary_of_a_pass_is_one_line() -> None:
    report = verified(journal_of(an_entry(), an_entry()), {"operation": "send"})
    assert summary(report, 1).en == "Pass: 1 of 1 expectations met (the session's seed is 1)"
    assert "\n" not in summary(report, 1).zh


# Against a naive model, which tries everything that the evicted requests may have been.

KINDS = "abc"
PATTERNS = ("a", "b", "ab")
COUNTS = st.one_of(
    st.none(),
    st.integers(0, 3),
    st.integers(0, 3).map(lambda n: {"min": n}),
    st.integers(0, 3).map(lambda n: {"max": n}),
)
EXPECTATIONS = st.lists(st.tuples(st.sampled_from(PATTERNS), COUNTS), min_size=1, max_size=3)


def expected(pattern: str, count: object) -> dict[str, Any]:
    return {"match": {"mobile": {"in": list(pattern)}}, "count": count}


def bounds(count: Any) -> tuple[int, float]:
    if count is None:
        return 1, float("inf")
    if isinstance(count, int):
        return count, count
    return count.get("min", 0), count.get("max", float("inf"))


def in_order(world: str, patterns: Sequence[str]) -> bool:
    """Whether there are distinct requests for these patterns, one after the other."""
    return any(
        all(kind in pattern for kind, pattern in zip(chosen, patterns, strict=True))
        for chosen in combinations(world, len(patterns))
    )


def naive_count(world: str, which: int, expectations: Any, *, order: bool) -> bool:
    pattern, count = expectations[which]
    same = [c for p, c in expectations if p == pattern] if order else [count]
    low, high = (sum(side) for side in zip(*map(bounds, same), strict=True))
    return bool(low <= sum(kind in pattern for kind in world) <= high)


def naive_order(world: str, expectations: Any) -> bool:
    return in_order(world, [p for p, count in expectations for _ in range(bounds(count)[0])])


def naive_unexpected(world: str, expectations: Any) -> bool:
    return all(any(kind in pattern for pattern, _ in expectations) for kind in world)


def naive(answers: list[bool]) -> str:
    """What can be said for sure, when one of these is true."""
    return PASS if all(answers) else INCONCLUSIVE if any(answers) else FAIL


@given(st.text(KINDS, max_size=6), st.integers(1, 6), EXPECTATIONS, st.booleans(), st.booleans())
def test_against_all_possible_worlds(
    history: str, most: int, expectations: Any, order: bool, strict: bool
) -> None:
    journal = journal_of(*mobiles(*history), most=most)
    kept = history[max(0, len(history) - most) :]
    worlds = [
        "".join(gone) + kept for gone in product(KINDS, repeat=min(4, len(history) - len(kept)))
    ]
    specs = [expected(*one) for one in expectations]
    report = verified(journal, *specs, order=order, strict=strict)
    if len(history) - len(kept) > 4:
        return
    for which, check in enumerate(report.checks):
        answers = [naive_count(world, which, expectations, order=order) for world in worlds]
        assert check.result == naive(answers)
    if report.order is not None:
        assert report.order.result == naive([naive_order(w, expectations) for w in worlds])
    wholly = [
        all(naive_count(w, n, expectations, order=order) for n in range(len(expectations)))
        and (not order or naive_order(w, expectations))
        and (not strict or naive_unexpected(w, expectations))
        for w in worlds
    ]
    if report.result != INCONCLUSIVE:
        assert report.result == naive(wholly)
    if len(worlds) == 1:
        assert report.result != INCONCLUSIVE


@given(st.lists(st.sampled_from(KINDS), max_size=8), st.integers(0, 8))
def test_since_is_as_if_nothing_came_before(history: list[str], since: int) -> None:
    journal = journal_of(*mobiles(*history))
    since = min(since, len(history))
    spec = {"match": {"mobile": "a"}, "count": 1}
    whole = verified(journal, spec, since=str(since), strict=True)
    alone = verified(journal_of(*mobiles(*history[since:])), spec, strict=True)
    assert whole.result == alone.result
    assert [serial - since for serial in whole.unexpected] == alone.unexpected


@given(st.lists(st.tuples(st.sampled_from(["1", "2"]), st.sampled_from(["1", "2"])), max_size=9))
def test_near_misses_against_a_sort(history: list[tuple[str, str]]) -> None:
    journal = journal_of(
        *(an_entry(mobiles=(mobile,), template_id=number) for mobile, number in history)
    )
    spec = {"match": {"mobile": "1", "template_id": "1"}, "count": 99}
    (check,) = verified(journal, spec).checks
    wrong = [(m != "1") + (t != "1") for m, t in history]
    ranked = sorted((n, -serial) for serial, n in enumerate(wrong) if n)
    assert [near.serial for near in check.near_misses] == [-serial for _, serial in ranked][:5]
    assert check.serials == [serial for serial, n in enumerate(wrong) if not n]
