"""Ask the codec as a client would, and answer as the core would."""

from collections.abc import Mapping
from typing import cast

from multidict import CIMultiDict

from fakeproviders.model import Accepted, Call, Outcome, RawReply, RawRequest, Sent
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.erban.calls import ErbanCall
from fakeproviders.providers.erban.settings import ErbanSettings

ORIGIN = "http://127.0.0.1:9403"
ASMX = "/WebService/SmsService.asmx"
FORM = "/WebService/sms3.aspx"
ACTION = "http://tempuri.org/SendSms3"
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
TEXT_XML = "text/xml; charset=utf-8"
SOAP_XML = "application/soap+xml; charset=utf-8"
FIELDS = {
    "account": "80000001",
    "password": "0" * 32,
    "mobile": "13800000001,13800000002",
    "content": "【演示签名】您的验证码是123456",
    "channel": "8000000101",
    "smsid": "179534374099.39",
    "sendType": "1",
}
SENT = Accepted(Sent(("1", "2"), 1, 2))


def ask(
    method: str,
    path: str,
    query: str = "",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    *,
    session: str = "",
    too_large: bool = False,
) -> ErbanCall:
    raw = RawRequest(
        method=method,
        path=path,
        query=query,
        headers=CIMultiDict(headers or {}),
        body=body,
        ip="10.0.0.9",
        session_id=session,
        origin=ORIGIN,
        too_large=too_large,
    )
    return cast("ErbanCall", ERBAN.decode(raw))


def answer(call: Call, outcome: Outcome = SENT, settings: ErbanSettings | None = None) -> RawReply:
    return ERBAN.encode(call, outcome, settings or ERBAN.default_settings())


def header(reply: RawReply, name: str) -> str | None:
    return dict(reply.headers).get(name)


def envelope(inner: str, namespace: str = SOAP11) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<s:Envelope xmlns:s="{namespace}"><s:Body>{inner}</s:Body></s:Envelope>'
    ).encode()


def parameters(given: Mapping[str, str] | None = None) -> str:
    return "".join(
        f"<{name}>{value}</{name}>" for name, value in (FIELDS if given is None else given).items()
    )


def send_element(given: Mapping[str, str] | None = None) -> str:
    return f'<SendSms3 xmlns="http://tempuri.org/">{parameters(given)}</SendSms3>'


def soap11(
    inner: str | bytes,
    action: str | None = f'"{ACTION}"',
    content_type: str = TEXT_XML,
    **more: str,
) -> ErbanCall:
    """POST a 1.1 envelope around ``inner``; bytes are the whole body."""
    headers = {"Content-Type": content_type, **more}
    if action is not None:
        headers["SOAPAction"] = action
    return ask("POST", ASMX, headers=headers, body=_whole(inner, SOAP11))


def soap12(inner: str | bytes, content_type: str = SOAP_XML, **more: str) -> ErbanCall:
    """POST a 1.2 envelope around ``inner``; bytes are the whole body."""
    headers = {"Content-Type": content_type, **more}
    return ask("POST", ASMX, headers=headers, body=_whole(inner, SOAP12))


def _whole(inner: str | bytes, namespace: str) -> bytes:
    return inner if isinstance(inner, bytes) else envelope(inner, namespace)
