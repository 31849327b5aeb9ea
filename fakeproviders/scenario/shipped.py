"""Where scenarios come from: those that are shipped, by name or failure, and a team's own, by path."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

from fakeproviders.failures import Words, catalogue
from fakeproviders.misfit import Misfit
from fakeproviders.scenario.load import SUFFIX
from fakeproviders.scenario.mistakes import near, quoted
from fakeproviders.scenario.positions import read

FOLDERS = ("guide", "gateway", "transport", "stories")
"""The shipped scenarios' kinds, in the order in which they are listed and run."""
_PACKAGE = Path(str(files("fakeproviders")))


def folder(kind: str = "scenarios") -> Path:
    """The shipped files of a kind: the wheel's copy, or the source tree's folder beside the package."""
    in_wheel = _PACKAGE / "shipped" / kind
    return in_wheel if in_wheel.is_dir() else _PACKAGE.parent / kind


def shipped() -> dict[str, Path]:
    """The shipped scenarios by name: folder by folder, in alphabetical order within each."""
    root = folder()
    return {_name(path): path for kind in FOLDERS for path in _below(root / kind)}


def chosen(names: Iterable[str]) -> list[Path]:
    """Scenario files, each once: by path, by a folder's path, or of those that are shipped by name.

    A failure's slug stands for all shipped ones that show it, unless one of them is called so.
    All shipped ones without any name. Raises Misfit for a name that leads to none.
    """
    asked = list(names)
    found = [path for name in asked for path in _found(name)]
    return list(dict.fromkeys(found)) if asked else list(shipped().values())


def _found(name: str) -> list[Path]:
    path = Path(name)
    if path.is_dir():
        if below := _below(path):
            return below
        words = Words(
            zh=f"目录 {quoted(name)} 里没有 *{SUFFIX}",
            en=f"no *{SUFFIX} is in the folder {quoted(name)}",
        )
        raise Misfit("", words)
    if path.is_file():
        return [path]
    known = shipped()
    if name in known:
        return [known[name]]
    if name in catalogue() and (
        showing := [path for path in known.values() if _failure(path) == name]
    ):
        return showing
    raise Misfit("", _unknown(name))


@cache
def _failure(path: Path) -> object:
    """The failure that a shipped scenario shows; the rest of the file is not looked at."""
    return read(path.read_bytes()).value.get("failure")


def _unknown(name: str) -> Words:
    if "/" in name or name.endswith((".yaml", ".yml")):
        return Words(zh=f"没有文件 {quoted(name)}", en=f"there is no file {quoted(name)}")
    words = Words(
        zh=f"没有叫 {quoted(name)} 的场景或故障；fakeproviders scenarios list 列出全部场景",
        en=f"no scenario or failure is called {quoted(name)}; fakeproviders scenarios list lists all",
    )
    meant = near(name, (*catalogue(), *shipped()))
    if meant is None:
        return words
    return Words(zh=f"{words.zh}；是不是 {meant}？", en=f"{words.en}; did you mean {meant}?")


def _below(path: Path) -> list[Path]:
    return sorted(path.rglob(f"*{SUFFIX}"), key=lambda found: (found.parent, _name(found)))


def _name(path: Path) -> str:
    return path.name.removesuffix(SUFFIX)
