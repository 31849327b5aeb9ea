"""Whatever answers, or does not, ends in one clear line."""

import socket
import threading

import pytest
from aiohttp import web

from fakeproviders.cli.api import is_loopback
from tests.cli.conftest import Run
from tests.cli.fake_control import FakeControl, problem


@pytest.mark.parametrize(
    "reply",
    [
        {"text": "<html>", "content_type": "text/html"},
        {"text": "[1]"},
        {"text": "<html>", "status": 404},
        {"text": "", "status": 500},
        {"text": '{"code": 1}', "status": 400},
        {"text": "", "status": 302, "headers": {"Location": "http://127.0.0.1:1/"}},
    ],
    ids=str,
)
def test_somebody_else_answers(run: Run, server: FakeControl, reply: dict[str, object]) -> None:
    server.answer = lambda: web.Response(**reply)  # type: ignore[arg-type]
    for lang, said in (
        ("en", "is no fakeproviders control server"),
        ("zh", "不是 fakeproviders 控制服务"),
    ):
        result = run("inbox", "--control", server.url, "--lang", lang)
        assert (result.code, result.out) == (2, "")
        assert said in result.err


def test_a_problem_without_detail_shows_its_title(run: Run, server: FakeControl) -> None:
    server.answer = lambda: web.json_response({"title": "Too busy"}, status=503)
    assert run("inbox", "--control", server.url).err == "Error: Too busy\n"


def test_fields_that_the_detail_names_are_not_said_twice(run: Run, server: FakeControl) -> None:
    server.answer = lambda: problem(400, "limit: too high", ("limit", "too high"), ("wait", "bad"))
    assert run("inbox", "--control", server.url).err == "Error: limit: too high\n  wait: bad\n"


def drop_one(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    connection.close()


def test_a_connection_that_ends_early(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=drop_one, args=(listener,))
        thread.start()
        result = run("inbox", "--control", f"http://127.0.0.1:{port}")
        thread.join()
    assert result.code == 2
    assert "Cannot reach http://127.0.0.1:" in result.err


def test_an_unknown_host(run: Run) -> None:
    result = run("inbox", "--control", "http://nowhere.invalid", http_proxy="", no_proxy="*")
    assert result.code == 2
    assert "Cannot reach http://nowhere.invalid" in result.err


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("10.0.0.1", False),
        ("example.com", False),
    ],
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) == expected
