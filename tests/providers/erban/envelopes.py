"""A SendSms3 as the usual SOAP clients write it, and what chance makes of such a request."""

import random
import re
from collections.abc import Mapping
from typing import NamedTuple
from xml.sax.saxutils import escape

from multidict import CIMultiDict

from fakeproviders.model import RawRequest
from tests.providers.erban.asking import ACTION, ASMX, FIELDS, ORIGIN, SOAP11, SOAP12

XSI, XSD = "http://www.w3.org/2001/XMLSchema-instance", "http://www.w3.org/2001/XMLSchema"
ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
UTF8_XML, UTF8_SOAP = "text/xml; charset=utf-8", "application/soap+xml; charset=utf-8"


class Sample(NamedTuple):
    """One client's request. ``{}`` in the envelope stands for the parameters."""

    envelope: str
    content_type: str = UTF8_XML
    action: str | None = f'"{ACTION}"'
    prefix: str = ""
    """Of the parameters' tags."""
    attributes: str = ""
    """Of the parameters."""
    codec: str = "utf-8"

    def request(self, fields: Mapping[str, str] = FIELDS) -> RawRequest:
        """The request with these texts."""
        inner = "".join(
            f"<{self.prefix}{name}{self.attributes}>{escape(value)}</{self.prefix}{name}>"
            for name, value in fields.items()
        )
        return soap_request(
            self.envelope.format(inner).encode(self.codec, "xmlcharrefreplace"),
            self.content_type,
            self.action,
        )


def soap_request(body: bytes, content_type: str, action: str | None) -> RawRequest:
    """A POST to the service."""
    headers = CIMultiDict({"Content-Type": content_type})
    if action is not None:
        headers["SOAPAction"] = action
    return RawRequest("POST", ASMX, "", headers, body=body, ip="10.0.0.9", origin=ORIGIN)


PHP = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV="{0}"'
    ' xmlns:ns1="http://tempuri.org/"><SOAP-ENV:Body><ns1:SendSms3>{1}</ns1:SendSms3>'
    "</SOAP-ENV:Body></SOAP-ENV:Envelope>\n"
)
ZEEP = (
    "<?xml version='1.0' encoding='utf-8'?>\n<soap-env:Envelope xmlns:soap-env=\"{0}\">"
    '<soap-env:Body><ns0:SendSms3 xmlns:ns0="http://tempuri.org/">{1}</ns0:SendSms3>'
    "</soap-env:Body></soap-env:Envelope>"
)
DOTNET = (
    f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{{0}}" xmlns:xsi="{XSI}"'
    f' xmlns:xsd="{XSD}"><soap:Body><SendSms3 xmlns="http://tempuri.org/">{{1}}</SendSms3>'
    "</soap:Body></soap:Envelope>"
)
NODE_SOAP = (
    f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{SOAP11}" xmlns:xsi="{XSI}"'
    '  xmlns:tm="http://microsoft.com/wsdl/mime/textMatching/" xmlns:tns="http://tempuri.org/">'
    '<soap:Body><SendSms3 xmlns="http://tempuri.org/">{}</SendSms3></soap:Body></soap:Envelope>'
)
NUSOAP = (
    '<?xml version="1.0" encoding="{0}"?><SOAP-ENV:Envelope'
    f' SOAP-ENV:encodingStyle="{ENCODING}" xmlns:SOAP-ENV="{SOAP11}" xmlns:xsd="{XSD}"'
    f' xmlns:xsi="{XSI}" xmlns:SOAP-ENC="{ENCODING}"><SOAP-ENV:Body>'
    '<SendSms3 xmlns="http://tempuri.org/">{1}</SendSms3></SOAP-ENV:Body></SOAP-ENV:Envelope>'
)
SUDS = (
    '<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:ns0="http://tempuri.org/"'
    f' xmlns:ns1="{SOAP11}" xmlns:xsi="{XSI}" xmlns:SOAP-ENV="{SOAP11}"><SOAP-ENV:Header/>'
    "<ns1:Body><ns0:SendSms3>{}</ns0:SendSms3></ns1:Body></SOAP-ENV:Envelope>"
)
AXIS = (
    f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{SOAP11}"'
    f' xmlns:xsd="{XSD}" xmlns:xsi="{XSI}"><soapenv:Body>'
    '<ns1:SendSms3 xmlns:ns1="http://tempuri.org/">{}</ns1:SendSms3>'
    "</soapenv:Body></soapenv:Envelope>"
)
CURL = """<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="{0}">
  <soap:Body>
    <SendSms3 xmlns="http://tempuri.org/">
      {1}
    </SendSms3>
  </soap:Body>
</soap:Envelope>
"""

ORDINARY = {
    "php 1.1": Sample(PHP.format(SOAP11, "{}"), prefix="ns1:"),
    "php 1.2": Sample(
        PHP.format(SOAP12, "{}"), f'{UTF8_SOAP}; action="{ACTION}"', None, prefix="ns1:"
    ),
    "zeep 1.1": Sample(ZEEP.format(SOAP11, "{}"), prefix="ns0:"),
    "zeep 1.2": Sample(
        ZEEP.format(SOAP12, "{}"), f'{UTF8_SOAP}; action="{ACTION}"', None, prefix="ns0:"
    ),
    "node-soap": Sample(NODE_SOAP),
    ".NET 1.1": Sample(DOTNET.format(SOAP11, "{}")),
    ".NET 1.2": Sample(DOTNET.format(SOAP12, "{}"), f'{UTF8_SOAP}; action="{ACTION}"', None),
    "nusoap": Sample(NUSOAP.format("UTF-8", "{}"), "text/xml; charset=UTF-8"),
    "nusoap GBK": Sample(NUSOAP.format("GBK", "{}"), "text/xml; charset=GBK", codec="gbk"),
    "suds": Sample(SUDS, prefix="ns0:"),
    "Axis, qualified": Sample(AXIS, prefix="ns1:", attributes=' xsi:type="xsd:string"'),
    "curl 1.1": Sample(CURL.format(SOAP11, "{}"), action=ACTION),
    "curl 1.2": Sample(CURL.format(SOAP12, "{}"), UTF8_SOAP, None),
}
"""Clients whose requests are read the short way."""

