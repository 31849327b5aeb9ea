"""Help pages, WSDL, discovery, and the pages of the web server."""

from io import BytesIO
from typing import Any

import pytest
from lxml import etree, html
from multidict import CIMultiDict
from zeep import Client, Transport

from fakeproviders.failures import Reason
from fakeproviders.model import RawReply, RawRequest, Refused
from fakeproviders.providers.erban import ERBAN, skeleton
from fakeproviders.providers.erban.settings import ErbanSettings
from tests.providers.erban.asking import ASMX, FIELDS, ORIGIN, answer, ask, header

WSDL = {"w": "http://schemas.xmlsoap.org/wsdl/", "s": "http://www.w3.org/2001/XMLSchema"}
EN = {"Accept-Language": "en"}
OPERATIONS = [
    "BatchSendSMS", "GetChannel", "GetRandom", "GetSmsMo", "GetSmsMoney", "GetSmsMoney2", "IsIncludeKeyWord",
    "SendSms", "SendSms2", "SendSms3", "SendSms5", "SendTimingSms", "UpdateSmsMo",
]  # fmt: skip


def page(query: str = "", headers: dict[str, str] | None = None, path: str = ASMX) -> str:
    reply = answer(ask("GET", path, query, headers))
    assert reply.status == 200
    assert header(reply, "Cache-Control") == "private, max-age=0"
    return reply.body.decode()


def description(query: str = "WSDL", session: str = "") -> etree._Element:
    reply = answer(ask("GET", ASMX, query, session=session))
    assert header(reply, "Content-Type") == "text/xml; charset=utf-8"
    return etree.fromstring(reply.body)


def shown(text: str) -> str:
    """What a reader of the page sees."""
    return "".join(str(piece) for piece in html.fromstring(text).itertext())


def names(root: etree._Element, path: str) -> list[str]:
    return [each.get("name", "") for each in root.findall(path, WSDL)]


@pytest.mark.parametrize("query", ["", "x", "wsdl=1", "op=", "WSDL&x"])
def test_help_in_chinese(query: str) -> None:
    text = page(query)
    assert "<title>SmsService Web 服务</title>" in text
    plain = shown(text)
    assert "支持下列操作。有关正式定义，请查看服务说明。" in plain
    assert "建议: 公开 XML Web services 之前，请更改默认命名空间。" in plain


def test_help_in_english() -> None:
    text = page(headers=EN)
    assert "<title>SmsService Web Service</title>" in text
    plain = shown(text)
    assert "The following operations are supported." in plain
    assert "Change the default namespace before the XML Web service is made public." in plain


def test_help_links_operations_in_ordinal_order() -> None:
    links = [each.get("href") for each in html.fromstring(page()).iter("a")]
    assert links == ["SmsService.asmx?WSDL", *(f"SmsService.asmx?op={name}" for name in OPERATIONS)]


@pytest.mark.parametrize(
    ("accepted", "title"),
    [
        ("fr, zh; q=0.2, en; q=0.5", "Web Service"),
        ("zh-CN,en;q=0.8", "Web 服务"),
        ("fr", "Web 服务"),
    ],
)
def test_accept_language_chooses(accepted: str, title: str) -> None:
    assert f"SmsService {title}</title>" in page(headers={"Accept-Language": accepted})


def test_a_setting_overrides_accept_language() -> None:
    reply = answer(ask("GET", ASMX), settings=ErbanSettings(page_lang="en"))
    assert b"SmsService Web Service" in reply.body
    reply = answer(ask("GET", ASMX, headers=EN), settings=ErbanSettings(page_lang="zh"))
    assert "SmsService Web 服务".encode() in reply.body


def test_an_operation_has_a_form_and_four_samples() -> None:
    text = page("op=SendSms3", EN)
    root = html.fromstring(text)
    (form,) = root.iter("form")
    assert form.get("action") == f"{ORIGIN}{ASMX}/SendSms3"
    assert [each.get("name") for each in root.iter("input") if each.get("name")] == list(FIELDS)
    titles = [each.text for each in root.iter("h3")]
    assert titles == ["Test", "SOAP 1.1", "SOAP 1.2", "HTTP GET", "HTTP POST"]
    assert 'SOAPAction: "http://tempuri.org/SendSms3"' in shown(text)


