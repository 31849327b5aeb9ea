"""HAR 1.2 as types: what is not in the specification, or lacks what it requires, does not decode.

http://www.softwareishard.com/blog/har-12-spec/
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec

Time = Annotated[float, msgspec.Meta(ge=0)]
Size = Annotated[int, msgspec.Meta(ge=-1)]


class Har(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    comment: str = ""


class Pair(Har):
    name: str
    value: str


class PostData(Har):
    mimeType: str  # noqa: N815 - the format's own names, here and below
    text: str
    encoding: Literal["base64"] | None = msgspec.field(default=None, name="_encoding")


class Content(Har):
    size: Annotated[int, msgspec.Meta(ge=0)]
    mimeType: str  # noqa: N815
    text: str | None = None
    encoding: Literal["base64"] | None = None


class Message(Har):
    httpVersion: str  # noqa: N815
    cookies: list[Any]
    headers: list[Pair]
    headersSize: Size  # noqa: N815
    bodySize: Size  # noqa: N815


class Request(Message):
    method: str
    url: str
    queryString: list[Pair]  # noqa: N815
    postData: PostData | None = None  # noqa: N815


class Response(Message):
    status: int
    statusText: str  # noqa: N815
    content: Content
    redirectURL: str  # noqa: N815


class Timings(Har):
    send: Time
    wait: Time
    receive: Time


class Entry(Har):
    startedDateTime: datetime  # noqa: N815
    time: Time
    request: Request
    response: Response
    cache: dict[str, Any]
    timings: Timings
    ours: dict[str, Any] = msgspec.field(name="_fakeproviders")


class Log(Har):
    version: Literal["1.2"]
    creator: dict[Literal["name", "version"], str]
    entries: list[Entry]
    ours: dict[str, Any] = msgspec.field(name="_fakeproviders")


class Document(msgspec.Struct, forbid_unknown_fields=True):
    log: Log


def read_har(data: bytes) -> Log:
    """The log of a HAR file, checked."""
    log = msgspec.json.decode(data, type=Document).log
    for entry in log.entries:
        assert entry.startedDateTime.tzinfo is not None
        assert entry.time == entry.timings.send + entry.timings.wait + entry.timings.receive
        url = urlsplit(entry.request.url)
        assert (url.scheme, url.fragment) == ("http", "")
        assert url.netloc
        assert entry.request.url.isascii()
    return log
