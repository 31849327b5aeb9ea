"""How the sessions of tests begin, and on which server."""

import re
from textwrap import dedent

import pytest

from fakeproviders.harness import Ports, ServersConfig
from tests.e2e.running import RunningServer
from tests.pytest_plugin.parts import PATIENCE, XDIST, Project

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.timeout(2 * PATIENCE)


# --- the marker and the seeds ----------------------------------------------------------------------


def test_markers_say_how_sessions_begin_and_the_nearest_wins(project: Project) -> None:
    source = """
        pytestmark = pytest.mark.fakeproviders(
            seed=5, clock="2026-01-01T23:59:00", providers={"official": {"balance": 1}}
        )
        def test_module(fakeproviders):
            assert fakeproviders.seed == 5
            assert fakeproviders.clock.now().isoformat() == "2026-01-01T23:59:00+08:00"
            assert fakeproviders.official.settings()["balance"] == 1
        @pytest.mark.fakeproviders(seed=6, dedicated_ports=True)
        def test_own(fakeproviders):
            assert fakeproviders.seed == 6
            assert "/@" not in fakeproviders.official.url
            assert fakeproviders.official.settings()["balance"] == 1
    """
    project(dedent(source), "--strict-markers").assert_outcomes(passed=2)


def test_a_marker_that_is_wrong_says_so(project: Project) -> None:
    source = """
        @pytest.mark.fakeproviders(7, sed=8)
        def test_unknown(fakeproviders): pass
        @pytest.mark.fakeproviders(providers={"official": {"balance": "much"}})
        def test_unusable(fakeproviders): pass
    """
    result = project(dedent(source))
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(
        [
            "@pytest.mark.fakeproviders does not take 7, sed; it takes, by name: seed, clock, *",
            "@pytest.mark.fakeproviders: providers.official.balance: must be a whole number",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


SHOWING = """
@pytest.mark.parametrize("number", [1, 2, 3])
def test_it(fakeproviders, number):
    pytest.fail(f"[{number} {fakeproviders.seed} {fakeproviders.official.app_secret}]")
"""


def shown(result: pytest.RunResult) -> tuple[str, list[str]]:
    """The seed that repeats a run, and what each test drew."""
    bases = set(re.findall(r"--fakeproviders-seed=(\d+)", result.stdout.str()))
    assert len(bases) == 1
    drawn = set(re.findall(r"^E +Failed: (\[\d .*\])$", result.stdout.str(), re.MULTILINE))
    return bases.pop(), sorted(drawn)


def test_a_run_is_repeated_by_its_seed_on_any_number_of_workers(project: Project) -> None:
    base, drawn = shown(project(SHOWING, *XDIST))
    assert len({text.split()[1] for text in drawn}) == 3
    assert shown(project(SHOWING, f"--fakeproviders-seed={base}")) == (base, drawn)
    assert shown(project(SHOWING))[1] != drawn


def test_a_test_may_end_its_session(project: Project) -> None:
    project("def test_it(fakeproviders): fakeproviders.delete()").assert_outcomes(passed=1)


@pytest.mark.parametrize("seed", ["-1", "1.5", str(1 << 53)])
def test_a_seed_that_is_none_ends_the_run(project: Project, seed: str) -> None:
    result = project("def test_it(): pass", f"--fakeproviders-seed={seed}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--fakeproviders-seed: *is no whole number from 0 to *"])


# --- a running server ------------------------------------------------------------------------------


def test_a_running_server_can_be_used(project: Project, server: RunningServer) -> None:
    source = f"""
        def test_it(fakeproviders, fakeproviders_server):
            assert fakeproviders_server.url == "{server.addresses.control}"
            assert balance(fakeproviders) == 40110
    """
    before = server.harness.sessions.all()
    result = project(dedent(source), f"--fakeproviders-url={server.addresses.control}")
    result.assert_outcomes(passed=1)
    assert server.harness.sessions.all() == before


def test_its_token_comes_from_the_environment(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:

    with RunningServer(ServersConfig(ports=Ports.free(), token="t0ken")) as server:
        source, url = "def test_it(fakeproviders): pass", server.addresses.control
        result = project(source, f"--fakeproviders-url={url}")
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(["*a token is needed*"])
        monkeypatch.setenv("FAKEPROVIDERS_TOKEN", "t0ken")
        project(source, f"--fakeproviders-url={url}").assert_outcomes(passed=1)


def test_a_server_that_goes_in_the_midst_is_said_to_be_gone(project: Project) -> None:
    source = """
        from fakeproviders import SyncHarness
        own = SyncHarness()
        @pytest.fixture(scope="session")
        def fakeproviders_server():
            own.__enter__()
            with SyncHarness(url=own.url) as server:
                yield server
        def test_it(fakeproviders):
            own.__exit__()
    """
    result = project(dedent(source))
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["no answer from the fakeproviders server at *"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_server_that_is_not_running_is_said_to_be_so(project: Project) -> None:
    result = project("def test_it(fakeproviders): pass", "--fakeproviders-url=http://127.0.0.1:1")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*no answer from the fakeproviders server at http://127.0.0.1:1*"])
    result.stdout.no_fnmatch_line("*Traceback*")
