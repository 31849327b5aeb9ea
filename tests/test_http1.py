"""Replies as HTTP/1.1 bytes, and variations of them."""

from http.client import HTTPResponse
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.http1 import head
from fakeproviders.model import RawReply
from fakeproviders.replies import with_body, with_header

NOON = 1_714_968_000.0
TOKENS = st.text("abcdefgXYZ-", min_size=1, max_size=8)
HEADERS = st.lists(st.tuples(TOKENS, st.text("abc ;=/0", max_size=8).map(str.strip)), max_size=5)


class _Bytes:
    """As much of a socket as http.client wants."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, *args: Any, **kwargs: Any) -> BytesIO:
        return BytesIO(self._data)


def read(data: bytes) -> tuple[HTTPResponse, bytes]:
    response = HTTPResponse(_Bytes(data))  # type: ignore[arg-type]
    response.begin()
    return response, response.read()


def test_a_head_line_by_line() -> None:
    reply = RawReply(200, (("Content-Type", "text/xml; charset=utf-8"), ("X-A", "1")), b"<a/>")
    assert head(reply, now=NOON).split(b"\r\n") == [
        b"HTTP/1.1 200 OK",
        b"Content-Type: text/xml; charset=utf-8",
        b"X-A: 1",
        b"Server: nginx",
        b"Content-Length: 4",
        b"Date: Mon, 06 May 2024 04:00:00 GMT",
        b"Connection: close",
        b"",
        b"",
    ]


def test_a_reply_keeps_the_server_that_it_names() -> None:
    lines = head(RawReply(503, (("server", "Microsoft-IIS/7.5"),), b"")).split(b"\r\n")
    assert lines[0] == b"HTTP/1.1 503 Service Unavailable"
    assert [line for line in lines if line.lower().startswith(b"server")] == [
        b"server: Microsoft-IIS/7.5"
    ]


@pytest.mark.parametrize("name", ["content-length", "Transfer-Encoding", "CONNECTION", "date"])
def test_what_belongs_to_the_connection_is_written_anew(name: str) -> None:
    lines = head(RawReply(200, ((name, "chunked"),), b"xyz")).lower().split(b"\r\n")
    assert not [line for line in lines if b"chunked" in line]
    assert b"content-length: 3" in lines


def test_the_length_may_lie() -> None:
    assert b"\r\nContent-Length: 99\r\n" in head(RawReply(200, (), b"x"), content_length=99)


def test_a_status_without_a_phrase() -> None:
    assert head(RawReply(599, (), b"")).startswith(b"HTTP/1.1 599 Unknown\r\n")


@given(st.integers(200, 599).filter(lambda s: s not in {204, 304}), HEADERS, st.binary())
def test_a_client_reads_what_was_meant(
    status: int, headers: list[tuple[str, str]], body: bytes
) -> None:
    reply = RawReply(status, tuple(headers), body)
    response, came = read(head(reply) + body)
    assert (response.status, came) == (status, body)
    ours = {"content-length", "date", "connection", "server"}
    kept = [(n, v) for n, v in response.getheaders() if n.lower() not in ours]
    assert kept == [(n, v) for n, v in headers if n.lower() not in {*ours, "transfer-encoding"}]


def test_characters_that_no_header_may_have_become_question_marks() -> None:
    assert b"X-A: ??\r\n" in head(RawReply(200, (("X-A", "短信"),), b""))


def test_another_body() -> None:
    assert with_body(RawReply(201, (("A", "b"),), b"x"), b"y") == RawReply(201, (("A", "b"),), b"y")


@given(HEADERS, TOKENS)
def test_another_header_takes_the_old_ones_place(headers: list[tuple[str, str]], name: str) -> None:
    changed = with_header(RawReply(200, tuple(headers), b"x"), name, "new").headers
    same = [n.lower() == name.lower() for n, _ in headers]
    expected = [(n, "new" if hit else v) for (n, v), hit in zip(headers, same, strict=True)]
    assert list(changed) == (expected if any(same) else [*expected, (name, "new")])
