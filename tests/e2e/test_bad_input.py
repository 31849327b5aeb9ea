"""What no good client sends: each gets the provider's own error form, and the server goes on."""

import json
import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.e2e import clients
from tests.e2e.clients import ASMX, FORM, URLENCODED, Verdict
from tests.e2e.sockets import Reply, connect, exchange, head_and_body, read_all, request
from tests.e2e.world import World

ALL = ("official", "reseller", "erban")
TRACES = re.compile(
    rb"aiohttp|python|traceback|lxml|spyne|werkzeug|uvloop|site-packages", re.IGNORECASE
)
JSON_TYPE = "application/json"
MISSING = {
    "official": Verdict(40000, "请求参数不存在"),
    "reseller": Verdict(1001, "请求参数不存在"),
}
PATHS = {"official": "/api/sms/send", "reseller": "/api/sms/", "erban": ASMX}
SOAP_TYPE = "text/xml; charset=utf-8"
BIG = 10 << 20


@pytest.fixture(autouse=True)
def goes_on(world: World) -> Iterator[None]:
    """Whatever came, good sends succeed afterwards."""
    yield
    world.control.delete(f"{world.path}/faults")
    for provider in ALL:
        clients.send_well(world, provider)


def untraced(answer: bytes | Reply) -> None:
    """Nothing in a reply tells what software wrote it."""
    whole = (
        answer
        if isinstance(answer, bytes)
        else str(answer.headers).encode("utf-8", "replace") + answer.body
    )
    assert not TRACES.search(whole), whole[:500]


def post(world: World, provider: str, body: bytes, kind: str, path: str | None = None) -> Reply:
    address = world.session[provider]["url"] + (path or PATHS[provider])
    reply = request("POST", address, body, {"Content-Type": kind} if kind else {}, timeout=30)
    untraced(reply)
    return reply


def soap(world: World, body: bytes, kind: str = SOAP_TYPE, action: str | None = clients.ACTION) -> Reply:  # fmt: skip
    headers = {"Content-Type": kind} | ({} if action is None else {"SOAPAction": action})
    reply = request("POST", world.erban["url"] + ASMX, body, headers, timeout=30)
    untraced(reply)
    return reply


# --- JSON and forms -----------------------------------------------------------------------------------

BROKEN_JSON = {
    "half": b'{"access_token":',
    "empty": b"",
    "list": b"[]",
    "number": b"17",
    "text": b'"x"',
    "null": b"null",
    "quotes": b"{'mobile': '1'}",
    "not_utf8": b'{"mobile": "\xff\xfe"}',
    "nul": b"\x00" * 100,
    "deep_lists": b"[" * 200_000,
    "deep_objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "deep_params": b'{"sign_key":"x","signature":"x","mobile":"1","access_token":"x","params":'
    + b"[" * 50_000
    + b"]" * 50_000
    + b"}",
    "huge_number": b'{"mobile": ' + b"9" * 100_000 + b"}",
    "huge_exponent": b'{"mobile": 1e999999}',
    "many_keys": json.dumps({f"k{n}": n for n in range(20_000)}).encode(),
    "surrogate": rb'{"mobile": "\ud800"}',
}


@pytest.mark.parametrize("provider", ["official", "reseller"])
@pytest.mark.parametrize("body", BROKEN_JSON.values(), ids=list(BROKEN_JSON))
def test_broken_json(world: World, provider: str, body: bytes) -> None:
    reply = post(world, provider, body, JSON_TYPE)
    assert reply.status == 200
    code = clients.verdict(provider, reply).code
    # The official API looks for the token first; without any parameter it misses that.
    assert code in {MISSING[provider].code, 40110}


@pytest.mark.parametrize("body", [b"{", b"", b"[]", b"\xff", b"[" * 100_000])
def test_a_broken_token_request(world: World, body: bytes) -> None:
    reply = post(world, "official", body, JSON_TYPE, "/api/oauth/access_token")
    verdict = clients.verdict("official", reply)
    assert verdict.text in {"请求参数不存在", "接口请求失败:access_token获取失败"}


