"""Erban's .asmx as bytes on a socket: what an ASP.NET service on IIS 7.5 writes, to the last byte."""

import re
import socket
from unittest.mock import Mock
from urllib.parse import urlencode, urlsplit

import pytest

from fakeproviders.providers.erban import soap
from tests.e2e import clients
from tests.e2e.clients import ACTION, ASMX
from tests.e2e.sockets import connect, exchange, read_all
from tests.e2e.world import World
from tests.goldens import Goldens
from tests.providers.erban.asking import SOAP11, SOAP12, SOAP_XML, TEXT_XML
from tests.providers.erban.soap_replies import (
    NO_ACTION,
    UPGRADE,
    fault11,
    fault12,
    whole11,
    whole12,
)

PLAIN = "text/plain; charset=utf-8"
SERVER = "Server: Microsoft-IIS/7.5\r\nX-AspNet-Version: 2.0.50727\r\nX-Powered-By: ASP.NET\r\n"
DATE = re.compile(rb"\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n")
SENT = (
    '<SendSms3Response xmlns="http://tempuri.org/"><SendSms3Result>0,短信发送成功</SendSms3Result>'
    "</SendSms3Response>"
)
PROCESS = "服务器无法处理请求。 ---&gt; {}"
NOT_XML = PROCESS.format("Data at the root level is invalid. Line 1, position 1.")
LIMIT = 4096 * 1024


def written(status: str, kind: str, body: bytes | str = b"", *, close: bool = True) -> bytes:
    """A whole reply, its Date aside."""
    data = body.encode() if isinstance(body, str) else body
    cache = "private, max-age=0" if status.startswith("200") else "private"
    typed = f"Content-Type: {kind}\r\n" if kind else ""
    end = "Connection: close\r\n\r\n" if close else "\r\n"
    head = f"HTTP/1.1 {status}\r\nCache-Control: {cache}\r\n{typed}{SERVER}"
    return f"{head}Content-Length: {len(data)}\r\nDate:\r\n{end}".encode() + data


def undated(answer: bytes) -> bytes:
    found, number = DATE.subn(b"\r\nDate:\r\n", answer)
    assert number >= 1, answer
    return found


def faulted11(code: str, text: str) -> bytes:
    return written("500 Internal Server Error", TEXT_XML, fault11(code, text))


def faulted12(code: str, text: str, lang: str = "zh-CN") -> bytes:
    return written("500 Internal Server Error", SOAP_XML, fault12(code, text, lang))


def good(world: World, door: str = "soap11") -> bytes:
    return clients.envelope(clients.erban_fields(world), door).encode()


def lines(
    world: World, first: str, headers: dict[str, str], body: bytes | None, version: str = "1.1"
) -> bytes:
    """A request whose connection ends with it."""
    verb, _, target = first.partition(" ")
    path = urlsplit(world.erban["url"]).path
    sent = {"Host": "sms.test:9403", "Connection": "close", **headers}
    if body is not None and "Transfer-Encoding" not in sent:
        sent["Content-Length"] = str(len(body))
    head = f"{verb} {path}{target} HTTP/{version}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    return head.encode() + b"\r\n" + (body or b"")


def said(
    world: World,
    first: str,
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
    version: str = "1.1",
) -> bytes:
    """All that is written to one request, its Date blanked."""
    return undated(exchange(world.erban["url"], lines(world, first, headers or {}, body, version)))


def post(
    world: World, kind: str, action: str | None, body: bytes, accept_language: str = ""
) -> bytes:
    headers = {"Content-Type": kind} | ({} if action is None else {"SOAPAction": action})
    if accept_language:
        headers["Accept-Language"] = accept_language
    return said(world, f"POST {ASMX}", headers, body)


