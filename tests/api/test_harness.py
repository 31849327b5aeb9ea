"""How a harness starts, connects and ends, in every kind of loop."""

import asyncio
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine
from typing import Any

import anyio
import pytest
import trio

from fakeproviders import (
    ControlError,
    Harness,
    NoMessage,
    Session,
    SyncHarness,
    Unreachable,
)
from fakeproviders.harness import Ports, ServersConfig
from tests.api.sending import sender
from tests.e2e.running import RunningServer

Run = Callable[[Callable[[], Coroutine[Any, Any, None]]], None]
ANN = "13800138000"


def in_asyncio(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(work())


@pytest.fixture(params=[in_asyncio, trio.run], ids=["asyncio", "trio"])
def run(request: pytest.FixtureRequest) -> Run:
    """Runs an asynchronous function."""
    found: Run = request.param
    return found


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


def test_blocking_code_is_served_in_the_midst_of_a_loop(run: Run) -> None:
    async def work() -> None:
        async with Harness() as harness, await harness.session() as session:
            assert sender(session.official)(ANN, code="1234") is None
            assert await session.inbox.wait_for_code(ANN) == "1234"

    run(work)


def test_what_the_server_refuses_is_raised_in_any_loop(
    run: Run, fakeproviders_async: Session
) -> None:
    async def work() -> None:
        with pytest.raises(ControlError, match=r"did you mean hang\?"):
            await fakeproviders_async.official.fail("hamg")

    run(work)


def test_waiting_can_be_given_up(fakeproviders_async: Session) -> None:
    async def work() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await fakeproviders_async.inbox.wait_for_code(within=60)
        assert await fakeproviders_async.requests() == []

    asyncio.run(work())


def test_waiting_can_be_given_up_in_trio(fakeproviders_async: Session) -> None:
    async def work() -> None:
        with trio.move_on_after(0.005) as scope:
            await fakeproviders_async.inbox.wait_for_code(within=60)
        assert scope.cancelled_caught

    trio.run(work)


def test_nothing_is_left_of_it() -> None:
    before = threads()
    with SyncHarness() as harness:
        url = harness.session().official.url
    assert threads() == before
    with pytest.raises(ConnectionRefusedError):
        _connect(url)


def test_a_start_that_is_given_up_leaves_nothing_behind(run: Run) -> None:
    before = set(threading.enumerate())

    async def work() -> None:
        with anyio.move_on_after(0.005):
            async with Harness():
                pytest.fail("a start takes longer")

    run(work)
    started = [t for t in threading.enumerate() if t not in before and t.name == "fakeproviders"]
    for thread in started:
        thread.join(30)
    assert [thread.is_alive() for thread in started] == [False]


def test_an_error_in_the_block_stops_it_too() -> None:
    before = threads()
    with pytest.raises(ZeroDivisionError), SyncHarness():
        _ = 1 / 0
    assert threads() == before


def test_it_cannot_be_used_outside_of_its_block() -> None:
    harness = SyncHarness()
    with pytest.raises(RuntimeError, match="use it inside its with block"):
        harness.session()
    with harness:
        session = harness.session()
    with pytest.raises(RuntimeError, match="use it inside its with block"):
        session.requests()


def test_a_running_server_is_used_and_its_sessions_end(server: RunningServer) -> None:
    url = server.addresses.control
    with SyncHarness(url=url, lang="zh") as harness:
        ended, left = harness.session(), harness.session()
        ended.delete()
        assert harness.url == url
        assert left.document["ttl_seconds"] == 3600
        with pytest.raises(ControlError, match="字段 do 有误"):
            left.official.fail("nothing")
    assert server.harness.sessions.get(left.id) is None


def test_who_waits_in_vain_is_told_in_chinese(server: RunningServer) -> None:
    nothing = "\n服务商没有收到任何请求。"
    with SyncHarness(url=server.addresses.control, lang="zh") as harness:
        session = harness.session()
        with pytest.raises(NoMessage) as caught:
            session.inbox.wait_for_code("13800138000", within=0.05)
        assert str(caught.value) == f"0.05 秒内没有发给 13800138000 的带验证码的短信{nothing}"
        with pytest.raises(NoMessage) as caught:
            session.inbox.wait_for_message(within=0)
        assert str(caught.value) == f"0 秒内没有发给任何号码的短信{nothing}"
        with pytest.raises(NoMessage) as caught:
            session.outbox.wait_for_letter("ann@example.com", kind="mail", within=0)
        assert str(caught.value) == f"0 秒内没有发给 ann@example.com 的邮件{nothing}"


def test_a_token_is_needed_where_one_is() -> None:
    with RunningServer(ServersConfig(ports=Ports.free(), token="t0ken")) as server:
        url = server.addresses.control
        with SyncHarness(url=url, token="t0ken") as harness:
            assert harness.open().id == "default"
        with pytest.raises(ControlError, match="a token is needed"), SyncHarness(url=url):
            pass


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "nonsense", "http://["])
def test_a_server_that_is_not_there(url: str) -> None:
    before = threads()
    with pytest.raises(Unreachable, match="is it running"), SyncHarness(url=url):
        pass
    assert threads() == before


def test_receipts_may_be_sent_to_hosts_that_are_named() -> None:
    settings = {"official": {"callback_url": "http://192.0.2.1/receipts"}}
    with SyncHarness(allow_callbacks=["192.0.2.1"]) as harness:
        assert harness.session(providers=settings).id
    with SyncHarness() as harness, pytest.raises(ControlError, match="callback_url"):
        harness.session(providers=settings)


def _connect(url: str) -> None:
    try:
        urllib.request.urlopen(url, timeout=5)
    except urllib.error.URLError as error:
        raise error.reason from None  # type: ignore[misc]