@pytest.mark.parametrize("name", ["sendsms3", "Nothing", "%3Cscript%3E"])
@pytest.mark.parametrize("headers", [EN, {}])
def test_an_unknown_operation(name: str, headers: dict[str, str]) -> None:
    text = page(f"op={name}", headers)
    assert "Method Not Found" in text
    assert "<script>" not in text


def test_the_file_has_no_case() -> None:
    assert "SmsService" in page(path="/webSERVICE/smsservice.ASMX")


@pytest.mark.parametrize("query", ["wsdl", "WSDL", "Wsdl", "wsdl&lang=zh"])
def test_wsdl_in_any_case(query: str) -> None:
    assert description(query).tag == "{http://schemas.xmlsoap.org/wsdl/}definitions"


def test_wsdl_bytes_are_stable() -> None:
    assert answer(ask("GET", ASMX, "WSDL")) == answer(ask("GET", ASMX, "WSDL", EN))


def test_wsdl_schema() -> None:
    schema = description().find("w:types/s:schema", WSDL)
    assert schema is not None
    assert schema.get("elementFormDefault") == "qualified"
    send = schema.findall("s:element[@name='SendSms3']//s:element", WSDL)
    assert [dict(each.attrib) for each in send] == [
        {"minOccurs": "0", "maxOccurs": "1", "name": name, "type": "s:string"} for name in FIELDS
    ]


def test_wsdl_messages_ports_and_bindings_in_order() -> None:
    root = description()
    kinds = ["SoapIn", "SoapOut", "HttpGetIn", "HttpGetOut", "HttpPostIn", "HttpPostOut"]
    messages = names(root, "w:message")
    assert sorted(messages) == sorted(name + kind for name in OPERATIONS for kind in kinds)
    assert [name for name in messages if name.startswith("SendSms3")] == [
        f"SendSms3{kind}" for kind in kinds
    ]
    types = ["SmsServiceSoap", "SmsServiceHttpGet", "SmsServiceHttpPost"]
    assert names(root, "w:portType") == types
    ports = ["SmsServiceSoap", "SmsServiceSoap12", "SmsServiceHttpGet", "SmsServiceHttpPost"]
    assert names(root, "w:binding") == names(root, "w:service/w:port") == ports


def test_an_int_cannot_be_null_and_no_parameters_are_no_sequence() -> None:
    root = description()
    result = root.find(".//s:element[@name='SendSmsResult']", WSDL)
    assert result is not None
    occurrence = [result.get(name) for name in ("minOccurs", "maxOccurs", "type")]
    assert occurrence == ["1", "1", "s:int"]
    (request,) = root.findall(".//s:element[@name='GetChannel']", WSDL)
    assert [etree.QName(each).localname for each in request.iter()] == ["element", "complexType"]
    returned = root.findall("w:types/s:schema/s:element", WSDL)
    assert [(each.get("name"), each.get("nillable")) for each in returned[-2:]] == [
        ("int", None),
        ("string", "true"),
    ]


@pytest.mark.parametrize("session", ["", "s1"])
def test_wsdl_address_is_the_requests_own(session: str) -> None:
    root = description(session=session)
    prefix = f"{ORIGIN}/@{session}" if session else ORIGIN
    addresses = [port[0].get("location") for port in root.findall("w:service/w:port", WSDL)]
    assert addresses == [prefix + ASMX] * 4


def test_discovery() -> None:
    reply = answer(ask("GET", ASMX, "DISCO"))
    root = etree.fromstring(reply.body)
    assert root.tag == "{http://schemas.xmlsoap.org/disco/}discovery"
    assert root[0].get("ref") == f"{ORIGIN}{ASMX}?wsdl"


class InMemory(Transport):
    """zeep's transport with the codec at its other end."""

    def load(self, url: str) -> bytes:
        assert url == f"{ORIGIN}{ASMX}?WSDL"
        return answer(ask("GET", ASMX, "WSDL")).body

    def post(self, address: str, message: bytes, headers: dict[str, str]) -> Any:
        assert address == f"{ORIGIN}{ASMX}"
        sent = headers["Content-Type"], headers.get("SOAPAction"), message
        assert skeleton.read(*sent) is not None
        return ZeepReply(answer(ask("POST", ASMX, headers=headers, body=message)))


