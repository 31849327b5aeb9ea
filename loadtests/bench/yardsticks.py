"""What a handler of each format does at least: it parses a request, and answers fixed bytes."""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec
from lxml import etree


class Yardstick(NamedTuple):
    """What a handler of one format does at least."""

    parse: Callable[[bytes], Any]
    """Of the body, or where there is none, of the query."""
    headers: dict[str, str]
    reply: bytes


_SENT = "0,短信发送成功"
_DECLARED = '<?xml version="1.0" encoding="utf-8"?>'
_XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_XSD = ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
_SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
_SOAP12 = "http://www.w3.org/2003/05/soap-envelope"


def _form(text: bytes) -> list[tuple[str, str]]:
    return parse_qsl(text.decode(), keep_blank_values=True)


def _asp_net(content_type: str) -> dict[str, str]:
    return {
        "Cache-Control": "private, max-age=0",
        "Content-Type": content_type,
        "Server": "Microsoft-IIS/7.5",
        "X-AspNet-Version": "2.0.50727",
        "X-Powered-By": "ASP.NET",
    }


def _tomcat(content_type: str) -> dict[str, str]:
    return {"Server": "Apache-Coyote/1.1", "Content-Type": content_type}


def _asmx(namespace: str, media: str) -> Yardstick:
    """SendSms3 in one of the SOAP versions."""
    reply = (
        f'{_DECLARED}<soap:Envelope xmlns:soap="{namespace}"{_XSI}{_XSD}><soap:Body>'
        '<SendSms3Response xmlns="http://tempuri.org/">'
        f"<SendSms3Result>{_SENT}</SendSms3Result></SendSms3Response>"
        "</soap:Body></soap:Envelope>"
    )
    return Yardstick(etree.fromstring, _asp_net(f"{media}; charset=utf-8"), reply.encode())


_JSON = Yardstick(
    msgspec.json.decode,
    {"Server": "nginx", "Content-Type": "application/json; charset=utf-8"},
    b'{"code":0,"msg":"success","data":{"message_id":"588639000000000","segments":1,"fee":1}}',
)
YARDSTICKS = {
    "json": _JSON,
    "form": _JSON._replace(parse=_form),
    "page": Yardstick(_form, _asp_net("text/plain; charset=utf-8"), _SENT.encode()),
    "binding": Yardstick(
        _form,
        _asp_net("text/xml; charset=utf-8"),
        f'{_DECLARED}\r\n<string xmlns="http://tempuri.org/">{_SENT}</string>'.encode(),
    ),
    "soap": _asmx(_SOAP11, "text/xml"),
    "soap12": _asmx(_SOAP12, "application/soap+xml"),
    "xfire": Yardstick(
        etree.fromstring,
        _tomcat("text/xml; charset=UTF-8"),
        (
            f'<soap:Envelope xmlns:soap="{_SOAP11}"{_XSD}{_XSI}><soap:Body>'
            '<ns1:SendSms3Response xmlns:ns1="http://service.canv.com">'
            f"<ns1:out>{_SENT}</ns1:out></ns1:SendSms3Response></soap:Body></soap:Envelope>"
        ).encode(),
    ),
    "rest": Yardstick(
        msgspec.json.decode,
        _tomcat("application/json;charset=UTF-8"),
        '{"code":"0000000","msg":"短信发送成功"}'.encode(),
    ),
}