@pytest.mark.parametrize(
    ("kind", "action", "namespace"),
    [
        (TEXT_XML, f'"{ACTION}"', SOAP11),
        (TEXT_XML, ACTION, SOAP11),
        (TEXT_XML, None, SOAP11),
        (TEXT_XML, f'"{ACTION}"', SOAP12),
        (SOAP_XML, None, SOAP12),
        (f'{SOAP_XML}; action="{ACTION}"', None, SOAP12),
        (SOAP_XML, '"ignored"', SOAP12),
        ("text/xml; charset=klingon", ACTION, SOAP11),
    ],
)
def test_a_send_is_answered_on_one_line(
    world: World, kind: str, action: str | None, namespace: str
) -> None:
    door = "soap11" if namespace == SOAP11 else "soap12"
    replied = TEXT_XML if namespace == SOAP11 else SOAP_XML
    whole = written("200 OK", replied, (whole11 if door == "soap11" else whole12)(SENT))
    assert post(world, kind, action, good(world, door)) == whole


@pytest.mark.parametrize(
    ("kind", "action", "body", "expected"),
    [
        (TEXT_XML, '""', b"<a/>", faulted11("Client", "服务器未能识别 HTTP 头 SOAPAction 的值: 。")),
        (TEXT_XML, '"x"', b"", faulted11("Client", "服务器未能识别 HTTP 头 SOAPAction 的值: x。")),
        (SOAP_XML, None, b"not xml", faulted12("Receiver", NOT_XML)),
        (TEXT_XML, None, b"not xml", faulted12("Receiver", NOT_XML)),
        (SOAP_XML, None, b"", faulted12("Receiver", PROCESS.format("Root element is missing."))),
        (TEXT_XML, ACTION, b"not xml", written("400 Bad Request", "")),
        (TEXT_XML, ACTION, b"", written("400 Bad Request", "")),
        (TEXT_XML, ACTION, b'<!DOCTYPE a [<!ENTITY x "y">]><a/>', written("400 Bad Request", "")),
        ("application/json", ACTION, b"{}", written("415 Unsupported Media Type", "")),
        ("", ACTION, b"<a/>", written("415 Unsupported Media Type", "")),
        ("text/xml ;charset=utf-8", ACTION, b"<a/>", written("415 Unsupported Media Type", "")),
    ],
)  # fmt: skip
def test_what_cannot_be_read(
    world: World, kind: str, action: str | None, body: bytes, expected: bytes
) -> None:
    assert post(world, kind, action, body) == expected


@pytest.mark.parametrize(
    ("kind", "namespace", "expected"),
    [
        (TEXT_XML, SOAP11, faulted11("Client", NO_ACTION)),
        (SOAP_XML, SOAP12, faulted12("Sender", NO_ACTION)),
    ],
)
def test_an_element_that_is_no_method(
    world: World, kind: str, namespace: str, expected: bytes
) -> None:
    body = f'<E:Envelope xmlns:E="{namespace}"><E:Body><x/></E:Body></E:Envelope>'.encode()
    assert post(world, kind, None, body) == expected


@pytest.mark.parametrize("kind", ["application/json", SOAP_XML])
def test_a_body_that_routes_under_another_type(world: World, kind: str) -> None:
    unsupported = written("415 Unsupported Media Type", "")
    assert post(world, kind, None, good(world, "soap11")) == unsupported


@pytest.mark.parametrize("action", [ACTION, None])
def test_an_envelope_of_no_version(world: World, action: str | None) -> None:
    body = good(world).replace(SOAP11.encode(), b"urn:soap")
    text = (
        "Possible SOAP version mismatch: Envelope namespace urn:soap was unexpected."
        f" Expecting {SOAP11}."
    )
    fault = fault11("VersionMismatch", text).replace(b"<soap:Body>", UPGRADE + b"<soap:Body>")
    mismatch = written("500 Internal Server Error", TEXT_XML, fault)
    assert post(world, TEXT_XML, action, body) == mismatch


