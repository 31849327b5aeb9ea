"""The checks of a verdict: the ledger against the thresholds, one function each."""

from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any, NamedTuple

from fakeproviders.failures import Words
from fakeproviders.ledger.document import Document, Outage
from fakeproviders.ledger.histogram import Histogram
from fakeproviders.load.thresholds import Thresholds
from fakeproviders.load.titles import ADVICE, TITLES
from fakeproviders.load.verdict import Check, Outcome, Stats

_OUTCOMES: dict[bool | None, Outcome] = {True: "passed", False: "failed", None: "skipped"}
LEAST_GROWTHS = 5
"""Pauses that must have followed another one before their growth is judged."""


class Evidence(NamedTuple):
    """What a verdict is made of."""

    ledger: Document
    stats: Stats


class Finding(NamedTuple):
    """What a check has found; None of ``good`` when there was nothing to judge."""

    good: bool | None
    expected: Words
    actual: Words


def judged(ledger: Document, stats: Stats, thresholds: Thresholds) -> tuple[Check, ...]:
    """All checks, in the order of the thresholds."""
    return tuple(_checks(Evidence(ledger, stats), thresholds))


def answer_times(ledger: Document) -> Histogram:
    """How long all sends took together."""

    def merged(whole: Histogram, part: Histogram) -> Histogram:
        whole.merge(part)
        return whole

    return reduce(merged, (slot.seconds for slot in ledger.series.slots), Histogram())


def _checks(evidence: Evidence, thresholds: Thresholds) -> Iterator[Check]:
    for name, judge in _JUDGES.items():
        threshold = getattr(thresholds, name)
        found = _NOT_ASKED if threshold is None else judge(evidence, threshold)
        yield Check(
            name=name,
            title=TITLES[name],
            outcome=_OUTCOMES[found.good],
            expected=found.expected,
            actual=found.actual,
            advice=ADVICE[name],
        )


def _requests(evidence: Evidence, least: int) -> Finding:
    number = sum(slot.attempts for slot in evidence.ledger.series.slots)
    return Finding(number >= least, _at_least(least), _plain(f"{number:,}"))


def _uncounted(evidence: Evidence, most: int) -> Finding:
    missed = evidence.ledger.missed
    if not missed and not evidence.ledger.doors:
        return _nothing(most, Words(zh="没有请求", en="no requests"))
    return Finding(missed <= most, _at_most(most), _plain(f"{missed:,}"))


def _accepted(evidence: Evidence, least: float) -> Finding:
    slots = evidence.ledger.series.slots
    number, accepted = sum(s.attempts for s in slots), sum(s.accepted for s in slots)
    expected = _at_least(_percent(least))
    if not number:
        return Finding(None, expected, Words(zh="没有请求", en="no requests"))
    actual = _of(number, accepted)
    return Finding(accepted / number >= least, expected, actual)


def _inexact_limits(evidence: Evidence, most: int) -> Finding:
    limits = evidence.ledger.limits
    wrong = sum(limit.over + limit.short for limit in limits)
    windows = sum(limit.windows for limit in limits)
    if not windows:
        return _nothing(most, Words(zh="没有设置限额", en="no limit was set"))
    over, short = sum(each.over for each in limits), sum(each.short for each in limits)
    actual = Words(
        zh=f"{windows:,} 个窗口，超出 {over:,} 个，不足 {short:,} 个",
        en=f"{windows:,} windows: {over:,} over the limit, {short:,} short of it",
    )
    if left := sum(limit.not_judged for limit in limits):
        actual = Words(
            zh=f"{actual.zh}；另有 {left:,} 次发送未核对",
            en=f"{actual.en}; {left:,} more sends were not judged",
        )
    return Finding(wrong <= most, _at_most(most), actual)


