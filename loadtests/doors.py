"""Each provider's doors on the wire: a message as a request, a reply as an answer.

They know HTTP bytes and no HTTP library, so that any of them can carry a load.
"""

import json
import re
import time
from base64 import b64encode
from collections.abc import Mapping
from hashlib import md5
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode
from xml.sax.saxutils import escape, unescape

from fakeproviders.clients.answer import Answer, BadAnswer
from fakeproviders.clients.envelope import beijing_text, read_envelope, sign
from fakeproviders.clients.erban import NAMESPACE, Login, fields_of
from fakeproviders.clients.reseller import Member, signed
from loadtests.messages import Message, new_id

XFIRE_NAMESPACE = "http://service.canv.com"
ORDER = ("account", "password", "mobile", "content", "channel", "smsid", "sendType")
"""XFire takes parameters by their place, whatever they are called."""
_JSON = {"Content-Type": "application/json"}
_CODE_AND_TEXT = re.compile(r"\s*(-?\d{1,9})\s*,(.*)", re.DOTALL)
_RESULT = re.compile(r"<(?:SendSms3Result|ns1:out)>(.*?)</", re.DOTALL)


class Request(NamedTuple):
    """One request."""

    url: str
    body: bytes
    headers: Mapping[str, str]


class Door(Protocol):
    """A way into a provider."""

    provider: str

    def send(self, message: Message, token: str) -> Request:
        """The request that sends a message; ``token`` where the provider wants one."""

    def read(self, status: int, text: str) -> Answer:
        """What a reply says; code 0 is success. Raises BadAnswer when it says nothing."""


class OfficialDoor:
    """``POST /api/sms/send`` with an access token."""

    provider = "official"

    def __init__(self, who: Mapping[str, str]) -> None:
        self._who = who

    def token(self) -> Request:
        """The request for an access token."""
        who = self._who
        fields = {
            "app_id": who["app_id"], "sign_key": who["sign_key"], "timestamp": _beijing(),
            "nonce": new_id(),
        }  # fmt: skip
        fields["sign"] = sign(fields, who["app_secret"])
        return Request(f"{who['url']}/api/oauth/access_token", _json(fields), _JSON)

    def send(self, message: Message, token: str) -> Request:
        """With the session's template."""
        fields = {"access_token": token, **_templated(self._who, message)}
        return Request(f"{self._who['url']}/api/sms/send", _json(fields), _JSON)

    def report(self, message: Message, token: str) -> Request:
        """The question whether a message was accepted, by its id."""
        asked = urlencode({"access_token": token, "out_id": message.id})
        return Request(f"{self._who['url']}/api/sms/report?{asked}", b"", {})

    def read(self, status: int, text: str) -> Answer:
        """An envelope."""
        return read_envelope(status, text)


class ResellerDoor:
    """``POST /api/sms/``, signed with the member's key."""

    provider = "reseller"

    def __init__(self, who: Mapping[str, str]) -> None:
        self._who = who

    def send(self, message: Message, token: str) -> Request:
        """With the session's template."""
        del token
        member = Member(self._who["member_id"], self._who["api_key"])
        fields = signed(member, _templated(self._who, message), _beijing())
        return Request(f"{self._who['url']}/api/sms/", _json(fields), _JSON)

    def read(self, status: int, text: str) -> Answer:
        """An envelope."""
        return read_envelope(status, text)


class _ErbanDoor:
    """What Erban's doors have in common: the fields, and ``code,text``."""

    provider = "erban"
    path = ""

    def send(self, message: Message, token: str) -> Request:
        """The request that sends a message."""
        raise NotImplementedError

    def __init__(self, who: Mapping[str, str]) -> None:
        self._who = who
        self._login = Login(who["account"], who["login_password"], who["auth_code"], who["channel"])

    def read(self, status: int, text: str) -> Answer:
        """``code,text``, in the result of SOAP or bare."""
        found = _RESULT.search(text)
        answer = _CODE_AND_TEXT.fullmatch(unescape(found[1]) if found else text)
        if answer is None:
            raise BadAnswer(status, text)
        return Answer(int(answer[1]), answer[2].strip())

    def _fields(self, message: Message) -> dict[str, str]:
        sent = {
            "mobile": message.mobile,
            "content": message.text(self._who["signature"]),
            "smsid": message.id,
        }
        return fields_of(self._login, sent)

    def _request(self, body: bytes, content_type: str, **headers: str) -> Request:
        url = f"{self._who['url']}{self.path}"
        return Request(url, body, {"Content-Type": content_type, **headers})


