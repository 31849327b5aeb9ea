"""What the network and the server process do, seen on a bare socket.

A fault in place of the reply keeps the send from being handled: nothing is sent or charged. A fault
that spoils a real reply does not: the message is in the inbox, and paid for. The journal says which.
"""

import json
import socket
from typing import Any

import pytest
from lxml import etree

from fakeproviders.model import Accepted
from tests.e2e import clients
from tests.e2e.raw import (
    EOF,
    PROVIDERS,
    RESET,
    Seen,
    base,
    plain,
    raw_send,
    read,
    send_bytes,
)
from tests.e2e.running import RunningServer
from tests.e2e.sockets import connect, request
from tests.e2e.world import World

SPOILING: list[object] = [
    {"delay": {"ms": 1}},
    {"reset": {"after_bytes": 0}},
    {"reset": {"after_bytes": 40}},
    "truncate",
    {"trickle": {"bytes": 64, "ms": 1}},
    "malformed",
    "wrong_content_type",
    "wrong_charset",
    "reply_lost",
    {"reply_lost": {"reset": True}},
    [{"delay": {"ms": 1}}, "malformed"],
    [{"wrong_charset": {"charset": "utf-16"}}, {"truncate": {"bytes": 3}}],
]
REPLACING: list[object] = [
    "reset",
    "empty",
    "garbage",
    "status",
    {"status": {"status": 404, "server": "iis"}},
    "reply",
    [{"delay": {"ms": 1}}, "empty"],
    [{"reply": {"body": "x"}}, "truncate"],
    ["malformed", "reset"],
]
WRITTEN = {"reply", "status", "wrong_content_type", "wrong_charset", "malformed", "delay"}
"""Those that leave a reply to be written in one piece."""

on_each_provider = pytest.mark.parametrize("provider", PROVIDERS)


def prepare(world: World, provider: str, do: object, **rule: object) -> dict[str, object]:
    """A fault for the next send; what everything stands at before it."""
    if provider == "official":
        clients.token_of(world)
    world.fault(provider, do, operation="send", times=1, **rule)
    return world.charges()


def the_line(world: World) -> dict[str, Any]:
    """What the journal says of the request that met with the fault."""
    (line,) = world.requests(outcome="fault")
    return line


def was_charged(world: World, provider: str, before: dict[str, Any]) -> bool:
    """Whether all accounts of a send were charged and its message is there; else none was."""
    after = world.charges()
    if after == before:
        return False
    paying = {"reseller", "upstream"} if provider == "reseller" else {provider}
    assert {role for role in before if role in paying and after[role] == before[role] - 1} == paying
    assert len(world.messages()) == len(before["messages"]) + 1
    (message,) = [m for m in world.messages() if m["id"] not in before["messages"]]
    assert (message["provider"], message["mobile"]) == (provider, clients.MOBILE)
    return True


def names(do: object) -> list[str]:
    if isinstance(do, list):
        return [name for part in do for name in names(part)]
    return list(do) if isinstance(do, dict) else [str(do)]


# --- charged or not, and the journal ----------------------------------------------------------------


@on_each_provider
@pytest.mark.parametrize("do", SPOILING, ids=json.dumps)
def test_a_spoilt_reply_was_sent_and_charged(world: World, provider: str, do: object) -> None:
    before = prepare(world, provider, do)
    seen = raw_send(world, provider)
    assert was_charged(world, provider, before)
    line = the_line(world)
    assert line["fault"] == {"id": "f1", "do": " + ".join(names(do)), "nth": 1}
    assert (line["decided"], line["reason"]) == ("accepted", None)
    written = set(names(do)) <= WRITTEN
    assert line["status"] == (200 if written else None)
    assert (seen.ending, seen.data[:8] == b"HTTP/1.1") == _expected(do)
    trace = world.request(line["id"])["trace"]
    assert trace[0]["en"] == f"fault rule f1, match 1: {' + '.join(names(do))}"
    assert ("balance_suffices", True) in [(step["rule"], step["passed"]) for step in trace]


