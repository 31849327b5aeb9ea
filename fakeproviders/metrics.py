"""Metrics in Prometheus' text format, made when somebody scrapes.

    fakeproviders_build_info{version,python}                                          1
    fakeproviders_requests_total{provider,door,operation,outcome,reason}              counter
    fakeproviders_request_seconds{provider}                                           histogram
    fakeproviders_faults_fired_total{provider,fault}                                  counter
    fakeproviders_sessions                                                            gauge
    fakeproviders_journal_entries, _bytes                                             gauge
    fakeproviders_journal_evicted_total                                               counter
    fakeproviders_quota_used_ratio{provider,bucket}                                   gauge
    fakeproviders_store_up, fakeproviders_store_seconds                               gauge

Every label is a word of ours, and no session has one of its own, so the number of series is bounded
whatever the load. Counters begin at 0 with the server. Where it is several processes, what they answered
is summed up, a second late at most; sessions, journals and the process's own figures are the desk's, which
reads on in the journals first.
"""

import asyncio
import contextlib
import heapq
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from fakeproviders import __version__
from fakeproviders.journal import Journal
from fakeproviders.session import Session
from fakeproviders.sessions import Sessions
from fakeproviders.settings import Quotas
from fakeproviders.stores.base import Store, StoreUnavailable
from fakeproviders.tally import BOUNDS, KIND, Tally

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
SESSIONS_ASKED = 100
"""Sessions whose quotas are looked at: those used last. Each is a question to the store."""
JOURNALS_AT_ONCE = 100
"""Journals that are read side by side; one without news is a single question to the store."""
READ_SECONDS = 2.0
"""After which journals are shown as far as they were read."""
_UNLIMITED = Quotas()


class _Families(Collector):
    """Families that are there already, as a registry takes them."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> Iterator[Metric]:
        """All of them."""
        yield from self._families


async def exposition(
    tally: Tally,
    sessions: Sessions,
    store: Store,
    monotonic: Callable[[], float] = time.perf_counter,
) -> bytes:
    """Everything, as it stands."""
    await _read_on([each.journal for each in sessions.all() if each.journal.is_shared])
    registry = CollectorRegistry()
    registry.register(
        _Families(
            [
                _build(),
                *_traffic(tally),
                *_state(sessions),
                *await _store(store, monotonic),
                await _quotas(sessions),
            ]
        )
    )
    ProcessCollector(registry=registry)
    return generate_latest(registry)


def _build() -> Metric:
    facts = {"version": __version__, "python": platform.python_version()}
    return InfoMetricFamily("fakeproviders_build", "What is running.", facts)


def _traffic(tally: Tally) -> Iterator[Metric]:
    requests = CounterMetricFamily(
        "fakeproviders_requests",
        "Requests answered, by how they ended: accepted, refused (with the reason), page or fault.",
        labels=KIND,
    )
    for kind, durations in tally.requests().items():
        requests.add_metric(kind, durations.number)
    yield requests
    took = HistogramMetricFamily(
        "fakeproviders_request_seconds",
        "From the last byte read to the reply handed to the socket; delays by fault included.",
        labels=["provider"],
    )
    for provider, durations in tally.took().items():
        bounds = [*map(str, BOUNDS), "+Inf"]
        classes = list(zip(bounds, accumulate(durations.counts), strict=True))
        took.add_metric([provider], classes, durations.total)
    yield took
    faults = CounterMetricFamily(
        "fakeproviders_faults_fired",
        "Faults that acted on a request.",
        labels=["provider", "fault"],
    )
    for names, number in tally.faults.items():
        faults.add_metric(names, number)
    yield faults


async def _read_on(journals: Sequence[Journal]) -> None:
    """Take over what other processes have added."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(READ_SECONDS):
            for first in range(0, len(journals), JOURNALS_AT_ONCE):
                some = journals[first : first + JOURNALS_AT_ONCE]
                if not all(await asyncio.gather(*map(_has_read, some))):
                    return  # fakeproviders_store_up says so


async def _has_read(journal: Journal) -> bool:
    try:
        await journal.sync()
    except StoreUnavailable:
        return False
    return True


def _state(sessions: Sessions) -> list[Metric]:
    alive, journals = sessions.all(), sessions.journals
    entries = sum(session.journal.entries for session in alive)
    return [
        GaugeMetricFamily("fakeproviders_sessions", "Live sessions.", len(alive)),
        GaugeMetricFamily("fakeproviders_journal_entries", "Requests that journals keep.", entries),
        GaugeMetricFamily("fakeproviders_journal_bytes", "What they take, about.", journals.used),
        CounterMetricFamily(
            "fakeproviders_journal_evicted", "Requests that had to go.", journals.evicted
        ),
    ]


async def _store(store: Store, monotonic: Callable[[], float]) -> list[Metric]:
    """Whether the store answers, and how soon: it is asked now."""
    asked = monotonic()
    is_up = await store.ready()
    took = monotonic() - asked
    return [
        GaugeMetricFamily("fakeproviders_store_up", "1 if the store can work.", int(is_up)),
        GaugeMetricFamily("fakeproviders_store_seconds", "What the store took to answer just now.", took),
    ]  # fmt: skip


async def _quotas(sessions: Sessions) -> Metric:
    """The fullest of each bucket, over the accounts that have a limit."""
    fullest: dict[tuple[str, str], float] = {}
    limited = [session for session in sessions.all() if _limited(session)]
    try:
        for session in heapq.nlargest(SESSIONS_ASKED, limited, key=lambda each: each.last_used):
            for key, share in await _shares(session):
                fullest[key] = max(share, fullest.get(key, 0.0))
    except StoreUnavailable:
        fullest.clear()  # fakeproviders_store_up says so
    family = GaugeMetricFamily(
        "fakeproviders_quota_used_ratio",
        f"The fullest bucket of its kind, as a share of its limit; of the {SESSIONS_ASKED} sessions used last.",
        labels=["provider", "bucket"],
    )
    for names, share in fullest.items():
        family.add_metric(names, share)
    return family


def _limited(session: Session) -> bool:
    return any(account.settings.quotas != _UNLIMITED for account in session.accounts.values())


async def _shares(session: Session) -> list[tuple[tuple[str, str], float]]:
    """How full the buckets of a session's accounts are; one with a limit of 0 is full."""
    now, shares = session.clock.now(), []
    for role, account in session.accounts.items():
        quotas = account.settings.quotas
        if quotas != _UNLIMITED:
            full = await session.store.fullest(role, quotas, now)
            shares += [((role, bucket), share) for bucket, share in full.items()]
        await asyncio.sleep(0)  # a store of this process answers without a pause
    return shares
