"""The recipes of the README run as they stand, from a folder of the reader's own."""

import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.conftest import require_tool
from tests.e2e.running import RunningServer

RECIPES = Path(__file__).parent
PATIENCE = 120


def run(folder: Path, *command: str, control: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command as a reader does whose environment has our programs."""
    env = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    if control:
        env["FAKEPROVIDERS_CONTROL"] = control
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=PATIENCE
    )


def test_the_suite_in_php(php: str, server: RunningServer) -> None:
    before = _sessions(server)
    done = run(RECIPES, php, "suite.php", control=server.addresses.control)
    assert done.stdout == "ok - the code arrives\nok - a busy provider says so once\n", done.stderr
    assert _sessions(server) == before


def test_the_suite_in_php_can_fail(php: str, server: RunningServer, tmp_path: Path) -> None:
    before = _sessions(server)
    source = (RECIPES / "suite.php").read_text("utf-8")
    (tmp_path / "suite.php").write_text(source.replace("rate_limited, ok", "ok"), "utf-8")
    done = run(tmp_path, php, "suite.php", control=server.addresses.control)
    assert done.returncode
    assert "expected -13,请求过于频繁, 请稍后再试, not 0,短信发送成功" in done.stdout + done.stderr
    for name in _sessions(server) - before:
        server.call(server.harness.sessions.delete(name))


def test_the_script_in_python() -> None:
    done = run(RECIPES, sys.executable, "plain.py")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("HTTP Error 502: Bad Gateway\nr0  erban  help  fault\n")


@pytest.mark.timeout(PATIENCE + 30)
def test_suites_in_two_languages_against_one_server(tmp_path: Path) -> None:
    bash = require_tool("bash")
    require_tool("node")
    for name in ("junit.sh", "suite.mjs"):
        shutil.copy(RECIPES / name, tmp_path)
    shutil.copy(RECIPES / "quickstart.py", tmp_path / "test_quickstart.py")
    done = run(tmp_path, bash, "-e", "-c", '. ./junit.sh; echo "$FAKEPROVIDERS_CONTROL"')
    assert done.returncode == 0, done.stdout + done.stderr
    assert _cases(tmp_path / "node.xml") == ["the code arrives", "a busy provider says so once"]
    assert len(_cases(tmp_path / "pytest.xml")) == 3
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(done.stdout.splitlines()[-1], timeout=10)


def _cases(report: Path) -> list[str]:
    """The names of a report's tests, none of which failed."""
    whole = ET.parse(report)
    assert [element.tag for element in whole.iter() if element.tag in {"failure", "error"}] == []
    return [case.attrib["name"] for case in whole.iter("testcase")]


def _sessions(server: RunningServer) -> set[str]:
    return {session.id for session in server.harness.sessions.all()}
