"""From a file to a scenario, or to all of its mistakes."""

from collections.abc import Callable, Iterable
from pathlib import Path as FilePath
from typing import Any, Generic, TypeVar

import msgspec

from fakeproviders.failures import Words
from fakeproviders.scenario import lint
from fakeproviders.scenario.mistakes import START, BadFile, Mistake, Place, quoted
from fakeproviders.scenario.model import Scenario
from fakeproviders.scenario.positions import Document, NotYaml, read
from fakeproviders.scenario.shapes import Finding, findings
from fakeproviders.system_errors import why

SUFFIX = ".scenario.yaml"
T = TypeVar("T")
Check = Callable[[Any], Iterable[Finding]]


class File(Generic[T]):
    """A file's value, and where its parts stand."""

    def __init__(self, path: FilePath, value: T, document: Document) -> None:
        self.path = path
        self.value = value
        self._document = document

    @property
    def name(self) -> str:
        """The file's, without ``.scenario.yaml``."""
        return self.path.name.removesuffix(SUFFIX)

    def place(self, *path: str | int) -> Place:
        """Where a part stands: ``place("steps", 0)``."""
        return self._document.place(path)


def load(path: FilePath) -> File[Scenario]:
    """A scenario. Raises BadFile with all its mistakes."""
    return read_file(path, Scenario, lint.scenario_findings)


def read_file(path: FilePath, shape: type[T], check: Check = lambda value: ()) -> File[T]:
    """A YAML file of a shape that passes a check of its value. Raises BadFile."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = why(error)
        words = Words(zh=f"无法读取（{reason.zh}）", en=f"cannot be read: {reason.en}")
        raise BadFile([_mistake(path, START, words)]) from None
    return parse(raw, path, shape, check)


def parse(raw: bytes, path: FilePath, shape: type[T], check: Check = lambda value: ()) -> File[T]:
    """What ``read_file`` does, with the bytes at hand. Raises BadFile."""
    try:
        document = read(raw)
    except NotYaml as error:
        raise BadFile([_mistake(path, error.place, error.words)]) from None
    value = document.value
    found = findings(value, shape)
    if isinstance(value, dict):
        found += [new for new in check(value) if not _follows(new, found)]
    mistakes = [*_repeated(document, path), *(_located(document, f, path) for f in found)]
    if mistakes:
        raise BadFile(mistakes)
    return File(path, msgspec.convert(value, shape), document)


def _follows(new: Finding, found: list[Finding]) -> bool:
    """Whether a finding is about what others have found wrong already, or about a part of it."""
    return any(
        old.path[: len(new.path)] == new.path
        or new.path[: len(old.path)] == old.path
        or (*old.path[:-1], old.suggestion) == new.path
        for old in found
    )


def _repeated(document: Document, path: FilePath) -> list[Mistake]:
    return [
        _mistake(
            path,
            again,
            Words(
                zh=f"键 {quoted(below[-1])} 在第 {first.line} 行已经有了",
                en=f"the key {quoted(below[-1])} is there already, in line {first.line}",
            ),
        )
        for below, again, first in document.repeated
    ]


def _located(document: Document, finding: Finding, path: FilePath) -> Mistake:
    place = document.place(finding.path, at_key=finding.at_key)
    return _mistake(path, place, finding.words, finding.suggestion)


def _mistake(path: FilePath, place: Place, words: Words, suggestion: str | None = None) -> Mistake:
    return Mistake(str(path), place.line, place.column, words, suggestion)
