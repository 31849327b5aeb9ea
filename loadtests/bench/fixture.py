"""What the pytest fixture costs a test: one with a session of its own against one without."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

TESTS = 500
SUITE = """
import pytest

@pytest.mark.parametrize("number", range({tests}))
def test_with(fakeproviders, number):
    pass

@pytest.mark.parametrize("number", range({tests}))
def test_without(number):
    pass
"""
WATCH = """
import json, time
from pathlib import Path

import pytest

took = {"test_with": [], "test_without": []}

@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    wall, cpu = time.perf_counter(), time.process_time()
    result = yield
    times = time.perf_counter() - wall, time.process_time() - cpu
    took[item.originalname].append([seconds * 1000 for seconds in times])
    return result

def pytest_sessionfinish():
    Path("took.json").write_text(json.dumps(took))
"""
NOT_NEEDED = ("cacheprovider", "randomly", "asyncio", "anyio", "aiohttp")


def measure(tests: int) -> dict[str, float]:
    """Milliseconds a test: of time, in the middle and near the worst, and of CPU time."""
    took = run(tests)
    wall, cpu = zip(*took["test_with"], strict=True)
    bare_wall, bare_cpu = zip(*took["test_without"], strict=True)
    return {
        "tests": tests,
        "median_ms": median(wall) - median(bare_wall),
        "p95_ms": quantiles(wall, n=20)[-1] - median(bare_wall),
        "cpu_ms": median(cpu) - median(bare_cpu),
    }


def run(tests: int) -> dict[str, list[tuple[float, float]]]:
    """Time and CPU time of every test in milliseconds, by what it uses."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "conftest.py").write_text(WATCH, "utf-8")
        (folder / "test_it.py").write_text(SUITE.format(tests=tests), "utf-8")
        command = [sys.executable, "-m", "pytest", "-q", *(f"-pno:{name}" for name in NOT_NEEDED)]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        took: dict[str, list[tuple[float, float]]]
        took = json.loads((folder / "took.json").read_text("utf-8"))
    return took


def main() -> None:
    tests = int(sys.argv[1]) if len(sys.argv) > 1 else TESTS
    sys.stdout.write(json.dumps(measure(tests)) + "\n")


if __name__ == "__main__":
    main()
