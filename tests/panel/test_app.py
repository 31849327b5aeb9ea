"""The application's edge: who may use it, what a bad request is told, and that nothing is left running."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp.test_utils import TestClient, TestServer

from fakeproviders.harness import Ports, ServersConfig
from fakeproviders.panel.app import build_panel, open_panel
from tests.asyncs import asynchronous
from tests.e2e.running import RunningServer
from tests.e2e.sockets import connect, exchange, head_and_body, request
from tests.panel.driving import MOBILE, Panel
from tests.panel.pages.browser import Browser

FORM = "application/x-www-form-urlencoded"
BAD: list[tuple[str, str, str | None, dict[str, str], int]] = [
    # Method, path, body, headers, status.
    ("GET", "/api/nonsense", None, {}, 404),
    ("DELETE", "/api/settings/sms", None, {}, 405),
    ("PUT", "/api/settings/sms", "x=1", {"Content-Type": "text/plain"}, 415),
    ("PUT", "/api/settings/sms", "{", {"Content-Type": "application/json"}, 400),
    ("PUT", "/api/settings/sms", '"\\ud800"', {"Content-Type": "application/json"}, 400),
    ("PUT", "/api/settings/sms", "[]", {"Content-Type": "application/json"}, 422),
    ("PUT", "/api/settings/sms", " " * 2_000_000, {"Content-Type": "application/json"}, 413),
    ("POST", "/api/sms/test", "{}", {"Content-Type": "application/json"}, 422),
    (
        "POST",
        "/api/sms/test",
        '{"channel": "x", "mobile": "1"}',
        {"Content-Type": "application/json"},
        422,
    ),
    (
        "POST",
        "/api/codes",
        '{"event": "login", "mobile": ""}',
        {"Content-Type": "application/json"},
        422,
    ),
    (
        "POST",
        "/api/codes",
        '{"event": "login", "mobile": "1", "a": 1}',
        {"Content-Type": "application/json"},
        422,
    ),
    ("GET", "/api/messages?limit=0", None, {}, 422),
    ("GET", "/api/messages?limit=x", None, {}, 422),
    ("GET", "/api/messages?limit=0000000019999", None, {}, 422),
    ("GET", f"/api/messages?limit=000000001{'9' * 5000}", None, {}, 422),
    ("GET", "/api/messages?color=red", None, {}, 422),
    ("GET", "/api/outbox?kind=fax", None, {}, 422),
    ("GET", "/api/time", None, {"Host": "evil.example.com"}, 403),
    ("POST", "/api/reset", None, {"Origin": "http://evil.example.com"}, 403),
    ("POST", "/api/reset", None, {"Origin": "null"}, 403),
]


@pytest.mark.parametrize(("method", "path", "body", "headers", "status"), BAD)
def test_a_bad_request_is_told_so_in_both_languages(
    panel: Panel, method: str, path: str, body: str | None, headers: dict[str, str], status: int
) -> None:
    said = set()
    for lang in ("zh-CN,en;q=0.5", "en"):
        reply = request(method, f"{panel.url}{path}", body, {**headers, "Accept-Language": lang})
        assert reply.status == status
        whole = reply.json()
        assert whole["failure"] is None
        assert "Traceback" not in whole["error"]
        said.add(whole["error"])
    assert len(said) == 2


def test_its_own_pages_may_use_it(panel: Panel) -> None:
    origin = "/".join(panel.url.split("/")[:3])
    assert panel.call("POST", "/reset", {}, {"Origin": origin}).status == 200


def test_what_is_no_text_is_refused_and_nobody_is_harmed(panel: Panel) -> None:
    body = b'{"event": "login", "mobile": "\xff\xfe"}'
    head = f"POST {'/' + panel.url.split('/', 3)[3]}/api/codes HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    sent = (
        f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    said, answer = head_and_body(exchange(panel.url, sent))
    assert "400" in said.splitlines()[0]
    assert json.loads(answer)["error"]


def test_who_hangs_up_in_the_middle_of_a_body_is_no_defect(
    server: RunningServer, panel: Panel
) -> None:
    """The fixture ``server`` fails on anything logged."""
    prefix = urlsplit(panel.url)
    head = f"POST {prefix.path}/api/codes HTTP/1.1\r\nHost: {prefix.netloc}\r\n"
    with connect(panel.url) as sock:
        sock.sendall(
            f"{head}Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{{".encode()
        )
    panel.get("/time")


@pytest.fixture(scope="module")
def guarded() -> Any:
    """A server that others can reach, with its token."""
    config = ServersConfig(host="0.0.0.0", ports=Ports.free(), token="s3cret")
    with RunningServer(config) as server:
        yield server.addresses.panel


def test_off_loopback_it_takes_the_token(guarded: str) -> None:
    assert request("GET", f"{guarded}/api/time").status == 401
    assert (
        request("GET", f"{guarded}/api/time", headers={"Authorization": "Bearer x"}).status == 401
    )
    good = request("GET", f"{guarded}/api/time", headers={"Authorization": "Bearer s3cret"})
    assert good.status == 200


def test_a_browser_gets_the_token_as_a_cookie(guarded: str) -> None:
    entered = request("GET", f"{guarded}/?token=s3cret")
    assert (entered.status, entered.headers["Location"]) == (303, "/")
    cookie = entered.headers["Set-Cookie"].partition(";")[0]
    assert "HttpOnly" in entered.headers["Set-Cookie"]
    assert request("GET", f"{guarded}/", headers={"Cookie": cookie}).status == 200
    assert request("GET", f"{guarded}/?token=x").status == 401


@pytest.mark.parametrize(("lang", "label"), [("zh", "访问令牌"), ("en", "Token")])
def test_a_browser_without_the_token_is_asked_for_it(guarded: str, lang: str, label: str) -> None:
    browser = Browser(guarded, lang)
    page = browser.open("/admin/cache")
    assert (page.status, page.lang[:2]) == (401, lang)
    assert label in page.text
    assert request("GET", f"{guarded}/static/panel.css").status == 200
    wrong = page.press({"zh": "进入", "en": "Open"}[lang], {"token": "guess"})
    assert wrong.status == 401
    inside = wrong.press({"zh": "进入", "en": "Open"}[lang], {"token": "s3cret"})
    assert (inside.status, inside.path) == (200, "/admin/cache")


def test_receipts_need_no_token_they_are_proved(guarded: str) -> None:
    headers = {"Content-Type": "application/json"}
    for prefix in ("", "/@default"):
        assert request("POST", f"{guarded}{prefix}/api/receipts", "{}", headers).status == 422
        assert request("GET", f"{guarded}{prefix}/api/receipts").status == 401


WRONG_PAGES: list[tuple[str, str, dict[str, str], int]] = [
    ("GET", "/nonsense", {}, 404),
    ("POST", "/", {}, 405),
    ("DELETE", "/admin/cache", {}, 405),
    ("GET", "/", {"Host": "evil.example.com"}, 403),
    ("POST", "/admin/cache", {"Origin": "null"}, 403),
]


@pytest.mark.parametrize(("method", "path", "headers", "status"), WRONG_PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_person_gets_a_page_whatever_is_wrong(
    panel: Panel, method: str, path: str, headers: dict[str, str], status: int, lang: str
) -> None:
    reply = request(method, f"{panel.url}{path}", None, {**headers, "Accept-Language": lang})
    assert reply.status == status
    assert reply.type.startswith("text/html")
    assert f'<html lang="{lang}' in reply.text
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert (reply.headers["Allow"] is not None) == (status == 405)


@pytest.mark.parametrize(
    ("path", "kind"), [("/api/codes", "application/json"), ("/member/login", FORM)]
)
def test_a_body_that_is_not_what_its_encoding_says_is_refused(
    guarded: str, path: str, kind: str
) -> None:
    asked = (
        f"POST {path} HTTP/1.1\r\nHost: {urlsplit(guarded).netloc}\r\nAuthorization: Bearer s3cret\r\n"
        f"Content-Type: {kind}\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"
    )
    # Up to the end of the connection: what aiohttp logs of it must not fall upon another test.
    head, body = head_and_body(exchange(guarded, asked.encode()))
    assert " 400 " in head
    assert b"Content-Encoding" in body


@asynchronous
async def test_a_defect_is_a_page_for_people_and_json_for_programs() -> None:
    def broken(session_id: str) -> None:
        raise ZeroDivisionError(session_id)

    async with open_panel(broken) as tenants:
        app = build_panel(tenants, bound_to="127.0.0.1")
        async with TestClient(TestServer(app)) as client:
            for path, kind in {"/": "text/html", "/api/time": "application/json"}.items():
                answer = await client.get(path)
                assert (answer.status, answer.content_type) == (500, kind)
                assert "ZeroDivisionError" not in await answer.text()


def test_a_number_that_is_no_mobile_is_the_providers_to_refuse(panel: Panel) -> None:
    assert panel.test_refused(mobile="12345").failure == "mobile_invalid"
    panel.test(mobile=MOBILE)
