"""Doctored evidence: whatever is lost, doubled, over the limit or charged wrongly is found."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from loadtests.attempts import Ending
from loadtests.proofs.judging import Case, all_told, judged
from loadtests.proofs.records import Record
from loadtests.proofs.serving import Kept, Told

LIMIT, ATTEMPTS, BALANCE = 3, 6, 100
OVER = "code_quota_exceeded"


def record(number: int, ending: Ending, slug: str = "") -> Record:
    told = f"m{number}" if ending is Ending.ACCEPTED else ""
    return Record("official", f"o{number}", ending, slug, told, float(number), number + 0.5)


def a_case(*endings: Ending) -> Case:
    """All as it should be: what was accepted is kept, and the third attempt whatever it was told."""
    records = [record(n, e, OVER if e is Ending.REFUSED else "") for n, e in enumerate(endings)]
    kept = Kept([Told(f"m{n}", f"o{n}", 1) for n in range(LIMIT)], 0, LIMIT, BALANCE - LIMIT)
    return Case("official", records, kept, ATTEMPTS, BALANCE, LIMIT, {OVER})


ALL_TOLD = a_case(*[Ending.ACCEPTED] * LIMIT, *[Ending.REFUSED] * LIMIT)
ONE_UNTOLD = a_case(
    Ending.ACCEPTED, Ending.ACCEPTED, Ending.UNKNOWN, Ending.UNKNOWN, Ending.REFUSED, Ending.REFUSED
)


def failed(case: Case) -> set[str]:
    return {check.name.partition(".")[2] for check in judged(case) if not check.passed}


def with_kept(case: Case, **changed: object) -> Case:
    return case._replace(kept=case.kept._replace(**changed))  # type: ignore[arg-type]


def with_messages(change: Callable[[list[Told]], list[Told]]) -> Callable[[Case], Case]:
    """Other messages, and the quota and the balance fit them."""

    def changed(case: Case) -> Case:
        messages = change(case.kept.messages)
        number = len(messages)
        return with_kept(case, messages=messages, used=number, balance=BALANCE - number)

    return changed


def with_record(place: int, **changed: object) -> Callable[[Case], Case]:
    def doctored(case: Case) -> Case:
        records = list(case.records)
        records[place] = replace(records[place], **changed)
        return case._replace(records=records)

    return doctored


@pytest.mark.parametrize("case", [ALL_TOLD, ONE_UNTOLD])
def test_good_evidence_passes(case: Case) -> None:
    assert failed(case) == set()


@pytest.mark.parametrize(
    ("doctored", "found"),
    [
        (with_messages(lambda kept: kept[1:]), {"nothing_lost", "nothing_unasked", "limit_exact"}),
        (with_messages(lambda kept: [Told("m9", "o0", 1), *kept[1:]]), {"nothing_lost"}),
        (
            with_messages(lambda kept: [*kept, Told("m9", "o0", 1)]),
            {"nothing_doubled", "nothing_unasked", "limit_exact"},
        ),
        (
            with_messages(lambda kept: [*kept[1:], kept[1]]),
            {"nothing_lost", "nothing_doubled"},
        ),
        (
            with_messages(lambda kept: [*kept, Told("m9", "o5", 1)]),
            {"nothing_unasked", "limit_exact"},
        ),
        (with_messages(lambda kept: [*kept, Told("m9", "", 1)]), {"nothing_unasked", "limit_exact"}),
        (with_record(1, message_id="m0"), {"nothing_doubled", "nothing_lost"}),
        (
            with_record(5, ending=Ending.ACCEPTED, message_id="m5"),
            {"nothing_lost", "nothing_unasked"},
        ),
        (with_record(5, slug="maintenance"), {"reasons_right"}),
        (with_record(5, slug=""), {"reasons_right"}),
        (with_record(5, ending=Ending.DOWN, slug=""), {"reasons_right"}),
        (lambda case: with_kept(case, used=LIMIT + 1), {"quota_used"}),
        (lambda case: with_kept(case, balance=BALANCE - LIMIT - 1), {"charged_once"}),
        (lambda case: with_kept(case, evicted=1), {"inbox_whole"}),
        (lambda case: case._replace(records=case.records[:-1]), {"all_attempted"}),
        (lambda case: case._replace(limit=LIMIT + 1), {"limit_exact"}),
        (lambda case: case._replace(limit=LIMIT - 1), {"limit_exact"}),
    ],
)  # fmt: skip
def test_doctored_evidence_is_found(doctored: Callable[[Case], Case], found: set[str]) -> None:
    assert failed(doctored(ALL_TOLD)) == found


def test_an_attempt_without_an_answer_may_have_been_sent_once_and_no_more() -> None:
    twice = with_messages(lambda kept: [*kept, Told("m9", "o2", 1)])
    assert failed(twice(ONE_UNTOLD)) == {"nothing_doubled", "limit_exact"}
    sent_for_a_refused = with_messages(lambda kept: [*kept[:2], Told("m9", "o5", 1)])
    assert failed(sent_for_a_refused(ONE_UNTOLD)) == {"nothing_unasked"}


def test_without_a_limit_there_is_none_to_hold() -> None:
    names = {check.name for check in judged(ALL_TOLD._replace(limit=None))}
    assert "official.limit_exact" not in names
    assert "official.nothing_lost" in names


def test_a_door_that_tells_no_message_id_is_judged_by_the_clients_own() -> None:
    silent = [replace(one, message_id="") for one in ALL_TOLD.records]
    assert failed(ALL_TOLD._replace(records=silent)) == set()
    lost = with_messages(lambda kept: [*kept[1:], Told("m9", "o5", 1)])
    assert "nothing_lost" in failed(lost(ALL_TOLD._replace(records=silent)))


def test_where_nothing_breaks_an_attempt_without_an_answer_is_a_fault() -> None:
    assert all_told(ALL_TOLD, judges_time=True).passed
    assert all_told(ONE_UNTOLD, judges_time=True).passed is False
    assert all_told(ONE_UNTOLD, judges_time=False).passed is None
