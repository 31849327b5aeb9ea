"""Clients as they are: nothing about them is adapted to us but the address and the credentials."""

import asyncio
import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import zeep
from zeep.exceptions import Fault

from fakeproviders.clients.official import Credentials, OfficialClient
from tests.conftest import require_tool
from tests.e2e import clients
from tests.e2e.clients import ASMX, FILLED, FORM, MOBILE
from tests.e2e.sockets import exchange, head_and_body
from tests.e2e.world import World

SENT = "0,短信发送成功"
SCRIPT = Path(__file__).parent / "php" / "send.php"
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
OPERATIONS = {"SendSms3", "GetSmsMoney", "GetSmsMoney2"}


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


def test_curl_erban_soap(world: World, curl: str) -> None:
    reply = run_curl(
        curl, "-H", "Content-Type: text/xml; charset=utf-8", "-H", f"SOAPAction: {clients.ACTION}",
        "--data-binary", "@-", f"{world.erban['url']}{ASMX}",
        sent=clients.envelope(clients.erban_fields(world)).encode(),
    )  # fmt: skip
    assert f"<SendSms3Result>{SENT}</SendSms3Result>" in reply.decode()
    assert the_message(world)["content"] == f"{world.erban['signature']}{FILLED}"


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


# --- zeep -------------------------------------------------------------------------------------------


@pytest.fixture
def soap(world: World) -> zeep.Client:
    client = zeep.Client(f"{world.erban['url']}{ASMX}?WSDL")  # type: ignore[no-untyped-call]
    client.transport.session.trust_env = False
    return client


@pytest.mark.parametrize("port", ["SmsServiceSoap", "SmsServiceSoap12"])
def test_zeep_sends(world: World, soap: zeep.Client, port: str) -> None:
    fields = clients.erban_fields(world, content=f"{FILLED}<&>{world.erban['signature']}")
    service = soap.bind("SmsService", port)
    assert service.SendSms3(**fields) == SENT
    assert the_message(world)["content"] == fields["content"]
    who = world.erban
    assert int(service.GetSmsMoney2(who["account"], who["password"])) == world.balance("erban")


@pytest.mark.parametrize("port", ["SmsServiceSoap", "SmsServiceSoap12"])
def test_zeep_is_refused(world: World, soap: zeep.Client, port: str) -> None:
    service = soap.bind("SmsService", port)
    assert service.SendSms3(**clients.erban_fields(world, password="x")) == "-1,账号或密钥错误"
    world.fault("erban", "internal_error", times=1)
    with pytest.raises(Fault, match="服务器无法处理请求。 ---> 系统内部错误"):
        service.SendSms3(**clients.erban_fields(world))
    assert world.messages() == []


def test_zeep_reads_the_sessions_address(world: World, soap: zeep.Client) -> None:
    (service,) = soap.wsdl.services.values()
    ports = service.ports
    assert list(ports)[:2] == ["SmsServiceSoap", "SmsServiceSoap12"]
    for port in ports.values():
        assert port.binding_options["address"] == f"{world.erban['url']}{ASMX}"
    assert f"/@{world.id}/" in world.erban["url"] + ASMX
    assert set(soap.service._operations) == OPERATIONS


def test_zeep_over_the_http_bindings(world: World, soap: zeep.Client) -> None:
    for number, port in enumerate(("SmsServiceHttpGet", "SmsServiceHttpPost"), 1):
        service = soap.bind("SmsService", port)
        assert service.SendSms3(**clients.erban_fields(world)) == SENT
        assert len(world.messages()) == number


# --- PHP --------------------------------------------------------------------------------------------


