"""Metrics: every count is what happened, in the format that Prometheus reads, with bounded labels."""

import asyncio
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from fakeproviders import __version__, metrics
from fakeproviders.faults.rule import FaultSpec
from fakeproviders.journal import Budget, Journal
from fakeproviders.metrics import exposition
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.sharing.journal import SharedJournal
from fakeproviders.soon import settled
from fakeproviders.stores.base import StoreUnavailable
from fakeproviders.tally import BOUNDS, Durations
from tests.asyncs import asynchronous
from tests.core import MOBILE, Core, post
from tests.entries import an_entry
from tests.faults.doubles import RecordingWire
from tests.redis_server import RedisServer
from tests.sharing.test_journal import processes
from tests.stores.charges import send

Samples = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


async def scraped(core: Core) -> Samples:
    """Every sample by its name and labels."""
    text = (await exposition(core.pipeline.tally, core.sessions, core.store)).decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(samples: Samples, name: str, **labels: str) -> float:
    """One sample of ours; 0 where there is none."""
    return samples.get((f"fakeproviders_{name}", frozenset(labels.items())), 0)


def requests(samples: Samples, outcome: str, reason: str = "", operation: str = "send") -> float:
    """How many JSON requests of the official provider ended so."""
    return of(
        samples, "requests_total", provider="official", door="json", operation=operation,
        outcome=outcome, reason=reason,
    )  # fmt: skip


@asynchronous
async def test_every_request_is_counted_by_how_it_ended() -> None:
    core = Core()
    await core.open()
    for _ in range(3):
        await core.official_send()
    await core.official_send(mobile="1")
    await core.official_send(signature="【别家】")
    await core.reply(OFFICIAL, post("/nowhere", {}))
    samples = await scraped(core)
    assert requests(samples, "accepted", operation="token") == 5
    assert requests(samples, "accepted") == 3
    assert requests(samples, "refused", "mobile_invalid") == 1
    assert requests(samples, "refused", "signature_mismatch") == 1
    assert (
        sum(v for (name, _), v in samples.items() if name == "fakeproviders_requests_total") == 11
    )
    assert of(samples, "request_seconds_count", provider="official") == 11


@asynchronous
async def test_faults_that_acted_are_counted_and_those_of_a_list_each() -> None:
    core = Core()
    session = await core.open()
    token = await core.token()
    for do in ("rate_limited", "reply_lost", [{"delay": {"ms": 1}}, "rate_limited"]):
        spec = FaultSpec(provider="official", operation="send", do=do, times=1)
        session.faults.add(spec)
    for _ in range(4):
        raw = post("/api/sms/send", {"access_token": token})
        await settled(core.pipeline.handle(OFFICIAL, raw, RecordingWire()))
    samples = await scraped(core)
    fired = {
        name: of(samples, "faults_fired_total", provider="official", fault=name)
        for name in ("rate_limited", "reply_lost", "delay")
    }
    assert fired == {"rate_limited": 2, "reply_lost": 1, "delay": 1}


@asynchronous
async def test_sessions_journals_and_the_store_are_shown_as_they_stand() -> None:
    core = Core()
    await core.open()
    await core.sessions.create()
    await core.token()
    samples = await scraped(core)
    assert of(samples, "sessions") == 2
    assert of(samples, "journal_entries") == 1
    assert of(samples, "journal_bytes") == core.sessions.journals.used > 0
    assert of(samples, "store_up") == 1
    assert of(samples, "store_seconds") < 1
    assert ("process_resident_memory_bytes", frozenset()) in samples
    builds = [labels for name, labels in samples if name == "fakeproviders_build_info"]
    assert ("version", __version__) in next(iter(builds))


@asynchronous
async def test_the_fullest_bucket_is_shown_and_no_session_is_named() -> None:
    core = Core()
    await core.open()
    await core.official_send()
    limits = {"account_per_day": 8, "mobile_per_minute": 4}
    for number in (1, 2):
        session = await core.sessions.create(providers={"official": {"quotas": limits}})
        for _ in range(number):
            await send(session.store, MOBILE, now=session.clock.now())
    samples = await scraped(core)
    assert of(samples, "quota_used_ratio", provider="official", bucket="account_per_day") == 0.25
    assert of(samples, "quota_used_ratio", provider="official", bucket="mobile_per_minute") == 0.5
    assert not any(
        session.id in str(labels) for _, labels in samples for session in core.sessions.all()
    )


@asynchronous
async def test_journals_that_other_processes_write_are_read_at_the_scrape(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "JOURNALS_AT_ONCE", 1)
    async with processes(2, redis_server.address) as (one, desk):
        await one.sessions.create()
        for number in (1, 2):
            await one.official_send()
            samples = await scraped(desk)
            assert of(samples, "journal_entries") == 2 * number
            assert of(samples, "journal_bytes") == desk.sessions.journals.used > 0


@asynchronous
async def test_a_journal_that_cannot_be_read_is_shown_as_it_was(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with processes(2, redis_server.address) as (one, desk):
        await one.official_send()
        assert of(await scraped(desk), "journal_entries") == 2
        await one.official_send()
        monkeypatch.setattr(metrics, "READ_SECONDS", 0.05)
        for read in (asyncio.Event().wait, away):
            monkeypatch.setattr(SharedJournal, "sync", lambda journal, read=read: read())
            assert of(await scraped(desk), "journal_entries") == 2


async def away() -> None:
    """A store that cannot be asked."""
    raise StoreUnavailable("away")


@pytest.mark.parametrize("bound", ["entries", "bytes"])
def test_what_journals_forget_is_counted_even_when_they_are_gone(bound: str) -> None:
    budget = Budget(1 << 20 if bound == "entries" else 4000)
    journal = Journal(budget, max_entries=2 if bound == "entries" else 100)
    for _ in range(5):
        journal.append(an_entry())
    assert budget.evicted == journal.evicted > 0
    evicted = budget.evicted
    journal.close()
    assert budget.evicted == evicted


@given(st.lists(st.floats(0, 100)))
def test_a_duration_is_in_the_first_class_that_holds_it(all_seconds: list[float]) -> None:
    durations = Durations()
    for seconds in all_seconds:
        durations.add(seconds)
    upper = [*BOUNDS, float("inf")]
    lower = [-1.0, *BOUNDS]
    expected = [
        sum(low < seconds <= high for seconds in all_seconds)
        for low, high in zip(lower, upper, strict=True)
    ]
    assert durations.counts == expected
    assert durations.total == pytest.approx(sum(all_seconds))
