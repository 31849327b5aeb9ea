"""Answers around an outage: whatever is accepted meanwhile, refused otherwise, or late is found."""

import pytest

from loadtests.attempts import Ending
from loadtests.proofs.outages import Outage, outage_checks
from loadtests.proofs.records import Record

OUTAGE = Outage("killed", away=10.0, returning=15.0, back=15.5, over=20.0)
GOOD = (
    (9.0, 9.1, Ending.ACCEPTED),
    (9.9, 10.2, Ending.ACCEPTED),
    (10.5, 11.4, Ending.REFUSED),
    (14.9, 15.6, Ending.ACCEPTED),
    (15.0, 16.0, Ending.REFUSED),
    (18.0, 18.1, Ending.ACCEPTED),
    (20.5, 22.0, Ending.REFUSED),
)


def record(began: float, ended: float, ending: Ending, slug: str = "maintenance") -> Record:
    said = slug if ending is Ending.REFUSED else ""
    return Record("official", f"{began}", ending, said, "", began, ended)


RECORDS = [record(*one) for one in GOOD]


def failed(*more: Record, judges_time: bool = True) -> set[str]:
    checks = outage_checks([*RECORDS, *more], OUTAGE, judges_time=judges_time)
    return {check.name.partition(".")[2] for check in checks if check.passed is False}


def test_an_outage_as_it_should_be_passes() -> None:
    assert failed() == set()


@pytest.mark.parametrize(
    ("doctored", "found"),
    [
        (record(11.0, 11.1, Ending.ACCEPTED), "only_refusals"),
        (record(11.0, 11.1, Ending.REFUSED, "internal_error"), "only_refusals"),
        (record(11.0, 11.1, Ending.DOWN), "only_refusals"),
        (record(11.0, 11.1, Ending.UNKNOWN), "only_refusals"),
        (record(11.0, 12.1, Ending.REFUSED), "answered_soon"),
        (record(9.5, 10.6, Ending.ACCEPTED), "answered_soon"),
        (record(17.4, 17.6, Ending.REFUSED), "recovered"),
        (record(17.4, 17.6, Ending.UNKNOWN), "recovered"),
    ],
)
def test_what_should_not_be_is_found(doctored: Record, found: str) -> None:
    assert failed(doctored) == {found}


def test_an_outage_in_which_nobody_asked_proves_nothing() -> None:
    checks = outage_checks([], OUTAGE, judges_time=True)
    assert [check.name for check in checks if not check.passed] == ["killed.only_refusals"]


def test_seconds_are_not_judged_on_a_machine_that_is_shared() -> None:
    slow = record(11.0, 13.0, Ending.REFUSED)
    late = record(18.0, 18.6, Ending.REFUSED)
    assert failed(slow, late, judges_time=False) == set()
    assert failed(record(11.0, 11.1, Ending.ACCEPTED), judges_time=False) == {"only_refusals"}