def _wrong_reasons(evidence: Evidence, most: int) -> Finding:
    reasons = evidence.ledger.reasons
    if not reasons.checked:
        return _nothing(most, Words(zh="没有因限额拒绝", en="no quota refused anything"))
    actual = _of(reasons.checked, reasons.wrong)
    return Finding(reasons.wrong <= most, _at_most(most), actual)


def _retries(evidence: Evidence, most: int) -> Finding:
    highest = max(evidence.ledger.clients.by_retries, default=0)
    if not any(door.refused or door.faults for door in evidence.ledger.doors):
        return _nothing(most, Words(zh="没有失败", en="nothing failed"))
    number = evidence.ledger.clients.by_retries.get(highest, 0)
    actual = Words(
        zh=f"最多 {highest:,} 次（{number:,} 条短信）",
        en=f"{highest:,} at most ({number:,} messages)",
    )
    return Finding(highest <= most, _at_most(most), actual)


def _pointless_retries(evidence: Evidence, most: int) -> Finding:
    if not evidence.ledger.clients.messages:
        return _nothing(most, _NO_MESSAGES)
    number = evidence.ledger.clients.pointless
    return Finding(number <= most, _at_most(most), _plain(f"{number:,}"))


def _early_retries(evidence: Evidence, most: float) -> Finding:
    clients = evidence.ledger.clients
    if not clients.limited:
        return _nothing(_percent(most), Words(zh="没有因限额拒绝", en="no quota refused anything"))
    share = clients.early / clients.limited
    actual = Words(
        zh=f"{clients.limited:,} 次限额拒绝后提前 {clients.early:,} 次（{_percent(share)}）",
        en=f"{clients.early:,} after {clients.limited:,} refusals by a quota ({_percent(share)})",
    )
    return Finding(share <= most, _at_most(_percent(most)), actual)


def _backoff_growth(evidence: Evidence, least: float) -> Finding:
    growth = evidence.ledger.clients.growth
    if growth.count < LEAST_GROWTHS:
        return Finding(
            None,
            _at_least(f"×{least:g}"),
            Words(
                zh=f"连续重试太少（{growth.count} 次）",
                en=f"too few retries in a row ({growth.count})",
            ),
        )
    median = growth.quantile(0.5)
    actual = Words(
        zh=f"中位数 ×{median:.2f}（{growth.count:,} 次）",
        en=f"×{median:.2f} at the median ({growth.count:,} pauses)",
    )
    return Finding(median >= least, _at_least(f"×{least:g}"), actual)


def _duplicates(evidence: Evidence, most: int) -> Finding:
    clients = evidence.ledger.clients
    if not clients.messages:
        return _nothing(most, _NO_MESSAGES)
    actual = Words(
        zh=f"{clients.duplicates:,} 条，其中回复丢失后 {clients.duplicates_after_lost_reply:,} 条"
        f"（丢失回复 {clients.lost_replies:,} 次）",
        en=f"{clients.duplicates:,}, of them {clients.duplicates_after_lost_reply:,} after a lost reply "
        f"({clients.lost_replies:,} replies lost)",
    )
    return Finding(clients.duplicates <= most, _at_most(most), actual)


def _delivered_after_outage(evidence: Evidence, least: float) -> Finding:
    return _of_outages(evidence, evidence.ledger.clients.outages.delivered, least)


def _failed_over(evidence: Evidence, least: float) -> Finding:
    return _of_outages(evidence, evidence.ledger.clients.outages.switched, least)


def _of_outages(evidence: Evidence, number: int, least: float) -> Finding:
    met = evidence.ledger.clients.outages.met
    if not met:
        return Finding(None, _at_least(_percent(least)), _NO_OUTAGE)
    return Finding(number / met >= least, _at_least(_percent(least)), _of(met, number))


