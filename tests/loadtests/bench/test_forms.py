"""The benchmarks of forms and JSON compare like with like."""

import pytest
from multidict import CIMultiDict

from fakeproviders.model import Accepted, RawRequest, Sent
from fakeproviders.providers.base import Provider
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.official import OFFICIAL
from loadtests.bench import erban_form, official_send
from loadtests.bench.bare import YARDSTICKS, Yardstick

SESSION = {
    "url": "http://127.0.0.1:9401",
    "sign_key": "demo-sign",
    "signature": "【演示签名】",
    "template_id": "1001",
}
ACCOUNT = {
    "url": "http://127.0.0.1:9403",
    "account": "80000001",
    "password": "0" * 32,
    "signature": "【演示签名】",
    "channel": "8000000101",
}
LOADS: list[tuple[Provider, str, list[bytes]]] = [
    (OFFICIAL, "json", official_send.sends(SESSION, "default.o.1", 20)),
    (OFFICIAL, "form", official_send.sends(SESSION, "default.o.1", 20, format_="form")),
    (ERBAN, "page", erban_form.sends(ACCOUNT, 20)),
]
EACH = pytest.mark.parametrize(
    ("provider", "format_", "load"), LOADS, ids=[format_ for _, format_, _ in LOADS]
)


def parsed(request: bytes) -> RawRequest:
    """A request of the load, as the transport would give it."""
    head, _, body = request.partition(b"\r\n\r\n")
    start, *lines = head.decode().split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    headers = CIMultiDict((name, value) for name, _, value in pairs)
    return RawRequest("POST", start.split()[1], "", headers, body=body)


@EACH
def test_the_yardstick_answers_what_the_provider_does(
    provider: Provider, format_: str, load: list[bytes]
) -> None:
    call = provider.decode(parsed(load[0]))
    outcome = Accepted(Sent(("588639000000000",), 1, 1))
    reply = provider.encode(call, outcome, provider.default_settings())
    yardstick: Yardstick = YARDSTICKS[format_]
    assert (reply.body, dict(reply.headers)) == (yardstick.reply, yardstick.headers)
    yardstick.parse(parsed(load[0]).body)


@EACH
def test_requests_are_distinct_and_whole(
    provider: Provider, format_: str, load: list[bytes]
) -> None:
    calls = [provider.decode(parsed(request)) for request in load]
    assert len({call.mobile for call in calls}) == len(load)
    assert {(call.operation, call.missing, call.unreadable) for call in calls} == {
        ("send", "", None)
    }
    assert format_ == "page" or {tuple(call.params or ()) for call in calls} == {
        ("code", "minutes")
    }
