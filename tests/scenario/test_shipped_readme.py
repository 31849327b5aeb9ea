"""The tables of ``scenarios/README.md``, in both languages, are made from the shipped files.

python -m tests.scenario.test_shipped_readme     writes them
"""

import re
from itertools import groupby
from pathlib import Path

import pytest

from fakeproviders.failures import Words
from fakeproviders.scenario.load import File, load
from fakeproviders.scenario.model import Scenario
from fakeproviders.scenario.report.text import section_words
from fakeproviders.scenario.shipped import FOLDERS, folder, shipped
from fakeproviders.scenario.steps import step_words
from tests.test_readme import parted, table

READMES = {
    "en": Path(__file__).parents[2] / "scenarios/README.md",
    "zh": Path(__file__).parents[2] / "scenarios/README.zh-CN.md",
}
KINDS = {
    "guide": Words(zh="排障指南逐节", en="The guide, section by section"),
    "gateway": Words(zh="短信网关的其他拒绝", en="What every SMS gateway also refuses"),
    "transport": Words(zh="网络与服务进程的故障", en="What networks and server processes do"),
    "stories": Words(zh="重试、切换、限额与回执", en="Retries, fail-over, quotas and receipts"),
}
SCENARIO = Words(zh="场景", en="Scenario")
CAUSE = Words(zh="原因", en="Cause")
TEXT = Words(zh="用户看到", en="The user sees")
REMEDY = Words(zh="处理方法", en="Remedy")
FAILURE = Words(zh="故障", en="Failure")
STORY = Words(zh="内容", en="What happens")


def tables(lang: str) -> str:
    """All tables, one a folder."""
    files = [load(path) for path in shipped().values()]
    parts = []
    for kind, members in groupby(files, key=lambda file: file.path.parent.name):
        made = guide_table if kind == "guide" else story_table
        parts += [f"## {KINDS[kind][lang]}", made(list(members), lang)]
    return "\n\n".join(parts)


def guide_table(files: list[File[Scenario]], lang: str) -> str:
    """Section, cause, text, remedy."""
    headings = ["§", SCENARIO[lang], CAUSE[lang], TEXT[lang], REMEDY[lang]]
    rows = [
        [
            section_words(file.value.section)[lang].removeprefix("§"),
            _link(file),
            _about(file, lang),
            _seen(file),
            _remedy(file, lang),
        ]
        for file in files
    ]
    return table(headings, rows)


def story_table(files: list[File[Scenario]], lang: str) -> str:
    """What happens, and the entry of the catalogue that it is about."""
    headings = [SCENARIO[lang], STORY[lang], FAILURE[lang], TEXT[lang]]
    rows = [
        [_link(f), _about(f, lang), f"`{f.value.failure}`" if f.value.failure else "", _seen(f)]
        for f in files
    ]
    return table(headings, rows)


def _link(file: File[Scenario]) -> str:
    return f"[{file.name}]({file.path.relative_to(folder()).as_posix()})"


def _about(file: File[Scenario], lang: str) -> str:
    said = file.value.about or file.value.title
    return Words(zh=said.zh, en=said.en)[lang]


def _seen(file: File[Scenario]) -> str:
    """The first text that the user must read."""
    texts = (step.expect.user.sees for step in file.value.steps if step.expect.user)
    return next((f"`{text}`" for text in texts if text), "")


def _remedy(file: File[Scenario], lang: str) -> str:
    steps = " → ".join(step_words(step)[lang] for step in file.value.remedy)
    return re.sub(r"\{\{ *(.*?) *\}\}", r"\1", steps)


@pytest.mark.parametrize("lang", list(READMES))
def test_the_tables_are_what_the_files_say(lang: str) -> None:
    _, found, _ = parted(READMES[lang].read_text("utf-8"), "scenarios")
    assert found.strip() == tables(lang), "run: python -m tests.scenario.test_shipped_readme"


def test_every_kind_of_scenario_has_a_heading() -> None:
    assert tuple(KINDS) == FOLDERS


def main() -> None:
    for lang, path in READMES.items():
        before, _, after = parted(path.read_text("utf-8"), "scenarios")
        path.write_text(f"{before}\n{tables(lang)}\n\n{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
