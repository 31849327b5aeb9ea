"""The pytest plugin: one server a worker, a fresh session for every test; scenario files are tests.

    def test_login(fakeproviders):
        shop = Shop(sms_url=fakeproviders.official.url, ...)

A run that uses no fixture of it and has no ``*.scenario.yaml`` pays nothing: only pytest is imported
here, the rest when it is needed.
"""

import argparse
import os
import secrets
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fakeproviders.api.session import Session
    from fakeproviders.api.sync.harness import SyncHarness
    from fakeproviders.api.sync.session import SyncSession
    from fakeproviders.pytest_plugin.scenarios import ScenarioFile
    from fakeproviders.scenario.targets.base import Target

SEED, URL, LANG = "fakeproviders_seed", "fakeproviders_url", "fakeproviders_lang"
TARGET = "fakeproviders_target"
RUN_SEED: pytest.StashKey[int] = pytest.StashKey()
"""What the seeds of a run's tests are made of."""
CHOSEN_TARGET: "pytest.StashKey[Target]" = pytest.StashKey()
"""Where all scenarios run, if the options say so."""
SERVER: "pytest.StashKey[SyncHarness]" = pytest.StashKey()
SESSION: "pytest.StashKey[SyncSession]" = pytest.StashKey()
"""A test's session, while there is one."""
PASSED: pytest.StashKey[bool] = pytest.StashKey()
_MARKER = (
    "fakeproviders(seed, clock, providers, dedicated_ports, allow_unfired): how the test's session "
    "begins; allow_unfired=True lets scripted faults end without having fired"
)
_LAST_SEED = (1 << 53) - 1


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("fakeproviders", "fakeproviders: mock SMS providers")
    group.addoption(
        "--fakeproviders-seed", type=_seed, metavar="N",
        help="repeat a run: each test's seed is made of this number and the test's id; scenarios take "
        "it in place of their own",
    )  # fmt: skip
    group.addoption(
        "--fakeproviders-url", metavar="URL",
        help="use the running server whose control API is here; its token is read from "
        "FAKEPROVIDERS_TOKEN",
    )  # fmt: skip
    group.addoption(
        "--fakeproviders-target", metavar="TARGET",
        help="where *.scenario.yaml files run: a target file, panel, or client:official, "
        "client:reseller, client:erban (default: what each says)",
    )  # fmt: skip
    group.addoption(
        "--fakeproviders-lang", choices=("zh", "en"),
        help="the language of what the servers say in reports (default: the locale's)",
    )  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Know the marker, the target, and the seed that all workers share."""
    config.addinivalue_line("markers", _MARKER)
    shared: dict[str, int] = getattr(config, "workerinput", {})
    given = config.getoption(SEED)
    config.stash[RUN_SEED] = shared.get(SEED, secrets.randbits(32)) if given is None else given
    if config.getoption(TARGET) is not None:
        from fakeproviders.pytest_plugin.scenarios import chosen_target

        config.stash[CHOSEN_TARGET] = chosen_target(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand the seed to a worker; ``node`` is the controller's side of it in pytest-xdist."""
    node.workerinput[SEED] = node.config.stash[RUN_SEED]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ScenarioFile | None":
    """A scenario's file is a test."""
    if not file_path.name.endswith(".scenario.yaml"):
        return None
    from fakeproviders.pytest_plugin.scenarios import ScenarioFile

    return ScenarioFile.from_parent(parent, path=file_path)


def server_of(config: pytest.Config) -> "SyncHarness":
    """This worker's server, started when it is first asked for; it ends with the run."""
    if SERVER not in config.stash:
        from fakeproviders.pytest_plugin.sessions import started

        config.stash[SERVER] = started(config)
    return config.stash[SERVER]


def lang_of(config: pytest.Config) -> str:
    """The language of reports."""
    from fakeproviders.cli.lang import of_locale

    return config.getoption(LANG) or of_locale(os.environ)


@pytest.fixture(scope="session")
def fakeproviders_server(pytestconfig: pytest.Config) -> "SyncHarness":
    """All providers of this worker; ``session()`` makes further sessions."""
    return server_of(pytestconfig)


@pytest.fixture
def fakeproviders(
    request: pytest.FixtureRequest, fakeproviders_server: "SyncHarness"
) -> "Iterator[SyncSession]":
    """The test's own session. The test fails when a fault that it scripted never fired."""
    from fakeproviders.pytest_plugin.sessions import session_of

    with session_of(request.node, fakeproviders_server) as session:
        yield session


@pytest.fixture
def fakeproviders_async(fakeproviders: "SyncSession") -> "Session":
    """The same session for tests that await."""
    from fakeproviders.pytest_plugin.sessions import asynchronous

    return asynchronous(fakeproviders)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to a failing test's report what the providers received, and why they refused."""
    report = yield
    session = item.stash.get(SESSION, None)
    if session is not None:
        if call.when == "call":
            item.stash[PASSED] = call.excinfo is None
        if report.failed:
            from fakeproviders.pytest_plugin.sessions import section

            report.sections.append(section(item, session))
    return report


def _seed(text: str) -> int:
    """An option's value. Raises ArgumentTypeError."""
    if text.isdecimal() and len(text) <= len(str(_LAST_SEED)) and int(text) <= _LAST_SEED:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 to {_LAST_SEED}")
