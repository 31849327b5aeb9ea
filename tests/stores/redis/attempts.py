"""One of several processes that send at the same time: ``python -m ... SOCKET NAME ATTEMPTS LIMIT``.

Prints how many were accepted, and each reason of those that were refused with its bucket.
"""

import asyncio
import json
import sys
from collections import Counter

from fakeproviders.model import Refusal
from fakeproviders.soon import settled
from fakeproviders.stores.base import SessionStore
from fakeproviders.stores.redis import Address, RedisStore
from tests.stores.charges import charge
from tests.stores.conftest import PATIENCE

AT_ONCE = 100


async def attempt(session: SessionStore, name: str, numbers: range, limit: int) -> Counter[str]:
    done: Counter[str] = Counter()
    for number in numbers:
        wanted = charge(f"13{name}{number:08d}", out_id=f"{name}{number}", account_per_day=limit)
        try:
            await settled(session.commit(wanted))
        except Refusal as refusal:
            done[f"{refusal.reason} {refusal.facts.get('bucket')}"] += 1
        else:
            done["accepted"] += 1
    return done


async def main(socket: str, name: str, attempts: int, limit: int) -> None:
    store = RedisStore(Address(path=socket), run=PATIENCE, answer=PATIENCE)
    session = store.open("one")
    parts = [range(start, attempts, AT_ONCE) for start in range(AT_ONCE)]
    counts = await asyncio.gather(*(attempt(session, name, part, limit) for part in parts))
    await store.close()
    sys.stdout.write(json.dumps(sum(counts, Counter())))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
