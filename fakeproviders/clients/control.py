"""A client of the control API: JSON over aiohttp, refusals as exceptions."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast
from urllib.parse import quote

import aiohttp

API = "/api/v1"
PATIENCE = 10.0
"""Seconds for an answer, beyond what a long poll waits."""
LONGEST_WAIT = 60.0
"""Seconds that one long poll may ask for."""
NO_QUERY: Mapping[str, object] = {}


class ControlError(Exception):
    """The server refused. ``status`` is HTTP's, ``problem`` its RFC 9457 document."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(readable(status, problem))
        self.status = status
        self.problem = dict(problem)


class Unreachable(ConnectionError):
    """Nobody answers at the address of the control API, or not in time."""

    def __init__(self, url: str, error: Exception) -> None:
        why = str(error) or type(error).__name__
        super().__init__(
            f"no answer from the fakeproviders server at {url} ({why}): "
            "is it running, and is this the address of its control API?"
        )


class _Foreign(Exception):
    """Somebody answers, but not in our language."""


def readable(status: int, problem: Mapping[str, Any]) -> str:
    """A problem document on one line: its detail, then each field that the detail does not name."""
    detail = str(problem.get("detail") or problem.get("title") or f"HTTP {status}")
    fields = [
        f"{error.get('field')}: {error.get('message')}"
        for error in problem.get("errors") or ()
        if str(error.get("message")) not in detail
    ]
    return "; ".join([detail, *fields])


@asynccontextmanager
async def control_client(
    url: str, *, token: str | None = None, lang: str = "en"
) -> "AsyncIterator[ControlClient]":
    """A client with connections of its own, which are closed in the end."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield ControlClient(http, url, token=token, lang=lang)


class ControlClient:
    """Calls of a running server's control API.

    Paths are below ``/api/v1``. Every call raises ControlError for a refusal, Unreachable when nobody
    answers.
    """

    def __init__(
        self, http: aiohttp.ClientSession, url: str, *, token: str | None = None, lang: str = "en"
    ) -> None:
        self.url = url.rstrip("/")
        self.token = token
        self.lang = lang
        self._http = http
        self._headers = {"Accept-Language": lang}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    async def get(self, path: str, *, wait: float = 0, **query: object) -> Any:
        """GET; ``wait`` seconds of long polling (60 at most) lengthen the timeout."""
        asked = query | {"wait": f"{wait:g}"} if wait else query
        return await self._call("GET", path, query=asked, patience=PATIENCE + wait)

    async def post(self, path: str, body: object = None) -> Any:
        """POST a JSON body, or none."""
        return await self._call("POST", path, body)

    async def put(self, path: str, body: object) -> Any:
        """PUT a JSON body."""
        return await self._call("PUT", path, body)

    async def patch(self, path: str, body: object) -> Any:
        """PATCH with a JSON body."""
        return await self._call("PATCH", path, body)

    async def delete(self, path: str, **query: object) -> None:
        """DELETE."""
        await self._call("DELETE", path, query=query)

    async def _call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: Mapping[str, object] = NO_QUERY,
        patience: float = PATIENCE,
    ) -> Any:
        content: dict[str, Any] = {} if body is None else {"json": body}
        try:
            async with self._http.request(
                method,
                f"{self.url}{API}{path}",
                params={name: str(value) for name, value in query.items() if value is not None},
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=patience),
                **content,
            ) as reply:
                document = await _document(reply)
        except (aiohttp.ClientError, TimeoutError, _Foreign) as error:
            raise Unreachable(self.url, error) from None
        if reply.status >= 400:
            raise ControlError(reply.status, cast("Mapping[str, Any]", document))
        return document


def session_path(session_id: str) -> str:
    """Where a session is, below ``/api/v1``."""
    return f"/sessions/{quote(session_id, safe='')}"


async def _document(reply: aiohttp.ClientResponse) -> object:
    """The JSON of a reply, None for an empty one. Raises _Foreign for a success that is no JSON.

    A refusal that is no JSON object gives its text as the detail.
    """
    text = await reply.text(errors="replace")
    try:
        document: object = json.loads(text) if text else None
    except ValueError:
        if reply.status < 400:
            raise _Foreign("what answers there is no control API") from None
        document = None
    if reply.status >= 400 and not isinstance(document, dict):
        return {"detail": text[:200]} if text else {}
    return document