@on_each_provider
@pytest.mark.parametrize("do", REPLACING, ids=json.dumps)
def test_a_replaced_reply_was_not(world: World, provider: str, do: object) -> None:
    before = prepare(world, provider, do)
    raw_send(world, provider)
    assert not was_charged(world, provider, before)
    line = the_line(world)
    assert line["fault"] == {"id": "f1", "do": " + ".join(names(do)), "nth": 1}
    assert (line["decided"], line["reason"]) == (None, None)
    assert [step["rule"] for step in world.request(line["id"])["trace"]] == ["fault"]
    clients.send_well(world, provider)
    assert was_charged(world, provider, before)


def _expected(do: object) -> tuple[str, bool]:
    """How it ends, and whether it begins as HTTP does."""
    if do in ({"reset": {"after_bytes": 0}}, {"reply_lost": {"reset": True}}):
        return RESET, False
    if do == "reply_lost":
        return EOF, False
    return (RESET if "reset" in names(do) else EOF), True


# --- one by one -------------------------------------------------------------------------------------


@on_each_provider
@pytest.mark.parametrize("do", ["empty", "reply_lost"])
def test_a_clean_end_without_a_byte(world: World, provider: str, do: str) -> None:
    prepare(world, provider, do)
    assert raw_send(world, provider) == Seen(b"", EOF, ())


@on_each_provider
@pytest.mark.parametrize("do", ["reset", {"reply_lost": {"reset": True}}])
def test_a_real_rst_without_a_byte(world: World, provider: str, do: object) -> None:
    prepare(world, provider, do)
    with connect(base(world, provider)) as sock:
        sock.sendall(send_bytes(world, provider))
        with pytest.raises(ConnectionResetError):
            sock.recv(1)


@on_each_provider
@pytest.mark.parametrize("number", [1, 17, 150, 1 << 20])
def test_a_real_rst_after_so_many_bytes(world: World, provider: str, number: int) -> None:
    untouched = raw_send(world, provider)
    prepare(world, provider, {"reset": {"after_bytes": number}})
    seen = raw_send(world, provider)
    assert seen.ending == RESET
    assert len(seen.data) == min(number, len(untouched.data))
    assert seen.data[:150].startswith(untouched.data[:number][:17])


@on_each_provider
@pytest.mark.parametrize(
    ("settings", "kept"),
    [({}, 0.5), ({"keep": 0.25}, 0.25), ({"keep": 0}, 0), ({"keep": 1}, 1), ({"bytes": 7}, 7)],
)
def test_a_length_that_is_more_than_comes(
    world: World, provider: str, settings: dict[str, float], kept: float
) -> None:
    untouched = raw_send(world, provider)
    prepare(world, provider, {"truncate": settings})
    seen = raw_send(world, provider)
    whole = len(untouched.body)
    part = int(kept) if "bytes" in settings else int(whole * kept)
    assert (len(seen.body), seen.ending) == (part, EOF)
    assert int(seen.header("Content-Length")) == max(whole, part + 1) > part
    assert plain(untouched.body).startswith(plain(seen.body)[:20])
    assert seen.head.splitlines()[0] == untouched.head.splitlines()[0] == "HTTP/1.1 200 OK"


@on_each_provider
def test_pieces_that_make_the_untouched_reply(world: World, provider: str) -> None:
    """Joined where this host is slow; but no piece is split, and not all are one."""
    untouched = raw_send(world, provider)
    prepare(world, provider, {"trickle": {"bytes": 32, "ms": 25}})
    seen = raw_send(world, provider)
    assert plain(seen.data) == plain(untouched.data)
    assert seen.ending == EOF
    assert len(seen.pieces) > 2
    assert all(size % 32 == 0 for size in seen.pieces[:-1])


@on_each_provider
@pytest.mark.parametrize("size", [1, 64, 100_000])
def test_bytes_that_are_no_http(world: World, provider: str, size: int) -> None:
    prepare(world, provider, {"garbage": {"bytes": size}})
    seen = raw_send(world, provider)
    assert (len(seen.data), seen.ending) == (size, EOF)
    assert seen.data[0] >= 0x80


