"""A target file read and checked: every mistake with its line and column."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fakeproviders.failures import catalogue
from fakeproviders.scenario.actions import ACTIONS
from fakeproviders.scenario.load import read_file
from fakeproviders.scenario.mistakes import near
from fakeproviders.scenario.shapes import Finding, unknown_word
from fakeproviders.scenario.targets.shapes import TargetFile


def load_target(path: Path) -> TargetFile:
    """A target file. Raises BadFile with all its mistakes."""
    return read_file(path, TargetFile, _unknown_words).value


def _unknown_words(value: dict[str, Any]) -> Iterator[Finding]:
    """Actions that nothing asks for, and wordings whose name is nearly that of a failure."""
    for name in _names(value, "actions"):
        if name not in ACTIONS:
            yield unknown_word(("actions", name), name, list(ACTIONS), at_key=True)
    for name in _names(value, "wording"):
        if name not in catalogue() and near(name, catalogue()):
            yield unknown_word(("wording", name), name, list(catalogue()), at_key=True)


def _names(value: dict[str, Any], key: str) -> list[str]:
    part = value.get(key)
    return list(part) if isinstance(part, dict) else []
