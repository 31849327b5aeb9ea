"""How many users there are at each moment of a run: the shapes of load.

steady    all from the start
ramp      from none to all over two thirds of the time, then all
burst     a tenth, and all of them every fourth second
spike     a tenth, in the middle fifth all, then a tenth again
bombing   all at once, no rests: a verification-code bombardment (短信轰炸)
"""

from collections.abc import Callable

BURST_SECONDS = 4


def steady(at: float, whole: float, count: int) -> int:
    """All."""
    del at, whole
    return count


def ramp(at: float, whole: float, count: int) -> int:
    """More and more."""
    return max(1, min(count, round(count * at / (whole * 2 / 3))))


def burst(at: float, whole: float, count: int) -> int:
    """All of them for every fourth second."""
    del whole
    return count if int(at) % BURST_SECONDS == 1 else _few(count)


def spike(at: float, whole: float, count: int) -> int:
    """All of them in the middle."""
    return count if 0.4 <= at / whole < 0.6 else _few(count)


SHAPES: dict[str, Callable[[float, float, int], int]] = {
    "steady": steady, "ramp": ramp, "burst": burst, "spike": spike, "bombing": steady,
}  # fmt: skip


def users_at(shape: str, at: float, whole: float, count: int) -> int | None:
    """How many users there are, so many seconds into a run; None when it is over."""
    return None if at >= whole else SHAPES[shape](at, whole, count)


def _few(count: int) -> int:
    return max(1, count // 10)
