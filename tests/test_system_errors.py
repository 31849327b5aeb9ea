"""The system's reasons in Chinese, and as they are where none is known."""

import errno
import http.client
import os
import socket
import sys
from pathlib import Path

import pytest

from fakeproviders.system_errors import in_chinese, why


@pytest.mark.parametrize(
    ("error", "en", "zh"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "Connection refused", "连接被拒绝"),
        (OSError(errno.EADDRNOTAVAIL, "Cannot assign it"), "Cannot assign it", "本机没有这个地址"),
        (socket.gaierror(socket.EAI_NONAME, "Name not known"), "Name not known", "找不到这个主机名"),
        (TimeoutError("timed out"), "timed out", "超时，没有应答"),
        (TimeoutError(), "TimeoutError", "超时，没有应答"),
        (http.client.RemoteDisconnected("it went"), "it went", "连接被对方断开"),
    ],
)  # fmt: skip
def test_what_is_common_is_said_in_both_languages(error: OSError, en: str, zh: str) -> None:
    assert (why(error).en, why(error).zh) == (en, zh)


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    for path, zh in (
        (tmp_path, "这是目录，不是文件"),
        (tmp_path / "none" / "x", "文件或目录不存在"),
    ):
        with pytest.raises(OSError, match=str(path)) as caught:
            path.open("wb")
        assert why(caught.value).zh == zh
        assert why(caught.value).en == os.strerror(caught.value.errno or 0)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EXDEV, "Invalid cross-device link"), "Invalid cross-device link"),
        (OSError("something else"), "something else"),
        (socket.gaierror(errno.ENOENT, "a number of another table"), "a number of another table"),
    ],
)
def test_what_is_not_known_stays_as_it_is(error: OSError, said: str) -> None:
    assert (why(error).en, why(error).zh) == (said, said)


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("Own: X('no answer: [Errno 111] Connection refused')", "Own: X('no answer: 连接被拒绝')"),
        ("[Errno -2] Name or service not known", "找不到这个主机名"),
        ("timed out", "超时，没有应答"),
        ("[Errno 18] Invalid cross", "Invalid cross"),
        ("HTTP 500", "HTTP 500"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="the numbers are Linux's")
def test_what_another_program_quotes_is_said_in_chinese(text: str, zh: str) -> None:
    assert in_chinese(text) == zh
