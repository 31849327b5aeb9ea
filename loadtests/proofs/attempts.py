"""Many more attempts than a limit allows, from several processes: exactly the limit is accepted."""

from loadtests.attempts import Ending
from loadtests.proofs.crew import crew
from loadtests.proofs.job import Stream
from loadtests.proofs.judging import Case, all_told, judged
from loadtests.proofs.outages import AWAY
from loadtests.proofs.proof import Found, Show, figures_of
from loadtests.proofs.serving import BALANCE, Serving, World, per_day, serving, world
from loadtests.proofs.sizes import Size
from loadtests.redis_server import own_redis

SIDE_DOORS = {"reseller": "reseller", "erban-form": "erban"}
"""Other doors that some attempts go through, and the account that each is charged to."""
SIDE_CONNECTIONS = 4
OVER = frozenset({"code_quota_exceeded"})
"""The reason for which a day's limit refuses."""
OVER_OR_AWAY = OVER | {AWAY, Ending.DOWN.value}
"""And that of a Redis which takes too long on a busy machine; Erban answers that with an error page."""


async def on_redis(size: Size, show: Show) -> Found:
    """Several workers on one Redis."""
    with own_redis() as redis, serving(workers=size.workers, store=redis.url) as running:
        return await _attempted(running, size, show, OVER_OR_AWAY)


async def in_process(size: Size, show: Show) -> Found:
    """One server, its state in the process."""
    with serving() as running:
        return await _attempted(running, size, show, OVER)


async def _attempted(running: Serving, size: Size, show: Show, slugs: frozenset[str]) -> Found:
    side = dict.fromkeys(SIDE_DOORS.values(), (size.side_attempts, size.side_limit))
    demands = {"official": (size.attempts, size.limit), **side}
    total = sum(attempts for attempts, _ in demands.values())

    def on_progress(ended: int, accepted: int) -> None:
        show(ended, total, accepted)

    limits = per_day({role: limit for role, (_, limit) in demands.items()})
    async with world(running, limits) as where:
        shares = [await _share(where, size) for _ in range(size.processes)]
        async with crew(shares, on_progress) as load:
            load.allow()
            records = await load.records()
        checks = []
        for role, (attempts, limit) in demands.items():
            own = [record for record in records if record.provider == role]
            case = Case(role, own, await where.kept(role), attempts, BALANCE, limit, slugs)
            checks += [*judged(case), all_told(case, judges_time=size.judges_time)]
    return Found(figures_of(records), checks)


async def _share(where: World, size: Size) -> list[Stream]:
    """What one load process does."""
    attempts = -(-size.attempts // size.processes)
    beside = -(-size.side_attempts // size.processes)
    return [
        await where.stream("official", attempts, size.connections),
        *[await where.stream(door, beside, SIDE_CONNECTIONS) for door in SIDE_DOORS],
    ]
