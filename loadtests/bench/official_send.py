"""Official send, all rules and the journal, against the bare handler: CPU time per request.

Usage: ``python -m loadtests.bench.official_send [REQUESTS] [json|form]``
"""

import asyncio
import json
import sys
from contextlib import ExitStack
from typing import Literal, NamedTuple
from urllib.parse import urlencode

from aiohttp import ClientSession

from fakeproviders.clients.official import Credentials, OfficialClient
from loadtests.bench import servers
from loadtests.bench.client import request
from loadtests.bench.compared import WARM, Side, compared

REQUESTS = 20_000
PATH = "/api/sms/send"
Format = Literal["json", "form"]


class Written(NamedTuple):
    """How a send's fields are written, and what it then says it is."""

    type: str
    form: bool


WRITTEN: dict[Format, Written] = {
    "json": Written("application/json", form=False),
    "form": Written("application/x-www-form-urlencoded", form=True),
}


async def token_of(session: dict[str, str]) -> str:
    async with ClientSession() as http:
        client = OfficialClient(http, session["url"])
        who = Credentials(session["app_id"], session["app_secret"], session["sign_key"])
        answer = await client.token(who)
        return str(answer.data["access_token"])


def body_of(
    session: dict[str, str], token: str, n: int, mobiles: int = 10**8, format_: Format = "json"
) -> bytes:
    """The n-th send, to one of so many mobiles in turn."""
    params: object = {"code": f"{n % 10000:04d}", "minutes": "5"}
    form = WRITTEN[format_].form
    fields = {
        "access_token": token,
        "sign_key": session["sign_key"],
        "signature": session["signature"],
        "mobile": f"138{n % mobiles:08d}",
        "template_id": session["template_id"],
        "params": json.dumps(params) if form else params,
    }
    return (urlencode(fields) if form else json.dumps(fields, ensure_ascii=False)).encode()


def sends(
    session: dict[str, str],
    token: str,
    number: int,
    *,
    start: int = 0,
    mobiles: int = 10**8,
    format_: Format = "json",
) -> list[bytes]:
    """Distinct good sends."""
    url, type_ = f"{session['url']}{PATH}", WRITTEN[format_].type
    return [
        request("POST", url, body_of(session, token, n, mobiles, format_), type_)
        for n in range(start, start + number)
    ]


async def measure(number: int, *options: str, format_: Format = "json") -> dict[str, float]:
    """CPU time of both and the ratio; ``options`` are for ``serve``."""
    with ExitStack() as stack:
        yard = stack.enter_context(servers.bare(format_))
        ours = stack.enter_context(servers.fakeproviders(*options))
        session = servers.addresses(ours)["session"]["official"]
        token = await token_of(session)
        load = sends(session, token, number, format_=format_)
        warm = sends(session, token, WARM, start=number, format_=format_)
        port = int(session["url"].rpartition(":")[2])
        found = await compared(
            {
                "bare": Side(yard, int(yard.ready), load, warm=warm),
                "full": Side(ours, port, load, warm=warm),
            }
        )
        return {**found, "ratio": found["bare_us"] / found["full_us"]}


def main() -> None:
    servers.keep_to_own_core()
    number = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    format_: Format = "form" if "form" in sys.argv[2:] else "json"
    sys.stdout.write(json.dumps(asyncio.run(measure(number, format_=format_))) + "\n")


if __name__ == "__main__":
    main()