class ErbanSoapDoor(_ErbanDoor):
    """``/WebService/SmsService.asmx``, SOAP 1.1."""

    path = "/WebService/SmsService.asmx"

    def send(self, message: Message, token: str) -> Request:
        """SendSms3."""
        del token
        body = _envelope(self._fields(message), NAMESPACE)
        action = f'"{NAMESPACE}SendSms3"'
        return self._request(body, "text/xml; charset=utf-8", SOAPAction=action)


class ErbanFormDoor(_ErbanDoor):
    """``/WebService/sms3.aspx``, a form in percent-encoded GBK."""

    path = "/WebService/sms3.aspx"

    def send(self, message: Message, token: str) -> Request:
        """The fields of SendSms3."""
        del token
        body = urlencode(self._fields(message), encoding="gb18030").encode()
        return self._request(body, "application/x-www-form-urlencoded;charset=gbk")


class ErbanXFireDoor(_ErbanDoor):
    """``/WebService/services/SmsService``, the Java twin."""

    path = "/WebService/services/SmsService"

    def send(self, message: Message, token: str) -> Request:
        """SendSms3."""
        del token
        fields = self._fields(message)
        in_order = {name: fields[name] for name in ORDER}
        body = _envelope(in_order, XFIRE_NAMESPACE)
        return self._request(body, "text/xml; charset=UTF-8", SOAPAction='""')


class ErbanRestDoor(_ErbanDoor):
    """``/Accounts/{account}/Sms/SendSms?sign=``, JSON."""

    def send(self, message: Message, token: str) -> Request:
        """Signed with account, 授权码 and Unix time."""
        del token
        who, now = self._who, int(time.time())
        account = who["account"]
        proof = md5(f"{account}{who['auth_code']}{now}".encode()).hexdigest()
        fields = self._fields(message)
        sent = {
            name: fields[name] for name in ("mobile", "content", "channel", "smsid", "sendType")
        }
        return Request(
            f"{who['url']}/Accounts/{account}/Sms/SendSms?sign={proof}",
            _json({"appId": account, "timestamp": now, **sent}),
            {
                "Content-Type": "application/json;charset=UTF-8",
                "Authorization": b64encode(f"{account}:{now}".encode()).decode().upper(),
            },
        )

    def read(self, status: int, text: str) -> Answer:
        """``{"code": "0000000", "msg": ...}``."""
        try:
            answer = json.loads(text)
            return Answer(int(answer["code"]), str(answer["msg"]))
        except (ValueError, KeyError, TypeError):
            raise BadAnswer(status, text) from None


DOORS: dict[str, type[OfficialDoor | ResellerDoor | _ErbanDoor]] = {
    "official": OfficialDoor,
    "reseller": ResellerDoor,
    "erban-soap": ErbanSoapDoor,
    "erban-form": ErbanFormDoor,
    "erban-xfire": ErbanXFireDoor,
    "erban-rest": ErbanRestDoor,
}


def _templated(who: Mapping[str, str], message: Message) -> dict[str, Any]:
    return {
        "sign_key": who["sign_key"],
        "signature": who["signature"],
        "mobile": message.mobile,
        "template_id": who["template_id"],
        "params": message.params,
        "out_id": message.id,
    }


def _envelope(fields: Mapping[str, str], namespace: str) -> bytes:
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<SendSms3 xmlns="{namespace}">{inner}</SendSms3></s:Body></s:Envelope>'
    ).encode()


def _json(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


def _beijing() -> str:
    return beijing_text(time.time())
