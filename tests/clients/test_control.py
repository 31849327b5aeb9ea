"""The client of the control API: what it asks, and what it makes of answers of every kind."""

import asyncio
from typing import Any

import pytest

from fakeproviders.clients.control import ControlClient, ControlError, Unreachable, session_path
from fakeproviders.model import RawReply
from tests.clients.http import Asked, InnerHttp, answering

URL = "http://127.0.0.1:9400"


def get(http: InnerHttp, *, token: str | None = None, **query: Any) -> Any:
    client = ControlClient(http.session(), f"{URL}/", token=token, lang="zh")
    return asyncio.run(client.get("/sessions", **query))


def test_what_it_asks() -> None:
    http = answering(b'{"sessions": []}')
    assert get(http, token="t0ken", wait=2.5, limit=3, mobile=None) == {"sessions": []}
    [asked] = http.asked
    assert (asked.method, asked.url) == ("GET", f"{URL}/api/v1/sessions")
    assert asked.params == {"limit": "3", "wait": "2.5"}
    assert asked.headers == {"Accept-Language": "zh", "Authorization": "Bearer t0ken"}
    assert asked.timeout == 12.5


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"detail": "no"}', "no"),
        (b'{"title": "Not Found"}', "Not Found"),
        (b'{"detail": "do: no", "errors": [{"field": "do", "message": "no"}]}', "do: no"),
        (b'{"detail": "no", "errors": [{"field": "do", "message": "why"}]}', "no; do: why"),
        (b"<html>nginx</html>", "<html>nginx</html>"),
        (b"[1]", "[1]"),
        (b"\xff", "\ufffd"),
        (b"", "HTTP 422"),
    ],
)
def test_a_refusal_is_readable(body: bytes, said: str) -> None:
    with pytest.raises(ControlError) as caught:
        get(answering(body, 422))
    assert (str(caught.value), caught.value.status) == (said, 422)


def test_who_does_not_speak_our_language_is_not_our_server() -> None:
    with pytest.raises(Unreachable, match=f"at {URL} .*no control API.*is it running"):
        get(answering(b"<html>somebody else</html>"))


def test_nobody_answers_in_time() -> None:
    async def silent(asked: Asked) -> RawReply:
        raise TimeoutError

    with pytest.raises(Unreachable, match="TimeoutError"):
        get(InnerHttp(silent))


def test_an_id_is_quoted() -> None:
    assert session_path("a/b ?") == "/sessions/a%2Fb%20%3F"
