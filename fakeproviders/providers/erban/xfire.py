"""Door 3, the Java twin: XFire 1.2 on Tomcat, ``/WebService/services/...`` (O: their code).

GET or POST .../services/                  the list of services; 200 is assumed (A), XFire's code says 404
GET or POST .../services/Other             the same, 404
GET or POST .../services/SmsService?wsdl   WSDL, bare and in any case
without a Content-Type                     200, "Invalid SOAP request."
else                                       SOAP; the SOAPAction is not looked at

Paths have case here. What the method returned is SOAP 1.1 in UTF-8 whatever the request's charset.
"""

import re

from fakeproviders.model import HELP, WSDL, RawReply, RawRequest
from fakeproviders.providers.erban import tomcat, xfire_documents, xfire_message
from fakeproviders.providers.erban.calls import ErbanCall, answered, document_call, method_call
from fakeproviders.providers.erban.service import NAME
from fakeproviders.providers.erban.xfire_envelope import FaultError, fault, no_fault_possible
from fakeproviders.providers.erban.xfire_message import ForeignEnvelopeError
from fakeproviders.providers.erban.xfire_stream import ServletError

SERVICES = "/WebService/services"
SERVICE = f"{SERVICES}/{NAME}"
SOAP_DOOR, WSDL_DOOR, LIST_DOOR = "xfire.soap", "xfire.wsdl", "xfire.list"
DOORS = frozenset({SOAP_DOOR, WSDL_DOOR, LIST_DOOR})

VERBS = frozenset({"GET", "HEAD", "POST"})
ALLOWED = "GET, HEAD, POST, TRACE, OPTIONS"
USUAL_PORT = re.compile(r"^(http://[^/]*):(?:80|443)(?=/|$)")
NO_REQUEST = b"<html><body>Invalid SOAP request.</body></html>"


def serves(path: str) -> bool:
    """Whether a path is this door's."""
    return path == SERVICES or path.startswith(f"{SERVICES}/")


def decode(raw: RawRequest) -> ErbanCall:
    """A call of a method, or for a document."""
    if raw.method not in VERBS:
        return answered(raw, SOAP_DOOR, tomcat.verb_refused(raw.method, ALLOWED))
    asked = raw.path.removeprefix(SERVICES).removeprefix("/")
    if asked != NAME:
        return _document(raw, HELP, LIST_DOOR, asked)
    if raw.query.strip().lower() == "wsdl":
        return _document(raw, WSDL, WSDL_DOOR)
    if raw.too_large:
        return answered(raw, SOAP_DOOR, tomcat.status_page(413))
    if "Content-Type" not in raw.headers:
        page = tomcat.reply(NO_REQUEST, "text/html; charset=UTF-8")
        return answered(raw, SOAP_DOOR, page)
    return _invoke(raw)


def _document(raw: RawRequest, operation: str, door: str, asked: str = "") -> ErbanCall:
    address = USUAL_PORT.sub(r"\1", raw.base_url) + SERVICE
    return document_call(raw, operation=operation, door=door, method=asked, address=address)


def _invoke(raw: RawRequest) -> ErbanCall:
    try:
        request = xfire_message.read(raw)
    except FaultError as refused:
        return answered(raw, SOAP_DOOR, fault(refused.version, refused.code, refused.text))
    except ForeignEnvelopeError:
        return answered(raw, SOAP_DOOR, no_fault_possible())
    except ServletError as thrown:
        page = tomcat.exception_page(f"javax.servlet.ServletException: {thrown}")
        return answered(raw, SOAP_DOOR, page)
    names = (parameter.name for parameter in request.method.parameters)
    given = dict(zip(names, request.values, strict=True))
    return method_call(raw, door=SOAP_DOOR, method=request.method, given=given)


def document(call: ErbanCall) -> RawReply:
    """The document that a call asked for; one of an unknown service is the list of those there are."""
    if call.door == WSDL_DOOR:
        return xfire_documents.description(call.address)
    return xfire_documents.services(call.address, 404 if call.method else 200)
