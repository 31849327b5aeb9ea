"""The benchmarks of doors: none is left out, each really sends, and each is compared with its like."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest
from multidict import CIMultiDict

from fakeproviders.core import PROVIDERS
from fakeproviders.model import SEND, Accepted, RawRequest, Sent
from fakeproviders.providers.base import Provider
from fakeproviders.providers.erban import ERBAN, skeleton
from fakeproviders.providers.erban.wire import DOORS as ERBANS
from fakeproviders.providers.panel import Panel
from loadtests.bench import erban_send, official_send, servers
from loadtests.bench.client import drive
from loadtests.bench.door import Account, Door, measure
from loadtests.bench.lines import LINES
from loadtests.bench.yardsticks import YARDSTICKS
from tests.asyncs import run

DOORS = {line.door: line.what for line in reversed(LINES) if line.door is not None}
CODECS: dict[str, Provider] = {provider.name: provider for provider in PROVIDERS}
EACH = pytest.mark.parametrize("door", DOORS, ids=DOORS.values())
BODIES = [each.type for each in official_send.WRITTEN.values()]
CHANGES = re.compile(rb'Date: [^\r]+|"message_id":"\d+"')


def described(door: Door) -> Account:
    """The demo account, without a server."""
    codec = CODECS[door.provider]
    account = codec.describe(codec.default_settings(), "http://127.0.0.1:9401")
    return {"token": "default.o.1"} | {name: str(value) for name, value in account.items()}


def parsed(request: bytes) -> RawRequest:
    """A request of the load, as the transport would give it."""
    head, _, body = request.partition(b"\r\n\r\n")
    start, *lines = head.decode().split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    headers = CIMultiDict((name, value) for name, _, value in pairs)
    method, target, _ = start.split()
    path, _, query = target.partition("?")
    return RawRequest(method, path, query, headers, body=body)


def named(door: Door) -> tuple[str, str, str]:
    """A door by its provider, its name there or its path, and where there is a choice, its body's type."""
    raw = parsed(door.write(described(door), 0))
    if door.provider == ERBAN.name:
        return door.provider, ERBAN.decode(raw).door, ""
    return door.provider, raw.path, raw.headers["Content-Type"]


def that_send(provider: Provider) -> Iterator[tuple[str, str, str]]:
    """Likewise, all that a provider has."""
    if isinstance(provider, Panel):
        paths = (path for path, route in provider.routes.items() if route.operation == SEND)
        yield from ((provider.name, path, body) for path in paths for body in BODIES)
    else:
        assert provider is ERBAN, "its doors are to be listed here"
        yield from ((ERBAN.name, door, "") for door in ERBANS)


def test_every_door_that_sends_has_a_line() -> None:
    doors = {each for provider in PROVIDERS for each in that_send(provider)}
    assert {named(door) for door in DOORS} == doors


@EACH
def test_the_yardstick_answers_what_the_provider_does(door: Door) -> None:
    codec, raw = CODECS[door.provider], parsed(door.write(described(door), 0))
    outcome = Accepted(Sent(("588639000000000",), 1, 1))
    reply = codec.encode(codec.decode(raw), outcome, codec.default_settings())
    yardstick = YARDSTICKS[door.yardstick]
    assert (reply.body, dict(reply.headers)) == (yardstick.reply, yardstick.headers)
    assert door.mark in reply.body
    yardstick.parse(raw.body or raw.query.encode())


@EACH
def test_requests_are_distinct_and_whole(door: Door) -> None:
    codec = CODECS[door.provider]
    calls = [codec.decode(parsed(request)) for request in door.sends(described(door), 20)]
    assert len({call.mobile for call in calls}) == len(calls)
    assert {(call.operation, call.missing, call.unreadable) for call in calls} == {(SEND, "", None)}


@pytest.mark.parametrize("door", [erban_send.SOAP11, erban_send.SOAP12], ids=["1.1", "1.2"])
def test_soap_goes_the_short_way(door: Door) -> None:
    for request in door.sends(described(door), 50):
        raw = parsed(request)
        assert skeleton.read(raw.headers["Content-Type"], raw.headers.get("SOAPAction"), raw.body)


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, Any]]:
    """Of one server for all doors."""
    with servers.fakeproviders(core=None) as ours:
        yield servers.addresses(ours)


async def answer_of(port: int, request: bytes) -> list[bytes]:
    """Lines of an answer in any order, without what is another each time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
    answer = await reader.read()
    writer.close()
    return sorted(CHANGES.sub(b"", answer).split(b"\r\n"))


@EACH
def test_it_really_sends_and_bare_answers_the_same_bytes(
    door: Door, addresses: dict[str, Any]
) -> None:
    async def scenario(yard: int) -> None:
        account = await door.enter(addresses)
        first, *more = door.sends(account, 20)
        ours = int(account["url"].rpartition(":")[2])
        assert await answer_of(ours, first) == await answer_of(yard, first)
        for port in (ours, yard):
            answers = await drive(port, more, mark=door.mark)
            assert answers.good == len(more)

    with servers.bare(door.yardstick) as bare:
        run(scenario(int(bare.ready)))


def test_a_run_has_times_of_both() -> None:
    found = run(measure(erban_send.GET, 20))
    assert set(found) == {"bare_us", "bare_p99_ms", "full_us", "full_p99_ms", "ratio"}
    assert all(value > 0 for value in found.values())
