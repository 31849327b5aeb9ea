"""Official send with the state in a Redis, one worker, against the bare handler: CPU time per request."""

import asyncio
import json
import sys

from loadtests.bench.door import measure
from loadtests.bench.official_send import JSON, REQUESTS
from loadtests.bench.servers import cpu_seconds_of, keep_to_own_core
from loadtests.redis_server import own_redis


def run(number: int) -> dict[str, float]:
    """What measure() finds, and the processor time of Redis itself, which is on the load's core."""
    with own_redis(appendfsync="everysec") as server:
        before = cpu_seconds_of(server.pid)
        found = asyncio.run(measure(JSON, number, "--store", server.url))
        found["redis_us"] = (cpu_seconds_of(server.pid) - before) / number * 1e6
    return found


def main() -> None:
    keep_to_own_core()
    number = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    sys.stdout.write(json.dumps(run(number)) + "\n")


if __name__ == "__main__":
    main()