ODD_VALUES = [
    {"mobile": ["13800138000"]},
    {"mobile": {"a": 1}},
    {"mobile": True},
    {"mobile": 13800138000.5},
    {"mobile": "1" * 100_000},
    {"mobile": "１３８００１３８０００"},
    {"mobile": "13800138000\n"},
    {"mobile": "\ud800"},
    {"params": []},
    {"params": "not json"},
    {"params": {"code": {}, "minutes": []}},
    {"params": {"code": "\x00\x1b", "minutes": "\u202e"}},
    {"params": {"code": "{minutes}", "minutes": "{code}"}},
    {"template_id": {"$ne": 1}},
    {"signature": ["【】"]},
    {"signature": "【" * 10_000},
    {"sign_key": 7},
    {"out_id": ["x"]},
    {"out_id": "x" * 100_000},
]


@pytest.mark.parametrize("provider", ["official", "reseller"])
@pytest.mark.parametrize("odd", ODD_VALUES, ids=lambda odd: ascii(odd)[:40])
def test_odd_values(world: World, provider: str, odd: dict[str, object]) -> None:
    """Any JSON value where a text belongs: answered in the envelope, a refusal or the text as it is."""
    if provider == "official":
        fields = clients.official_message(world, **odd) | {"access_token": clients.token_of(world)}
    else:
        fields = {**clients.reseller_fields(world), **odd, "sign": None}
        unsigned = {k: v for k, v in fields.items() if k != "sign"}
        fields["sign"] = _proof(unsigned, world.reseller["api_key"])
    reply = post(world, provider, json.dumps(fields).encode(), JSON_TYPE)
    assert reply.status == 200
    assert set(reply.json()) == {"code", "msg", "data"}


def _proof(fields: dict[str, object], secret: str) -> str:
    try:
        return clients.proof(fields, secret)
    except UnicodeEncodeError:
        return "0" * 32


@pytest.mark.parametrize("token", [7, None, [], {}, "x" * 100_000, "a.b.\ud800", "..", "é.o.x"])
def test_odd_tokens(world: World, token: object) -> None:
    fields = {**clients.official_message(world), "access_token": token}
    reply = post(world, "official", json.dumps(fields).encode(), JSON_TYPE)
    assert clients.verdict("official", reply).code in {40000, 40110}


CHARSETS = ["x-unknown", "", "utf-7", "utf-16", "idna", "hex", "zlib", "base64", "rot13",
            "unicode_escape", "raw_unicode_escape", "mbcs", "undefined", "\"", "a" * 5000,
            "../../etc/passwd"]  # fmt: skip


@pytest.mark.parametrize("charset", CHARSETS, ids=lambda charset: ascii(charset)[:24])
@pytest.mark.parametrize("provider", ALL)
@pytest.mark.parametrize("kind", [JSON_TYPE, URLENCODED, "text/xml"])
def test_unknown_charsets(world: World, provider: str, charset: str, kind: str) -> None:
    body = clients.envelope(clients.erban_fields(world)).encode() if kind == "text/xml" else b"a=b"
    header = f"{kind}; charset={charset}"
    for path in (PATHS[provider], FORM, f"{ASMX}/SendSms3"):
        reply = post(world, provider, body, header, path)
        assert reply.status in {200, 400, 404, 415, 500}
        assert reply.headers["Server"] in {"nginx", "Microsoft-IIS/7.5"}


@pytest.mark.parametrize(
    "body", [b"%", b"%zz=%z", b"&&&=&=", b"\xff\xfe=\x80", b"a" * 100_000, b"a=%ff%fe"]
)
@pytest.mark.parametrize("charset", ["", "; charset=gbk", "; charset=utf-8", "; charset=ascii"])
@pytest.mark.parametrize("provider", ALL)
def test_odd_forms(world: World, provider: str, charset: str, body: bytes) -> None:
    path = FORM if provider == "erban" else None
    reply = post(world, provider, body, URLENCODED + charset, path)
    expected = {"official": ["40000", "40110"], "reseller": ["1001"], "erban": ["-4"]}[provider]
    assert str(clients.verdict(provider, reply).code) in expected


# --- XML ----------------------------------------------------------------------------------------------

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)
DTDS = {
    "bomb": f"{BOMB}<s>&a11;</s>",
    "bomb_in_an_envelope": BOMB,
    "external": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    "external_http": '<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:1/">]>',
    "external_dtd": '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    "bare": "<!DOCTYPE x>",
    "after_a_comment": "<!-- x --><!DOCTYPE x>",
}


