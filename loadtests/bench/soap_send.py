"""Erban's SendSms3 over SOAP 1.1, all rules and the journal: CPU time per request.

Against the bare handler that answers the same bytes, and against the same operation, doing nothing,
as an aiohttp-spyne service (extra ``bench``).
"""

import asyncio
import json
import sys
from contextlib import ExitStack

from loadtests.bench import servers
from loadtests.bench.compared import WARM, Side, compared
from loadtests.bench.erban_send import SOAP11

REQUESTS = 20_000


async def measure(number: int) -> dict[str, float]:
    with ExitStack() as stack:
        yard = stack.enter_context(servers.bare(SOAP11.yardstick))
        framework = stack.enter_context(servers.framework())
        ours = stack.enter_context(servers.fakeproviders())
        account = await SOAP11.enter(servers.addresses(ours))
        load, warm = SOAP11.sends(account, number), SOAP11.sends(account, WARM, start=number)
        port, mark = int(account["url"].rpartition(":")[2]), SOAP11.mark
        found = await compared(
            {
                "bare": Side(yard, int(yard.ready), load, mark, warm),
                "framework": Side(framework, int(framework.ready), load, mark, warm),
                "full": Side(ours, port, load, mark, warm),
            }
        )
        return {
            **found,
            "ratio": found["bare_us"] / found["full_us"],
            "times_framework": found["framework_us"] / found["full_us"],
        }


def main() -> None:
    servers.keep_to_own_core()
    number = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    sys.stdout.write(json.dumps(asyncio.run(measure(number))) + "\n")


if __name__ == "__main__":
    main()
