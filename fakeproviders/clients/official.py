"""A client of the official API, as an integration would write it."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import md5
from secrets import token_hex
from typing import Any, NamedTuple

import aiohttp


class Credentials(NamedTuple):
    """What the official API is used with."""

    app_id: str
    app_secret: str
    sign_key: str


class Answer(NamedTuple):
    """The envelope: ``code`` 0 is success."""

    code: int
    msg: str
    data: Any


class BadAnswer(Exception):
    """What came back is no envelope: an HTML page, broken JSON. ``status`` is HTTP's."""

    def __init__(self, status: int, start: str) -> None:
        super().__init__(f"HTTP {status}, not an envelope: {start!r}")
        self.status = status


class OfficialClient:
    """Calls of the official API.

    ``base_url`` may carry a session prefix. Every method raises aiohttp.ClientError or TimeoutError when the
    connection fails, and BadAnswer when the answer is no envelope.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        base_url: str,
        *,
        timeout: float = 5.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._http = http
        self._base = base_url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._now = now

    async def token(self, who: Credentials) -> Answer:
        """Fetch an access token; ``data`` has ``access_token`` and ``expires_in``."""
        beijing = datetime.fromtimestamp(self._now(), UTC) + timedelta(hours=8)
        request = {
            "app_id": who.app_id,
            "sign_key": who.sign_key,
            "timestamp": beijing.strftime("%Y-%m-%d %H:%M:%S"),
            "nonce": token_hex(8),
        }
        signed = request | {"sign": sign(request, who.app_secret)}
        return await self._call("POST", "/api/oauth/access_token", json=signed)

    async def send(self, access_token: str, message: Mapping[str, Any]) -> Answer:
        """Send; ``message`` has sign_key, signature, mobile, template_id, params, out_id."""
        body = {"access_token": access_token, **message}
        return await self._call("POST", "/api/sms/send", json=body)

    async def report(self, access_token: str, **which: str) -> Answer:
        """The status of a message, by ``message_id`` or ``out_id``."""
        return await self._call(
            "GET", "/api/sms/report", params={"access_token": access_token, **which}
        )

    async def balance(self, access_token: str) -> Answer:
        """What is left."""
        return await self._call("GET", "/api/sms/balance", params={"access_token": access_token})

    async def _call(self, method: str, path: str, **kwargs: Any) -> Answer:
        async with self._http.request(
            method, self._base + path, timeout=self._timeout, **kwargs
        ) as response:
            text = await response.text(errors="replace")
            return _answer(response.status, text)


def sign(request: Mapping[str, Any], secret: str) -> str:
    """The request's proof."""
    parts = [f"{k}={_plain(v)}" for k, v in sorted(request.items()) if v not in ("", None)]
    return md5("&".join([*parts, f"key={secret}"]).encode()).hexdigest().upper()


def _plain(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _answer(status: int, text: str) -> Answer:
    try:
        envelope = json.loads(text)
        return Answer(int(envelope["code"]), str(envelope["msg"]), envelope.get("data"))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise BadAnswer(status, text[:80]) from None