def test_garbage_is_the_same_under_the_same_seed(server: RunningServer) -> None:
    def of(seed: int, name: str) -> bytes:
        world = World.create(server, seed=seed, name=name)
        world.fault("erban", "garbage", times=1)
        try:
            return raw_send(world, "erban").data
        finally:
            world.delete()

    assert of(7, "a") == of(7, "a")
    assert len({of(7, "a"), of(8, "a"), of(7, "b")}) == 3


@on_each_provider
@pytest.mark.parametrize("status", [404, 500, 503])
@pytest.mark.parametrize(
    ("server_name", "mark", "names_itself"),
    [
        ("nginx", b"<hr><center>nginx</center>", "nginx"),
        ("iis", b"<hr><p>HTTP Error", "Microsoft-HTTPAPI/2.0"),
        ("php", b"<b>Fatal error</b>:", "nginx"),
    ],
)
def test_the_page_of_a_web_server(
    world: World, provider: str, server_name: str, mark: bytes, names_itself: str, status: int
) -> None:
    prepare(world, provider, {"status": {"status": status, "server": server_name}})
    seen = raw_send(world, provider)
    assert (seen.status, seen.ending) == (status, EOF)
    assert mark in seen.body
    assert seen.header("Server") == names_itself
    assert seen.header("Content-Type").startswith("text/html")
    assert int(seen.header("Content-Length")) == len(seen.body)
    assert the_line(world)["status"] == status


@on_each_provider
def test_a_page_is_by_itself_that_of_the_providers_own_server(world: World, provider: str) -> None:
    prepare(world, provider, "status")
    seen = raw_send(world, provider)
    assert seen.status == 503
    named = seen.header("Server")
    assert named.startswith("Microsoft") if provider == "erban" else named == "nginx"


@on_each_provider
def test_a_body_that_does_not_parse_in_http_that_does(world: World, provider: str) -> None:
    prepare(world, provider, "malformed")
    reply = clients.SENDS[provider](world)
    assert reply.status == 200
    assert int(reply.headers["Content-Length"]) == len(reply.body) > 0
    if provider == "erban":
        with pytest.raises(etree.XMLSyntaxError):
            etree.fromstring(reply.body)
    else:
        with pytest.raises(json.JSONDecodeError):
            reply.json()


@on_each_provider
def test_the_right_body_under_another_type(world: World, provider: str) -> None:
    untouched = raw_send(world, provider)
    prepare(world, provider, {"wrong_content_type": {"content_type": "text/plain"}})
    seen = raw_send(world, provider)
    assert seen.header("Content-Type") == "text/plain" != untouched.header("Content-Type")
    assert plain(seen.body) == plain(untouched.body)


@on_each_provider
@pytest.mark.parametrize("charset", ["gbk", "utf-16", "big5"])
def test_a_body_in_another_charset_than_its_header_says(
    world: World, provider: str, charset: str
) -> None:
    """A refusal has a Chinese text on every wire, so that GBK is not ASCII."""
    do = ["signature_not_found", {"wrong_charset": {"charset": charset}}]
    prepare(world, provider, do)
    seen = raw_send(world, provider)
    assert "utf-8" in seen.header("Content-Type")
    with pytest.raises(UnicodeDecodeError):
        seen.body.decode()
    expected = (
        "未找到" if charset != "big5" else "未找到".encode(charset, "replace").decode(charset)
    )
    assert expected in seen.body.decode(charset)
    line = the_line(world)
    assert (line["decided"], line["reason"]) == ("refused", "signature_not_found")
    assert world.messages() == []


@on_each_provider
@pytest.mark.parametrize("settings", [{}, {"reset": True}])
def test_a_lost_reply_makes_an_integration_send_twice(
    world: World, provider: str, settings: dict[str, bool]
) -> None:
    before = prepare(world, provider, {"reply_lost": settings})
    seen = raw_send(world, provider)
    assert seen == Seen(b"", RESET if settings else EOF, ())
    assert was_charged(world, provider, before)
    charged_once = world.charges()
    clients.send_well(world, provider)
    assert was_charged(world, provider, charged_once)
    first, second = world.messages()
    assert (first["content"], first["mobile"]) == (second["content"], second["mobile"])