class ZeepReply:
    """As much of a requests response as zeep looks at."""

    def __init__(self, reply: RawReply) -> None:
        self.status_code = reply.status
        self.headers = dict(reply.headers)
        self.content = reply.body
        self.raw = BytesIO(reply.body)
        self.encoding = "utf-8"


@pytest.mark.parametrize("port", ["SmsServiceSoap", "SmsServiceSoap12"])
def test_zeep_reads_the_wsdl_and_sends(port: str) -> None:
    transport: Any = InMemory()  # type: ignore[no-untyped-call]  # zeep is typed in part
    client: Any = Client(f"{ORIGIN}{ASMX}?WSDL", transport=transport)  # type: ignore[no-untyped-call]
    service = client.bind("SmsService", port)
    assert service.SendSms3(**FIELDS) == "0,短信发送成功"
    assert service.SendSms(*list(FIELDS.values())[:6]) == 0


@pytest.mark.parametrize("path", ["/", "/WebService/Other.asmx", "/x/<b>", "/WebService/sms3.asp"])
def test_what_is_not_there(path: str) -> None:
    reply = answer(ask("GET", path))
    assert (reply.status, header(reply, "Content-Type")) == (404, "text/html; charset=utf-8")
    assert "无法找到资源。".encode() in reply.body
    assert b"<b></p>" not in reply.body
    assert b"The resource cannot be found." in answer(ask("GET", path, headers=EN)).body


@pytest.mark.parametrize("reason", [Reason.MAINTENANCE, Reason.ENDPOINT_UNREACHABLE])
@pytest.mark.parametrize("query", ["", "WSDL"])
def test_a_stopped_pool(reason: Reason, query: str) -> None:
    reply = answer(ask("GET", ASMX, query), Refused(reason))
    assert reply.status == 503
    assert header(reply, "Server") == "Microsoft-HTTPAPI/2.0"
    assert b"<p>HTTP Error 503. The service is unavailable.</p>" in reply.body


def test_a_refused_document_is_plain_text() -> None:
    reply = answer(ask("GET", ASMX), Refused(Reason.RATE_LIMITED, text="太快"))
    assert reply.body == "-13,太快".encode()
    assert header(reply, "Content-Type") == "text/plain; charset=utf-8"


def test_a_document_that_throws_is_a_yellow_page() -> None:
    reply = answer(ask("GET", ASMX, headers=EN), Refused(Reason.INTERNAL_ERROR, text="broken"))
    assert reply.status == 500
    assert b"Server Error in &#39;/&#39; Application." in reply.body


@pytest.mark.parametrize("status", [400, 403, 404, 500, 502, 503])
def test_scripted_status_pages(status: int) -> None:
    reply = ERBAN.status_page(status)
    assert reply.status == status
    assert (header(reply, "Content-Type") or "").startswith("text/html")
    assert reply.body


@pytest.mark.parametrize("status", [404, 500])
@pytest.mark.parametrize(
    ("headers", "words"), [({}, "应用程序中的服务器错误"), (EN, "Server Error in")]
)
def test_a_scripted_page_is_in_the_callers_language(
    status: int, headers: dict[str, str], words: str
) -> None:
    asked = RawRequest("GET", ASMX, "", CIMultiDict(headers))
    assert words in ERBAN.status_page(status, asked).body.decode()


@pytest.mark.parametrize(
    ("path", "server"),
    [(ASMX, "Microsoft-HTTPAPI/2.0"), ("/WebService/services/SmsService", "Apache-Coyote/1.1")],
)
def test_a_scripted_page_is_that_of_the_server_that_was_asked(path: str, server: str) -> None:
    asked = RawRequest("POST", path, "", CIMultiDict())
    assert header(ERBAN.status_page(503, asked), "Server") == server


def test_no_reply_shows_what_is_behind_it() -> None:
    for query in ("", "WSDL", "disco", "op=SendSms3"):
        body = answer(ask("GET", ASMX, query)).body.lower()
        assert b"python" not in body
        assert b"spyne" not in body
        assert b"lxml" not in body