def run_php(php: str, world: World, version: int, *, wsdl: bool = True, **overrides: object) -> Any:
    address = f"{world.erban['url']}{ASMX}"
    fields = json.dumps(clients.erban_fields(world, **overrides))
    done = subprocess.run(
        [php, str(SCRIPT), f"{address}?WSDL" if wsdl else "", str(version), address, fields],
        capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    assert not done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("version", [1, 2])
def test_php_with_wsdl(php: str, world: World, version: int) -> None:
    answer = run_php(php, world, version)
    assert answer["result"] == SENT
    assert set(answer["functions"]) == OPERATIONS
    assert the_message(world)["content"] == f"{world.erban['signature']}{FILLED}"
    door = {1: "asmx.soap11", 2: "asmx.soap12"}[version]
    assert [r["door"] for r in world.requests(operation="send")] == [door]


@pytest.mark.parametrize("version", [1, 2])
def test_php_is_refused(php: str, world: World, version: int) -> None:
    assert run_php(php, world, version, channel="0")["result"] == "-5,通道编号不存在"


@pytest.mark.parametrize("version", [1, 2])
def test_php_gets_a_fault(php: str, world: World, version: int) -> None:
    world.fault("erban", "internal_error", times=1)
    answer = run_php(php, world, version)
    assert answer["fault"] == "服务器无法处理请求。 ---> 系统内部错误"
    assert answer["code"].endswith({1: "Server", 2: "Receiver"}[version])


@pytest.mark.parametrize("version", [1, 2])
def test_php_without_wsdl(php: str, world: World, version: int) -> None:
    """Its action is the namespace, # and the method: no operation of the service."""
    assert "http://tempuri.org/#SendSms3" in run_php(php, world, version, wsdl=False)["fault"]
    assert world.messages() == []


def test_php_finds_the_endpoint_unreachable(php: str, world: World) -> None:
    world.fault("erban", "endpoint_unreachable", times=1)
    assert "Couldn't load" in run_php(php, world, 1)["fault"]
    assert run_php(php, world, 1)["result"] == SENT


# --- GBK, HTTP/1.0 ------------------------------------------------------------------------------------

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


def test_a_utf8_form_without_a_charset(world: World) -> None:
    clients.send_well(world, "erban", door="form", content=f"{world.erban['signature']}镕😀")
    assert the_message(world)["content"] == f"{world.erban['signature']}镕😀"


@pytest.mark.parametrize("charset", ["utf-8", "GBK"])
def test_a_client_of_http_1_0(world: World, charset: str) -> None:
    """As nusoap sends: HTTP/1.0, SOAPAction in quotes, its own charset, a fractional smsid."""
    content = f"{world.erban['signature']}{RARE}"
    body = (
        clients.envelope(clients.erban_fields(world, content=content))
        .replace('encoding="utf-8"', f'encoding="{charset}"')
        .encode(charset)
    )
    host = urllib.parse.urlsplit(world.erban["url"])
    head = (
        f"POST {host.path}{ASMX} HTTP/1.0\r\nHost: {host.netloc}\r\nUser-Agent: NuSOAP/0.9.5 (1.123)\r\n"
        f'Content-Type: text/xml; charset={charset}\r\nSOAPAction: "{clients.ACTION}"\r\n'
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    shown, answer = head_and_body(exchange(world.erban["url"], head.encode() + body))
    assert shown.startswith(("HTTP/1.0 200 OK", "HTTP/1.1 200 OK"))
    assert f"Content-Length: {len(answer)}" in shown
    assert "chunked" not in shown.lower()
    assert f"<SendSms3Result>{SENT}</SendSms3Result>" in answer.decode()
    assert the_message(world)["content"] == content


def test_the_query_is_kept_as_it_came(world: World) -> None:
    """The journal shows percent-encoded bytes as they were sent, whatever their charset."""
    body = gbk_form(world, f"{world.erban['signature']}{RARE}")
    OPENER.open(f"{world.erban['url']}{FORM}?{body.decode()}", timeout=10).close()
    shown = world.request(world.requests()[-1]["id"])["request"]
    assert shown["path"] == f"{FORM}?{body.decode()}"
