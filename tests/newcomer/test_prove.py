"""How the newcomer's proof is called."""

import subprocess
import sys

import pytest

from tests.newcomer.project import ROOT
from tests.newcomer.prove import RUNS, runs_asked_for


@pytest.mark.parametrize(("args", "runs"), [((), RUNS), (("3",), 3)])
def test_it_runs_as_often_as_it_is_told(args: tuple[str, ...], runs: int) -> None:
    assert runs_asked_for(args) == runs


@pytest.mark.parametrize("wrong", ["abc", "0", "-1", "1.5"])
def test_what_is_no_number_of_times_is_refused(
    wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        runs_asked_for([wrong])
    assert ended.value.code == 2
    assert "RUNS" in capsys.readouterr().err


@pytest.mark.parametrize("module", ["tests.newcomer.prove", "loadtests.trials"])
@pytest.mark.parametrize(("args", "code"), [(("--help",), 0), (("--nope",), 2)])
def test_help_and_wrong_options_run_nothing(module: str, args: tuple[str, ...], code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, *args], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == code
    assert f"usage: python -m {module}" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