def test_a_method_that_throws(world: World) -> None:
    world.fault("erban", "internal_error", match={"operation": "send"})
    text = PROCESS.format("系统内部错误")
    assert post(world, TEXT_XML, ACTION, good(world)) == faulted11("Server", text)
    answer = post(world, SOAP_XML, None, good(world, "soap12"))
    assert answer == faulted12("Receiver", text)


def test_faults_in_english(world: World) -> None:
    answer = post(world, TEXT_XML, '"x"', b"", "en-US,en;q=0.5")
    text = "Server did not recognize the value of HTTP Header SOAPAction: x."
    assert answer == faulted11("Client", text)
    answer = post(world, TEXT_XML, None, b"not xml", "en")
    text = "Server was unable to process request. ---&gt; Data at the root level is invalid."
    assert answer == faulted12("Receiver", f"{text} Line 1, position 1.", "en")


def test_a_body_over_the_limit_is_drained_and_the_connection_goes_on(world: World) -> None:
    headers = {"Content-Type": TEXT_XML, "SOAPAction": ACTION, "Connection": "keep-alive"}
    text = "运行配置文件中指定的扩展时出现异常。 ---&gt; Maximum request length exceeded."
    fault = faulted11("Server", text).replace(b"Connection: close\r\n", b"")
    sent = whole11(SENT)
    with connect(world.erban["url"]) as sock:
        sock.sendall(lines(world, f"POST {ASMX}", headers, b" " * (LIMIT + 1)))
        assert undated(sock.recv(len(fault) + 100)) == fault
        sock.sendall(lines(world, f"POST {ASMX}", {**headers, "Connection": "close"}, good(world)))
        assert undated(read_all(sock)) == written("200 OK", TEXT_XML, sent)


def test_a_body_of_just_the_limit_is_read(world: World) -> None:
    body = good(world)
    padded = body + b" " * (LIMIT - len(body))
    assert b"<SendSms3Result>0," in post(world, TEXT_XML, ACTION, padded)


def test_a_chunked_request_is_read_and_never_answered_in_chunks(world: World) -> None:
    body = good(world)
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:100], body[100:]))
    headers = {"Content-Type": TEXT_XML, "SOAPAction": ACTION, "Transfer-Encoding": "chunked"}
    answer = said(world, f"POST {ASMX}", headers, chunks + b"0\r\n\r\n")
    assert answer == written("200 OK", TEXT_XML, whole11(SENT))


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
def test_http_10_gets_a_length_and_a_close(world: World, connection: str) -> None:
    headers = {"Content-Type": TEXT_XML, "SOAPAction": f'"{ACTION}"', "Connection": connection}
    answer = said(world, f"POST {ASMX}", headers, good(world), "1.0")
    assert answer == written("200 OK", TEXT_XML, whole11(SENT))


def test_a_caller_who_asks_first_is_told_to_go_on(world: World) -> None:
    headers = {"Content-Type": TEXT_XML, "SOAPAction": ACTION, "Expect": "100-continue"}
    whole = lines(world, f"POST {ASMX}", headers, good(world))
    head, _, body = whole.partition(b"\r\n\r\n")
    with connect(world.erban["url"]) as sock:
        sock.sendall(head + b"\r\n\r\n")
        assert sock.recv(25, socket.MSG_WAITALL) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(body)
        sent = whole11(SENT)
        assert undated(read_all(sock)) == written("200 OK", TEXT_XML, sent)


def test_a_connection_is_kept(world: World) -> None:
    headers = {"Content-Type": TEXT_XML, "SOAPAction": ACTION}
    kept = lines(world, f"POST {ASMX}", {**headers, "Connection": "keep-alive"}, good(world))
    last = lines(world, f"POST {ASMX}", headers, good(world))
    sent = whole11(SENT)
    assert undated(exchange(world.erban["url"], kept + last)) == (
        written("200 OK", TEXT_XML, sent, close=False) + written("200 OK", TEXT_XML, sent)
    )


