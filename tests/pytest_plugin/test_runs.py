"""Beside other plugins, at no cost, and nothing is left."""

import signal
import subprocess
import sys
import threading
from textwrap import dedent

import pytest

from tests.pytest_plugin.parts import OURS, PATIENCE, Project

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.timeout(2 * PATIENCE)


# --- beside other plugins --------------------------------------------------------------------------

AWAITING = """
import asyncio

@pytest.fixture
def shop(fakeproviders):
    return fakeproviders

{mark}
async def test_awaiting(fakeproviders_async):
    await fakeproviders_async.official.fail("rate_limited", times=1)
    assert [balance(fakeproviders_async) for _ in range(2)] == [46001, 40110]
    await fakeproviders_async.clock.advance(hours=1)
    assert len(await fakeproviders_async.requests()) == 2

{mark}
async def test_blocking(shop, fakeproviders_async):
    shop.official.fail("rate_limited", times=1)
    assert balance(shop) == 46001
    assert fakeproviders_async.id == shop.id

def test_without_a_loop(fakeproviders):
    assert balance(fakeproviders) == 40110
"""
ASYNCIO = ("-p", "asyncio", "-o", "asyncio_default_fixture_loop_scope=function")


@pytest.mark.parametrize(
    ("mark", "options", "passed"),
    [
        ("", (*ASYNCIO, "-o", "asyncio_mode=auto"), 3),
        ("@pytest.mark.asyncio", ASYNCIO, 3),
        ("@pytest.mark.anyio", ("-p", "anyio"), 5),
        ("", (*ASYNCIO, "-p", "aiohttp", "-o", "asyncio_mode=auto"), 3),
    ],
    ids=["asyncio-auto", "asyncio-strict", "anyio", "aiohttp"],
)
def test_tests_that_await(
    project: Project, mark: str, options: tuple[str, ...], passed: int
) -> None:
    project(AWAITING.format(mark=mark), *options).assert_outcomes(passed=passed)


# --- at no cost, and nothing is left ---------------------------------------------------------------


def test_a_suite_that_does_not_use_it_pays_nothing(
    project: Project,
) -> None:
    source = """
        def test_it(pytestconfig):
            import sys, threading
            loaded = {name.partition(".")[0] for name in sys.modules}
            heavy = {"aiohttp", "asyncio", "msgspec", "lxml", "yaml", "faker", "spyne", "uvloop"}
            ours = {name for name in sys.modules if name.startswith("fakeproviders")}
            assert pytestconfig.pluginmanager.hasplugin("fakeproviders.pytest_plugin")
            assert heavy & loaded == set()
            assert ours == {"fakeproviders", "fakeproviders.pytest_plugin"}
            assert threading.active_count() == 1
    """
    project(dedent(source)).assert_outcomes(passed=1)


def test_the_server_is_one_a_worker_and_ends_with_the_run(
    pytester: pytest.Pytester, project: Project
) -> None:
    pytester.makeconftest("""
        import atexit, threading
        atexit.register(lambda: print("left:", threading.active_count() - 1))
    """)
    source = """
        urls = set()
        @pytest.mark.parametrize("number", range(3))
        def test_it(fakeproviders, fakeproviders_server, number):
            urls.add(fakeproviders_server.url)
            assert len(urls) == 1
            assert len(fakeproviders_server.open().requests()) == 0
    """
    result = project(dedent(source), "-s")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["left: 0"])


def test_an_interrupt_ends_it_all(pytester: pytest.Pytester, project: Project) -> None:
    path = pytester.makepyfile("""
        def test_it(fakeproviders):
            print("waiting", fakeproviders.official.url, flush=True)
            fakeproviders.inbox.wait_for_code(within=600)
    """)
    command = [sys.executable, "-m", "pytest", "-s", *OURS, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        giving_up = threading.Timer(PATIENCE, run.kill)
        giving_up.start()
        assert run.stdout is not None
        assert any("waiting" in line for line in run.stdout)
        run.send_signal(signal.SIGINT)
        rest = run.stdout.read()
        assert run.wait(PATIENCE) == pytest.ExitCode.INTERRUPTED
        giving_up.cancel()
    assert "KeyboardInterrupt" in rest
