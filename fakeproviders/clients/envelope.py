"""What the official API and the reseller have in common for a client: the proof and the envelope."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import md5
from typing import Any

import aiohttp

from fakeproviders.clients.answer import Answer, BadAnswer

BEIJING = timedelta(hours=8)


class EnvelopeClient:
    """A client of a server that answers with the envelope. ``base_url`` may carry a session prefix."""

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

    def _timestamp(self) -> str:
        """The time in Beijing, as requests carry it."""
        return beijing_text(self._now())

    async def _call(self, method: str, path: str, **kwargs: Any) -> Answer:
        async with self._http.request(
            method, self._base + path, timeout=self._timeout, **kwargs
        ) as response:
            return read_envelope(response.status, await response.text(errors="replace"))


def sign(request: Mapping[str, Any], secret: str) -> str:
    """The request's proof: sorted ``k=v`` pairs that are not empty, and the key."""
    parts = [f"{k}={plain(v)}" for k, v in sorted(request.items()) if v not in ("", None)]
    return md5("&".join([*parts, f"key={secret}"]).encode()).hexdigest().upper()


def plain(value: object) -> str:
    """A value as text; an object is compact JSON with sorted keys."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def beijing_text(now: float) -> str:
    """A moment (epoch seconds) as the wall clock in Beijing shows it."""
    return (datetime.fromtimestamp(now, UTC) + BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def read_envelope(status: int, text: str) -> Answer:
    """A reply's envelope, whatever its status and Content-Type. Raises BadAnswer when it is none."""
    try:
        envelope = json.loads(text)
        return Answer(int(envelope["code"]), str(envelope["msg"]), envelope.get("data"))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise BadAnswer(status, text) from None