@pytest.mark.parametrize("verb", ["PUT", "DELETE", "OPTIONS", "HEAD"])
def test_other_verbs(world: World, verb: str) -> None:
    page = Goldens("erban").reply("verb_unknown").partition(b"\r\n\r\n")[2]
    whole = written("405 Method Not Allowed", "text/html; charset=utf-8", page)
    for path in (ASMX, f"{ASMX}/SendSms3"):
        assert said(world, f"{verb} {path}") == whole.removesuffix(page if verb == "HEAD" else b"")


@pytest.mark.parametrize(
    ("first", "headers", "body", "text"),
    [
        ("GET /SendSms3", {}, None, "Missing parameter: account."),
        ("GET /Send", {}, None, "Send Web Service method name is not valid."),
        ("POST /SendSms3", {"Content-Type": "text/xml"}, b"<a/>", "Request format is invalid: text/xml."),
        ("POST /SendSms3", {}, b"", "Request format is invalid: ."),
    ],
)  # fmt: skip
def test_what_the_bindings_refuse(
    world: World, first: str, headers: dict[str, str], body: bytes | None, text: str
) -> None:
    verb, _, path = first.partition(" ")
    answer = said(world, f"{verb} {ASMX}{path}", headers, body)
    assert answer == written("500 Internal Server Error", PLAIN, f"{text}\r\n")


def test_a_binding_answers_with_a_string_after_crlf(world: World) -> None:
    form = urlencode(clients.erban_fields(world)).encode()
    body = (
        '<?xml version="1.0" encoding="utf-8"?>\r\n'
        '<string xmlns="http://tempuri.org/">0,短信发送成功</string>'
    )
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    whole = written("200 OK", TEXT_XML, body)
    assert said(world, f"POST {ASMX}/SendSms3", kind, form) == whole
    assert said(world, f"GET {ASMX}/SendSms3?{form.decode()}") == whole


@pytest.mark.parametrize("query", ["wsdl", "WSDL", "disco"])
def test_descriptions_name_the_address_that_was_asked(world: World, query: str) -> None:
    answer = said(world, f"GET {ASMX}?{query}")
    assert answer == said(world, f"GET {ASMX}?{query}", {"Accept-Language": "en"})
    body = answer.partition(b"\r\n\r\n")[2]
    assert answer == written("200 OK", TEXT_XML, body)
    address = f"http://sms.test:9403{urlsplit(world.erban['url']).path}{ASMX}"
    assert address.encode() in body
    assert b"127.0.0.1" not in body


@pytest.mark.parametrize(
    ("path", "status", "shown"),
    [
        (ASMX, "200 OK", "<title>SmsService Web 服务</title>"),
        (f"{ASMX.upper()}?op=SendSms3", "200 OK", "<h2>SendSms3</h2>"),
        (f"{ASMX}?op=sendsms3", "200 OK", "Method Not Found"),
        ("/WebService/Sms.asmx", "404 Not Found", "无法找到资源。"),
        (f"{ASMX}/", "500 Internal Server Error", "unexpectedly ending in &#39;/&#39;."),
    ],
)
def test_pages(world: World, path: str, status: str, shown: str) -> None:
    answer = said(world, f"GET {path}")
    body = answer.partition(b"\r\n\r\n")[2]
    assert answer == written(status, "text/html; charset=utf-8", body)
    assert shown in body.decode()


@pytest.mark.parametrize("door", ["soap11", "soap12"])
def test_usual_requests_are_not_judged(
    world: World, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    judge = Mock(wraps=soap.judge)
    monkeypatch.setattr(soap, "judge", judge)
    kind, action = (TEXT_XML, ACTION) if door == "soap11" else (SOAP_XML, None)
    assert b"<SendSms3Result>0," in post(world, kind, action, good(world, door))
    assert not judge.called
    assert b"<SendSms3Result>0," in post(world, kind, action, good(world, door) + b"<!-- -->")
    assert judge.called