@pytest.mark.parametrize("action", [clients.ACTION, None], ids=["action", "no action"])
@pytest.mark.parametrize("dtd", DTDS.values(), ids=list(DTDS))
def test_dtds(world: World, dtd: str, action: str | None) -> None:
    fields = clients.erban_fields(world, content="@@")
    envelope = clients.envelope(fields).partition("?>")[2].replace("@@", "&e;")
    reply = soap(world, (dtd if dtd.endswith("</s>") else dtd + envelope).encode(), action=action)
    if action:
        assert (reply.status, reply.body) == (400, b"")
    else:
        assert reply.status == 500
        assert "DTD is prohibited" in reply.text
    assert b"root:" not in reply.body
    assert world.messages() == []


BROKEN_XML = {
    "empty": b"",
    "blank": b"  \r\n ",
    "text": b"hello",
    "json": b'{"a": 1}',
    "half": b"<s:Envelope",
    "unclosed": b"<a><b></a>",
    "no_envelope": b"<a/>",
    "no_body": b'<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"/>',
    "nul": b"<a>\x00</a>",
    "not_utf8": b"<a>\xff\xfe</a>",
    "undeclared_prefix": b"<s:Envelope/>",
    "deep": b"<a>" * 100_000,
    "attributes": b"<a " + b" ".join(b'a%d="1"' % n for n in range(20_000)) + b"/>",
    "long_name": b"<" + b"a" * 1_000_000 + b"/>",
    "entity": b"<a>&nbsp;</a>",
    "character": b"<a>&#xD800;</a>",
    "encoding": b'<?xml version="1.0" encoding="utf-9000"?><a/>',
    "processing": b"<?xml-stylesheet href='http://127.0.0.1:1/'?><a/>",
    "utf16": "<a/>".encode("utf-16"),
    "cdata": b"<a><![CDATA[</a>",
    "latin": '<?xml version="1.0" encoding="iso-8859-1"?><a>é</a>'.encode("latin-1"),
}


@pytest.mark.parametrize("action", [clients.ACTION, None], ids=["action", "no action"])
@pytest.mark.parametrize("body", BROKEN_XML.values(), ids=list(BROKEN_XML))
def test_broken_xml(world: World, body: bytes, action: str | None) -> None:
    """With an action 400 and not a word; without one a fault that says what the reader found."""
    reply = soap(world, body, action=action)
    if action is None:
        assert reply.status == 500
        assert b"<soap:Fault>" in reply.body
    else:
        assert (reply.status, reply.body) in {(400, b""), (500, reply.body)}


@pytest.mark.parametrize("door", ["soap11", "soap12"])
@pytest.mark.parametrize("content", ["]]>", "<script>", "&amp;lt;", "\t\r\n", "\u2028", "😀" * 100])
def test_text_that_xml_needs_escaped(world: World, door: str, content: str) -> None:
    content = f"{world.erban['signature']}{content}"
    clients.send_well(world, "erban", door=door, content=content)
    (message,) = world.messages()
    # XML's own rule about line ends.
    assert message["content"] == content.replace("\r\n", "\n")


@pytest.mark.parametrize("action", ['"', '""', "x" * 8000, "<b>&", "http://tempuri.org/Nope", "é"])
def test_odd_actions(world: World, action: str) -> None:
    reply = soap(world, clients.envelope({}).encode(), action=action)
    assert reply.status == 500
    assert "<faultcode>soap:Client</faultcode>" in reply.text
    assert "<b>" not in reply.text


# --- size ---------------------------------------------------------------------------------------------


def test_ten_megabytes_of_json(world: World) -> None:
    for provider in ("official", "reseller"):
        body = json.dumps({"mobile": "1" * BIG}).encode()
        verdict = clients.verdict(provider, post(world, provider, body, JSON_TYPE))
        assert verdict == MISSING[provider]


def test_ten_megabytes_of_form(world: World) -> None:
    for provider in ("official", "reseller"):
        verdict = clients.verdict(provider, post(world, provider, b"a=" + b"b" * BIG, URLENCODED))
        assert verdict == MISSING[provider]
    page = post(world, "erban", b"a=" + b"b" * BIG, URLENCODED, FORM)
    assert (page.status, page.type) == (500, "text/html; charset=utf-8")
    assert "Maximum request length exceeded." in page.text
    bound = post(world, "erban", b"a=" + b"b" * BIG, URLENCODED, f"{ASMX}/SendSms3")
    assert (bound.status, bound.text) == (500, "Maximum request length exceeded.\r\n")


