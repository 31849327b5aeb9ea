"""Official send, all rules and the journal, against the bare handler: CPU time per request.

Usage: ``python -m loadtests.bench.official_send [REQUESTS] [json|form]``
"""

import asyncio
import json
import sys
from collections.abc import Mapping
from functools import partial
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode

from aiohttp import ClientSession

from fakeproviders.clients.official import Credentials, OfficialClient
from loadtests.bench import servers
from loadtests.bench.client import request
from loadtests.bench.door import Account, Door, measure

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


def message_of(
    session: dict[str, str], n: int, mobiles: int = 10**8, format_: Format = "json"
) -> dict[str, object]:
    """The n-th message, to one of so many mobiles in turn, with the session's template."""
    params: object = {"code": f"{n % 10000:04d}", "minutes": "5"}
    return {
        "sign_key": session["sign_key"],
        "signature": session["signature"],
        "mobile": f"138{n % mobiles:08d}",
        "template_id": session["template_id"],
        "params": json.dumps(params) if WRITTEN[format_].form else params,
    }


def body_of(
    session: dict[str, str], token: str, n: int, mobiles: int = 10**8, format_: Format = "json"
) -> bytes:
    """The n-th send, to one of so many mobiles in turn."""
    fields = {"access_token": token, **message_of(session, n, mobiles, format_)}
    form = WRITTEN[format_].form
    return (urlencode(fields) if form else json.dumps(fields, ensure_ascii=False)).encode()


def sends(
    session: dict[str, str],
    token: str,
    number: int,
    *,
    start: int = 0,
    mobiles: int = 10**8,
) -> list[bytes]:
    """Distinct good sends, as JSON."""
    url, type_ = f"{session['url']}{PATH}", WRITTEN["json"].type
    return [
        request("POST", url, body_of(session, token, n, mobiles), type_)
        for n in range(start, start + number)
    ]


async def enter(addresses: Mapping[str, Any]) -> Account:
    """The application, with a token."""
    session: Account = addresses["session"]["official"]
    return {**session, "token": await token_of(session)}


def write(account: Account, n: int, format_: Format = "json") -> bytes:
    """The n-th send."""
    body = body_of(account, account["token"], n, format_=format_)
    return request("POST", f"{account['url']}{PATH}", body, WRITTEN[format_].type)


JSON = Door("official", "json", enter, write)
FORM = Door("official", "form", enter, partial(write, format_="form"))


def main() -> None:
    servers.keep_to_own_core()
    number = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    door = FORM if "form" in sys.argv[2:] else JSON
    sys.stdout.write(json.dumps(asyncio.run(measure(door, number))) + "\n")


if __name__ == "__main__":
    main()