def test_a_lost_reply_is_accepted_in_the_journal_with_the_reply_that_was_meant(
    world: World, server: RunningServer
) -> None:
    prepare(world, "erban", "reply_lost")
    raw_send(world, "erban")
    session = server.harness.sessions.get(world.id)
    assert session is not None
    _, entry = session.journal.newest_first()[0]
    assert isinstance(entry.outcome, Accepted)
    assert entry.reply is not None
    assert "短信发送成功".encode() in entry.reply.body
    assert entry.written is None
    assert world.request("r0")["reply"] is None


# --- waiting ----------------------------------------------------------------------------------------


@on_each_provider
def test_a_delayed_reply_is_the_untouched_one(world: World, provider: str) -> None:
    untouched = raw_send(world, provider)
    prepare(world, provider, {"delay": {"ms": 60}})
    assert plain(raw_send(world, provider).data) == plain(untouched.data)
    assert the_line(world)["took_ms"] >= 50


@pytest.mark.parametrize(
    "settings",
    [
        {"ms": 2, "jitter_ms": 1},
        {"ms": 2, "jitter_ms": 1, "distribution": "uniform"},
        {"ms": 2, "jitter_ms": 1, "distribution": "normal"},
        {"ms": 2, "distribution": "lognormal", "cap_ms": 20},
        {"ms": 0, "to_ms": 2, "distribution": "ramp", "over_seconds": 1},
    ],
)
def test_every_distribution_lets_the_reply_go_in_the_end(
    world: World, settings: dict[str, Any]
) -> None:
    world.fault("erban", {"delay": settings})
    for _ in range(3):
        clients.send_well(world, "erban")
    assert [line["outcome"] for line in world.requests()] == ["fault"] * 3


@on_each_provider
def test_a_delay_on_the_sessions_clock_waits_for_it_alone(world: World, provider: str) -> None:
    """The first caller waits an hour of the session; the second is answered meanwhile."""
    if provider == "official":
        clients.token_of(world)
    world.freeze("2026-03-10T12:00:00+08:00")
    world.kept.clear()
    before = prepare(world, provider, {"delay": {"ms": 3_600_000, "clock": "session"}})
    with connect(base(world, provider)) as sock:
        sock.sendall(send_bytes(world, provider))
        assert the_first_fault(world)["took_ms"] is None
        assert was_charged(world, provider, before)
        clients.send_well(world, provider)
        world.advance(3599)
        assert silent(sock)
        world.advance(1)
        seen = read(sock)
    assert (seen.status, seen.ending) == (200, EOF)


@pytest.mark.parametrize("end", ["reset", "delete"])
def test_whoever_waits_for_a_clock_that_is_no_more_is_answered(
    server: RunningServer, end: str
) -> None:
    world = World.create(server)
    world.freeze("2026-03-10T12:00:00+08:00")
    world.fault("erban", {"delay": {"ms": 3_600_000, "clock": "session"}}, operation="send")
    with connect(base(world, "erban")) as sock:
        sock.sendall(send_bytes(world, "erban"))
        the_first_fault(world)
        if end == "reset":
            world.control.post(f"{world.path}/reset")
        else:
            world.delete()
        assert read(sock).status == 200
    if end == "reset":
        world.delete()


@on_each_provider
def test_a_request_that_hangs_is_read_and_never_answered(world: World, provider: str) -> None:
    before = prepare(world, provider, "hang")
    with connect(base(world, provider)) as sock:
        sock.sendall(send_bytes(world, provider))
        line = the_first_fault(world)
        assert (line["fault"]["do"], line["decided"], line["status"]) == ("hang", None, None)
        assert silent(sock)
    assert not was_charged(world, provider, before)
    clients.send_well(world, provider)