@pytest.mark.parametrize("action", [clients.ACTION, None], ids=["soap11", "soap12"])
def test_ten_megabytes_of_xml(world: World, action: str | None) -> None:
    body = clients.envelope({"content": "x" * BIG}).encode()
    reply = soap(world, body, "text/xml" if action else "application/soap+xml", action)
    assert reply.status == 500
    assert "---&gt; Maximum request length exceeded." in reply.text


@pytest.mark.parametrize("provider", ALL)
def test_chunks_of_ten_megabytes(world: World, provider: str) -> None:
    parts = urlsplit(world.session[provider]["url"])
    head = (
        f"POST {parts.path}{PATHS[provider]} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        "Content-Type: text/xml\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    chunk = b"%x\r\n%s\r\n" % (1 << 20, b"x" * (1 << 20))
    with connect(world.session[provider]["url"], timeout=30) as sock:
        sock.sendall(head.encode() + chunk * 10 + b"0\r\n\r\n")
        answer = read_all(sock)
    assert answer.startswith(b"HTTP/1.1 ")
    assert b"\r\n\r\n" in answer
    untraced(answer)


@pytest.mark.parametrize("provider", ALL)
def test_a_long_query(world: World, provider: str) -> None:
    """60 KB are read; what is longer than the server reads is refused by the web server."""
    url = world.session[provider]["url"]
    path = {"official": "/api/sms/balance", "reseller": "/api/sms/balance", "erban": FORM}[provider]
    long = request("GET", f"{url}{path}?a={'b' * 60_000}")
    assert long.status == 200
    untraced(long)
    too_long = request("GET", f"{url}{path}?a={'b' * 500_000}")
    assert too_long.status in {400, 404, 414}
    untraced(too_long)


def test_many_parameters(world: World) -> None:
    query = "&".join(f"k{n}=v" for n in range(8000))
    assert request("GET", f"{world.erban['url']}{FORM}?{query}").status == 200
    assert request("GET", f"{world.erban['url']}{ASMX}?{query}").status == 200


# --- methods and paths ----------------------------------------------------------------------------------

WRONG_METHODS = [
    ("official", "GET", "/api/sms/send", "POST"),
    ("official", "GET", "/api/oauth/access_token", "POST"),
    ("official", "PUT", "/api/sms/send", "POST"),
    ("official", "POST", "/api/sms/balance", "GET"),
    ("official", "DELETE", "/api/sms/report", "GET"),
    ("official", "DELETE", "/api/sms/signatures", "GET, POST"),
    ("official", "PATCH", "/api/sms/templates", "GET, POST"),
    ("official", "OPTIONS", "/api/sms/send", "POST"),
    ("reseller", "GET", "/api/sms/", "POST"),
    ("reseller", "DELETE", "/api/sms/", "POST"),
    ("reseller", "POST", "/", "GET, HEAD"),
    ("reseller", "PUT", "/api/sms/balance", "GET"),
]


@pytest.mark.parametrize(("provider", "method", "path", "allow"), WRONG_METHODS)
def test_wrong_methods(world: World, provider: str, method: str, path: str, allow: str) -> None:
    reply = request(method, world.session[provider]["url"] + path)
    assert (reply.status, reply.headers["Allow"]) == (405, allow)
    assert reply.type == "text/html"
    assert b"<center><h1>405 " in reply.body
    untraced(reply)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", [ASMX, f"{ASMX}/SendSms3", FORM])
def test_wrong_methods_at_erban(world: World, method: str, path: str) -> None:
    reply = request(method, world.erban["url"] + path)
    assert reply.status == 405
    assert reply.headers["Server"] == "Microsoft-IIS/7.5"
    untraced(reply)


@pytest.mark.parametrize("provider", ALL)
@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/api/sms/send/", "/%00", "/%ff%fe", "/..%2f..%2fetc/passwd", "/@", "/@/",
     "/WebService/", "/WebService/Other.asmx", "//api/sms/send", "/api/sms/api/sms/"],
)  # fmt: skip
def test_paths_that_are_not_there(world: World, provider: str, path: str) -> None:
    reply = request("GET", world.session[provider]["url"] + path)
    assert reply.status == 404
    assert reply.type.startswith("text/html")
    server = "Microsoft-IIS/7.5" if provider == "erban" else "nginx"
    assert reply.headers["Server"] == server
    untraced(reply)