def _recovery_seconds(evidence: Evidence, most: float) -> Finding:
    expected = _at_most(f"{most:g} s")
    times = [_recovery(outage, evidence.ledger.seconds) for outage in evidence.ledger.outages]
    fair = [seconds for over, seconds in times if over or seconds > most]
    if not fair:
        return Finding(None, expected, _NO_OUTAGE if not times else _NOT_OVER)
    longest = max(fair)
    never = sum(not over for over, seconds in times if seconds > most)
    actual = Words(zh=f"最长 {longest:.1f} s", en=f"{longest:.1f} s at most")
    if never:
        actual = Words(
            zh=f"{never} 次直到结束都没有恢复（{longest:.1f} s）",
            en=f"{never} not until the end ({longest:.1f} s)",
        )
    return Finding(longest <= most, expected, actual)


def _recovery(outage: Outage, end: float) -> tuple[bool, float]:
    """Whether the provider was used again, and after how long; else how long it was not."""
    if outage.recovered_after is not None:
        return True, outage.recovered_after
    return False, 0.0 if outage.ended is None else end - outage.ended


def _peak_over_limit(evidence: Evidence, most: float) -> Finding:
    limits = evidence.ledger.limits
    if not limits:
        return _nothing(f"×{most:g}", Words(zh="没有设置限额", en="no limit was set"))
    worst = max(limits, key=lambda limit: limit.peak)
    actual = _plain(f"×{worst.peak:.1f} ({worst.provider} {worst.bucket})")
    return Finding(worst.peak <= most, _at_most(f"×{most:g}"), actual)


def _p99_ms(evidence: Evidence, most: float) -> Finding:
    times = answer_times(evidence.ledger)
    if not times.count:
        return _nothing(f"{most:g} ms", Words(zh="没有请求", en="no requests"))
    took = times.quantile(0.99) * 1000
    return Finding(took <= most, _at_most(f"{most:g} ms"), _plain(f"{took:.1f} ms"))


def _client_failures(evidence: Evidence, most: float) -> Finding:
    stats = evidence.stats
    if not stats.requests:
        return _nothing(_percent(most), Words(zh="没有请求", en="no requests"))
    share = stats.failures / stats.requests
    return Finding(share <= most, _at_most(_percent(most)), _of(stats.requests, stats.failures))


def _of(whole: int, part: int) -> Words:
    share = _percent(part / whole)
    return Words(zh=f"{whole:,} 中的 {part:,}（{share}）", en=f"{part:,} of {whole:,} ({share})")


def _plain(text: str) -> Words:
    return Words(zh=text, en=text)


def _at_least(value: object) -> Words:
    return _plain(f"≥ {value}")


def _at_most(value: object) -> Words:
    return _plain(f"≤ {value}")


def _nothing(most: object, why: Words) -> Finding:
    return Finding(None, _at_most(most), why)


def _percent(share: float) -> str:
    return f"{share * 100:.3g} %"


_NOT_ASKED = Finding(None, _plain("-"), Words(zh="未要求", en="not asked for"))
_NO_MESSAGES = Words(zh="没有短信", en="no messages")
_NO_OUTAGE = Words(zh="没有服务商中断", en="no provider was out of order")
_NOT_OVER = Words(
    zh="中断持续到压测结束，或结束后时间太短，无法判断",
    en="the outage lasted until the run ended, or ended too soon before that to tell",
)
_JUDGES: dict[str, Callable[[Evidence, Any], Finding]] = {
    "requests": _requests,
    "uncounted": _uncounted,
    "accepted": _accepted,
    "inexact_limits": _inexact_limits,
    "wrong_reasons": _wrong_reasons,
    "retries": _retries,
    "pointless_retries": _pointless_retries,
    "early_retries": _early_retries,
    "backoff_growth": _backoff_growth,
    "duplicates": _duplicates,
    "delivered_after_outage": _delivered_after_outage,
    "failed_over": _failed_over,
    "recovery_seconds": _recovery_seconds,
    "peak_over_limit": _peak_over_limit,
    "p99_ms": _p99_ms,
    "client_failures": _client_failures,
}
