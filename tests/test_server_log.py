"""What our aiohttp servers log of callers who do not speak HTTP: one line each; of defects, everything."""

import logging

import pytest

from fakeproviders.server_log import ServerLog
from tests.e2e.running import RunningServer
from tests.e2e.sockets import exchange

CHUNKED = b"Host: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n"
BROKEN = {
    "chunk size, body is read": b"POST /api/v1/sessions HTTP/1.1\r\n" + CHUNKED + b"zz\r\nab\r\n",
    "chunk size, body is not read": b"GET / HTTP/1.1\r\n" + CHUNKED + b"zz\r\nab\r\n",
    "chunk end": b"POST /nowhere HTTP/1.1\r\n" + CHUNKED + b"2\r\nabXX\r\n",
    "trailer": b"DELETE / HTTP/1.1\r\n" + CHUNKED + b"0\r\nno trailer\r\n\r\n",
    "header": b"GET / HTTP/1.1\r\nHost\r\n\r\n",
    "length": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: few\r\n\r\n",
    "long line": b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
    "gzip": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Encoding: gzip\r\n"
    b"Content-Length: 4\r\n\r\nabcd",
}


@pytest.mark.parametrize("name", ["control", "panel"])
@pytest.mark.parametrize("data", BROKEN.values(), ids=list(BROKEN))
def test_a_request_that_is_no_http_is_a_line(
    server: RunningServer, caplog: pytest.LogCaptureFixture, name: str, data: bytes
) -> None:
    caplog.set_level(logging.INFO)
    assert exchange(getattr(server.addresses, name), data).startswith(b"HTTP/1.")
    (record,) = [record for record in caplog.records if record.name == "aiohttp.server"]
    assert (record.levelno, record.exc_info) == (logging.INFO, None)
    assert len(record.getMessage().splitlines()) == 1
    assert len(record.getMessage()) < 300


def test_a_defect_keeps_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    error = ValueError("a defect")
    ServerLog().exception("Unhandled exception", exc_info=error)
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.exc_info
    assert record.exc_info[1] is error
