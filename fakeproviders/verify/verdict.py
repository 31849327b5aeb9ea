"""Pass, fail, or inconclusive - where requests that are gone could have made the difference.

Of an evicted request nothing is known but that it came before all that are still there.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from fakeproviders.verify.expectation import Range


class Result(StrEnum):
    """The three answers."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


def overall(results: Iterable[Result]) -> Result:
    """One failure fails the whole; short of that, one doubt leaves it in doubt."""
    found = set(results)
    if Result.FAIL in found:
        return Result.FAIL
    return Result.INCONCLUSIVE if Result.INCONCLUSIVE in found else Result.PASS


def count_result(seen: int, evicted: int, wanted: Range) -> Result:
    """Of ``seen`` matching requests, and up to ``evicted`` more that may have matched."""
    low, high = wanted
    if seen + evicted < low or (high is not None and seen > high):
        return Result.FAIL
    if seen >= low and (high is None or seen + evicted <= high):
        return Result.PASS
    return Result.INCONCLUSIVE


class Order(NamedTuple):
    """Whether the expectations were met one after the other."""

    result: Result
    taken: tuple[int, ...]
    """The requests that met them, by their places among those looked at."""
    missing: int | None
    """The first expectation for which none was left."""


def order_result(met_by: Sequence[Sequence[int]], numbers: Sequence[int], evicted: int) -> Order:
    """``met_by``: for each expectation the places of its requests, ascending; ``numbers``: how many it needs.

    The earliest that fits is always a right choice. Evicted requests can only have stood for the first
    that are needed.
    """
    taken, missing = _take(met_by, numbers)
    if missing is None:
        return Order(Result.PASS, taken, None)
    possible = evicted > 0 and _take(met_by, _less(numbers, evicted))[1] is None
    return Order(Result.INCONCLUSIVE if possible else Result.FAIL, taken, missing)


def _take(
    met_by: Sequence[Sequence[int]], numbers: Sequence[int]
) -> tuple[tuple[int, ...], int | None]:
    """The earliest places for each in turn, and the first for which there are too few."""
    taken: list[int] = []
    for which, (places, number) in enumerate(zip(met_by, numbers, strict=True)):
        start = bisect_right(places, taken[-1]) if taken else 0
        taken += places[start : start + number]
        if start + number > len(places):
            return tuple(taken), which
    return tuple(taken), None


def _less(numbers: Sequence[int], evicted: int) -> list[int]:
    """What is still needed when evicted requests stood for the first."""
    rest = []
    for number in numbers:
        rest.append(max(0, number - evicted))
        evicted = max(0, evicted - number)
    return rest


def unexpected_result(unexpected: int, evicted: int) -> Result:
    """Of requests that no expectation covers."""
    if unexpected:
        return Result.FAIL
    return Result.INCONCLUSIVE if evicted else Result.PASS
