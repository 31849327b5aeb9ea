"""What a send leaves in Redis and puts on the wires: bytes.

Usage: ``python -m loadtests.bench.redis_costs [REQUESTS]``

A session's inbox and journal are bounded, its mobiles of the day are not: so a message and a mobile are
told apart, by sends to few mobiles and then as many sends to a new mobile each.
"""

import json
import sys

import uvloop

from loadtests.bench import servers
from loadtests.bench.compared import WARM
from loadtests.bench.hammer import hammer
from loadtests.bench.official_send import sends, token_of
from loadtests.redis_server import RedisServer, own_redis

REQUESTS, FEW = 20_000, 100


def fact(redis: RedisServer, section: bytes, name: str) -> int:
    """A number that Redis knows of itself."""
    lines = redis.say(b"INFO " + section).decode().split("\r\n")
    return int(dict(line.split(":", 1) for line in lines if ":" in line)[name])


async def measure(redis: RedisServer, number: int) -> dict[str, float]:
    """Bytes of a message, of a mobile, and over each wire for a send. Raises NotAllGoodError."""
    with servers.fakeproviders("--store", redis.url) as ours:
        session = servers.addresses(ours)["session"]["official"]
        port, token = int(session["url"].rpartition(":")[2]), await token_of(session)
        await hammer(port, sends(session, token, WARM, mobiles=FEW))
        held = [fact(redis, b"memory", "used_memory")]
        await hammer(port, sends(session, token, number, mobiles=FEW))
        held.append(fact(redis, b"memory", "used_memory"))
        wire = [_wire(redis)]
        new = sends(session, token, number, start=FEW)
        found = await hammer(port, new)
        held.append(fact(redis, b"memory", "used_memory"))
        wire.append(_wire(redis))
    message = (held[1] - held[0]) / number
    return {
        "message_bytes": message,
        "mobile_bytes": (held[2] - held[1]) / number - message,
        "redis_wire_bytes": (wire[1] - wire[0]) / number,
        "client_wire_bytes": sum(map(len, new)) / number + found.bytes_each,
    }


def _wire(redis: RedisServer) -> int:
    """Bytes that Redis has received and sent."""
    return sum(fact(redis, b"stats", f"total_net_{way}_bytes") for way in ("input", "output"))


def main() -> None:
    servers.keep_to_own_core()
    number = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    with own_redis() as redis:
        sys.stdout.write(json.dumps(uvloop.run(measure(redis, number))) + "\n")


if __name__ == "__main__":
    main()
