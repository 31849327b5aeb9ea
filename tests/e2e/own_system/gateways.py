"""How the shop sends texts: its own small code for three gateways, with urllib and nothing of ours."""

import hashlib
import http.client
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape, unescape

ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
    '<soap:Body><SendSms3 xmlns="http://tempuri.org/">{}</SendSms3></soap:Body></soap:Envelope>'
)
SOAP = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '"http://tempuri.org/SendSms3"'}
SETUP = "no gateway account"


class NotSent(Exception):
    """The gateway's own words."""


class Unclear(NotSent):
    """No answer that can be read, so the text may have been sent: ``no answer``, or the page's status."""


def send(settings: dict[str, Any], cupboard: dict[str, str], phone: str, code: str) -> None:
    """Send a code by the gateway that the settings name; tokens are kept in the cupboard. Raises NotSent."""
    {"cloud": cloud, "partner": partner, "door": door}[settings["gateway"]](
        settings, cupboard, phone, code
    )


def cloud(settings: dict[str, Any], cupboard: dict[str, str], phone: str, code: str) -> None:
    own = settings["cloud"]
    if not own["id"] or not own["secret"]:
        raise NotSent(SETUP)
    if "token" not in cupboard:
        asked = {
            "app_id": own["id"],
            "sign_key": own["stamp"],
            "timestamp": wall_clock(settings),
            "nonce": uuid4().hex,
        }
        asked["sign"] = proof(asked, own["secret"])
        reply = said(own["address"] + "/api/oauth/access_token", asked, settings["patience"])
        cupboard["token"] = reply["access_token"]
    fields = message(own, phone, code) | {
        "access_token": cupboard["token"],
        "out_id": uuid4().hex,
    }
    try:
        said(own["address"] + "/api/sms/send", fields, settings["patience"])
    except Unclear:
        if not was_sent(settings, fields):
            raise


def was_sent(settings: dict[str, Any], fields: dict[str, Any]) -> bool:
    """Ask the gateway what became of a text whose answer nobody saw."""
    asked = urllib.parse.urlencode({name: fields[name] for name in ("access_token", "out_id")})
    address = f"{settings['cloud']['address']}/api/sms/report?{asked}"
    try:
        said(address, None, settings["patience"])
    except NotSent:
        return False
    return True


def partner(settings: dict[str, Any], cupboard: dict[str, str], phone: str, code: str) -> None:
    del cupboard
    own = settings["partner"]
    fields = message(own, phone, code) | {
        "member_id": own["id"],
        "timestamp": wall_clock(settings),
    }
    fields["sign"] = proof(fields, own["secret"])
    said(own["address"].rstrip("/") + "/api/sms/", fields, settings["patience"])


def door(settings: dict[str, Any], cupboard: dict[str, str], phone: str, code: str) -> None:
    del cupboard
    own = settings["door"]
    fields = {
        "account": own["id"],
        "password": hashlib.md5(f"{own['secret']}{own['extra']}".encode()).hexdigest(),
        "mobile": phone,
        "content": f"{own['name']}您的验证码是{code}，5分钟内有效。",
        "channel": own["line"],
        "smsid": uuid4().hex[:16],
        "sendType": "0",
    }
    inner = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in fields.items())
    _, page = exchange(own["address"], ENVELOPE.format(inner).encode(), SOAP, settings["patience"])
    found = re.search("<SendSms3Result>(.*?)</", page, re.DOTALL)
    if found is None:
        raise Unclear("no answer")
    number, _, text = unescape(found[1]).partition(",")
    if number != "0":
        raise NotSent(text)


def message(own: dict[str, Any], phone: str, code: str) -> dict[str, Any]:
    return {
        "sign_key": own["stamp"],
        "signature": own["name"],
        "mobile": phone,
        "template_id": own["template"],
        "params": {"code": code, "minutes": "5"},
    }


def said(address: str, fields: dict[str, Any] | None, patience: float) -> dict[str, Any]:
    """The data of a good answer to a POST of fields, or to a GET."""
    posted = None
    if fields is not None:
        posted = json.dumps({n: value for n, value in fields.items() if value != ""}).encode()
    status, body = exchange(address, posted, {"Content-Type": "application/json"}, patience)
    try:
        answer = json.loads(body)
        code, text, data = answer["code"], answer["msg"], answer["data"]
    except (ValueError, KeyError, TypeError):
        raise Unclear(f"page {status}") from None
    if code != 0:
        raise NotSent(text)
    return dict(data)


def exchange(
    address: str, body: bytes | None, headers: dict[str, str], patience: float
) -> tuple[int, str]:
    request = urllib.request.Request(address, body, headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=patience) as reply:
            return reply.status, reply.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        raise Unclear("no answer") from None


def wall_clock(settings: dict[str, Any]) -> str:
    """The shop's own time of day, in its own zone; it should be Beijing's."""
    hours, minutes = settings["zone"].split(":")
    ahead = timedelta(hours=int(hours), minutes=int(minutes), seconds=settings["clock_error"])
    return (datetime.now(UTC) + ahead).strftime("%Y-%m-%d %H:%M:%S")


def proof(fields: dict[str, Any], secret: str) -> str:
    texts = {
        name: value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        for name, value in fields.items()
    }
    line = "&".join(f"{name}={texts[name]}" for name in sorted(texts) if texts[name])
    return hashlib.md5(f"{line}&key={secret}".encode()).hexdigest().upper()
