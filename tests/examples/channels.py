"""The two channels of the shop: what goes over the wire, and what the answers mean to it."""

import json
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import md5
from http.client import HTTPException
from typing import Any, NamedTuple, Protocol
from urllib.error import HTTPError, URLError

DONE, EXPIRED, DUPLICATE = "done", "expired", "duplicate"
BUSY, DOWN, REFUSED = "busy", "down", "refused"
OFFICIAL_CODES = {
    0: DONE, 40110: EXPIRED, 45001: DUPLICATE, 46001: BUSY, 50000: BUSY, 50200: BUSY,
    40100: DOWN, 40120: DOWN, 40301: DOWN, 40302: DOWN, 47001: DOWN, 50300: DOWN,
}  # fmt: skip
RESELLER_CODES = {
    0: DONE, 1503: DUPLICATE, 1601: BUSY, 1900: BUSY, 1901: BUSY,
    1100: DOWN, 1103: DOWN, 1105: DOWN, 1106: DOWN, 1701: DOWN, 1902: DOWN,
}  # fmt: skip


class Answer(NamedTuple):
    """What became of a request in one of the words above, and the provider's text."""

    meaning: str
    text: str


class Channel(Protocol):
    """A way to send."""

    def send(self, mobile: str, code: str, out_id: str) -> Answer:
        """Send. Raises NoConnection and NoAnswer."""


class NoConnection(Exception):
    """The request never got there."""


class NoAnswer(Exception):
    """The request may have got there, but there is no answer that can be read."""


@dataclass
class Official:
    """The official API: an access token first, then the send."""

    url: str
    app_id: str
    app_secret: str
    sign_key: str
    signature: str
    template_id: str
    timeout: float = 5.0
    token: str = ""

    def send(self, mobile: str, code: str, out_id: str) -> Answer:
        if not self.token:
            answer = self._fetch_token()
            if answer.meaning != DONE:
                return answer
        answer = self._send(mobile, code, out_id)
        if answer.meaning == EXPIRED:
            self.token = ""
            return Answer(BUSY, answer.text)
        return answer

    def _send(self, mobile: str, code: str, out_id: str) -> Answer:
        answer = post(
            f"{self.url}/api/sms/send",
            {
                "access_token": self.token,
                "sign_key": self.sign_key,
                "signature": self.signature,
                "mobile": mobile,
                "template_id": self.template_id,
                "params": {"code": code, "minutes": "5"},
                "out_id": out_id,
            },
            self.timeout,
        )
        return Answer(OFFICIAL_CODES.get(answer["code"], REFUSED), answer["msg"])

    def _fetch_token(self) -> Answer:
        fields = {
            "app_id": self.app_id,
            "sign_key": self.sign_key,
            "timestamp": beijing(),
            "nonce": uuid.uuid4().hex,
        }
        signed = fields | {"sign": proof(fields, self.app_secret)}
        answer = post(f"{self.url}/api/oauth/access_token", signed, self.timeout)
        if answer["code"] == 0:
            self.token = answer["data"]["access_token"]
        return Answer(OFFICIAL_CODES.get(answer["code"], DOWN), answer["msg"])


@dataclass
class Reseller:
    """The reseller proxy: every send is signed."""

    url: str
    member_id: str
    api_key: str
    sign_key: str
    signature: str
    template_id: str
    timeout: float = 5.0

    def send(self, mobile: str, code: str, out_id: str) -> Answer:
        fields = {
            "member_id": self.member_id,
            "timestamp": beijing(),
            "sign_key": self.sign_key,
            "signature": self.signature,
            "mobile": mobile,
            "template_id": self.template_id,
            "params": {"code": code, "minutes": "5"},
            "out_id": out_id,
        }
        signed = fields | {"sign": proof(fields, self.api_key)}
        answer = post(f"{self.url}/api/sms/", signed, self.timeout)
        return Answer(RESELLER_CODES.get(answer["code"], REFUSED), answer["msg"])


def post(url: str, fields: Mapping[str, object], timeout: float) -> dict[str, Any]:
    """POST a JSON object; the answer's. Raises NoConnection and NoAnswer."""
    body = json.dumps(fields, ensure_ascii=False).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    try:
        with DIRECT.open(request, timeout=timeout) as reply:
            answer = json.loads(reply.read())
    except HTTPError as error:
        error.close()
        raise NoAnswer(f"HTTP {error.code}") from error
    except URLError as error:
        if isinstance(error.reason, ConnectionRefusedError):
            raise NoConnection("connection refused") from error
        raise NoAnswer(str(error.reason)) from error
    except (OSError, HTTPException, ValueError) as error:
        raise NoAnswer(str(error) or type(error).__name__) from error
    if not isinstance(answer, dict) or "code" not in answer:
        raise NoAnswer("no answer of a provider")
    return answer


DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Providers are called without a proxy."""


def beijing() -> str:
    """Now, as the providers want it."""
    return (datetime.now(UTC) + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M:%S")


def proof(fields: Mapping[str, object], secret: str) -> str:
    """The ``sign`` of a request."""
    texts = {
        name: value if isinstance(value, str) else json.dumps(
            value, ensure_ascii=False, separators=(",", ":"), sort_keys=True
        )
        for name, value in fields.items()
    }  # fmt: skip
    pairs = [f"{name}={texts[name]}" for name in sorted(texts) if texts[name]]
    return md5("&".join([*pairs, f"key={secret}"]).encode()).hexdigest().upper()
