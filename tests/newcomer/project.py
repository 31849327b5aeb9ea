"""The newcomer's folder."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FILES = {
    "test_quickstart.py": ROOT / "tests/e2e/recipes/quickstart.py",
    "test_awaiting.py": ROOT / "tests/e2e/recipes/awaiting.py",
    "test_four_hundred.py": ROOT / "tests/newcomer/four_hundred.py",
}
PATIENCE = 600


class Project:
    """A folder with the tests, and the interpreter that has our wheel, or our source."""

    def __init__(self, folder: Path, python: str = sys.executable) -> None:
        self.folder = folder
        self._python = python
        for name, source in FILES.items():
            shutil.copy(source, folder / name)

    def pytest(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run pytest there."""
        command = [self._python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
        return subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, timeout=PATIENCE
        )
