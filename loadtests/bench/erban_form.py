"""Erban's form page (door 2), all rules and the journal, against the bare handler: CPU time per request."""

import asyncio
import json
import sys
from contextlib import ExitStack
from urllib.parse import urlencode

from loadtests.bench import servers
from loadtests.bench.client import request
from loadtests.bench.compared import WARM, Side, compared

REQUESTS = 20_000
PATH = "/WebService/sms3.aspx"
SENT = "0,短信发送成功".encode()


def sends(account: dict[str, str], number: int, *, start: int = 0) -> list[bytes]:
    """Distinct good sends."""
    return [
        request(
            "POST",
            f"{account['url']}{PATH}",
            urlencode(
                {
                    "account": account["account"],
                    "password": account["password"],
                    "mobile": f"138{n:08d}",
                    "content": f"{account['signature']}您的验证码是{n % 10_000:04d}，5分钟内有效。",
                    "channel": account["channel"],
                    "smsid": n,
                    "sendType": "1",
                }
            ).encode(),
            "application/x-www-form-urlencoded",
        )
        for n in range(start, start + number)
    ]


async def measure(number: int) -> dict[str, float]:
    """CPU time of both and the ratio."""
    with ExitStack() as stack:
        yard = stack.enter_context(servers.bare("page"))
        ours = stack.enter_context(servers.fakeproviders())
        account = servers.addresses(ours)["session"]["erban"]
        load, warm = sends(account, number), sends(account, WARM, start=number)
        port = int(account["url"].rpartition(":")[2])
        found = await compared(
            {
                "bare": Side(yard, int(yard.ready), load, SENT, warm),
                "full": Side(ours, port, load, SENT, warm),
            }
        )
        return {**found, "ratio": found["bare_us"] / found["full_us"]}


def main() -> None:
    servers.keep_to_own_core()
    number = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    sys.stdout.write(json.dumps(asyncio.run(measure(number))) + "\n")


if __name__ == "__main__":
    main()
