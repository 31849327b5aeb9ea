"""What each fault does with a reply and a connection, without a socket."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from fakeproviders.faults.base import Fault
from fakeproviders.faults.engine import Draw
from fakeproviders.faults.registry import TRANSPORT, parse_do
from fakeproviders.http1 import head
from fakeproviders.model import RawReply
from tests.asyncs import run
from tests.faults.doubles import REPLY, Luck, RecordingWire

BODY = REPLY.body
XML = RawReply(
    200, (("Content-Type", "text/xml; charset=utf-8"),), '<?xml version="1.0"?><a>好</a>'.encode()
)
BODIES = st.binary(max_size=300)


def perform(do: object, reply: RawReply = REPLY, luck: Any = None) -> tuple[Any, RecordingWire]:
    wire = RecordingWire()
    return run(parse_do(do).deliver(wire, reply, luck or Luck())), wire


def whole(reply: RawReply = REPLY) -> bytes:
    return head(reply) + reply.body


@pytest.mark.parametrize(
    ("do", "intercepts"),
    [
        ("delay", False),
        ("hang", True),
        ("refuse", True),
        ("reset", True),
        ({"reset": {"after_bytes": 0}}, False),
        ({"reset": {"after_bytes": 10}}, False),
        ("empty", True),
        ("truncate", False),
        ("trickle", False),
        ("garbage", True),
        ("status", True),
        ("malformed", False),
        ("wrong_content_type", False),
        ("wrong_charset", False),
        ("reply_lost", False),
        ({"reply_lost": {"reset": True}}, False),
        ("reply", True),
        ("rate_limited", False),
        (["delay", "rate_limited"], False),
        (["delay", "empty"], True),
    ],
)
def test_who_keeps_the_request_from_being_handled(do: object, intercepts: bool) -> None:
    assert parse_do(do).intercepts is intercepts


@pytest.mark.parametrize("name", sorted(TRANSPORT))
def test_a_transport_failure_is_no_refusal(name: str) -> None:
    fault = parse_do(name)
    assert fault.reason is None
    assert fault.acts


def test_a_fault_without_a_hook_leaves_the_reply_alone() -> None:
    assert run(Fault().deliver(RecordingWire(), REPLY, Luck())) is REPLY


@pytest.mark.parametrize(
    ("do", "done"),
    [
        ("hang", ["hang"]),
        ("empty", ["close"]),
        ("reset", ["reset"]),
        ({"reset": {"after_bytes": 0}}, ["reset"]),
        ({"reset": {"after_bytes": 9}}, [b"HTTP/1.1 ", "drained", "reset"]),
        ("reply_lost", ["close"]),
        ({"reply_lost": {"reset": True}}, ["reset"]),
    ],
)
def test_who_ends_the_connection(do: object, done: list[object]) -> None:
    answer, wire = perform(do)
    assert answer is None
    assert wire.done == done


@given(BODIES, st.integers(0, 600))
def test_reset_after_so_many_bytes(body: bytes, number: int) -> None:
    reply = RawReply(200, REPLY.headers, body)
    _, wire = perform({"reset": {"after_bytes": number}}, reply)
    assert len(wire.written) == min(number, len(whole(reply)))
    assert wire.done[-1] == "reset"


@given(BODIES, st.floats(0, 1))
def test_truncate_promises_more_than_it_keeps(body: bytes, keep: float) -> None:
    answer, wire = perform({"truncate": {"keep": keep}}, RawReply(200, (), body))
    _truncated(wire, body[: int(len(body) * keep)])
    assert answer is None


@given(BODIES, st.integers(0, 400))
def test_truncate_to_so_many_bytes(body: bytes, number: int) -> None:
    _, wire = perform({"truncate": {"bytes": number}}, RawReply(200, (), body))
    _truncated(wire, body[:number])


def _truncated(wire: RecordingWire, kept: bytes) -> None:
    top, _, body = wire.written.partition(b"\r\n\r\n")
    (promise,) = [line for line in top.split(b"\r\n") if line.startswith(b"Content-Length: ")]
    assert body == kept
    assert int(promise.split()[1]) > len(kept)
    assert wire.done[-1] == "close"


@given(BODIES, st.integers(1, 100))
def test_trickle_is_the_whole_reply_in_pieces(body: bytes, size: int) -> None:
    reply = RawReply(200, REPLY.headers, body)
    answer, wire = perform({"trickle": {"bytes": size, "ms": 40}}, reply)
    pieces = [data for data in wire.done if isinstance(data, bytes)]
    assert answer is None
    assert _undated(wire.written) == _undated(whole(reply))
    assert {len(piece) for piece in pieces[:-1]} <= {size}
    assert 1 <= len(pieces[-1]) <= size
    assert wire.done[1::2] == [0.04] * (len(pieces) - 1) + ["close"]


def _undated(data: bytes) -> list[bytes]:
    return [line for line in data.split(b"\r\n") if not line.startswith(b"Date: ")]


@given(st.integers(1, 2000), st.integers(0, 50), st.text(max_size=5))
def test_garbage_is_no_http_and_repeats(size: int, nth: int, key: str) -> None:
    fault = parse_do({"garbage": {"bytes": size}})
    answer, wire = perform({"garbage": {"bytes": size}}, luck=Draw(fault, "f1", nth, key))
    _, again = perform({"garbage": {"bytes": size}}, luck=Draw(fault, "f1", nth, key))
    assert answer is None
    assert len(wire.written) == size
    assert wire.written[0] >= 0x80
    assert wire.done == again.done
    assert wire.done[-1] == "close"


def test_garbage_of_another_draw_differs() -> None:
    fault = parse_do("garbage")
    drawn = {
        perform("garbage", luck=Draw(fault, rule, nth, key))[1].written
        for rule in ("f1", "f2")
        for nth in (0, 1)
        for key in ("7|a", "8|a")
    }
    assert len(drawn) == 8


@pytest.mark.parametrize("server", ["nginx", "iis", "php"])
@pytest.mark.parametrize("status", [400, 404, 500, 502, 503, 599])
def test_status_is_a_servers_page(server: str, status: int) -> None:
    answer, wire = perform({"status": {"status": status, "server": server}})
    assert answer.status == status
    assert wire.done == []
    headers = dict(answer.headers)
    assert headers["Content-Type"].startswith("text/html")
    marks = {"nginx": b"<center>nginx</center>", "iis": b"<hr><p>HTTP Error", "php": b"Fatal error"}
    assert marks[server] in answer.body


def test_status_without_a_server_is_the_providers_own_page() -> None:
    answer, _ = perform({"status": {"status": 502}})
    assert (answer.status, answer.body) == (502, b"the provider's own")


def test_malformed_does_not_parse() -> None:
    answer, _ = perform("malformed")
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.body.decode("utf-8", "replace"))
    assert (answer.status, answer.headers) == (REPLY.status, REPLY.headers)
    broken, _ = perform("malformed", XML)
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(broken.body)


def test_wrong_content_type_changes_nothing_else() -> None:
    answer, _ = perform("wrong_content_type")
    assert answer.body == BODY
    assert answer.headers == (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Server", "nginx"),
    )


@pytest.mark.parametrize("charset", ["gbk", "big5", "utf-16", "latin-1", "ascii"])
def test_wrong_charset_changes_the_body_alone(charset: str) -> None:
    answer, _ = perform({"wrong_charset": {"charset": charset}})
    assert answer.headers == REPLY.headers
    assert answer.body != BODY
    expected = BODY.decode().encode(charset, "replace")
    assert answer.body == expected


def test_a_raw_reply() -> None:
    answer, wire = perform(
        {"reply": {"status": 201, "headers": {"X-A": "1", "x-b": "二"}, "body": "好"}}
    )
    assert answer == RawReply(201, (("X-A", "1"), ("x-b", "二")), "好".encode())
    assert wire.done == []
    assert perform("reply")[0] == RawReply(200, (), b"")


def test_the_parts_of_a_list_act_on_each_others_work() -> None:
    answer, wire = perform([{"delay": {"ms": 40}}, {"reply": {"body": "12"}}, "malformed"])
    assert answer.body == b"1"
    assert wire.done == [0.04]


def test_nothing_acts_after_the_connection_is_over() -> None:
    answer, wire = perform(["reset", {"delay": {"ms": 40}}, "empty"])
    assert answer is None
    assert wire.done == ["reset"]