UNUSUAL = {
    "Axis 1, unqualified": Sample(AXIS, attributes=' xsi:type="xsd:string" xmlns=""'),
    "no SOAPAction": Sample(DOTNET.format(SOAP11, "{}"), action=None),
    "no charset": Sample(DOTNET.format(SOAP11, "{}"), "text/xml"),
    "UTF-16": Sample(DOTNET.format(SOAP11, "{}"), "text/xml; charset=utf-16", codec="utf-16"),
    "another version": Sample(DOTNET.format(SOAP12, "{}")),
    "nothing asked": Sample(DOTNET.format(SOAP11, "").replace("SendSms3", "GetChannel") + "{}"),
}
"""Requests that the long way has to judge."""

TOKEN = re.compile(r"<[^>]*>|[^<]+")
TEXTS = (
    "",
    "",
    "",
    " ",
    "\n",
    "\r\n",
    "\t",
    "x",
    "中",
    "\xa0",
    "\u3000",
    "]",
    "&",
    "<b>",
    "0",
    "\U0001f600",
)
WEEDS = (
    *TEXTS, "&amp;", "&#20013;", "&#13;", "&#xa;", "&nbsp;", "<", ">", " ", "\n", " id='1'", " soap:x='1'",
    "]]>", "\x00", "\x1f", "\ufeff", "\ufffd", "<!-- c -->", "<![CDATA[<x>]]>", "<?pi x?>",
    "<!DOCTYPE a>", "<a/>", "<x xmlns='urn:x'/>", "<account/>", "<account>2</account>", "</account>",
    "<mobile xmlns='http://tempuri.org/'>3</mobile>", "<content xmlns=''>4</content>",
    "<sendType xsi:nil='true'/>", "<soap:Header/>", "<soap:Header><h soap:mustUnderstand='1'/></soap:Header>",
    "<SendSms3 xmlns='http://tempuri.org/'/>", "<SendSms3 xmlns='http://tempuri.org/'><smsid>5</smsid></SendSms3>",
    "<soap:Body/>", "<GetSmsMoney2 xmlns='http://tempuri.org/'/>", " xmlns='urn:y'", "ns1:",
)  # fmt: skip
TYPES = (
    UTF8_XML, UTF8_SOAP, "text/xml", "TEXT/XML; CHARSET=\"UTF-8\"", "text/xml;charset='gbk'", "text/xml; charset=x",
    "text/xml; charset=utf-16", "text/xml ; charset=latin1", "application/soap+xml", "application/xml", "",
    f'{UTF8_SOAP}; action="{ACTION}"', f"{UTF8_SOAP}; action=http://tempuri.org/GetSmsMoney2",
)  # fmt: skip
ACTIONS = (
    f'"{ACTION}"',
    ACTION,
    f'"{ACTION}',
    '""',
    "",
    "http%3A//tempuri.org/SendSms3",
    "x",
    None,
)
CODECS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "latin-1")


def mutant(chance: random.Random) -> RawRequest:
    """A client's request with odd texts in odd order, to which up to three things have happened."""
    sample = chance.choice([*ORDINARY.values()] * 3 + [*UNUSUAL.values()])
    request = sample.request(_odd_fields(chance))
    tokens = TOKEN.findall(request.body.decode(sample.codec))
    codec, content_type, action = sample.codec, sample.content_type, sample.action
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        match chance.randrange(12):
            case 0:
                content_type = chance.choice(TYPES)
            case 1:
                action = chance.choice(ACTIONS)
            case 2:
                codec = chance.choice(CODECS)
            case _:
                _spoil(tokens, chance)
    body = "".join(tokens).encode(codec, "xmlcharrefreplace")
    if not chance.randrange(20):
        body = _with_another_byte(body, chance)
    return soap_request(body, content_type, action)


def _odd_fields(chance: random.Random) -> dict[str, str]:
    names = chance.sample(list(FIELDS), chance.randint(1, len(FIELDS)))
    return {name: "".join(chance.sample(TEXTS, 2)) + FIELDS[name] for name in names}


def _spoil(tokens: list[str], chance: random.Random) -> None:
    """Change one place in a document of tokens."""
    here, there = (chance.randrange(len(tokens) + 1) for _ in range(2))
    match chance.randrange(6):
        case 0:
            del tokens[here : here + chance.randint(1, 3)]
        case 1:
            tokens[here:here] = tokens[there : there + chance.randint(1, 3)]
        case 2:
            tokens[here : here + 2] = tokens[here : here + 2][::-1]
        case 3:
            tokens[here : here + 1] = [_within("".join(tokens[here : here + 1]), chance)]
        case _:
            tokens.insert(here, chance.choice(WEEDS))


def _within(token: str, chance: random.Random) -> str:
    place = chance.randint(0, len(token))
    return token[:place] + chance.choice(WEEDS) + token[place + chance.randint(0, 1) :]


def _with_another_byte(body: bytes, chance: random.Random) -> bytes:
    place = chance.randint(0, len(body))
    return body[:place] + chance.randbytes(1) + body[place + 1 :]
