"""Door 4, REST: ``POST /Accounts/{account}/Sms/SendSms?sign=`` (O: two public clients).

    Authorization: <BASE64(account:timestamp), in upper case>
    {"appId": ..., "mobile": ..., "content": ..., "channel": ..., "smsid": ..., "sendType": "1",
     "timestamp": 1700000000}

    {"code": "0000000", "msg": "短信发送成功"}       accepted (the code O, the msg A)
    {"code": "1000007", "msg": "手机号在黑名单中"}   refused: a million more than the SOAP doors' -7 (A)
    {"code": "9999999", "msg": "系统错误"}           HTTP 500, the service broke (A)

``timestamp`` is Unix seconds, a number or a text (O); it must be the one that ``sign`` and the
header are made of, and how old it is is not judged (A). The account is the path's: ``appId`` is null in one
client and the account in the other (O), so it is not looked at. Verbs and paths are judged as
Tomcat judges them, and a body that is no JSON object has no parameters (A).
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import msgspec

from fakeproviders.clock import beijing_text
from fakeproviders.model import RawReply, RawRequest
from fakeproviders.providers.erban import tomcat
from fakeproviders.providers.erban.calls import ErbanCall, answered, method_call
from fakeproviders.providers.erban.methods import METHODS
from fakeproviders.providers.erban.proof import RestSign
from fakeproviders.providers.parameters import Unreadable, read_json, text

DOOR = "rest"
ACCOUNTS = "/Accounts/"
PATH = re.compile(r"/Accounts/([^/]+)/Sms/SendSms")
METHOD = METHODS["SendSms3"]
"""What a send here is to the core, and what it returns there."""

JSON = "application/json;charset=UTF-8"
ACCEPTED, REFUSED, BROKEN = "0000000", 1_000_000, "9999999"
UNIX_SECONDS = re.compile(r"[0-9]{1,11}")


def decode(raw: RawRequest) -> ErbanCall:
    """A send, or the server's page."""
    found = PATH.fullmatch(raw.path)
    if found is None:
        return answered(raw, DOOR, tomcat.not_found(raw.path))
    if raw.method != "POST":
        return answered(raw, DOOR, tomcat.verb_refused(raw.method, "POST, TRACE, OPTIONS"))
    try:
        return _send(raw, found[1], read_json(raw))
    except Unreadable as unreadable:
        call = _send(raw, found[1], {})
        call.unreadable = unreadable.words
        return call


def _send(raw: RawRequest, account: str, parameters: dict[str, Any]) -> ErbanCall:
    sign = parse_qs(raw.query, keep_blank_values=True, errors="replace").get("sign", [None])[0]
    proof = {
        "sign": sign,
        "Authorization": raw.headers.get("Authorization"),
        "timestamp": text(parameters, "timestamp"),
    }
    fields = ("mobile", "content", "channel", "smsid", "sendType")
    given = {"account": account, "sign": sign} | {name: text(parameters, name) for name in fields}
    call = method_call(raw, door=DOOR, method=METHOD, given=given)
    call.missing = _first_missing(proof) or call.missing
    timestamp = proof["timestamp"] or ""
    call.timestamp = _beijing(timestamp)
    call.credential = RestSign(
        given=sign or "",
        account=account,
        timestamp=timestamp,
        authorization=(proof["Authorization"] or "").strip(),
    )
    return call


def _first_missing(given: Mapping[str, str | None]) -> str:
    return next((name for name, value in given.items() if value is None), "")


def _beijing(timestamp: str) -> str:
    """Unix seconds as the core has times; what is none stays as it is."""
    return beijing_text(float(timestamp)) if UNIX_SECONDS.fullmatch(timestamp) else timestamp


class RestDoor:
    """Replies in JSON: what the method returned, in other numbers."""

    def text(self, call: ErbanCall, text: str) -> RawReply:
        """The method returned this ``code,text``."""
        del call
        number, _, words = text.partition(",")
        return _reply(ACCEPTED if number == "0" else str(REFUSED - int(number)), words)

    def thrown(self, call: ErbanCall, text: str, lang: str) -> RawReply:
        """The service broke."""
        del call, lang
        return _reply(BROKEN, text, status=500)


def _reply(code: str, words: str, status: int = 200) -> RawReply:
    body = msgspec.json.encode({"code": code, "msg": words})
    return tomcat.reply(body, JSON, status=status)
