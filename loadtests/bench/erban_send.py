"""SendSms3 by each of Erban's doors."""

import json
import time
from base64 import b64encode
from collections.abc import Mapping
from functools import partial
from hashlib import md5
from typing import Any
from urllib.parse import urlencode

from loadtests.bench.client import request
from loadtests.bench.door import Account, Door

ASMX, FORM_PAGE = "/WebService/SmsService.asmx", "/WebService/sms3.aspx"
XFIRE_PATH = "/WebService/services/SmsService"
SERVICE, XFIRE_SERVICE = "http://tempuri.org/", "http://service.canv.com"
ACTION = f"{SERVICE}SendSms3"
ENVELOPE11 = "http://schemas.xmlsoap.org/soap/envelope/"
ENVELOPE12 = "http://www.w3.org/2003/05/soap-envelope"
URLENCODED = "application/x-www-form-urlencoded"


async def enter(addresses: Mapping[str, Any]) -> Account:
    """The account as it is described."""
    account: Account = addresses["session"]["erban"]
    return account


def fields(account: Account, n: int) -> dict[str, str]:
    """The n-th send, in the order that XFire wants."""
    return {
        "account": account["account"],
        "password": account["password"],
        "mobile": f"138{n:08d}",
        "content": f"{account['signature']}您的验证码是{n % 10_000:04d}，5分钟内有效。",
        "channel": account["channel"],
        "smsid": str(n),
        "sendType": "1",
    }


def envelope(account: Account, n: int, soap: str, service: str) -> bytes:
    """The n-th send as a document of a SOAP version."""
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields(account, n).items())
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<soap:Envelope xmlns:soap="{soap}"><soap:Body>'
        f'<SendSms3 xmlns="{service}">{inner}</SendSms3></soap:Body></soap:Envelope>'
    ).encode()


def write_soap11(account: Account, n: int) -> bytes:
    body = envelope(account, n, ENVELOPE11, SERVICE)
    headers = {"SOAPAction": f'"{ACTION}"'}
    return request("POST", account["url"] + ASMX, body, "text/xml; charset=utf-8", headers)


def write_soap12(account: Account, n: int) -> bytes:
    body = envelope(account, n, ENVELOPE12, SERVICE)
    type_ = f'application/soap+xml; charset=utf-8; action="{ACTION}"'
    return request("POST", account["url"] + ASMX, body, type_)


def write_xfire(account: Account, n: int) -> bytes:
    body = envelope(account, n, ENVELOPE11, XFIRE_SERVICE)
    headers = {"SOAPAction": '""'}
    return request("POST", account["url"] + XFIRE_PATH, body, "text/xml; charset=UTF-8", headers)


def write_form(account: Account, n: int, *, path: str) -> bytes:
    body = urlencode(fields(account, n)).encode()
    return request("POST", account["url"] + path, body, URLENCODED)


def write_get(account: Account, n: int) -> bytes:
    query = urlencode(fields(account, n))
    return request("GET", f"{account['url']}{ASMX}/SendSms3?{query}", b"", "")


def write_rest(account: Account, n: int) -> bytes:
    """Signed now, with account, 授权码 and Unix time."""
    who, now = account["account"], int(time.time())
    sign = md5(f"{who}{account['auth_code']}{now}".encode()).hexdigest()
    sent = fields(account, n)
    sent = {name: sent[name] for name in ("mobile", "content", "channel", "smsid", "sendType")}
    return request(
        "POST",
        f"{account['url']}/Accounts/{who}/Sms/SendSms?sign={sign}",
        json.dumps({"appId": who, "timestamp": now, **sent}, ensure_ascii=False).encode(),
        "application/json;charset=UTF-8",
        {"Authorization": b64encode(f"{who}:{now}".encode()).decode().upper()},
    )


_door = partial(Door, "erban", enter=enter)
SOAP11 = _door("soap", write=write_soap11, mark=b"SendSms3Result>0,")
SOAP12 = _door("soap12", write=write_soap12, mark=b"SendSms3Result>0,")
GET = _door("binding", write=write_get, mark=b'">0,')
POST = _door("binding", write=partial(write_form, path=f"{ASMX}/SendSms3"), mark=b'">0,')
PAGE = _door("page", write=partial(write_form, path=FORM_PAGE), mark="0,短信发送成功".encode())
XFIRE = _door("xfire", write=write_xfire, mark=b"<ns1:out>0,")
REST = _door("rest", write=write_rest, mark=b'"code":"0000000"')
