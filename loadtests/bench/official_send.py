"""Official send, all rules and the journal, against the bare handler: CPU time per request."""

import asyncio
import json
import os
import sys
from contextlib import ExitStack

from aiohttp import ClientSession

from fakeproviders.clients.official import Credentials, OfficialClient
from loadtests.bench import servers
from loadtests.bench.client import drive, request

REQUESTS = 20_000


async def token_of(session: dict[str, str]) -> str:
    async with ClientSession() as http:
        client = OfficialClient(http, session["url"])
        who = Credentials(session["app_id"], session["app_secret"], session["sign_key"])
        answer = await client.token(who)
        return str(answer.data["access_token"])


def sends(session: dict[str, str], token: str, number: int) -> list[bytes]:
    """Distinct good sends."""
    return [
        request(
            "POST",
            f"{session['url']}/api/sms/send",
            json.dumps(
                {
                    "access_token": token,
                    "sign_key": session["sign_key"],
                    "signature": session["signature"],
                    "mobile": f"138{n:08d}",
                    "template_id": session["template_id"],
                    "params": {"code": f"{n % 10000:04d}", "minutes": "5"},
                },
                ensure_ascii=False,
            ).encode(),
            "application/json",
        )
        for n in range(number)
    ]


async def measure(number: int) -> dict[str, float]:
    with ExitStack() as stack:
        yard = stack.enter_context(servers.bare())
        ours = stack.enter_context(servers.fakeproviders())
        session = servers.addresses(ours)["session"]["official"]
        port = int(session["url"].rpartition(":")[2])
        token = await token_of(session)
        warm, load = sends(session, token, 500), sends(session, token, number)
        await asyncio.gather(drive(int(yard.ready), warm), drive(port, warm))
        before = yard.cpu_seconds(), ours.cpu_seconds()
        yard_answers, our_answers = await asyncio.gather(
            drive(int(yard.ready), load), drive(port, load)
        )
        bare = (yard.cpu_seconds() - before[0]) / number
        full = (ours.cpu_seconds() - before[1]) / number
        assert yard_answers.good == our_answers.good == number, (yard_answers, our_answers)
        return {"bare_us": bare * 1e6, "full_us": full * 1e6, "ratio": bare / full}


def main() -> None:
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})
    number = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    sys.stdout.write(json.dumps(asyncio.run(measure(number))) + "\n")


if __name__ == "__main__":
    main()
