"""Sends as integrations make them, one function a provider. Overrides are the wire's own fields.

A field that is overridden with None is left out.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import md5
from typing import NamedTuple
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape, unescape

from tests.e2e.sockets import Reply, post_json, request
from tests.e2e.world import World

MOBILE = "13800138000"
PARAMS = {"code": "482915", "minutes": "5"}
FILLED = "您的验证码是482915，5分钟内有效。"
ASMX = "/WebService/SmsService.asmx"
FORM = "/WebService/sms3.aspx"
XFIRE = "/WebService/services/SmsService"
NAMESPACE = "http://tempuri.org/"
XFIRE_NAMESPACE = "http://service.canv.com"
ACTION = f"{NAMESPACE}SendSms3"
ENVELOPES = {
    "soap11": "http://schemas.xmlsoap.org/soap/envelope/",
    "soap12": "http://www.w3.org/2003/05/soap-envelope",
    "xfire": "http://schemas.xmlsoap.org/soap/envelope/",
}
DOORS = ("soap11", "soap12", "get", "post", "form")
URLENCODED = "application/x-www-form-urlencoded"


class Verdict(NamedTuple):
    """Code and text, whatever the wire's form of them."""

    code: int | str
    text: str


ACCEPTED = {
    "official": Verdict(0, "success"),
    "reseller": Verdict(0, "success"),
    "erban": Verdict("0", "短信发送成功"),
}


def beijing(off_seconds: float = 0) -> str:
    """The time of day in Beijing, as a host says it whose clock is off by so much."""
    now = datetime.now(UTC) + timedelta(hours=8, seconds=off_seconds)
    return now.strftime("%Y-%m-%d %H:%M:%S")


def proof(fields: Mapping[str, object], secret: str) -> str:
    """``sign``: sorted pairs that are not empty, and the key; MD5 in upper case."""
    pairs = sorted((name, _signed(value)) for name, value in fields.items())
    text = "&".join([f"{name}={value}" for name, value in pairs if value] + [f"key={secret}"])
    return md5(text.encode()).hexdigest().upper()


def official_token(world: World, *, secret: str | None = None, **overrides: object) -> Reply:
    """Ask for an access token."""
    who = world.official
    fields = _with(
        {
            "app_id": who["app_id"],
            "sign_key": who["sign_key"],
            "timestamp": beijing(),
            "nonce": "n0nce",
        },
        overrides,
    )
    fields.setdefault("sign", proof(fields, secret or who["app_secret"]))
    return post_json(f"{who['url']}/api/oauth/access_token", fields)


def token_of(world: World) -> str:
    """An access token that is good, kept for the world's next sends."""
    if "token" not in world.kept:
        world.kept["token"] = official_token(world).json()["data"]["access_token"]
    return world.kept["token"]


def official_message(world: World, **overrides: object) -> dict[str, object]:
    """The fields of a send."""
    who = world.official
    return _with(
        {
            "sign_key": who["sign_key"],
            "signature": who["signature"],
            "mobile": MOBILE,
            "template_id": who["template_id"],
            "params": PARAMS,
        },
        overrides,
    )


def official_send(world: World, **overrides: object) -> Reply:
    """Send with a token that is good, unless ``access_token`` is another."""
    fields = official_message(world, **overrides)
    if "access_token" not in overrides:
        fields["access_token"] = token_of(world)
    return post_json(f"{world.official['url']}/api/sms/send", fields)


def reseller_fields(
    world: World, *, secret: str | None = None, **overrides: object
) -> dict[str, object]:
    """The fields of a send, signed."""
    who = world.reseller
    fields = _with(
        {
            "member_id": who["member_id"],
            "timestamp": beijing(),
            "sign_key": who["sign_key"],
            "signature": who["signature"],
            "mobile": MOBILE,
            "template_id": who["template_id"],
            "params": PARAMS,
        },
        overrides,
    )
    fields.setdefault("sign", proof(fields, secret or who["api_key"]))
    return fields


