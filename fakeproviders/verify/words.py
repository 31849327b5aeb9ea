"""A report in words of both languages: what was wrong, and what came nearest."""

from collections.abc import Iterator

from fakeproviders.failures import Words
from fakeproviders.faults.words import joined
from fakeproviders.punctuation import SEMICOLON
from fakeproviders.verify.expectation import Range
from fakeproviders.verify.report import Check, Report
from fakeproviders.verify.verdict import Result

_SHOWN = 10
"""Ids that are spelt out in a line."""
_HEADS = {
    Result.PASS: Words(zh="通过", en="Pass"),
    Result.FAIL: Words(zh="不通过", en="Fail"),
    Result.INCONCLUSIVE: Words(zh="无法判定", en="Inconclusive"),
}


def summary(report: Report, seed: int) -> Words:
    """The verdict in a line, and a line for whatever is not as it should be."""
    lines = list(_lines(report, seed))
    return Words(zh="\n".join(w.zh for w in lines), en="\n".join(w.en for w in lines))


def _lines(report: Report, seed: int) -> Iterator[Words]:
    good = sum(check.result is Result.PASS for check in report.checks)
    head, total = _HEADS[report.result], len(report.checks)
    yield Words(
        zh=f"{head.zh}：{total} 项期望中 {good} 项满足（会话种子 {seed}）",
        en=f"{head.en}: {good} of {total} expectations met (the session's seed is {seed})",
    )
    for number, check in enumerate(report.checks):
        if check.result is not Result.PASS:
            yield _check(number, check)
    if report.order is not None and report.order.result is not Result.PASS:
        yield _order(report)
    if report.strict:
        yield from _strict(report)
    if report.evicted:
        yield Words(
            zh=f"- 日志容量有限，已有 {report.evicted} 个相关请求被清除",
            en=f"- the journal is bounded: {report.evicted} requests in question were evicted",
        )


def _check(number: int, check: Check) -> Words:
    what, seen = check.criteria.describe(), len(check.serials)
    wanted = times(check.criteria.bounds)
    zh = f"- 第 {number + 1} 项（{what.zh}）：应为{wanted.zh}，实有 {seen} 次"
    en = f"- expectation {number + 1} ({what.en}): wanted {wanted.en}, found {seen}"
    if check.counted_with:
        others = ", ".join(str(n + 1) for n in check.counted_with)
        zh, en = f"{zh}（与第 {others} 项合计）", f"{en} (counted together with {others})"
    if check.result is Result.INCONCLUSIVE:
        zh, en = f"{zh}；已清除的请求可能改变结果", f"{en}; evicted ones could change that"
    if check.near_misses:
        nearest = check.near_misses[0]
        missed = joined(SEMICOLON, (miss.words for miss in nearest.misses))
        zh += f"；最接近的是 r{nearest.serial}：{missed.zh}"
        en += f"; nearest is r{nearest.serial}: {missed.en}"
    return Words(zh=zh, en=en)


def times(bounds: Range) -> Words:
    """How often, in words."""
    low, high = bounds
    if high is None:
        return Words(zh=f"至少 {low} 次", en=f"at least {low}")
    if low == high:
        return Words(zh=f"正好 {low} 次", en=f"exactly {low}")
    if low == 0:
        return Words(zh=f"至多 {high} 次", en=f"at most {high}")
    return Words(zh=f" {low} 到 {high} 次", en=f"{low} to {high}")


def _order(report: Report) -> Words:
    assert report.order is not None  # noqa: S101 - asked before
    number = (report.order.missing or 0) + 1
    if report.order_serials:
        last = f"r{report.order_serials[-1]}"
        return Words(
            zh=f"- 顺序：{last} 之后没有足够的请求满足第 {number} 项",
            en=f"- order: after {last} there are too few requests for expectation {number}",
        )
    return Words(
        zh=f"- 顺序：没有足够的请求满足第 {number} 项",
        en=f"- order: there are too few requests for expectation {number}",
    )


def _strict(report: Report) -> Iterator[Words]:
    if report.unexpected:
        ids = _listed([f"r{serial}" for serial in report.unexpected])
        number = len(report.unexpected)
        yield Words(zh=f"- {number} 个意料之外的请求：{ids}", en=f"- {number} unexpected: {ids}")
    if report.unfired:
        ids = _listed([rule.id for rule in report.unfired])
        yield Words(
            zh=f"- 从未触发或脚本未走完的故障规则：{ids}",
            en=f"- fault rules that never fired, or whose script has steps left: {ids}",
        )


def _listed(ids: list[str]) -> str:
    more = len(ids) - _SHOWN
    return ", ".join(ids[:_SHOWN]) + (f" … (+{more})" if more > 0 else "")
