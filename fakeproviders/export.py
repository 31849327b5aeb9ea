"""The journal for other programs: HAR 1.2, which browsers and proxies open, and JSON lines.

What HAR has no place for is in ``_fakeproviders``, as the format provides.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

import msgspec

from fakeproviders import __version__
from fakeproviders.clock import iso
from fakeproviders.journal import Entry
from fakeproviders.model import RawReply, RawRequest
from fakeproviders.pages import reason_phrase

Found = tuple[int, Entry]
Facts = Mapping[str, Any]
UNKNOWN_SIZE = -1
_PATH_SAFE = "/:@!$&'()*+,;=-._~"
_QUERY_SAFE = _PATH_SAFE + '?%[]{}|^`"<>\\'
"""What was sent stays as it was; only what no address may hold is escaped."""


def har(entries: Iterable[tuple[Found, Facts]], about: Facts) -> Iterator[bytes]:
    """A HAR document piece by piece. Each entry comes with its own facts; ``about`` are the whole's."""
    creator = {"name": "fakeproviders", "version": __version__}
    yield b'{"log":{"version":"1.2","creator":' + msgspec.json.encode(creator) + b',"entries":['
    comma = b""
    for (_, entry), facts in entries:
        yield comma + msgspec.json.encode(har_entry(entry, facts))
        comma = b",\n"
    yield b'],"_fakeproviders":' + msgspec.json.encode(about) + b"}}\n"


def json_lines(views: Iterable[Facts]) -> Iterator[bytes]:
    """One JSON object a line."""
    return (msgspec.json.encode(view) + b"\n" for view in views)


def har_entry(entry: Entry, facts: Facts) -> dict[str, Any]:
    """One entry of ``log.entries``. The moments are real ones; the session's clock is in ``facts``."""
    took = round((entry.took or 0.0) * 1000, 3)
    return {
        "startedDateTime": iso(entry.real_at),
        "time": took,
        "request": _request(entry.request),
        "response": _no_response() if entry.written is None else _response(entry.written),
        "cache": {},
        "timings": {"send": 0, "wait": took, "receive": 0},
        "_fakeproviders": facts,
    }


def url_of(request: RawRequest) -> str:
    """The address asked for, session prefix included."""
    path = quote(request.path, safe=_PATH_SAFE, errors="surrogateescape")
    query = quote(request.query, safe=_QUERY_SAFE, errors="surrogateescape")
    return f"{request.base_url}{path}?{query}" if query else f"{request.base_url}{path}"


def _request(request: RawRequest) -> dict[str, Any]:
    headers = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in request.raw_headers]
    shown: dict[str, Any] = {
        "method": request.method,
        "url": url_of(request),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(headers),
        "queryString": _pairs(_query(request.query)),
        "headersSize": UNKNOWN_SIZE,
        "bodySize": len(request.body),
    }
    if request.body:
        shown["postData"] = _post_data(_content_type(headers), request.body)
    return shown


def _post_data(mime_type: str, body: bytes) -> dict[str, Any]:
    """HAR has no encoding for what is posted: bytes that are no text are base64, and a comment says so."""
    text = _as_text(body)
    if text is not None:
        return {"mimeType": mime_type, "text": text}
    text = b64encode(body).decode()
    return {"mimeType": mime_type, "text": text, "comment": "base64", "_encoding": "base64"}


def _response(reply: RawReply) -> dict[str, Any]:
    content: dict[str, Any] = {"size": len(reply.body), "mimeType": _content_type(reply.headers)}
    text = _as_text(reply.body)
    if text is not None:
        content["text"] = text
    else:
        content |= {"text": b64encode(reply.body).decode(), "encoding": "base64"}
    return {
        "status": reply.status,
        "statusText": reason_phrase(reply.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(reply.headers),
        "content": content,
        "redirectURL": _header(reply.headers, "location"),
        "headersSize": UNKNOWN_SIZE,
        "bodySize": len(reply.body),
    }


def _no_response() -> dict[str, Any]:
    """No reply was written: browsers export a failed request so, with status 0."""
    return {
        "status": 0,
        "statusText": "",
        "httpVersion": "",
        "cookies": [],
        "headers": [],
        "content": {"size": 0, "mimeType": "x-unknown"},
        "redirectURL": "",
        "headersSize": UNKNOWN_SIZE,
        "bodySize": UNKNOWN_SIZE,
        "comment": "no reply was written: a fault dealt with the connection",
    }


def _query(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, errors="backslashreplace")
    except ValueError:
        return []  # too many fields: the url has them all the same


def _content_type(headers: Iterable[tuple[str, str]]) -> str:
    return _header(headers, "content-type")


def _header(headers: Iterable[tuple[str, str]], wanted: str) -> str:
    return next((value for name, value in headers if name.lower() == wanted), "")


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _as_text(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None
