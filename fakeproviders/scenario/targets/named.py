"""A target by what the user calls it: ``panel``, ``client:official``, or a target file's path."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.scenario.mistakes import near, quoted
from fakeproviders.scenario.model import TARGETS, TargetName
from fakeproviders.scenario.targets.base import Target
from fakeproviders.scenario.targets.client import PREFIX, ClientTarget
from fakeproviders.scenario.targets.http import HttpTarget
from fakeproviders.scenario.targets.load import load_target
from fakeproviders.scenario.targets.shapes import TargetFile

PANEL: TargetName = "panel"
PANEL_FILE = Path(__file__).with_name("panel.target.yaml")


def target_of(name: str, environ: Mapping[str, str] = os.environ) -> Target:
    """The target of that name. Raises Misfit for an unknown one, BadFile for a file with mistakes."""
    if name == PANEL:
        return HttpTarget(PANEL, _panel_file(), environ)
    if name in TARGETS:
        return ClientTarget(name.removeprefix(PREFIX))
    path = Path(name)
    if path.is_file():
        return HttpTarget(name, load_target(path), environ)
    raise Misfit("", _unknown(name))


@cache
def _panel_file() -> TargetFile:
    return load_target(PANEL_FILE)


def _unknown(name: str) -> Words:
    if "/" in name or name.endswith((".yaml", ".yml")):
        return Words(
            zh=f"没有目标文件 {quoted(name)}", en=f"there is no target file {quoted(name)}"
        )
    listed = Words(zh="、".join(TARGETS), en=", ".join(TARGETS))
    meant = near(name, TARGETS)
    hint = Words(zh=f"；是不是 {meant}？", en=f"; did you mean {meant}?") if meant else None
    return Words(
        zh=f"没有目标 {quoted(name)}：可用 {listed.zh}，或一个目标文件" + (hint.zh if hint else ""),
        en=f"no target is called {quoted(name)}: there are {listed.en}, and target files"
        + (hint.en if hint else ""),
    )
