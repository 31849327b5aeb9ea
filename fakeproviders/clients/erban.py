"""A client of the Erban service, by its two most used doors: SOAP 1.1, and the GBK form page.

    .../SmsService.asmx   SendSms3 in a SOAP 1.1 envelope, UTF-8
    .../sms3.aspx         the same fields as a form, percent-encoded GBK; the reply is plain text

Which of them is used follows from the address. A reply is ``<code>,<text>``; 0 is success (O).
"""

import re
from collections.abc import Mapping
from hashlib import md5
from typing import Any, NamedTuple
from urllib.parse import urlencode
from xml.sax.saxutils import escape, unescape

import aiohttp

from fakeproviders.clients.answer import Answer, BadAnswer, Fault
from fakeproviders.clients.envelope import plain

NAMESPACE = "http://tempuri.org/"
ONCE = "0"
"""``sendType`` under which an ``smsid`` that was sent before is refused; under ``1`` it may repeat (A)."""
FORM_PAGE = ".aspx"
_SOAP = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{NAMESPACE}SendSms3"'}
_FORM = {"Content-Type": "application/x-www-form-urlencoded;charset=gbk"}
_RESULT = re.compile(r"<(?:\w+:)?SendSms3Result[^>]*>(.*?)</", re.DOTALL)
_FAULT = re.compile(r"<(?:faultstring|(?:\w+:)?Text)[^>]*>(.*?)</", re.DOTALL)
_ANSWER = re.compile(r"\s*(-?\d{1,9})\s*,(.*)", re.DOTALL)


class Login(NamedTuple):
    """门牌号, login password and 授权码, and the 通道编号 to send by."""

    account: str
    login_password: str
    auth_code: str
    channel: str

    @property
    def password(self) -> str:
        """The digest that requests carry."""
        return md5(f"{self.login_password}{self.auth_code}".encode()).hexdigest()


def fields_of(who: Login, message: Mapping[str, str]) -> dict[str, str]:
    """SendSms3's fields; ``message`` has mobile, content (【signature】 included) and smsid."""
    sent = {"sendType": ONCE, **message}
    return {
        "account": who.account, "password": who.password, "channel": who.channel, **sent,
    }  # fmt: skip


class ErbanClient:
    """Calls of the service. ``address`` is that of the .asmx or the .aspx file.

    Every method raises aiohttp.ClientError or TimeoutError when the connection fails, Fault when the
    method broke down, and BadAnswer when the answer is something else.
    """

    def __init__(self, http: aiohttp.ClientSession, address: str, *, timeout: float = 5.0) -> None:
        self._http = http
        self._address = address.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    async def send(self, who: Login, message: Mapping[str, str]) -> Answer:
        """Send; ``message`` has mobile, content (【signature】 included) and smsid."""
        return await self.submit(fields_of(who, message))

    async def submit(self, fields: Mapping[str, Any]) -> Answer:
        """Post fields, whatever they are, to where sends go."""
        texts = {name: plain(value) for name, value in fields.items()}
        if self._address.lower().endswith(FORM_PAGE):
            body = urlencode(texts, encoding="gb18030").encode()
            return _answer(*await self._call("POST", data=body, headers=_FORM))
        status, text = await self._call("POST", data=_envelope(texts), headers=_SOAP)
        if found := _RESULT.search(text):
            return _answer(status, unescape(found[1]))
        if found := _FAULT.search(text):
            raise Fault(status, text, unescape(found[1]).rpartition("---> ")[2])
        raise BadAnswer(status, text)

    async def help_page(self) -> str:
        """The page that a browser, or curl, gets of the address. Raises BadAnswer for no HTML."""
        status, text = await self._call("GET")
        if status != 200 or "<html" not in text.lower():
            raise BadAnswer(status, text)
        return text

    async def _call(self, method: str, **kwargs: Any) -> tuple[int, str]:
        async with self._http.request(
            method, self._address, timeout=self._timeout, **kwargs
        ) as response:
            return response.status, await response.text(errors="replace")


def _envelope(fields: Mapping[str, str]) -> bytes:
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        f'<SendSms3 xmlns="{NAMESPACE}">{inner}</SendSms3></soap:Body></soap:Envelope>'
    ).encode()


def _answer(status: int, text: str) -> Answer:
    found = _ANSWER.fullmatch(text)
    if found is None:
        raise BadAnswer(status, text)
    return Answer(int(found[1]), found[2].strip())
