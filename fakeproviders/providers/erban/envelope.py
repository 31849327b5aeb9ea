"""SOAP 1.1 and 1.2 envelopes as ASP.NET writes them: one line, prefix ``soap`` in both (O).

1.1  <soap:Fault><faultcode>soap:Client</faultcode><faultstring>...</faultstring>
     <detail /></soap:Fault>
1.2  <soap:Fault><soap:Code><soap:Value>soap:Sender</soap:Value></soap:Code>
     <soap:Reason><soap:Text xml:lang="en">...</soap:Text></soap:Reason><soap:Detail /></soap:Fault>

A fault that a header caused has no detail; VersionMismatch tells in a header which envelopes there
are (O: Soap11ServerProtocol.cs and Soap12ServerProtocol.cs, WriteFault; SoapServerProtocol.cs,
CreateUpgradeHeader).
"""

from functools import partial

import msgspec

from fakeproviders.model import RawReply
from fakeproviders.providers.erban import aspnet, texts
from fakeproviders.providers.erban.aspnet import xml_text
from fakeproviders.providers.erban.calls import ErbanCall
from fakeproviders.providers.erban.frame import framed
from fakeproviders.providers.erban.methods import METHODS, Method
from fakeproviders.providers.erban.service import NAMESPACE

LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}
"""What ``xml:lang`` says of a 1.2 fault's text (A)."""
MUST_UNDERSTAND, VERSION_MISMATCH = "MustUnderstand", "VersionMismatch"
"""Fault codes of both versions."""


class Version(msgspec.Struct, frozen=True):
    """What differs between SOAP 1.1 and 1.2."""

    door: str
    namespace: str
    media: str
    client: str
    server: str

    @property
    def content_type(self) -> str:
        """Of a reply."""
        return f"{self.media}; charset=utf-8"

    def tag(self, name: str) -> str:
        """One of its own elements or attributes, in lxml's spelling."""
        return f"{{{self.namespace}}}{name}"

    def envelope(self, body: str, header: str = "") -> bytes:
        """A whole document around a body, on one line (O)."""
        return (
            '<?xml version="1.0" encoding="utf-8"?>'
            f'<soap:Envelope xmlns:soap="{self.namespace}"'
            ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
            f' xmlns:xsd="http://www.w3.org/2001/XMLSchema">{header}'
            f"<soap:Body>{body}</soap:Body></soap:Envelope>"
        ).encode("utf-8", "replace")


SOAP11 = Version(
    "asmx.soap11", "http://schemas.xmlsoap.org/soap/envelope/", "text/xml", "Client", "Server"
)
SOAP12 = Version(
    "asmx.soap12",
    "http://www.w3.org/2003/05/soap-envelope",
    "application/soap+xml",
    "Sender",
    "Receiver",
)
BY_NAMESPACE = {version.namespace: version for version in (SOAP11, SOAP12)}
UPGRADE = (
    f'<soap:Header><soap12:Upgrade xmlns:soap12="{SOAP12.namespace}">'
    f'<soap12:SupportedEnvelope qname="soap:Envelope" xmlns:soap="{SOAP11.namespace}" />'
    f'<soap12:SupportedEnvelope qname="soap12:Envelope" xmlns:soap12="{SOAP12.namespace}" />'
    "</soap12:Upgrade></soap:Header>"
)


def fault(version: Version, code: str, text: str, lang: str) -> RawReply:
    """A SOAP fault in the version's own shape."""
    detailed = code != MUST_UNDERSTAND
    if version is SOAP11:
        inner = (
            f"<faultcode>soap:{code}</faultcode>"
            f"<faultstring>{xml_text(text)}</faultstring>{'<detail />' if detailed else ''}"
        )
    else:
        inner = (
            f"<soap:Code><soap:Value>soap:{code}</soap:Value></soap:Code>"
            f'<soap:Reason><soap:Text xml:lang="{LANGUAGE_TAGS[lang]}">{xml_text(text)}</soap:Text>'
            f"</soap:Reason>{'<soap:Detail />' if detailed else ''}"
        )
    header = UPGRADE if code == VERSION_MISMATCH else ""
    body = version.envelope(f"<soap:Fault>{inner}</soap:Fault>", header)
    return aspnet.reply(body, version.content_type, status=500, cache=aspnet.PRIVATE)


class SoapDoor:
    """Replies of one SOAP version."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self._headers = aspnet.headers(version.content_type)
        self._frames = {
            name: framed(partial(self.returned, method)) for name, method in METHODS.items()
        }

    def text(self, call: ErbanCall, text: str) -> RawReply:
        """The method returned this text."""
        return RawReply(200, self._headers, self._frames[call.method].around(text))

    def returned(self, method: Method, text: str) -> bytes:
        """The document for what a method returned."""
        result = aspnet.xml_element(method.result.name, text)
        return self.version.envelope(
            f'<{method.response} xmlns="{NAMESPACE}">{result}</{method.response}>'
        )

    def thrown(self, call: ErbanCall, text: str, lang: str) -> RawReply:
        """The method threw this text."""
        del call
        wrapped = texts.UNABLE_TO_PROCESS[lang].format(text)
        return fault(self.version, self.version.server, wrapped, lang)
