"""Locust for real, in processes of its own: the verdict tells good clients from bad ones."""

import asyncio

import pytest

from fakeproviders.ledger.document import Document
from fakeproviders.load.verdict import Verdict
from loadtests.trials import EXPECTED, trials

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    """All four, tried at the same time."""
    return asyncio.run(trials())


@pytest.mark.parametrize("client", list(EXPECTED))
def test_a_client_is_judged_for_the_right_reason(verdicts: dict[str, Verdict], client: str) -> None:
    verdict = verdicts[client]
    found = {check.name: check.actual.en for check in verdict.checks if check.outcome == "failed"}
    assert EXPECTED[client].fits(verdict.failed), found


def test_the_trial_has_put_every_client_to_the_test(verdicts: dict[str, Verdict]) -> None:
    for verdict in verdicts.values():
        ledger: Document = verdict.ledger
        assert ledger.clients.limited > 0
        assert ledger.clients.outages.met > 0
        assert [outage.ended is not None for outage in ledger.outages] == [True]
        (limit,) = ledger.limits
        assert (limit.over, limit.short, ledger.reasons.wrong) == (0, 0, 0)
    for patient in ("good-client", "new-ids-client"):
        assert verdicts[patient].ledger.clients.lost_replies > 0
        assert verdicts[patient].ledger.clients.outages.switched > 0
