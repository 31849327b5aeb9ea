"""The SOAP benchmark compares like with like."""

from multidict import CIMultiDict

from fakeproviders.model import Accepted, RawRequest, Sent
from fakeproviders.providers.erban import ERBAN, skeleton, soap
from loadtests.bench.bare import YARDSTICKS
from loadtests.bench.soap_send import sends

ACCOUNT = {
    "url": "http://127.0.0.1:9403",
    "account": "80000001",
    "password": "0" * 32,
    "signature": "【演示签名】",
    "channel": "8000000101",
}


def parsed(request: bytes) -> RawRequest:
    head, _, body = request.partition(b"\r\n\r\n")
    lines = (line.partition(": ") for line in head.decode().split("\r\n")[1:])
    headers = CIMultiDict((name, value) for name, _, value in lines)
    return RawRequest("POST", "", "", headers, body=body)


def test_the_yardstick_answers_what_the_service_does() -> None:
    (request,) = sends(ACCOUNT, 1)
    call = soap.decode(parsed(request))
    reply = ERBAN.encode(call, Accepted(Sent(("1",), 1, 1)), ERBAN.default_settings())
    yardstick = YARDSTICKS["soap"]
    assert (reply.body, dict(reply.headers)) == (yardstick.reply, yardstick.headers)


def test_requests_are_distinct_and_go_the_short_way() -> None:
    requests = [parsed(request) for request in sends(ACCOUNT, 50)]
    assert len({request.body for request in requests}) == 50
    for request in requests:
        headers = request.headers
        assert skeleton.read(headers["Content-Type"], headers["SOAPAction"], request.body)
