"""Erban's SendSms3 over SOAP 1.1, all rules and the journal: CPU time per request.

Against the bare handler that answers the same bytes, and against the same operation, doing nothing,
as an aiohttp-spyne service (extra ``bench``).
"""

import asyncio
import json
import sys
from contextlib import ExitStack

from loadtests.bench import servers
from loadtests.bench.client import request
from loadtests.bench.compared import WARM, Side, compared

REQUESTS = 20_000
PATH = "/WebService/SmsService.asmx"
SENT = b"SendSms3Result>0,"
ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    '<SendSms3 xmlns="http://tempuri.org/"><account>{account}</account>'
    "<password>{password}</password><mobile>138{n:08d}</mobile>"
    "<content>{signature}您的验证码是{code:04d}，5分钟内有效。</content><channel>{channel}</channel>"
    "<smsid>{n}</smsid><sendType>1</sendType></SendSms3></soap:Body></soap:Envelope>"
)


def sends(account: dict[str, str], number: int, *, start: int = 0) -> list[bytes]:
    """Distinct good sends."""
    return [
        request(
            "POST",
            f"{account['url']}{PATH}",
            ENVELOPE.format(**account, n=n, code=n % 10_000).encode(),
            "text/xml; charset=utf-8",
            {"SOAPAction": '"http://tempuri.org/SendSms3"'},
        )
        for n in range(start, start + number)
    ]


async def measure(number: int) -> dict[str, float]:
    with ExitStack() as stack:
        yard = stack.enter_context(servers.bare("soap"))
        framework = stack.enter_context(servers.framework())
        ours = stack.enter_context(servers.fakeproviders())
        account = servers.addresses(ours)["session"]["erban"]
        load, warm = sends(account, number), sends(account, WARM, start=number)
        port = int(account["url"].rpartition(":")[2])
        found = await compared(
            {
                "bare": Side(yard, int(yard.ready), load, SENT, warm),
                "framework": Side(framework, int(framework.ready), load, SENT, warm),
                "full": Side(ours, port, load, SENT, warm),
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
