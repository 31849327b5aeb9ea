"""Ask the Java twin as its clients do."""

from collections.abc import Sequence

from fakeproviders.model import RawReply
from fakeproviders.providers.erban.calls import ErbanCall
from tests.providers.erban.asking import FIELDS, SOAP11, SOAP12, answer, ask

SERVICES = "/WebService/services"
SERVICE = f"{SERVICES}/SmsService"
NAMESPACE = "http://service.canv.com"
TEXT_XML = "text/xml; charset=UTF-8"
VALUES = tuple(FIELDS.values())
HEAD = (
    '<soap:Envelope xmlns:soap="{}" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body>'
)
TAIL = "</soap:Body></soap:Envelope>"


def call_element(
    method: str = "SendSms3", values: Sequence[str] = VALUES, namespace: str = NAMESPACE
) -> str:
    """A method's element with parameters in0, in1, ..."""
    inner = "".join(f"<in{place}>{value}</in{place}>" for place, value in enumerate(values))
    return f'<{method} xmlns="{namespace}">{inner}</{method}>'


def envelope(inner: str, namespace: str = SOAP11, before: str = "") -> str:
    return f'<s:Envelope xmlns:s="{namespace}">{before}<s:Body>{inner}</s:Body></s:Envelope>'


def post(body: str | bytes, content_type: str = TEXT_XML, **headers: str) -> ErbanCall:
    """POST a whole document."""
    sent = body if isinstance(body, bytes) else body.encode()
    return ask("POST", SERVICE, headers={"Content-Type": content_type, **headers}, body=sent)


def faulted(body: str | bytes, content_type: str = TEXT_XML) -> tuple[str, str]:
    """Code and text of the SOAP 1.1 fault that a document earns; all its other bytes are checked."""
    return fault_in(answer(post(body, content_type)))


def fault_in(reply: RawReply) -> tuple[str, str]:
    start, end = HEAD.format(SOAP11) + "<soap:Fault>", "</soap:Fault>" + TAIL
    assert (reply.status, dict(reply.headers)["Content-Type"]) == (500, TEXT_XML)
    text = reply.body.decode()
    assert text.startswith(start)
    assert text.endswith(end)
    code, _, rest = text[len(start) : -len(end)].partition("</faultcode><faultstring>")
    return code.removeprefix("<faultcode>"), rest.removesuffix("</faultstring>")


def returned(method: str, text: str) -> bytes:
    """The whole reply of a method."""
    return (
        f'{HEAD.format(SOAP11)}<ns1:{method}Response xmlns:ns1="{NAMESPACE}"><ns1:out>{text}</ns1:out>'
        f"</ns1:{method}Response>{TAIL}"
    ).encode()


def fault12(code: str, text: str) -> bytes:
    """A whole SOAP 1.2 fault."""
    return (
        f"{HEAD.format(SOAP12)}<soap:Fault><soap:Code><soap:Value>soap:{code}</soap:Value></soap:Code>"
        f"<soap:Reason><soap:Text>{text}</soap:Text></soap:Reason></soap:Fault>{TAIL}"
    ).encode()
