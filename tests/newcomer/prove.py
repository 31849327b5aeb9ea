"""Installs the wheel as a newcomer does, and runs his tests again and again: all must pass each time."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.newcomer.project import ROOT, Project

RUNS = 20
BESIDE = ("pytest", "pytest-xdist", "pytest-randomly")


def runs_asked_for(args: Sequence[str]) -> int:
    """How often the tests run. Ends the program when it is no number of times."""
    parser = argparse.ArgumentParser(prog="python -m tests.newcomer.prove", description=__doc__)
    parser.add_argument(
        "runs", nargs="?", type=int, default=RUNS, metavar="RUNS", help="%(default)s without it"
    )
    runs: int = parser.parse_args(args).runs
    if runs < 1:
        parser.error(f"RUNS must be at least 1, not {runs}")
    return runs


def main() -> None:
    runs = runs_asked_for(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="fakeproviders-newcomer-") as folder:
        project = Project(_made(Path(folder, "project")), _installed(Path(folder)))
        _must_pass(project, "test_quickstart.py")
        _must_pass(project, "-n", "4", "test_quickstart.py")
        for number in range(1, runs + 1):
            print(f"{number:2} of {runs}:", _must_pass(project, "-n", "4", "test_four_hundred.py"))


def _installed(folder: Path) -> str:
    """A new environment's interpreter, with the wheel in it."""
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder)]
    subprocess.run([*pip, str(ROOT)], check=True)
    [wheel] = folder.glob("fakeproviders-*.whl")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    python = str(folder / "venv" / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, str(wheel), *BESIDE], check=True)
    return python


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _must_pass(project: Project, *arguments: str) -> str:
    """The run's last line. Ends the program when a test fails."""
    done = project.pytest(*arguments)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return done.stdout.splitlines()[-1]


if __name__ == "__main__":
    main()
