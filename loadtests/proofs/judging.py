"""What clients were told, held against what the servers have kept: nothing may be lost, doubled or over."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import msgspec

from fakeproviders.failures import Words
from loadtests.attempts import Ending
from loadtests.proofs.records import Record
from loadtests.proofs.serving import Kept

SHOWN = 3
"""Ids of what is wrong, at most."""


class Check(msgspec.Struct, frozen=True):
    """One sentence that must hold; ``said`` has its figures. ``passed`` is None where it is not judged."""

    name: str
    passed: bool | None
    said: Words


class Case(NamedTuple):
    """One account: its attempts, and what the servers have kept."""

    provider: str
    records: Sequence[Record]
    kept: Kept
    demanded: int
    """Attempts, at least."""
    begun_with: int
    """Its balance in the beginning."""
    limit: int | None = None
    slugs: Collection[str] = ()
    """The reasons that a refusal may have."""


def judged(case: Case) -> list[Check]:
    """Every check of an account."""
    return [
        _all_attempted(case),
        _all_kept(case),
        _nothing_lost(case),
        _nothing_doubled(case),
        _nothing_unasked(case),
        *_limit_exact(case),
        _used_exact(case),
        _charged_once(case),
        _reasons_right(case),
    ]


def all_told(case: Case, *, judges_time: bool) -> Check:
    """Where nothing breaks every attempt has its answer; one that is long in coming is none."""
    unknown = ids(case.records, Ending.UNKNOWN).total()
    words = Words(zh=f"没有响应的请求 {unknown}", en=f"{unknown} attempts without an answer")
    return Check(f"{case.provider}.all_told", unknown == 0 if judges_time else None, words)


def ids(records: Iterable[Record], ending: Ending) -> Counter[str]:
    """The ids of attempts that ended so."""
    return Counter(record.out_id for record in records if record.ending is ending)


def _all_attempted(case: Case) -> Check:
    asked = len({record.out_id for record in case.records})
    zh, en = f"请求 {asked} 次，至少 {case.demanded}", f"{asked} attempts, at least {case.demanded}"
    return _check(case, "all_attempted", zh, en, passed=asked >= case.demanded)


def _all_kept(case: Case) -> Check:
    evicted = case.kept.evicted
    zh, en = (
        f"收件箱未丢弃任何短信（丢弃 {evicted}）",
        f"the inbox had room for all ({evicted} evicted)",
    )
    return _check(case, "inbox_whole", zh, en, passed=evicted == 0)


def _nothing_lost(case: Case) -> Check:
    """Every acknowledged message is there, under the id that was told."""
    kept = {(message.out_id, message.id) for message in case.kept.messages}
    out_ids = {message.out_id for message in case.kept.messages}
    lost = [
        r.out_id
        for r in case.records
        if r.ending is Ending.ACCEPTED
        and ((r.out_id, r.message_id) not in kept if r.message_id else r.out_id not in out_ids)
    ]
    zh, en = (
        f"已受理而收件箱中没有：{_some(lost)}",
        f"acknowledged, yet not in the inbox: {_some(lost)}",
    )
    return _check(case, "nothing_lost", zh, en, passed=not lost)


def _nothing_doubled(case: Case) -> Check:
    """No attempt has two messages, and no message was told to two attempts."""
    kept = Counter(message.out_id for message in case.kept.messages)
    told = Counter(record.message_id for record in case.records if record.message_id)
    twice = [one for count in (kept, told) for one, times in count.items() if times > 1]
    zh, en = f"重复：{_some(twice)}", f"there twice: {_some(twice)}"
    return _check(case, "nothing_doubled", zh, en, passed=not twice)


def _nothing_unasked(case: Case) -> Check:
    """What nobody was told of is of an attempt whose answer was lost."""
    may_be = ids(case.records, Ending.ACCEPTED) + ids(case.records, Ending.UNKNOWN)
    wrong = [message.out_id for message in case.kept.messages if message.out_id not in may_be]
    untold = len(case.kept.messages) - ids(case.records, Ending.ACCEPTED).total()
    unknown = ids(case.records, Ending.UNKNOWN).total()
    zh = f"被拒绝却已发出：{_some(wrong)}；结果不明的 {unknown} 次中有 {untold} 条已发出"
    en = f"refused, yet sent: {_some(wrong)}; of {unknown} without an answer {untold} were sent"
    return _check(case, "nothing_unasked", zh, en, passed=not wrong and 0 <= untold <= unknown)


def _limit_exact(case: Case) -> list[Check]:
    """As many as the limit allows: not one more, and not one less when more was asked for."""
    if case.limit is None:
        return []
    sent, asked = len(case.kept.messages), len(case.records)
    wanted = min(case.limit, asked)
    zh = f"{asked} 次请求，限额 {case.limit}，已发出 {sent}"
    en = f"{asked} attempts, limit {case.limit}, sent {sent}"
    return [_check(case, "limit_exact", zh, en, passed=sent == wanted)]


def _used_exact(case: Case) -> Check:
    used, sent = case.kept.used, len(case.kept.messages)
    zh, en = f"限额已用 {used}，短信 {sent}", f"the quota has used {used}, messages {sent}"
    return _check(case, "quota_used", zh, en, passed=used == sent)


def _charged_once(case: Case) -> Check:
    charged = case.begun_with - case.kept.balance
    fees = sum(message.fee for message in case.kept.messages)
    zh, en = f"扣费 {charged}，应为 {fees}", f"charged {charged}, the messages cost {fees}"
    return _check(case, "charged_once", zh, en, passed=charged == fees)


def _reasons_right(case: Case) -> Check:
    """Every refusal has the provider's form, and a reason that it may have."""
    slugs = Counter(
        record.slug or record.ending.value
        for record in case.records
        if record.ending in {Ending.REFUSED, Ending.DOWN}
    )
    wrong = {slug: number for slug, number in slugs.items() if slug not in case.slugs}
    shown = ", ".join(f"{slug} {number}" for slug, number in sorted(slugs.items())) or "0"
    zh, en = f"拒绝：{shown}", f"refusals: {shown}"
    return _check(case, "reasons_right", zh, en, passed=not wrong)


def _check(case: Case, name: str, zh: str, en: str, *, passed: bool) -> Check:
    return Check(f"{case.provider}.{name}", passed, Words(zh=zh, en=en))


def _some(found: Sequence[str]) -> str:
    """How many, and the first of them."""
    return f"{len(found)}" + (f" ({', '.join(found[:SHOWN])}…)" if found else "")
