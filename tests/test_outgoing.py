"""What we send by ourselves: to allowed addresses alone, as the journal shows it, and never for ever."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.model import RawRequest
from fakeproviders.outgoing import (
    LOOPBACK,
    MAX_REPLY,
    AllowedAddresses,
    Answer,
    NotAllowed,
    Outgoing,
    client_session,
    look_up,
    outgoing_request,
)
from fakeproviders.providers.base import Callback
from tests.asyncs import asynchronous
from tests.receiver import Receiver

CALLBACK = Callback("application/json; charset=utf-8", b'{"status":"delivered"}')
NAME = "hooks.example"


async def post(url: str, allowed: AllowedAddresses = LOOPBACK, timeout: float = 5.0) -> Answer:
    async with client_session() as http:
        outgoing = Outgoing(http, allowed, timeout=timeout)
        return await outgoing.post(url, outgoing_request(url, CALLBACK))


def resolving(*addresses: str) -> tuple[Callable[[str], Awaitable[tuple[str, ...]]], list[str]]:
    """A resolver that always gives these addresses, and the names that it was asked for."""
    asked: list[str] = []

    async def resolve(name: str) -> tuple[str, ...]:
        asked.append(name)
        return addresses

    return resolve, asked


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://127.0.0.1:8080/a?b=c", "http://127.9.9.9:1/", "http://localhost:5000/x",
     "http://LOCALHOST/", "https://localhost/", "http://[::1]:80/", "HTTP://127.0.0.1/"],
)  # fmt: skip
def test_loopback_is_allowed(url: str) -> None:
    assert LOOPBACK.check(url)


@pytest.mark.parametrize(
    "url",
    ["", "127.0.0.1", "/receipts", "ftp://127.0.0.1/", "file:///etc/passwd", "http:///x",
     "http://u:p@127.0.0.1/", "http://u@127.0.0.1/", "http://127.0.0.1:0/", "http://127.0.0.1:65536/",
     "http://127.0.0.1:http/", "http://127.0.0.1/a b", "http://127.0.0.1/\n", "http://[::1/",
     "http://192.0.2.1/", "http://0.0.0.0/", "http://[::]/", "http://10.0.0.1/", "http://localhost./",
     "http://localhost.example/", "http://127.1/", "http://2130706433/", "http://0x7f.1/",
     "http://evil.example#@127.0.0.1/", "http://evil.example\\@127.0.0.1/", "http://169.254.169.254/"],
)  # fmt: skip
def test_all_else_is_not(url: str) -> None:
    with pytest.raises(NotAllowed, match=r"."):
        LOOPBACK.check(url)


@pytest.mark.parametrize(
    ("entry", "good", "bad"),
    [
        ("hooks.example", ["http://hooks.example/", "https://HOOKS.example:99/"], "http://x.hooks.example/"),
        ("hooks.example:8080", ["http://hooks.example:8080/"], "http://hooks.example/"),
        ("10.0.0.5:80", ["http://10.0.0.5/"], "https://10.0.0.5/"),
        ("2001:db8::1", ["http://[2001:db8::1]:7/"], "http://[2001:db8::2]/"),
        ("[2001:db8::1]:80", ["http://[2001:DB8:0::1]/"], "http://[2001:db8::1]:81/"),
        ("例子.cn", ["http://xn--fsqu00a.cn/", "http://例子.cn/"], "http://cn/"),
    ],
)  # fmt: skip
def test_the_operator_allows_more(entry: str, good: list[str], bad: str) -> None:
    allowed = AllowedAddresses([entry])
    for url in [*good, "http://127.0.0.1/"]:
        assert allowed.check(url)
    with pytest.raises(NotAllowed, match="--allow-callback"):
        allowed.check(bad)


@pytest.mark.parametrize(
    "entry",
    ["", "http://hooks.example", "hooks.example/x", "a:b", "a:0", "a:65536", "u@a", "*", "10.0.0.0/8",
     "a b", "a.", "a?b", "a#b", " a", "[::1"],
)  # fmt: skip
def test_entries_that_cannot_be(entry: str) -> None:
    with pytest.raises(ValueError, match="is not HOST or HOST:PORT"):
        AllowedAddresses([entry])


@given(st.text(max_size=40))
def test_any_text_is_checked(text: str) -> None:
    for url in (text, f"http://{text}", f"http://127.0.0.1{text}"):
        try:
            target = LOOPBACK.check(url)
        except NotAllowed:
            continue
        assert target.raw_host == "localhost" or str(target.raw_host).startswith(("127.", "::1"))
        assert outgoing_request(url, CALLBACK).origin == str(target.origin())


@asynchronous
async def test_what_is_sent_is_what_the_journal_shows() -> None:
    with Receiver() as receiver:
        url = f"{receiver.url}?from=%E7%9F%AD%E4%BF%A1#top"
        answer = await post(url)
        (arrived,) = receiver.got
    assert answer.accepted
    assert answer.reply is not None
    assert (answer.reply.status, answer.reply.body) == (200, b"answered")
    assert arrived.path == "/receipts?from=%E7%9F%AD%E4%BF%A1"
    assert arrived.body == CALLBACK.body
    shown = outgoing_request(url, CALLBACK)
    assert sorted(arrived.raw_headers) == sorted(shown.raw_headers)
    assert arrived.headers["Host"] == f"127.0.0.1:{receiver.port}"


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 403, 500, 503])
@asynchronous
async def test_only_2xx_accepts_and_redirects_are_not_followed(status: int) -> None:
    with Receiver() as receiver:
        receiver.answers = [status]
        answer = await post(receiver.url)
        assert len(receiver.got) == 1
    assert not answer.accepted
    assert answer.reply is not None
    assert (answer.reply.status, answer.error) == (status, "")


@pytest.mark.parametrize("status", [200, 201, 204, 299])
@asynchronous
async def test_2xx_accepts(status: int) -> None:
    with Receiver() as receiver:
        receiver.answers = [status]
        assert (await post(receiver.url)).accepted


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@asynchronous
async def test_a_connection_refused() -> None:
    answer = await post(f"http://127.0.0.1:{free_port()}/")
    assert (answer.reply, answer.accepted) == (None, False)
    assert "127.0.0.1" in answer.error


@asynchronous
async def test_silence_has_an_end() -> None:
    with Receiver() as receiver:
        receiver.answers = [0]
        answer = await post(receiver.url, timeout=0.2)
    assert (answer.reply, answer.error) == (None, "no answer within 0.2 s")


@pytest.mark.parametrize(
    ("sent", "accepted"),
    [
        (b"garbage\r\n\r\n", False),
        (b"", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", False),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope", False),
        (b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\n\r\n" + b"x" * (2 * MAX_REPLY), True),
    ],
    ids=["garbage", "nothing", "truncated", "wrong_encoding", "large"],
)
@asynchronous
async def test_strange_answers(sent: bytes, accepted: bool) -> None:
    ended = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"}")
        writer.write(sent)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        ended.set()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        got = await post(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        await ended.wait()
    assert got.accepted == accepted
    assert accepted == (got.reply is not None) == (not got.error)
    assert got.reply is None or len(got.reply.body) == MAX_REPLY


@asynchronous
async def test_an_address_that_is_not_allowed_is_not_called() -> None:
    answer = await post("http://192.0.2.1/", timeout=0.5)
    assert "not an allowed address" in answer.error


@asynchronous
async def test_a_name_is_looked_up_once_and_pinned() -> None:
    resolve, asked = resolving("127.0.0.1")
    with Receiver() as receiver:
        url = f"http://{NAME}:{receiver.port}/"
        async with client_session() as http:
            outgoing = Outgoing(http, AllowedAddresses([NAME]), resolve=resolve)
            for _ in range(3):
                assert (await outgoing.post(url, outgoing_request(url, CALLBACK))).accepted
        assert [arrived.headers["Host"] for arrived in receiver.got] == [
            f"{NAME}:{receiver.port}"
        ] * 3
    assert asked == [NAME]


@asynchronous
async def test_a_name_nobody_knows_is_asked_for_again() -> None:
    url, asked = f"http://{NAME}/", []

    async def resolve(name: str) -> tuple[str, ...]:
        asked.append(name)
        raise OSError(f"the name {name} cannot be looked up")

    async with client_session() as http:
        outgoing = Outgoing(http, AllowedAddresses([NAME]), resolve=resolve)
        for _ in range(2):
            answer = await outgoing.post(url, outgoing_request(url, CALLBACK))
            assert answer.error == f"the name {NAME} cannot be looked up"
    assert len(asked) == 2


@pytest.mark.parametrize("addresses", [("127.0.0.2", "127.0.0.1"), ("127.0.0.1", "127.0.0.2")])
@asynchronous
async def test_the_first_address_that_connects_is_taken(addresses: tuple[str, ...]) -> None:
    resolve, _ = resolving(*addresses)
    with Receiver() as receiver:
        url = f"http://{NAME}:{receiver.port}/"
        async with client_session() as http:
            outgoing = Outgoing(http, AllowedAddresses([NAME]), resolve=resolve)
            assert (await outgoing.post(url, outgoing_request(url, CALLBACK))).accepted
        assert len(receiver.got) == 1


@asynchronous
async def test_localhost_needs_no_look_up() -> None:
    resolve, asked = resolving("192.0.2.1")
    with Receiver() as receiver:
        url = f"http://localhost:{receiver.port}/"
        async with client_session() as http:
            outgoing = Outgoing(http, resolve=resolve)
            assert (await outgoing.post(url, outgoing_request(url, CALLBACK))).accepted
    assert asked == []


def test_the_request_in_raw() -> None:
    request: RawRequest = outgoing_request("http://localhost:80/a%2Fb/%E7%9F%AD?x=1", CALLBACK)
    assert (request.method, request.origin, request.query) == ("POST", "http://localhost", "x=1")
    assert dict(request.raw_headers)[b"Host"] == b"localhost"
    assert request.body == CALLBACK.body


@asynchronous
async def test_none_of_the_addresses_connects() -> None:
    resolve, _ = resolving("127.0.0.2", "127.0.0.3", "127.0.0.4")
    url = f"http://{NAME}:{free_port()}/"
    async with client_session() as http:
        outgoing = Outgoing(http, AllowedAddresses([NAME]), resolve=resolve)
        answer = await outgoing.post(url, outgoing_request(url, CALLBACK))
    assert "127.0.0.2" in answer.error


@asynchronous
async def test_names_are_looked_up_as_the_system_does() -> None:
    assert set(await look_up("localhost")) <= {"127.0.0.1", "::1"}

    async def fail(*args: object, **kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(asyncio.get_running_loop(), "getaddrinfo", fail)
        with pytest.raises(OSError, match=r"the name hooks\.example cannot be looked up: Name or"):
            await look_up(NAME)