def reseller_send(
    world: World, *, base: str | None = None, secret: str | None = None, **overrides: object
) -> Reply:
    """Send; ``base`` is the address that was entered, to which the client appends /api/sms/."""
    fields = reseller_fields(world, secret=secret, **overrides)
    return post_json(f"{base or world.reseller['url']}/api/sms/", fields)


def erban_fields(world: World, **overrides: object) -> dict[str, str]:
    """SendSms3's parameters."""
    who = world.erban
    fields = _with(
        {
            "account": who["account"],
            "password": who["password"],
            "mobile": MOBILE,
            "content": f"{who['signature']}{FILLED}",
            "channel": who["channel"],
            "smsid": "179534374099.39",
            "sendType": "1",
        },
        overrides,
    )
    return {name: str(value) for name, value in fields.items()}


def erban_send(
    world: World,
    *,
    door: str = "soap11",
    headers: Mapping[str, str] | None = None,
    **overrides: object,
) -> Reply:
    """Send through a door."""
    return knock(world.erban["url"], door, erban_fields(world, **overrides), headers)


def erban_method(world: World, method: str, *, door: str = "get", **fields: str) -> Reply:
    """Call a method with parameters in their declared order."""
    return knock(world.erban["url"], door, fields, method=method)


def erban_returned(world: World, method: str, *, door: str = "get", **fields: str) -> str:
    """What a method returned."""
    reply = erban_method(world, method, door=door, **fields)
    assert reply.status == 200, reply.text
    found = re.search(r"<(?:\w+Result|ns1:out|(?:string|int) xmlns=[^>]*)>([^<]*)</", reply.text)
    return unescape(found[1]) if found else ""


def knock(
    base: str,
    door: str,
    fields: Mapping[str, str],
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "SendSms3",
) -> Reply:
    """A method in a door's form; the form page has SendSms3 alone."""
    asmx, more = f"{base}{ASMX}", dict(headers or {})
    action = f"{NAMESPACE}{method}"
    if door == "soap11":
        sent = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{action}"', **more}
        return request("POST", asmx, envelope(fields, door, method), sent)
    if door == "soap12":
        sent = {"Content-Type": f'application/soap+xml; charset=utf-8; action="{action}"', **more}
        return request("POST", asmx, envelope(fields, door, method), sent)
    if door == "xfire":
        sent = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""', **more}
        return request("POST", f"{base}{XFIRE}", envelope(fields, door, method), sent)
    if door == "get":
        return request("GET", f"{asmx}/{method}?{urlencode(fields, quote_via=quote)}", None, more)
    address = f"{asmx}/{method}" if door == "post" else f"{base}{FORM}"
    return request("POST", address, urlencode(fields), {"Content-Type": URLENCODED, **more})


def envelope(fields: Mapping[str, str], door: str = "soap11", method: str = "SendSms3") -> str:
    """A SOAP request."""
    namespace = XFIRE_NAMESPACE if door == "xfire" else NAMESPACE
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return (
        f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{ENVELOPES[door]}"><s:Body>'
        f'<{method} xmlns="{namespace}">{inner}</{method}></s:Body></s:Envelope>'
    )


def verdict(provider: str, reply: Reply) -> Verdict:
    """What the provider said."""
    if provider != "erban":
        document = reply.json()
        return Verdict(document["code"], document["msg"])
    found = re.search(r"<(?:SendSms3Result|string xmlns=\"[^\"]*\")>(.*?)</", reply.text, re.DOTALL)
    code, _, text = (unescape(found[1]) if found else reply.text).partition(",")
    return Verdict(code, text)


SENDS: dict[str, Callable[..., Reply]] = {
    "official": official_send,
    "reseller": reseller_send,
    "erban": erban_send,
}


def send(world: World, provider: str, **overrides: object) -> Verdict:
    """Send through a provider; what it said."""
    return verdict(provider, SENDS[provider](world, **overrides))


def send_well(world: World, provider: str, **overrides: object) -> None:
    """Send, and see that it is accepted."""
    assert send(world, provider, **overrides) == ACCEPTED[provider]


def _with(fields: Mapping[str, object], overrides: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in {**fields, **overrides}.items() if value is not None}


def _signed(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
