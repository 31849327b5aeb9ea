"""How large the proofs are: as large as what they prove, or as small as shows that they work."""

from typing import Literal, NamedTuple

SizeName = Literal["full", "ci"]


class Size(NamedTuple):
    """The numbers of all proofs."""

    workers: int
    processes: int
    """Of the load."""
    connections: int
    """At once, of each process."""
    attempts: int
    limit: int
    side_attempts: int
    """Through each of the other doors, beside the official one."""
    side_limit: int
    rate: int
    """Sends a second that an account is allowed, whose attempts are ``rate_attempts``."""
    rate_attempts: int
    kills: int
    kill_rest: float
    """Seconds from one kill to the next, at least: who dies too often is started again later and later."""
    outage_seconds: float
    calm: int
    """Accepted sends before, between and after outages."""
    sends: int
    warm: int
    """Sends after which memory must not grow any more."""
    mobiles: int
    growth_mib: float
    judges_time: bool
    """Whether seconds are judged: not where the machine is somebody else's too."""


SIZES: dict[SizeName, Size] = {
    "full": Size(
        workers=4, processes=4, connections=64, attempts=200_000, limit=50_000, side_attempts=4_000,
        side_limit=1_000, rate=500, rate_attempts=60_000, kills=20, kill_rest=2.5,
        outage_seconds=5.0, calm=5_000, sends=1_000_000, warm=100_000, mobiles=20_000, growth_mib=10.0,
        judges_time=True,
    ),
    "ci": Size(
        workers=2, processes=2, connections=16, attempts=3_000, limit=1_000, side_attempts=200,
        side_limit=50, rate=150, rate_attempts=6_000, kills=3, kill_rest=0.0, outage_seconds=2.3, calm=300, sends=6_000,
        warm=3_000, mobiles=500, growth_mib=20.0, judges_time=False,
    ),
}  # fmt: skip
