"""Several processes, one Redis: a limit holds for all of them together."""

import json
import subprocess
import sys
from collections import Counter

from fakeproviders.settings import AMPLE_BALANCE
from fakeproviders.stores.base import MessageFilter
from tests.asyncs import asynchronous
from tests.redis_server import RedisServer
from tests.stores.charges import ROLE
from tests.stores.redis.opened import session_in

PROCESSES, ATTEMPTS, LIMIT = 4, 8_000, 2_000


def test_four_processes_together_are_given_exactly_what_the_limit_allows(
    redis_server: RedisServer,
) -> None:
    command = [sys.executable, "-m", "tests.stores.redis.attempts", redis_server.address.path]
    each = [str(ATTEMPTS // PROCESSES), str(LIMIT)]
    running = [
        subprocess.Popen([*command, str(name), *each], stdout=subprocess.PIPE, text=True)
        for name in range(PROCESSES)
    ]
    said = [process.communicate(timeout=50)[0] for process in running]
    together: Counter[str] = sum((Counter(json.loads(text)) for text in said), Counter())
    assert together == {
        "accepted": LIMIT,
        "code_quota_exceeded account_per_day": ATTEMPTS - LIMIT,
    }

    @asynchronous
    async def what_is_there() -> None:
        async with session_in(redis_server.address) as store:
            messages = await store.latest_messages(MessageFilter(), ATTEMPTS)
            assert len({message.out_id for message in messages}) == LIMIT
            assert await store.balance(ROLE) == AMPLE_BALANCE - LIMIT

    what_is_there()