def the_first_fault(world: World) -> dict[str, Any]:
    """The journal's line of a request that may still be on its way."""
    found = world.requests(outcome="fault", cursor=0, wait=10)
    return found[0]


def silent(sock: socket.socket) -> bool:
    """Whether the connection is open and nothing comes."""
    sock.settimeout(0.15)
    try:
        sock.recv(1)
    except TimeoutError:
        return True
    finally:
        sock.settimeout(15)
    return False


def test_a_server_that_stops_waits_for_no_one() -> None:
    with RunningServer() as server:
        world = World.create(server)
        world.fault("erban", "hang", times=1)
        world.fault("erban", {"delay": {"ms": 3_600_000}}, times=1)
        hanging, delayed = (connect(base(world, "erban")) for _ in range(2))
        for number, sock in enumerate((hanging, delayed), 1):
            sock.sendall(send_bytes(world, "erban"))
            assert len(world.requests(cursor=number - 1, wait=10)) == 1
    with hanging, delayed:
        assert read(hanging) == Seen(b"", EOF, ())
        assert read(delayed).status == 200
    assert not server.complaints.take()


# --- together, and beside each other ----------------------------------------------------------------


@on_each_provider
def test_a_refusal_that_comes_late(world: World, provider: str) -> None:
    before = prepare(world, provider, [{"delay": {"ms": 20}}, "rate_limited"])
    answered = clients.verdict(provider, clients.SENDS[provider](world))
    assert answered.text == "请求过于频繁, 请稍后再试"
    assert not was_charged(world, provider, before)
    line = the_line(world)
    assert line["fault"]["do"] == "delay + rate_limited"
    assert (line["decided"], line["reason"]) == ("refused", "rate_limited")
    assert line["took_ms"] >= 15


@on_each_provider
def test_a_reply_written_out(world: World, provider: str) -> None:
    do = {"reply": {"status": 418, "headers": {"X-One": "1", "Server": "teapot"}, "body": "茶"}}
    before = prepare(world, provider, do)
    seen = raw_send(world, provider)
    assert (seen.status, seen.body.decode(), seen.ending) == (418, "茶", EOF)
    assert (seen.header("X-One"), seen.header("Server")) == ("1", "teapot")
    assert int(seen.header("Content-Length")) == 3
    assert not was_charged(world, provider, before)
    whole = world.request(the_line(world)["id"])
    assert whole["reply"]["body"] == "茶"


def test_a_written_reply_that_is_cut(world: World) -> None:
    do = [{"reply": {"body": "x" * 300_000}}, {"reset": {"after_bytes": 200_000}}]
    prepare(world, "erban", do)
    seen = raw_send(world, "erban")
    assert (len(seen.data), seen.ending) == (200_000, RESET)


def test_documents_do_not_use_up_a_fault(world: World) -> None:
    world.fault("erban", "reset", times=1)
    for query in ("", "?wsdl", "?op=SendSms3"):
        assert request("GET", f"{world.erban['url']}{clients.ASMX}{query}").status == 200
    assert raw_send(world, "erban") == Seen(b"", RESET, ())


def test_a_connection_that_is_kept_is_cut_at_the_request_that_meets_the_fault(
    world: World,
) -> None:
    world.fault("erban", "reset", after=2)
    data = send_bytes(world, "erban", connection="keep-alive")
    with connect(base(world, "erban")) as sock:
        for _ in range(2):
            sock.sendall(data)
            got = b""
            while b"</soap:Envelope>" not in got:
                got += sock.recv(65536)
        sock.sendall(data)
        assert read(sock) == Seen(b"", RESET, ())
    assert len(world.messages()) == 2


@on_each_provider
@pytest.mark.fakeproviders(allow_unfired=True)
def test_other_sessions_and_providers_notice_nothing(
    world: World, server: RunningServer, provider: str
) -> None:
    other = World.create(server)
    world.fault(provider, "reset")
    for each in PROVIDERS:
        clients.send_well(other, each)
        if each != provider:
            clients.send_well(world, each)
    other.delete()