@pytest.mark.parametrize(
    ("provider", "path"),
    [("official", "/"), ("reseller", "/"), ("erban", ASMX), ("erban", FORM), ("erban", "/x")],
)
def test_head(world: World, provider: str, path: str) -> None:
    """A head and no body; the connection stays good."""
    parts = urlsplit(world.session[provider]["url"])
    ask = f"HEAD {parts.path}{path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
    data = f"{ask}\r\n{ask}Connection: close\r\n\r\n".encode()
    answer = exchange(world.session[provider]["url"], data)
    assert answer.count(b"HTTP/1.1 ") == 2
    assert b"<" not in answer
    untraced(answer)


# --- HTTP itself ----------------------------------------------------------------------------------------

GARBAGE = {
    "noise": bytes(range(256)) * 4 + b"\r\n\r\n",
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200 + b"\r\n\r\n",
    "text": b"hello there\r\n\r\n",
    "version_9": b"GET / HTTP/9.9\r\n\r\n",
    "version_2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "header_without_colon": b"GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n",
    "header_with_nul": b"GET / HTTP/1.1\r\nHost: x\r\nA: b\x00c\r\n\r\n",
    "header_folded": b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
    "negative_length": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    "two_lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length_and_chunked": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "bad_chunk": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n",
    "long_line": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n",
    "long_header": b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 200_000 + b"\r\n\r\n",
    "method": b"G<script>T / HTTP/1.1\r\nHost: x\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("provider", ALL)
@pytest.mark.parametrize("data", GARBAGE.values(), ids=list(GARBAGE))
def test_garbage(world: World, provider: str, data: bytes) -> None:
    """What is no HTTP is answered with 400 or by hanging up, and tells nothing."""
    answer = exchange(world.session[provider]["url"], data)
    if answer:
        assert answer.split()[1][:1] == b"4", answer[:200]
        head, body = head_and_body(answer)
        server, words = {"erban": ("Microsoft-HTTPAPI/2.0", b"HTTP Error 400.")}.get(
            provider, ("nginx", b"<center>nginx</center>")
        )
        assert f"\r\nServer: {server}" in head
        assert words in body
        assert f"\r\nContent-Length: {len(body)}" in head
    untraced(answer)


@pytest.mark.parametrize("provider", ALL)
def test_garbage_after_a_good_request(world: World, provider: str) -> None:
    url = world.session[provider]["url"]
    parts = urlsplit(url)
    with connect(url) as sock:
        sock.sendall(f"HEAD {parts.path}/x HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        first = sock.recv(65536)
        sock.sendall(b"\x00\x01nonsense\r\n\r\n")
        rest = read_all(sock)
    assert first.startswith(b"HTTP/1.1 404 ")
    assert rest.startswith(b"HTTP/1.1 400 ")
    untraced(first + rest)


@pytest.mark.parametrize("provider", ALL)
@pytest.mark.parametrize("line", ["BREW / HTTP/1.1\r\nHost: x", "GET /"])
def test_odd_request_lines(world: World, provider: str, line: str) -> None:
    answer = exchange(world.session[provider]["url"], f"{line}\r\n\r\n".encode())
    assert answer
    untraced(answer)


@pytest.mark.parametrize("connection", ["", "Connection: keep-alive\r\n", "Connection: close\r\n"])
@pytest.mark.parametrize("provider", ALL)
def test_http_1_0(world: World, provider: str, connection: str) -> None:
    """Content-Length, never chunks, and then the connection ends."""
    parts = urlsplit(world.session[provider]["url"])
    path = {"official": "/x", "reseller": "/", "erban": ASMX}[provider]
    ask = f"GET {parts.path}{path} HTTP/1.0\r\n{connection}\r\n".encode()
    answer = exchange(world.session[provider]["url"], ask)
    head, body = head_and_body(answer)
    assert f"Content-Length: {len(body)}" in head
    assert "chunked" not in head.lower()
    untraced(answer)


def test_without_a_host(world: World) -> None:
    """The WSDL's address is the request's own; without a Host it is where the request arrived."""
    parts = urlsplit(world.erban["url"])
    answer = exchange(world.erban["url"], f"GET {parts.path}{ASMX}?wsdl HTTP/1.0\r\n\r\n".encode())
    assert b" 200 OK\r\n" in answer
    assert f'location="http://127.0.0.1:{parts.port}{parts.path}{ASMX}"'.encode() in answer


@pytest.mark.parametrize("host", ["sms.2office.net:8080", "SMS.test", "[::1]:9403"])
def test_the_wsdl_has_the_callers_own_address(world: World, host: str) -> None:
    reply = request("GET", f"{world.erban['url']}{ASMX}?wsdl", headers={"Host": host})
    assert f'location="http://{host}/@{world.id}{ASMX}"' in reply.text


def test_a_host_that_is_none(world: World) -> None:
    reply = request("GET", f"{world.erban['url']}{ASMX}?wsdl", headers={"Host": '"><x y="'})
    assert "<x " not in reply.text
    untraced(reply)


@pytest.mark.parametrize("provider", ALL)
def test_pipelined_requests(world: World, provider: str) -> None:
    """Five requests in one go are answered in their order."""
    url = world.session[provider]["url"]
    parts = urlsplit(url)
    mobiles = [f"1390000000{n}" for n in range(5)]
    kind = JSON_TYPE
    if provider == "erban":
        bodies = [clients.envelope(clients.erban_fields(world, mobile=m)) for m in mobiles]
        kind = f"{SOAP_TYPE}\r\nSOAPAction: {clients.ACTION}"
    elif provider == "official":
        token = {"access_token": clients.token_of(world)}
        messages = [clients.official_message(world, mobile=m) for m in mobiles]
        bodies = [json.dumps({**message, **token}) for message in messages]
    else:
        bodies = [json.dumps(clients.reseller_fields(world, mobile=m)) for m in mobiles]
    data = b""
    for n, body in enumerate(bodies):
        sent = body.encode()
        last = "Connection: close\r\n" if n == 4 else ""
        data += (
            f"POST {parts.path}{PATHS[provider]} HTTP/1.1\r\nHost: {parts.netloc}\r\n{last}"
            f"Content-Type: {kind}\r\nContent-Length: {len(sent)}\r\n\r\n"
        ).encode() + sent
    answer = exchange(url, data)
    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 5
    assert [m["mobile"] for m in world.messages()] == mobiles
    ids = [m["id"].encode() for m in world.messages()]
    if provider != "erban":
        assert sorted(ids, key=answer.index) == ids


@pytest.mark.parametrize("provider", ALL)
def test_a_request_in_pieces(world: World, provider: str) -> None:
    parts = urlsplit(world.session[provider]["url"])
    path = {"official": "/x", "reseller": "/", "erban": ASMX}[provider]
    data = f"GET {parts.path}{path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n"
    with connect(world.session[provider]["url"]) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for letter in data.encode():
            sock.send(bytes([letter]))
        answer = read_all(sock)
    assert answer.startswith(b"HTTP/1.1 ")
    untraced(answer)


@pytest.mark.parametrize("provider", ALL)
@pytest.mark.parametrize("half", ["head", "body"])
def test_a_caller_who_leaves_half_way(world: World, provider: str, half: str) -> None:
    """Nothing is sent of a request that did not arrive."""
    url = world.session[provider]["url"]
    parts = urlsplit(url)
    data = f"POST {parts.path}{PATHS[provider]} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
    if half == "body":
        data += "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    with connect(url) as sock:
        sock.sendall(data.encode())
        sock.shutdown(socket.SHUT_WR)
        untraced(read_all(sock))
    with connect(url) as sock:
        sock.sendall(data.encode())
    assert world.messages() == []


def test_a_slow_caller_holds_nobody_up(world: World) -> None:
    with connect(world.erban["url"]) as sock:
        sock.sendall(b"POST /WebService/SmsService.asmx HTTP/1.1\r\nHost: x\r\nContent-Le")
        for provider in ALL:
            clients.send_well(world, provider)
        assert len(world.messages()) == 3


@pytest.mark.parametrize("provider", ALL)
def test_many_idle_connections(world: World, provider: str) -> None:
    sockets = [connect(world.session[provider]["url"]) for _ in range(50)]
    try:
        clients.send_well(world, provider)
    finally:
        for sock in sockets:
            sock.close()
