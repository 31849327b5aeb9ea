"""The journal as HAR and JSON lines: valid, and byte for byte what came and went."""

import json
from base64 import b64decode
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.export import har, json_lines, url_of
from fakeproviders.journal import Entry
from fakeproviders.model import RawReply
from tests.entries import a_request, an_entry
from tests.har import Content, PostData, read_har
from tests.har import Entry as HarEntry

HEADERS = st.lists(st.tuples(st.binary(max_size=9), st.binary(max_size=9)), max_size=3)


def exported(entry: Entry, facts: Mapping[str, Any] | None = None) -> HarEntry:
    (shown,) = read_har(b"".join(har([((0, entry), facts or {})], {}))).entries
    return shown


def body_of(part: Content | PostData) -> bytes:
    assert part.text is not None
    return b64decode(part.text) if part.encoding == "base64" else part.text.encode()


def test_an_exchange() -> None:
    raw = a_request(
        path="/中 文/a?b", query="a=1&b=&c=%E4%B8%AD", session_id="s1", body='{"短":"信"}'.encode()
    )
    reply = RawReply(302, (("Location", "/docs"), ("Content-Type", "text/html")), b"<p>")
    entry = an_entry(request=raw, reply=reply)
    entry.took = 0.0125
    shown = exported(entry, {"outcome": "accepted"})
    assert shown.request.method == "POST"
    assert shown.request.url == (
        "http://127.0.0.1:9401/@s1/%E4%B8%AD%20%E6%96%87/a%3Fb?a=1&b=&c=%E4%B8%AD"
    )
    assert [(p.name, p.value) for p in shown.request.queryString] == [
        ("a", "1"), ("b", ""), ("c", "中"),
    ]  # fmt: skip
    assert shown.request.postData is not None
    assert shown.request.postData.mimeType == "application/json"
    assert shown.request.postData.text == '{"短":"信"}'
    assert (shown.response.status, shown.response.statusText) == (302, "Found")
    assert (shown.response.redirectURL, shown.response.content.mimeType) == ("/docs", "text/html")
    assert shown.time == 12.5
    assert shown.startedDateTime.timestamp() == entry.real_at
    assert shown.ours == {"outcome": "accepted"}


def test_no_reply_is_status_0() -> None:
    shown = exported(an_entry(reply=None))
    assert (shown.response.status, shown.response.content.size) == (0, 0)
    assert "no reply" in shown.response.comment


def test_a_request_without_a_body_posts_nothing() -> None:
    assert exported(an_entry(request=a_request(body=b""))).request.postData is None


@pytest.mark.parametrize("body", ["中文".encode("gb18030"), b"\xff\x00"])
def test_bytes_that_are_no_text(body: bytes) -> None:
    reply = RawReply(200, (), body)
    shown = exported(an_entry(request=a_request(body=body), reply=reply))
    assert shown.request.postData is not None
    assert shown.request.postData.comment == "base64"
    assert shown.response.content.encoding == "base64"
    assert body_of(shown.request.postData) == body_of(shown.response.content) == body


@given(
    st.binary(min_size=1), st.binary(), st.text(), st.text("a%&=+;é\x00 ?#"), HEADERS,
    st.integers(100, 999),
)  # fmt: skip
def test_anything_can_be_exported(
    body: bytes,
    answer: bytes,
    path: str,
    query: str,
    headers: list[tuple[bytes, bytes]],
    status: int,
) -> None:
    path = "/" + path.encode("utf-8", "ignore").decode()
    raw = a_request(body=body, path=path, query=query, raw_headers=tuple(headers))
    shown = exported(an_entry(request=raw, reply=RawReply(status, (), answer)))
    assert shown.request.postData is not None
    assert body_of(shown.request.postData) == body
    assert body_of(shown.response.content) == answer
    assert shown.request.bodySize == len(body)
    assert [
        (p.name.encode("latin-1"), p.value.encode("latin-1")) for p in shown.request.headers
    ] == headers
    assert unquote_to_bytes(urlsplit(url_of(raw)).path) == path.encode()


def test_an_empty_log_is_valid() -> None:
    log = read_har(b"".join(har([], {"evicted": 3})))
    assert (log.entries, log.ours) == ([], {"evicted": 3})
    assert log.creator["name"] == "fakeproviders"


def test_json_lines_are_lines() -> None:
    views = [{"id": "r0", "body": "two\nlines\u2028"}, {"id": "r1"}]
    lines = b"".join(json_lines(views)).decode().split("\n")
    assert [json.loads(line) for line in lines[:-1]] == views
    assert lines[-1] == ""
