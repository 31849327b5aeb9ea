"""What a client sees that shows the reply as it is: curl, and the recorded ones."""

import re
from xml.sax.saxutils import unescape

_RESULT = re.compile(r"<(?:SendSms3Result|ns1:out|string xmlns=\"[^\"]*\")>([^<]*)</")
_FAULT11 = re.compile(r"<faultcode>([^<]*)</faultcode><faultstring>([^<]*)</faultstring>")
_FAULT12 = re.compile(r"<soap:Value>([^<]*)</soap:Value>.*?<soap:Text[^>]*>([^<]*)</soap:Text>")


def shown(status: int, content_type: str, body: bytes) -> str:
    """A reply in a line: what the method returned, or what came instead."""
    text = body.decode()
    fault = _FAULT11.search(text) or _FAULT12.search(text)
    if fault:
        return f"HTTP {status}, {fault[1]}: {unescape(fault[2])}"
    if content_type.startswith("text/html"):
        return f"HTTP {status}, an HTML page"
    result = _RESULT.search(text)
    said = unescape(result[1]) if result else text
    return said if status == 200 else f"HTTP {status}: {said}"
