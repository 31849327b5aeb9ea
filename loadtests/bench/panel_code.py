"""A code asked for at the panel's registration page, the send to the provider with it: CPU time a code.

Usage: ``python -m loadtests.bench.panel_code [REQUESTS]``
"""

import json
import sys

import uvloop

from loadtests.bench import servers
from loadtests.bench.client import request
from loadtests.bench.hammer import hammer

REQUESTS, WARM, CONNECTIONS = 3_000, 200, 8
SENT = b'"sent":true'


def asked(url: str, number: int) -> list[bytes]:
    """So many mobiles ask for a code, each once."""
    bodies = (
        json.dumps({"event": "register", "mobile": f"139{n:08d}"}).encode() for n in range(number)
    )
    return [request("POST", f"{url}/api/codes", body, "application/json") for body in bodies]


async def measure(number: int) -> dict[str, float]:
    """Microseconds of the server, which is panel and provider in one. Raises NotAllGoodError."""
    with servers.fakeproviders() as ours:
        url = servers.addresses(ours)["session"]["panel"]["url"]
        port, load = int(url.rpartition(":")[2]), asked(url, WARM + number)
        await hammer(port, load[:WARM], connections=CONNECTIONS, mark=SENT)
        before = ours.cpu_seconds()
        await hammer(port, load[WARM:], connections=CONNECTIONS, mark=SENT)
        return {"code_us": (ours.cpu_seconds() - before) / number * 1e6}


def main() -> None:
    servers.keep_to_own_core()
    number = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    sys.stdout.write(json.dumps(uvloop.run(measure(number))) + "\n")


if __name__ == "__main__":
    main()
