"""Door 3's WSDL and list of services."""

from io import BytesIO
from typing import Any

import pytest
from lxml import etree
from suds.client import Client as SudsClient
from suds.store import DocumentStore
from zeep import Client, Transport

from fakeproviders.failures import Reason
from fakeproviders.model import RawReply, Refused
from fakeproviders.providers.erban.methods import METHODS
from tests.providers.erban.asking import answer, ask, header
from tests.providers.erban.java_twin import NAMESPACE, SERVICE, SERVICES

URL = f"http://127.0.0.1:9403{SERVICE}"
NS = {
    "w": "http://schemas.xmlsoap.org/wsdl/",
    "x": "http://www.w3.org/2001/XMLSchema",
    "soap": "http://schemas.xmlsoap.org/wsdl/soap/",
}


def description(query: str = "wsdl", **how: Any) -> etree._Element:
    reply = answer(ask("GET", SERVICE, query, **how))
    assert reply.status == 200
    assert reply.headers == (("Server", "Apache-Coyote/1.1"), ("Content-Type", "text/xml"))
    assert reply.body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<wsdl:definitions ')
    return etree.fromstring(reply.body)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("query", ["wsdl", "WSDL", "Wsdl"])
def test_the_wsdl_is_asked_for_in_any_case_and_by_any_verb(method: str, query: str) -> None:
    call = ask(method, SERVICE, query)
    assert (call.door, call.operation) == ("xfire.wsdl", "wsdl")


def test_the_schema_has_every_operation_as_it_is_declared() -> None:
    elements = {
        each.get("name"): each for each in description().findall(".//x:schema/x:element", NS)
    }
    assert len(elements) == 2 * len(METHODS)
    for method in METHODS.values():
        inner = elements[method.name].findall(".//x:element", NS)
        assert [(e.get("name"), e.get("type")) for e in inner] == [
            (p.name, "xsd:string") for p in method.parameters
        ]
        (out,) = elements[f"{method.name}Response"].findall(".//x:element", NS)
        assert (out.get("name"), out.get("type")) == ("out", f"xsd:{method.result.type}")
        nillable = "true" if method.result.type == "string" else None
        assert (out.get("nillable"), out.get("minOccurs")) == (nillable, "1")
    assert elements["GetChannel"].find(".//x:sequence", NS) is None


def test_messages_port_type_binding_and_port() -> None:
    root = description()
    assert root.get("targetNamespace") == NAMESPACE
    messages = [each.get("name") for each in root.findall("w:message", NS)]
    assert messages == [name for m in METHODS for name in (f"{m}Request", f"{m}Response")]
    parts = {each.get("name") for each in root.findall("w:message/w:part", NS)}
    assert parts == {"parameters"}
    for kind, name in (("portType", "PortType"), ("binding", "HttpBinding")):
        (found,) = root.findall(f"w:{kind}", NS)
        assert found.get("name") == f"SmsService{name}"
        assert [o.get("name") for o in found.findall("w:operation", NS)] == list(METHODS)
    actions = {each.get("soapAction") for each in root.findall(".//soap:operation", NS)}
    assert actions == {""}
    (port,) = root.findall("w:service/w:port", NS)
    assert (port.get("name"), port.get("binding")) == ("SmsServiceHttpPort", "tns:SmsServiceHttpBinding")  # fmt: skip


def address(**how: Any) -> str:
    (found,) = description(**how).findall(".//soap:address", NS)
    return found.get("location") or ""


def test_the_address_is_the_requests_own() -> None:
    assert address() == URL
    assert address(session="s1") == f"http://127.0.0.1:9403/@s1{SERVICE}"


@pytest.mark.parametrize("port", ["80", "443"])
def test_a_usual_port_is_not_written(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.providers.erban.asking.ORIGIN", f"http://sms.2office.net:{port}")
    assert address(session="s1") == f"http://sms.2office.net/@s1{SERVICE}"


def test_zeep_reads_the_wsdl() -> None:
    body = answer(ask("GET", SERVICE, "wsdl")).body
    client = Client(BytesIO(body), transport=Transport())  # type: ignore[no-untyped-call]
    service = client.wsdl.services["SmsService"]
    assert set(service.ports["SmsServiceHttpPort"].binding.all()) == set(METHODS)


def test_suds_reads_the_wsdl() -> None:
    store = DocumentStore(wsdl=answer(ask("GET", SERVICE, "wsdl")).body)
    client = SudsClient("suds://wsdl", documentStore=store, cache=None)
    (port,) = client.wsdl.services[0].ports
    assert (port.name, set(port.methods)) == ("SmsServiceHttpPort", set(METHODS))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (SERVICES, 200),
        (f"{SERVICES}/", 200),
        (f"{SERVICES}/smsservice", 404),
        (f"{SERVICES}/Other/x", 404),
    ],
)
def test_the_list_of_services(path: str, status: int) -> None:
    call = ask("GET", path, session="s1")
    assert (call.door, call.operation) == ("xfire.list", "help")
    reply = answer(call)
    assert (reply.status, header(reply, "Content-Type")) == (status, "text/html")
    link = f'<a href="http://127.0.0.1:9403/@s1{SERVICE}?wsdl">[wsdl]</a>'
    assert f"<li>SmsService {link}</li>".encode() in reply.body
    etree.fromstring(reply.body)


def test_paths_have_case_here() -> None:
    reply = answer(ask("GET", SERVICE.lower(), "wsdl"))
    assert (reply.status, header(reply, "Server")) == (404, "Microsoft-IIS/7.5")


def refused(reason: Reason) -> RawReply:
    return answer(ask("GET", SERVICE, "wsdl"), Refused(reason))


def test_a_document_that_is_refused() -> None:
    assert refused(Reason.ENDPOINT_UNREACHABLE).status == 503
    thrown = refused(Reason.INTERNAL_ERROR)
    assert (thrown.status, header(thrown, "Content-Type")) == (500, "text/html;charset=utf-8")
    plain = refused(Reason.RATE_LIMITED)
    assert (plain.status, header(plain, "Content-Type")) == (200, "text/plain;charset=UTF-8")
    assert plain.body.startswith(b"-13,")
