"""What clients do, told in full, and the verdict on it."""

from collections.abc import Callable

import pytest

from fakeproviders.failures import Reason
from fakeproviders.ledger.document import Document
from fakeproviders.load.checks import judged
from fakeproviders.load.thresholds import Thresholds
from fakeproviders.load.verdict import Check, Stats
from tests.ledger.stories import Story
from tests.ledger.test_outages import failing, rule

PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6)
Told = Callable[[], Document]


def check_of(ledger: Document, name: str) -> Check:
    checks = judged(ledger, Stats(requests=1), Thresholds())
    return next(check for check in checks if check.name == name)


def comes_back_late() -> Document:
    story, down = Story(), rule()
    failing(story, 1, 2, 3, rules=(down,))
    story.removed(4, down)
    story.send(64, code="222222")
    return story.ended(65)


def never_comes_back() -> Document:
    story, down = Story(), rule()
    failing(story, 1, 2, 3, rules=(down,))
    story.removed(4, down)
    return story.ended(300)


def comes_back_after_until() -> Document:
    story, down = Story(), rule(until="+20s")
    failing(story, 1, 2, 3, 8, rules=(down,))
    story.send(21, code="222222", rules=(down,))
    return story.ended(22)


def lasts_to_the_end() -> Document:
    story = Story()
    failing(story, 1, 2, 3, rules=(rule(),))
    return story.ended(300)


def waits(pauses: tuple[float, ...], took: tuple[float, ...]) -> Document:
    story = Story()
    for number in range(5):
        at = 100.0 * number
        for pause, seconds in zip((0.0, *pauses), took, strict=True):
            at += pause
            story.send(at, Reason.INTERNAL_ERROR, code=f"{number}11111", took=seconds)
            at += seconds
    return story.ended(1000)


def doubles_with_slow_replies() -> Document:
    return waits(PAUSES, (2.0,) * 6)


def never_waits_for_ever_slower_replies() -> Document:
    return waits((0.0,) * 5, (0.05, *PAUSES))


def waits_for_the_quota() -> Document:
    story = Story(account_per_second=1)
    for number in range(6):
        at, code = number * 30.0, f"{number}11111"
        for second in range(4):
            story.limited(at + second, "account_per_second", at + second + 1, code=code)
        story.send(at + 4, code=code)
    return story.ended(200)


def goes_to_and_fro() -> Document:
    story = Story()
    for number in range(400):
        provider = ("official", "erban")[number % 2]
        story.send(number * 0.01, Reason.INTERNAL_ERROR, provider=provider)
    return story.ended(5)


def goes_to_and_fro_with_a_quota() -> Document:
    story = Story(account_per_second=1)
    for number in range(200):
        if number % 2:
            story.send(number * 0.01, Reason.INTERNAL_ERROR, provider="erban")
        else:
            story.limited(number * 0.01, "account_per_second", 100)
    return story.ended(5)


VERDICTS: list[tuple[Told, str, str, str]] = [
    (comes_back_late, "recovery_seconds", "failed", "60.0 s at most"),
    (never_comes_back, "recovery_seconds", "failed", "1 not until the end (296.0 s)"),
    (comes_back_after_until, "recovery_seconds", "passed", "1.0 s at most"),
    (lasts_to_the_end, "recovery_seconds", "skipped", "lasted until the run ended"),
    (doubles_with_slow_replies, "backoff_growth", "passed", "(20 pauses)"),
    (never_waits_for_ever_slower_replies, "backoff_growth", "failed", "(20 pauses)"),
    (waits_for_the_quota, "backoff_growth", "skipped", "(0)"),
    (waits_for_the_quota, "early_retries", "passed", "0 after 24"),
    (goes_to_and_fro, "retries", "failed", "398 at most (1 messages)"),
    (goes_to_and_fro, "backoff_growth", "failed", "(396 pauses)"),
    (goes_to_and_fro_with_a_quota, "retries", "failed", "198 at most"),
    (goes_to_and_fro_with_a_quota, "early_retries", "failed", "99 after 100"),
]


@pytest.mark.parametrize(("told", "name", "outcome", "actual"), VERDICTS)
def test_a_story_is_judged(told: Told, name: str, outcome: str, actual: str) -> None:
    check = check_of(told(), name)
    assert (check.outcome, actual in check.actual.en) == (outcome, True), check.actual.en
