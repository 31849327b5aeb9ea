"""Clients as they are: nothing about them is adapted to us but the address and the credentials."""

import asyncio
import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import aiohttp
import pytest

from fakeproviders.clients.official import Credentials, OfficialClient
from tests.conftest import require_tool
from tests.e2e import clients
from tests.e2e.clients import ASMX, FORM, MOBILE
from tests.e2e.erban_clients.clients import OPERATIONS
from tests.e2e.sockets import exchange, head_and_body
from tests.e2e.world import World

SENT = "0,短信发送成功"
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture(scope="session")
def curl() -> str:
    return require_tool("curl")


def run_curl(curl: str, *arguments: str, sent: bytes = b"") -> bytes:
    done = subprocess.run(
        [curl, "--silent", "--show-error", "--fail-with-body", "--noproxy", "*", *arguments],
        input=sent,
        capture_output=True,
        timeout=30,
        check=True,
    )
    return done.stdout


def the_message(world: World) -> dict[str, Any]:
    (message,) = world.messages(wait=5)
    return message


# --- curl -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["json", "form"])
def test_curl_official(world: World, curl: str, form: str) -> None:
    who, fields = world.official, clients.official_message(world)
    fields["access_token"] = clients.token_of(world)
    url = f"{who['url']}/api/sms/send"
    if form == "json":
        kind, body = "application/json", json.dumps(fields)
        reply = run_curl(curl, "-H", f"Content-Type: {kind}", "-d", "@-", url, sent=body.encode())
    else:
        fields["params"] = json.dumps(fields["params"])
        given = [f"{name}={value}" for name, value in fields.items()]
        reply = run_curl(curl, url, *(x for one in given for x in ("--data-urlencode", one)))
    answer = json.loads(reply)
    assert (answer["code"], answer["msg"]) == (0, "success")
    assert answer["data"] == {"message_id": the_message(world)["id"], "segments": 1, "fee": 1}


def test_curl_reseller(world: World, curl: str) -> None:
    body = json.dumps(clients.reseller_fields(world), ensure_ascii=False).encode()
    url = f"{world.reseller['url']}/api/sms/"
    # More than a kilobyte makes curl ask first: Expect: 100-continue.
    reply = run_curl(
        curl, "-H", "Content-Type: application/json", "-H", "Expect: 100-continue", "-d", "@-", url,
        sent=body,
    )  # fmt: skip
    assert json.loads(reply)["msg"] == "success"
    assert the_message(world)["provider"] == "reseller"


def test_curl_erban_get(world: World, curl: str) -> None:
    given = [f"{name}={value}" for name, value in clients.erban_fields(world).items()]
    options = (x for one in given for x in ("--data-urlencode", one))
    reply = run_curl(curl, "-G", *options, f"{world.erban['url']}{FORM}")
    assert reply.decode() == SENT
    assert the_message(world)["code"] == "482915"


@pytest.mark.parametrize("version", ["--http1.1", "--http1.0"])
def test_the_guides_check(world: World, curl: str, version: str) -> None:
    """``curl http://.../WebService/SmsService.asmx`` brings HTML."""
    page = run_curl(curl, version, f"{world.erban['url']}{ASMX}").decode()
    assert "<title>SmsService Web 服务</title>" in page.replace("\r\n", "").replace("    ", "")
    assert "支持下列操作。有关正式定义，请查看" in page
    for operation in OPERATIONS:
        assert f"SmsService.asmx?op={operation}" in page


def test_the_guides_check_of_the_default_session(server: Any, curl: str) -> None:
    url = f"{server.addresses.erban}/WebService/SmsService.asmx"
    head = run_curl(curl, "-i", url).decode().partition("\r\n\r\n")[0]
    assert head.startswith("HTTP/1.1 200 OK")
    assert "Server: Microsoft-IIS/7.5" in head
    assert "Content-Type: text/html; charset=utf-8" in head


# --- urllib, aiohttp ----------------------------------------------------------------------------------


def test_urllib_official(world: World) -> None:
    fields = clients.official_message(world)
    fields["access_token"] = clients.token_of(world)
    request = urllib.request.Request(
        f"{world.official['url']}/api/sms/send",
        json.dumps(fields).encode(),
        {"Content-Type": "application/json"},
    )
    with OPENER.open(request, timeout=10) as reply:
        assert json.load(reply)["code"] == 0


