"""The checks that single proofs add: kills that nobody felt, memory that grew, rates that were exceeded."""

import pytest

from loadtests.attempts import Ending
from loadtests.proofs.kills import all_killed
from loadtests.proofs.memory import bounded_check
from loadtests.proofs.rates import MOBILE_LIMIT, minutes_check, rate_check
from loadtests.proofs.records import Record
from loadtests.proofs.serving import Told
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


def sent(*moments: float) -> list[Told]:
    return [Told(f"m{n}", f"o{n}", 1, "13900000000", at) for n, at in enumerate(moments)]


BURST = [60.0] * 10
"""As many at once as the rate of ten a second allows."""


@pytest.mark.parametrize(
    ("moments", "passed"),
    [
        (BURST, True),
        ([*BURST, 60.1, 60.2], True),
        ([60.2, *BURST, 60.1], True),
        ([*BURST, 62.0, *[62.0] * 9], True),
        ([*BURST, 60.05], False),
        ([50.0, *BURST, 60.1, 60.1], False),
    ],
)
def test_a_rate_allows_a_burst_and_what_drains_since(moments: list[float], passed: bool) -> None:
    assert rate_check(sent(*moments), 10).passed is passed


def test_each_minute_of_a_mobile_has_its_limit() -> None:
    both = sent(*[59.999] * MOBILE_LIMIT, *[60.0] * MOBILE_LIMIT)
    assert minutes_check(both).passed
    other = both[0]._replace(mobile="13900000001")
    assert minutes_check([*both, other]).passed
    assert not minutes_check([*both, both[0]]).passed
