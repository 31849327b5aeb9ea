"""Each check passes, fails or is not judged for its own reason, and no other check changes with it."""

from typing import Any

import pytest

from fakeproviders.ledger.document import Clients, Document, Limit, Outage, Outages, Reasons, Series
from fakeproviders.load.thresholds import Thresholds
from fakeproviders.load.titles import ADVICE, TITLES
from tests.load.runs import a_ledger, a_verdict, spread, the_check

ALL = tuple(Thresholds.__struct_fields__)
ASKED = Thresholds(accepted=0.5, failed_over=0.5, p99_ms=100.0, client_failures=0.1)


def clients(**changed: Any) -> Document:
    ledger = a_ledger()
    for name, value in changed.items():
        setattr(ledger.clients, name, value)
    return ledger


WRONG: list[tuple[str, Document, str]] = [
    ("uncounted", a_ledger(missed=3), "3"),
    ("inexact_limits", a_ledger(limits=[Limit("official", "account_per_day", 5, 9, over=1)]), "1 over"),
    ("inexact_limits", a_ledger(limits=[Limit("official", "account_per_day", 5, 9, short=2)]), "2 short"),
    ("wrong_reasons", a_ledger(reasons=Reasons(checked=4, wrong=1)), "1 of 4 (25 %)"),
    ("retries", clients(by_retries={0: 9, 6: 2}), "6 at most (2 messages)"),
    ("pointless_retries", clients(pointless=1), "1"),
    ("early_retries", clients(early=3), "3 after 6 refusals by a quota (50 %)"),
    ("backoff_growth", clients(growth=spread(1, 1, 1, 1, 1)), "×0.9"),
    ("duplicates", clients(duplicates=1, duplicates_after_lost_reply=1), "1, of them 1"),
    ("delivered_after_outage", clients(outages=Outages(met=4, switched=2, delivered=1)), "1 of 4 (25 %)"),
    ("failed_over", clients(outages=Outages(met=4, switched=1, delivered=4)), "1 of 4 (25 %)"),
    ("recovery_seconds", a_ledger(outages=[Outage("official", 1, 9, 2, 12)]), "12.0 s at most"),
    ("recovery_seconds", a_ledger(outages=[Outage("official", 1, 9, 5)]), "1 not until the end (25.0 s)"),
    ("peak_over_limit", a_ledger(limits=[Limit("erban", "ip_per_day", 5, 9, peak=11)]), "×11.0 (erban ip_per_day)"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "ledger", "actual"), WRONG)
def test_what_is_wrong_fails_its_own_check_alone(name: str, ledger: Document, actual: str) -> None:
    verdict = a_verdict(ledger, ASKED)
    assert verdict.failed == (name,)
    assert not verdict.passed
    assert actual in the_check(verdict, name).actual.en


@pytest.mark.parametrize(
    ("name", "thresholds", "stats"),
    [
        ("requests", Thresholds(requests=37), {}),
        ("accepted", Thresholds(accepted=0.7), {}),
        ("p99_ms", Thresholds(p99_ms=10.0), {}),
        ("client_failures", Thresholds(client_failures=0.1), {"failures": 5}),
    ],
)
def test_a_threshold_that_is_not_kept_fails_its_check(
    name: str, thresholds: Thresholds, stats: dict[str, Any]
) -> None:
    assert a_verdict(thresholds=thresholds, **stats).failed == (name,)


def test_a_good_run_passes_every_check() -> None:
    verdict = a_verdict(thresholds=ASKED)
    assert [check.outcome for check in verdict.checks] == ["passed"] * len(ALL)


def test_what_did_not_happen_is_not_judged() -> None:
    nothing = a_ledger(
        doors=[],
        series=Series(1.0, []),
        limits=[],
        reasons=Reasons(),
        clients=Clients(),
        outages=[],
    )
    verdict = a_verdict(nothing, ASKED, requests=0)
    assert {check.name: check.outcome for check in verdict.checks} == {
        **dict.fromkeys(ALL, "skipped"), "requests": "failed",
    }  # fmt: skip


def test_what_is_not_asked_for_is_not_judged() -> None:
    nothing = Thresholds(**dict.fromkeys(ALL))
    assert a_verdict(thresholds=nothing).number("skipped") == len(ALL)


def test_an_outage_that_ended_just_before_the_run_is_not_held_against_the_client() -> None:
    ledger = a_ledger(outages=[Outage("official", 1, 9, ended=25.0)])
    assert the_check(a_verdict(ledger), "recovery_seconds").outcome == "skipped"


def test_windows_that_were_not_followed_are_told_of() -> None:
    limit = Limit("official", "mobile_per_day", 1, 9, not_judged=7)
    found = the_check(a_verdict(a_ledger(limits=[limit])), "inexact_limits")
    assert "7 more sends were not judged" in found.actual.en
    assert "7 次发送未核对" in found.actual.zh


def test_every_threshold_has_a_check_with_a_title_and_advice() -> None:
    assert [check.name for check in a_verdict().checks] == list(ALL)
    assert list(TITLES) == list(ADVICE) == list(ALL)
