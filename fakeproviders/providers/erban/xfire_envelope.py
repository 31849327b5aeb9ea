"""SOAP envelopes as XFire 1.2 writes them: no XML declaration, one line, ``ns1`` for the service (O).

<soap:Envelope xmlns:soap=... xmlns:xsd=... xmlns:xsi=...><soap:Body>
  <ns1:SendSms3Response xmlns:ns1="http://service.canv.com"><ns1:out>0,...</ns1:out></ns1:SendSms3Response>
1.1  <soap:Fault><faultcode>soap:Client</faultcode><faultstring>...</faultstring></soap:Fault>
1.2  <soap:Fault><soap:Code><soap:Value>soap:Sender</soap:Value></soap:Code>
     <soap:Reason><soap:Text>...</soap:Text></soap:Reason></soap:Fault>

A fault of the service has no detail. The service has no SOAP 1.2 binding: 1.2 is spoken in faults alone.
"""

import msgspec

from fakeproviders.model import RawReply
from fakeproviders.providers.erban import envelope, tomcat
from fakeproviders.providers.erban.calls import ErbanCall
from fakeproviders.providers.erban.methods import METHODS
from fakeproviders.providers.erban.woodstox import written

NAMESPACE = "http://service.canv.com"
CLIENT, SERVER, MUST_UNDERSTAND = "Client", "Server", "MustUnderstand"
IN_SOAP12 = {CLIENT: "Sender", SERVER: "Receiver"}


class Version(msgspec.Struct, frozen=True):
    """What differs between SOAP 1.1 and 1.2."""

    namespace: str
    content_type: str

    def envelope(self, body: str) -> bytes:
        """A whole document around a body."""
        return (
            f'<soap:Envelope xmlns:soap="{self.namespace}"'
            ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
            ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<soap:Body>{body}</soap:Body></soap:Envelope>"
        ).encode("utf-8", "replace")


SOAP11 = Version(envelope.SOAP11.namespace, f"{envelope.SOAP11.media}; charset=UTF-8")
SOAP12 = Version(envelope.SOAP12.namespace, f"{envelope.SOAP12.media}; charset=UTF-8")
BY_NAMESPACE = {version.namespace: version for version in (SOAP11, SOAP12)}


class FaultError(Exception):
    """The request is answered with a fault before any method runs."""

    def __init__(self, code: str, text: str, version: Version = SOAP11) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.version = version


def fault(version: Version, code: str, text: str) -> RawReply:
    """A fault; ``code`` is the SOAP 1.1 word for it."""
    if version is SOAP11:
        inner = f"<faultcode>soap:{code}</faultcode><faultstring>{written(text)}</faultstring>"
    else:
        inner = (
            f"<soap:Code><soap:Value>soap:{IN_SOAP12.get(code, code)}</soap:Value></soap:Code>"
            f"<soap:Reason><soap:Text>{written(text)}</soap:Text></soap:Reason>"
        )
    body = version.envelope(f"<soap:Fault>{inner}</soap:Fault>")
    return tomcat.reply(body, version.content_type, status=500)


def no_fault_possible() -> RawReply:
    """Of an envelope in a foreign namespace XFire cannot even write the fault: 500, empty (O)."""
    return tomcat.reply(b"", SOAP11.content_type, status=500)


class XFireDoor:
    """Replies of the Java twin."""

    def text(self, call: ErbanCall, text: str) -> RawReply:
        """The method returned this text."""
        response = METHODS[call.method].response
        body = SOAP11.envelope(
            f'<ns1:{response} xmlns:ns1="{NAMESPACE}"><ns1:out>{written(text)}</ns1:out>'
            f"</ns1:{response}>"
        )
        return tomcat.reply(body, SOAP11.content_type)

    def thrown(self, call: ErbanCall, text: str, lang: str) -> RawReply:
        """The method threw: an exception that it does not declare is the caller's fault here (O)."""
        del call, lang
        return fault(SOAP11, CLIENT, text)
