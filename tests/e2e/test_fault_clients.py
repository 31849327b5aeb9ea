"""What Python's and PHP's own clients raise under each transport failure, and whether it was sent."""

import pytest

from tests.e2e.fault_table import CASES, Row, markdown, observe
from tests.e2e.running import RunningServer

SENT, NOT_SENT = (1, 1, 1), (0, 0, 0)
READ = "msg: success"
TIMED_OUT = "TimeoutError: timed out"
NO_RESPONSE = "http.client.RemoteDisconnected: Remote end closed connection without response"
RESET = "ConnectionResetError: [Errno 104] Connection reset by peer"
STREAM_FAILED = "false; warning: Failed to open stream: HTTP request failed!"
CUT_JSON = "json_decode: Control character error, possibly incorrectly encoded"
SOAP_READ = "result: 0,短信发送成功"
NO_HEADERS = "SoapFault HTTP: Error Fetching http headers"
NO_XML = "SoapFault Client: looks like we got no XML document"

FACTS = (
    Row("`delay` longer than the client waits", SENT, TIMED_OUT, STREAM_FAILED, NO_HEADERS),
    Row("`hang`", NOT_SENT, TIMED_OUT, STREAM_FAILED, NO_HEADERS),
    Row(
        "`refuse`",
        NOT_SENT,
        "urllib.error.URLError: <urlopen error [Errno 111] Connection refused>",
        "false; warning: Failed to open stream: Connection refused",
        "SoapFault HTTP: Could not connect to host",
    ),
    Row("`reset`", NOT_SENT, RESET, STREAM_FAILED, NO_HEADERS),
    Row("`reset`, `after_bytes: 40`", SENT, RESET, "'', no warning", NO_HEADERS),
    Row("`empty`", NOT_SENT, NO_RESPONSE, STREAM_FAILED, NO_HEADERS),
    Row(
        "`truncate`",
        SENT,
        "http.client.IncompleteRead: IncompleteRead(N bytes read, N more expected)",
        CUT_JSON,
        NO_XML,
    ),
    Row("`trickle`", SENT, READ, READ, SOAP_READ),
    Row(
        "`garbage`",
        NOT_SENT,
        "http.client.BadStatusLine: (the bytes)",
        f"{STREAM_FAILED} (the bytes)",
        NO_HEADERS,
    ),
    Row(
        "`status`",
        NOT_SENT,
        "urllib.error.HTTPError: HTTP Error 503: Service Unavailable",
        f"{STREAM_FAILED} HTTP/1.1 503 Service Unavailable",
        "SoapFault HTTP: Service Unavailable",
    ),
    Row(
        "`malformed`",
        SENT,
        "json.decoder.JSONDecodeError: Unterminated string starting at: line 1 column N (char N)",
        CUT_JSON,
        NO_XML,
    ),
    Row("`wrong_content_type`", SENT, READ, READ, SOAP_READ),
    Row("`wrong_charset` (GBK)", SENT, READ, READ, NO_XML),
    Row(
        "`wrong_charset`, `charset: utf-16`",
        SENT,
        "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position N: invalid start byte",
        "json_decode: Malformed UTF-8 characters, possibly incorrectly encoded",
        SOAP_READ,
    ),
    Row("`reply_lost`", SENT, NO_RESPONSE, STREAM_FAILED, NO_HEADERS),
    Row("`reply_lost`, `reset: true`", SENT, RESET, STREAM_FAILED, NO_HEADERS),
)
"""The README's table. Two that a client cannot tell apart may differ in what was sent."""


@pytest.fixture(scope="module")
def observed(running_server: RunningServer, php: str) -> dict[str, Row]:
    """What the clients say just now."""
    return {row.name: row for row in observe(running_server, php)}


@pytest.mark.parametrize("fact", FACTS, ids=lambda row: row.name.replace("`", ""))
def test_it_is_as_the_table_says(observed: dict[str, Row], fact: Row) -> None:
    assert observed[fact.name] == fact


def test_the_table_has_every_case() -> None:
    assert [fact.name for fact in FACTS] == [case.name for case in CASES]
    table = markdown(FACTS).splitlines()
    assert len(table) == 2 + len(FACTS)
    assert table[-1] == (
        f"| `reply_lost`, `reset: true` | yes | {RESET} | {STREAM_FAILED} | {NO_HEADERS} |"
    )


def test_a_lost_reply_looks_to_every_client_like_none_at_all() -> None:
    """The one was sent and the other was not: that is why integrations send twice."""
    by_name = {fact.name: fact for fact in FACTS}
    lost, empty = by_name["`reply_lost`"], by_name["`empty`"]
    assert lost[2:] == empty[2:]
    assert (lost.sent, empty.sent) == (SENT, NOT_SENT)