def test_urllib_reseller_as_a_form(world: World) -> None:
    params = json.dumps(clients.PARAMS, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    fields = clients.reseller_fields(world, params=params)
    body = urllib.parse.urlencode(fields).encode()
    with OPENER.open(f"{world.reseller['url']}/api/sms/", body, timeout=10) as reply:
        assert json.load(reply)["code"] == 0


def test_urllib_sees_the_404_page(world: World) -> None:
    with pytest.raises(urllib.error.HTTPError) as raised:
        OPENER.open(f"{world.reseller['url']}/api/sms/api/sms/", b"x", timeout=10)
    with raised.value as page:
        assert page.code == 404
        assert b"<html>" in page.read()


def test_aiohttp_keeps_its_connection(world: World) -> None:
    async def sends(count: int) -> list[int]:
        who = world.official
        async with aiohttp.ClientSession() as http:
            client = OfficialClient(http, who["url"])
            got = await client.token(Credentials(who["app_id"], who["app_secret"], who["sign_key"]))
            token = got.data["access_token"]
            message = clients.official_message(world)
            answers = [await client.send(token, message) for _ in range(count)]
            left = await client.balance(token)
            report = await client.report(token, message_id=answers[0].data["message_id"])
            assert report.data["status"] == "submitted"
            assert report.data["mobile"] == MOBILE
            assert left.data["balance"] == world.balance("official")
            return [answer.code for answer in answers]

    assert asyncio.run(sends(20)) == [0] * 20
    assert len(world.messages()) == 20


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_aiohttp_in_the_charset_it_names(world: World, charset: str) -> None:
    async def send() -> Any:
        fields = clients.official_message(world, params={"code": "龙1234", "minutes": "五"})
        fields["access_token"] = clients.token_of(world)
        body = json.dumps(fields, ensure_ascii=False).encode(charset)
        kind = {"Content-Type": f"application/json; charset={charset}"}
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{world.official['url']}/api/sms/send", data=body, headers=kind) as reply,
        ):
            return await reply.json()

    assert asyncio.run(send())["code"] == 0
    assert "您的验证码是龙1234，五分钟内有效。" in the_message(world)["content"]


# --- GBK -------------------------------------------------------------------------------------------

RARE = "镕喆堃，。【】￥…—"
"""In GBK, and of those the first three not in GB 2312."""


def gbk_form(world: World, content: str) -> bytes:
    fields = clients.erban_fields(world, content=content)
    return urllib.parse.urlencode(fields, encoding="gbk").encode()


@pytest.mark.parametrize("charset", ["gbk", "GB2312", "gb18030"])
@pytest.mark.parametrize("path", [FORM, FORM.upper(), f"{ASMX}/SendSms3"])
def test_a_gbk_form(world: World, path: str, charset: str) -> None:
    world.patch("erban", signatures=[{"signature": "【柒牌】"}])
    content = f"【柒牌】{RARE}验证码 1234"
    request = urllib.request.Request(
        world.erban["url"] + path,
        gbk_form(world, content),
        {"Content-Type": f"application/x-www-form-urlencoded;charset={charset}"},
    )
    with OPENER.open(request, timeout=10) as reply:
        assert SENT in reply.read().decode()
    assert (the_message(world)["content"], the_message(world)["code"]) == (content, "1234")


def test_a_gbk_query(world: World) -> None:
    content = f"{world.erban['signature']}{RARE}"
    url = f"{world.erban['url']}{FORM}?{gbk_form(world, content).decode()}"
    with OPENER.open(url, timeout=10) as reply:
        assert reply.read().decode() == SENT
    assert the_message(world)["content"] == content


def test_gbk_that_is_not_percent_encoded(world: World) -> None:
    content = f"{world.erban['signature']}{RARE}"
    fields = clients.erban_fields(world, content=content)
    body = "&".join(f"{name}={value}" for name, value in fields.items()).encode("gbk")
    kind = {"Content-Type": "application/x-www-form-urlencoded; charset=gbk"}
    request = urllib.request.Request(world.erban["url"] + FORM, body, kind)
    with OPENER.open(request, timeout=10) as reply:
        assert reply.read().decode() == SENT
    assert the_message(world)["content"] == content


def get_raw(url: str, query: bytes) -> str:
    """A GET whose query goes out byte for byte."""
    host, path = urllib.parse.urlsplit(url)[1:3]
    rest = f" HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
    return head_and_body(exchange(url, f"GET {path}?".encode() + query + rest))[1].decode()


@pytest.mark.parametrize("charset", ["gbk", "utf-8"])
@pytest.mark.parametrize("path", [FORM, f"{ASMX}/SendSms3"])
def test_a_query_that_is_not_percent_encoded(world: World, path: str, charset: str) -> None:
    content = f"{world.erban['signature']}您的验证码是1234"
    fields = clients.erban_fields(world, content=content)
    query = "&".join(f"{name}={value}" for name, value in fields.items()).encode(charset)
    assert SENT in get_raw(world.erban["url"] + path, query)
    assert the_message(world)["content"] == content


def test_a_query_at_the_official_api_that_is_not_percent_encoded(world: World) -> None:
    clients.send_well(world, "official", out_id="订单-7")
    query = f"access_token={clients.token_of(world)}&out_id=订单-7".encode()
    report = json.loads(get_raw(f"{world.official['url']}/api/sms/report", query))
    assert report["data"]["message_id"] == the_message(world)["id"]


def test_a_utf8_form_without_a_charset(world: World) -> None:
    clients.send_well(world, "erban", door="form", content=f"{world.erban['signature']}镕😀")
    assert the_message(world)["content"] == f"{world.erban['signature']}镕😀"


def test_the_query_is_kept_as_it_came(world: World) -> None:
    """The journal shows percent-encoded bytes as they were sent, whatever their charset."""
    body = gbk_form(world, f"{world.erban['signature']}{RARE}")
    OPENER.open(f"{world.erban['url']}{FORM}?{body.decode()}", timeout=10).close()
    shown = world.request(world.requests()[-1]["id"])["request"]
    assert shown["path"] == f"{FORM}?{body.decode()}"
