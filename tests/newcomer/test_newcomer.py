"""A newcomer's project passes at once, on one worker and on many."""

from pathlib import Path

import pytest

from tests.conftest import IN_CI
from tests.newcomer.project import PATIENCE, Project

pytestmark = pytest.mark.timeout(PATIENCE)
QUIET = ("-p", "no:asyncio", "-p", "no:aiohttp", "-p", "no:anyio")


def test_the_first_tests_pass(tmp_path: Path) -> None:
    done = Project(tmp_path).pytest(*QUIET, "test_quickstart.py")
    assert (done.returncode, done.stdout[:3]) == (0, "..."), done.stdout


def test_the_first_tests_that_await_pass(tmp_path: Path) -> None:
    strict = ("-p", "no:aiohttp", "-p", "no:anyio", "-o", "asyncio_mode=strict")
    done = Project(tmp_path).pytest(*strict, "test_awaiting.py")
    assert (done.returncode, done.stdout[:1]) == (0, "."), done.stdout


@pytest.mark.skipif(IN_CI, reason="CI runs them with the wheel: make prove ARGS=1")
def test_four_hundred_tests_in_random_order_pass_on_four_workers(tmp_path: Path) -> None:
    done = Project(tmp_path).pytest(*QUIET, "-n", "4", "test_four_hundred.py")
    assert done.returncode == 0, done.stdout
    assert "400 passed" in done.stdout
