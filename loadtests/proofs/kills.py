"""Workers are killed with kill -9 at random while attempts go on: nothing acknowledged is lost or doubled."""

import asyncio
import os
import random
import signal

from fakeproviders.failures import Words
from loadtests.attempts import Ending
from loadtests.proofs.attempts import OVER_OR_AWAY
from loadtests.proofs.crew import Crew, crew
from loadtests.proofs.judging import Case, Check, judged
from loadtests.proofs.proof import Found, Show, figures_of
from loadtests.proofs.records import Record
from loadtests.proofs.serving import BALANCE, Serving, per_day, serving, world
from loadtests.proofs.sizes import Size
from loadtests.redis_server import own_redis

SEED = 7


async def killed(size: Size, show: Show) -> Found:
    """Workers on one Redis, killed one by one while the limit is being used up."""
    with own_redis() as redis, serving(workers=size.workers, store=redis.url) as running:
        async with world(running, per_day({"official": size.limit})) as where:
            attempts = -(-size.attempts // size.processes)
            stream = await where.stream("official", attempts, size.connections)

            def on_progress(ended: int, accepted: int) -> None:
                show(ended, size.attempts, accepted)

            async with crew([[stream]] * size.processes, on_progress) as load:
                victims = await _kill(running, load, size)
                load.allow()
                records = await load.records()
            kept = await where.kept("official")
    case = Case("official", records, kept, size.attempts, BALANCE, size.limit, OVER_OR_AWAY)
    figures = {**figures_of(records), "kills": len(victims)}
    return Found(figures, [all_killed(victims, records, size), *judged(case)])


async def _kill(running: Serving, load: Crew, size: Size) -> list[int]:
    """Kill so many, each in the midst of attempts that still can be accepted; their pids."""
    luck = random.Random(SEED)
    victims: list[int] = []
    step = size.limit // (size.kills + 1)
    for number in range(1, size.kills + 1):
        load.allow((number + 1) * step)
        await load.reach(number * step + luck.randrange(step // 2))
        victim = luck.choice(sorted(running.workers()))
        os.kill(victim, signal.SIGKILL)
        victims.append(victim)
        await asyncio.sleep(size.kill_rest)
        await running.replaced(victim)
    return victims


def all_killed(victims: list[int], records: list[Record], size: Size) -> Check:
    """So many different workers, and clients have felt it."""
    felt = sum(record.ending is Ending.UNKNOWN for record in records)
    words = Words(
        zh=f"kill -9 {len(victims)} 次，{felt} 次请求的连接因此中断",
        en=f"{len(victims)} workers killed, {felt} attempts lost their connection",
    )
    return Check("kills.felt", len(set(victims)) == size.kills and felt > 0, words)
