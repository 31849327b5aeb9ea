"""Limits of a second and of a minute while the clock runs: several workers look at it, each at its own moment.

What one of them brings may be older than what Redis has counted for another.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from fakeproviders.failures import Words
from loadtests.proofs.crew import crew
from loadtests.proofs.judging import Case, Check, all_told, judged
from loadtests.proofs.outages import AWAY
from loadtests.proofs.proof import Found, Show, figures_of
from loadtests.proofs.serving import BALANCE, Told, serving, world
from loadtests.proofs.sizes import Size
from loadtests.redis_server import own_redis

BEFORE_A_MINUTE = {"mode": "offset", "at": "2026-06-01T12:00:58+08:00"}
"""When the session begins: the minute ends under load."""
MOBILES, MOBILE_LIMIT = 5, 20
CONNECTIONS = 16
FINE = 0.001
"""Seconds, to which the inbox says when a message was sent."""


async def on_redis(size: Size, show: Show) -> Found:
    """One account has a rate, another one a limit for each mobile and minute."""
    quotas = {
        "official": {"account_per_second": size.rate},
        "erban": {"mobile_per_minute": MOBILE_LIMIT},
    }
    each = size.rate_attempts // size.processes
    demanded = each * size.processes

    def on_progress(ended: int, accepted: int) -> None:
        show(ended, 2 * demanded, accepted)

    with own_redis() as redis, serving(workers=size.workers, store=redis.url) as running:
        async with world(running, quotas, BEFORE_A_MINUTE) as where:
            share = [
                await where.stream("official", each, CONNECTIONS),
                await where.stream("erban-form", each, CONNECTIONS, MOBILES),
            ]
            async with crew([share] * size.processes, on_progress) as load:
                load.allow()
                records = await load.records()
            checks: list[Check] = []
            for role, slug in (("official", "rate_limited"), ("erban", "mobile_minute_limit")):
                own = [record for record in records if record.provider == role]
                kept = await where.kept(role)
                case = Case(role, own, kept, demanded, BALANCE, slugs={slug, AWAY})
                checks += [*judged(case), all_told(case, judges_time=size.judges_time)]
                checks.append(
                    rate_check(kept.messages, size.rate)
                    if role == "official"
                    else minutes_check(kept.messages)
                )
    return Found(figures_of(records), checks)


def rate_check(messages: Sequence[Told], rate: int) -> Check:
    """In no while was more sent than the rate at once, and the rate since."""
    moments = sorted(message.at for message in messages)
    seconds = moments[-1] - moments[0]
    most = largest_burst(moments, rate)
    words = Words(
        zh=f"{seconds:.1f} 秒内已发出 {len(moments)}，每秒 {rate}；任意时段内最多超出匀速 {most:.1f}",
        en=f"{len(moments)} sent in {seconds:.1f} s at {rate} a second; "
        f"in any while at most {most:.1f} more than that rate brings",
    )
    return Check("official.rate_exact", most <= rate * (1 + 2 * FINE), words)


def largest_burst(moments: Iterable[float], rate: int) -> float:
    """The most that was sent in any while, beyond what drained meanwhile. Moments are sorted."""
    largest = level = at = 0.0
    for moment in moments:
        level = max(0.0, level - (moment - at) * rate) + 1
        at = moment
        largest = max(largest, level)
    return largest


def minutes_check(messages: Sequence[Told]) -> Check:
    """No mobile was sent to more often in a minute than it may be."""
    counted = Counter((message.mobile, message.at // 60) for message in messages)
    most, windows = max(counted.values()), len(counted)
    minutes = len({minute for _, minute in counted})
    words = Words(
        zh=f"{minutes} 个自然分钟，{windows} 个窗口，限额 {MOBILE_LIMIT}，最多 {most}",
        en=f"{minutes} minutes, {windows} windows, limit {MOBILE_LIMIT}, at most {most} in one",
    )
    return Check("erban.minutes_exact", most <= MOBILE_LIMIT, words)
