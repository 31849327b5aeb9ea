"""What door 1 writes over SOAP."""

from fakeproviders.model import RawReply
from tests.providers.erban.asking import SOAP11, SOAP12, header

XSI = "http://www.w3.org/2001/XMLSchema-instance"
HEAD = (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{}"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>'
)
TAIL = "</soap:Body></soap:Envelope>"
NO_ACTION = (
    "Unable to handle request without a valid action parameter. Please supply a valid soap action."
)
EXTENSIONS = "There was an exception running the extensions specified in the config file. ---&gt;"
READ = "Server was unable to read request. ---&gt;"
PROCESS = "Server was unable to process request. ---&gt;"
NO_BODY = "Request format is invalid: Missing required soap:Body element."
NO_ENVELOPE = "Request format is invalid: Missing required soap:Envelope element."
EN = {"Accept-Language": "en-US,en;q=0.5"}
UPGRADE = (
    f'<soap:Header><soap12:Upgrade xmlns:soap12="{SOAP12}"><soap12:SupportedEnvelope'
    f' qname="soap:Envelope" xmlns:soap="{SOAP11}" /><soap12:SupportedEnvelope'
    f' qname="soap12:Envelope" xmlns:soap12="{SOAP12}" /></soap12:Upgrade></soap:Header>'
).encode()


def whole11(body: str) -> bytes:
    return (HEAD.format(SOAP11) + body + TAIL).encode()


def whole12(body: str) -> bytes:
    return (HEAD.format(SOAP12) + body + TAIL).encode()


def fault11(code: str, text: str) -> bytes:
    return whole11(
        f"<soap:Fault><faultcode>soap:{code}</faultcode><faultstring>{text}</faultstring>"
        "<detail /></soap:Fault>"
    )


def fault12(code: str, text: str, lang: str = "zh-CN") -> bytes:
    return whole12(
        f"<soap:Fault><soap:Code><soap:Value>soap:{code}</soap:Value></soap:Code><soap:Reason>"
        f'<soap:Text xml:lang="{lang}">{text}</soap:Text></soap:Reason><soap:Detail /></soap:Fault>'
    )


def is_fault(reply: RawReply, content_type: str, body: bytes) -> None:
    assert reply.body == body
    assert reply.status == 500
    assert header(reply, "Content-Type") == content_type
