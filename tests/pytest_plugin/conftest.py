"""Somebody's project."""

import pytest

from tests.pytest_plugin.parts import HEAD, OURS, PATIENCE, Project


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Runs a test file in a project of its own, which has no plugins but ours and those it names."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("LANG", "C.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)

    def run(source: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(test_it=HEAD + source)
        return pytester.runpytest_subprocess(*OURS, "-W", "error", *options, timeout=PATIENCE)

    return run
