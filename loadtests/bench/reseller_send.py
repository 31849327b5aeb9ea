"""The reseller's doors: a signed send, as JSON and as a form."""

import json
import time
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fakeproviders.clients.control import control_client, session_path
from fakeproviders.clients.envelope import beijing_text
from fakeproviders.clients.reseller import PATH, Member, signed
from loadtests.bench.client import request
from loadtests.bench.door import Account, Door
from loadtests.bench.official_send import WRITTEN, Format, message_of


async def enter(addresses: Mapping[str, Any], upstream: str) -> Account:
    """The member's account; what it sends goes on to ``official``, over a hop, or to ``none``."""
    session = addresses["session"]
    async with control_client(addresses["control"]) as control:
        path = f"{session_path(session['id'])}/providers/reseller"
        await control.patch(path, {"upstream": upstream})
    account: Account = session["reseller"]
    return account


def write(account: Account, n: int, format_: Format = "json") -> bytes:
    """The n-th send, signed now."""
    written = WRITTEN[format_]
    member = Member(account["member_id"], account["api_key"])
    fields = signed(member, message_of(account, n, format_=format_), beijing_text(time.time()))
    text = urlencode(fields) if written.form else json.dumps(fields, ensure_ascii=False)
    return request("POST", f"{account['url']}{PATH}", text.encode(), written.type)


JSON = Door("reseller", "json", partial(enter, upstream="none"), write)
FORM = JSON._replace(yardstick="form", write=partial(write, format_="form"))
HOP = JSON._replace(enter=partial(enter, upstream="official"))
