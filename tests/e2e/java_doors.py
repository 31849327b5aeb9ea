"""Sends through the Java doors of the Erban service: XFire (door 3) and REST (door 4)."""

import time
from base64 import b64encode
from collections.abc import Callable
from hashlib import md5
from xml.sax.saxutils import escape

from tests.e2e import clients
from tests.e2e.sockets import Reply, post_json
from tests.e2e.world import World

TEXT_XML = "text/xml; charset=UTF-8"
JSON = "application/json;charset=UTF-8"
HEAD = (
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body>'
)
TAIL = "</soap:Body></soap:Envelope>"


def xfire_send(world: World, **overrides: object) -> Reply:
    """SendSms3 at the Java twin."""
    fields = clients.erban_fields(world, **overrides)
    return clients.knock(world.erban["url"], "xfire", fields)


def xfire_returned(text: str, method: str = "SendSms3") -> str:
    """The whole reply of a method."""
    return (
        f'{HEAD}<ns1:{method}Response xmlns:ns1="{clients.XFIRE_NAMESPACE}"><ns1:out>{escape(text)}</ns1:out>'
        f"</ns1:{method}Response>{TAIL}"
    )


def xfire_fault(code: str, text: str) -> str:
    """A whole fault."""
    return (
        f"{HEAD}<soap:Fault><faultcode>soap:{code}</faultcode>"
        f"<faultstring>{escape(text)}</faultstring></soap:Fault>{TAIL}"
    )


def rest_address(world: World, timestamp: int, account: str | None = None) -> str:
    """The signed address of a send."""
    who = world.erban
    account = account or who["account"]
    sign = md5(f"{account}{who['auth_code']}{timestamp}".encode()).hexdigest()
    return f"{who['url']}/Accounts/{account}/Sms/SendSms?sign={sign}"


def rest_headers(world: World, timestamp: int) -> dict[str, str]:
    """The headers of a send."""
    shown = b64encode(f"{world.erban['account']}:{timestamp}".encode()).decode().upper()
    return {"Content-Type": JSON, "Authorization": shown}


def rest_send(world: World, *, account: str | None = None, **overrides: object) -> Reply:
    """A send over REST, signed now."""
    now = int(time.time())
    given = clients.erban_fields(world)
    fields = ("mobile", "content", "channel", "smsid", "sendType")
    document = {"appId": given["account"], **{name: given[name] for name in fields}}
    document |= {"timestamp": now, **overrides}  # type: ignore[dict-item]  # a number, as clients have it
    return post_json(rest_address(world, now, account), document, rest_headers(world, now))


SENDS: dict[str, Callable[..., Reply]] = {"xfire": xfire_send, "rest": rest_send}
