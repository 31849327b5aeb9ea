"""The checks that single proofs add: kills that nobody felt, and memory that grew."""

import pytest

from loadtests.attempts import Ending
from loadtests.proofs.kills import all_killed
from loadtests.proofs.memory import bounded_check
from loadtests.proofs.records import Record
from loadtests.proofs.sizes import SIZES

SIZE = SIZES["ci"]
TOLD = Record("official", "o1", Ending.ACCEPTED, "", "m1", 0.0, 0.1)
BROKEN = Record("official", "o2", Ending.UNKNOWN, "", "", 0.0, 0.1)


@pytest.mark.parametrize(
    ("victims", "records", "passed"),
    [
        ([1, 2, 3], [TOLD, BROKEN], True),
        ([1, 2], [TOLD, BROKEN], False),
        ([1, 2, 2], [TOLD, BROKEN], False),
        ([1, 2, 3], [TOLD], False),
    ],
)
def test_so_many_workers_were_killed_and_clients_have_felt_it(
    victims: list[int], records: list[Record], passed: bool
) -> None:
    assert SIZE.kills == 3
    assert all_killed(victims, records, SIZE).passed is passed


@pytest.mark.parametrize(("growth", "passed"), [(0.0, True), (10.0, True), (10.1, False)])
def test_memory_must_not_grow_by_more_than_is_allowed(growth: float, passed: bool) -> None:
    figures = {"warm_mib": 100.0, "last_mib": 100.0 + growth, "growth_mib": growth}
    assert bounded_check(figures, SIZES["full"]).passed is passed
