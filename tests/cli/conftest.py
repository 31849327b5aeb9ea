"""A command line to run in this process or another, and a control server to run it against."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from fakeproviders.cli import main
from tests.cli.fake_control import FakeControl

CLEAN: dict[str, str | None] = {
    "LC_ALL": None, "LC_MESSAGES": None, "LANG": "en_US.UTF-8", "LANGUAGE": None,
    "COLUMNS": None, "FAKEPROVIDERS_CONTROL": None, "FAKEPROVIDERS_TOKEN": None,
    "http_proxy": "http://127.0.0.1:9", "NO_COLOR": None, "FORCE_COLOR": None, "PYTHONUNBUFFERED": None,
}  # fmt: skip
"""No setting of the machine's, and a proxy that does not work."""


class Result(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Result]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def run() -> Run:
    """Run a line in this process; keyword arguments are environment variables."""

    def run(*args: str, **env: str) -> Result:
        with CliRunner().isolation(env={**CLEAN, **env}) as (out, err, _):
            code = main.run(args)
            sys.stdout.flush()
            sys.stderr.flush()
            return Result(code, out.getvalue().decode(), err.getvalue().decode())

    return run


@pytest.fixture
def server() -> Iterator[FakeControl]:
    """A control server on a free port."""
    with FakeControl() as control:
        yield control


@pytest.fixture
def start(server: FakeControl) -> Iterator[Start]:
    """Start a line in a process of its own, for signals and pipes; it ends before the server."""
    del server
    started: list[subprocess.Popen[str]] = []

    def start(*args: str, **options: Any) -> subprocess.Popen[str]:
        env = {k: v for k, v in {**os.environ, **CLEAN}.items() if v is not None}
        code = "from fakeproviders.cli.main import main; main()"
        process = subprocess.Popen(
            [sys.executable, "-c", code, *args],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=env | {"PYTHONUTF8": "1"},
            **options,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
