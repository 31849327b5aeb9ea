"""Both READMEs: every command runs as it is written and prints what they show, and no table drifts.

    python -m tests.test_readme     writes the generated tables into both of them

A fenced block in ``sh`` is run, in the order of the file, all shell blocks in one shell; a block in
``text`` right after it is what it prints, where ``…`` stands for anything. A block in ``sh setup`` is not
run. One with a file's name behind its language is that file of ``tests/e2e/recipes``, where it is run.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fakeproviders.cli.main import COMMANDS
from fakeproviders.control.routes import ROUTES
from fakeproviders.failures import Failure, Reason, Words, catalogue
from fakeproviders.faults.receipt import Receipt
from fakeproviders.faults.registry import TRANSPORT
from fakeproviders.faults.rule import FaultSpec
from fakeproviders.harness import PROVIDERS
from fakeproviders.verify.expectation import Expectation, Verification
from tests.conftest import require_tool
from tests.e2e.erban_clients import table as erban_clients

ROOT = Path(__file__).parent.parent
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
LISTENERS = ("control", "official", "reseller", "erban", "panel")
LANGS = pytest.mark.parametrize("lang", list(READMES))
RECIPES = ("quickstart.py", "awaiting.py", "plain.py", "suite.php", "suite.mjs", "junit.sh")
"""Files that ``tests/e2e/recipes`` runs and both READMEs show."""
_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
_PATIENCE = 240
"""Seconds for all commands of a README on a busy machine: each starts an interpreter."""

# --- the blocks -----------------------------------------------------------------------------------


class Block(NamedTuple):
    """A fenced block: its language, what it says, and what it is shown to print."""

    info: str
    body: str
    shown: str | None


def read(lang: str) -> str:
    return READMES[lang].read_text(encoding="utf-8")


def blocks(text: str) -> list[Block]:
    """The blocks that do something, each with the ``text`` block that follows it, if one does."""
    fences = list(_FENCE.finditer(text))
    found = []
    for number, fence in enumerate(fences):
        following = fences[number + 1] if number + 1 < len(fences) else None
        shown = None
        if following and following["info"] == "text" and _adjacent(text, fence, following):
            shown = following["body"]
        if fence["info"] != "text":
            found.append(Block(fence["info"], fence["body"], shown))
    return found


def _adjacent(text: str, first: re.Match[str], second: re.Match[str]) -> bool:
    return not text[first.end() : second.start()].strip()


def of(lang: str, info: str) -> list[Block]:
    return [block for block in blocks(read(lang)) if block.info == info]


# --- a server like the reader's -------------------------------------------------------------------


class Reader:
    """Somebody who pastes: a server on free ports, and addresses rewritten to and fro."""

    def __init__(self, ready: dict[str, Any], lang: str, home: Path) -> None:
        usual = {name: f"127.0.0.1:{9400 + n}" for n, name in enumerate(LISTENERS)}
        self._real = {usual[n]: ready[n].removeprefix("http://") for n in LISTENERS}
        self._home = home
        kept = {k: v for k, v in os.environ.items() if "proxy" not in k.lower() and k[:3] != "LC_"}
        self._env = kept | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "LANG": "zh_CN.UTF-8" if lang == "zh" else "C.UTF-8",
            "COLUMNS": "200",
            "PYTHONUTF8": "1",
            "FAKEPROVIDERS_CONTROL": ready["control"],
            "HOME": str(home),
        }

    def run(self, command: list[str], script: str) -> str:
        """What the command prints when it gets the script; stderr last."""
        for usual, real in self._real.items():
            script = script.replace(usual, real)
        done = subprocess.run(
            command, input=script, capture_output=True, text=True, timeout=_PATIENCE,
            cwd=self._home, env=self._env, check=False,
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert done.returncode == 0, said
        for usual, real in self._real.items():
            said = said.replace(real, usual)
        return said


@contextmanager
def reader(lang: str, home: Path) -> Iterator[Reader]:
    """A reader with a server of his own."""
    command = [sys.executable, "-m", "fakeproviders", "serve", "--json", "--port-base", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield Reader(json.loads(server.stdout.readline()), lang, home)
        finally:
            server.send_signal(signal.SIGINT)
            assert server.wait(_PATIENCE) == 0


def normal(text: str) -> str:
    """A text without what differs from run to run: moments, ids, durations, widths of columns."""
    for pattern, name in _VOLATILE:
        text = pattern.sub(name, text)
    return "\n".join(line for line in map(str.strip, text.splitlines()) if line)


_VOLATILE = [
    (re.compile(pattern, re.MULTILINE), name)
    for pattern, name in (
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+08:00", "MOMENT"),
        (r"\b\d\d-\d\d \d\d:\d\d:\d\d\b", "MOMENT"),
        (r"\b[0-9a-z]+\.[a-z]\.[0-9a-f]{32}\b", "TOKEN"),
        (r"\b58863\d{10}\b", "MESSAGE"),
        (r"(?<=200) +[\d.]+ *$", " MS"),
        (r"─+", "─"),
        (r"[ \t]+", " "),
    )
]


def fits(printed: str, shown: str) -> bool:
    """Whether a block printed what is shown."""
    parts = [re.escape(part.strip()) for part in normal(shown).split("…")]
    return re.fullmatch(r"\s*.*?\s*".join(parts), normal(printed), re.DOTALL) is not None


# --- what they do ---------------------------------------------------------------------------------


@pytest.mark.timeout(_PATIENCE + 60)
@pytest.mark.parametrize(("lang", "shell"), [("en", "dash"), ("zh", "bash"), ("en", "zsh")])
def test_every_shell_block_prints_what_is_shown(lang: str, shell: str, tmp_path: Path) -> None:
    """Both READMEs have the same commands: so not each of them needs each shell."""
    if shell != "bash" and shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    require_tool("curl")
    require_tool("iconv")
    found = of(lang, "sh")
    mark = uuid.uuid4().hex
    script = "".join(f"{{\n{b.body}}} || echo {mark}-$?\necho {mark}\n" for b in found)
    with reader(lang, tmp_path) as me:
        printed = me.run([shell], script).split(f"{mark}\n")[: len(found)]
    assert len(printed) == len(found)
    for block, said in zip(found, printed, strict=True):
        assert f"{mark}-" not in said, f"{block.body}\nended badly:\n{said}"
        if block.shown is not None:
            assert fits(said, block.shown), f"{block.body}\nprints\n{said}\nnot\n{block.shown}"


@LANGS
@pytest.mark.parametrize("name", RECIPES)
def test_recipes_are_the_files_that_are_run(lang: str, name: str) -> None:
    shown = [block.body for block in blocks(read(lang)) if block.info.endswith(f" {name}")]
    assert shown == [(ROOT / "tests/e2e/recipes" / name).read_text("utf-8")]


def test_both_languages_have_the_same_commands() -> None:
    english, chinese = ([(b.info, b.body) for b in blocks(read(lang))] for lang in READMES)
    assert chinese == english


def test_both_languages_show_output_for_the_same_commands() -> None:
    english, chinese = ([b.shown is None for b in blocks(read(lang))] for lang in READMES)
    assert chinese == english


@LANGS
def test_links_lead_somewhere(lang: str) -> None:
    text = read(lang)
    anchors = {_anchor(line) for line in text.splitlines() if line.startswith("#")}
    for target in _LINK.findall(_FENCE.sub("", text)):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif "://" not in target:
            assert (ROOT / target).exists(), target


def _anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    words = heading.lstrip("#").strip().lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


# --- what they must not forget --------------------------------------------------------------------


@LANGS
@pytest.mark.parametrize("name", [*COMMANDS, *TRANSPORT, "receipt"])
def test_every_command_and_fault_has_a_row(lang: str, name: str) -> None:
    assert re.search(rf"^\| `{name}\b[^`]*`", read(lang), re.MULTILINE), name


@LANGS
@pytest.mark.parametrize(
    "shape",
    [
        FaultSpec,
        *TRANSPORT.values(),
        Receipt,
        *(provider.settings_type for provider in PROVIDERS),
        Expectation,
        Verification,
    ],
    ids=lambda shape: shape.__name__,
)
def test_every_setting_is_named(lang: str, shape: Any) -> None:
    text = _FENCE.sub("", read(lang))
    missing = [
        name for name in shape.__struct_fields__ if not re.search(rf"`[^`]*\b{name}\b", text)
    ]
    assert not missing


# --- the generated tables -------------------------------------------------------------------------

KINDS = {
    "documented": Words(zh="排障指南所载", en="Documented by the operators' guide"),
    "gateway": Words(zh="短信网关的常见拒绝", en="What every SMS gateway also refuses"),
    "transport": Words(zh="网络与服务进程的故障", en="What networks and server processes do"),
}
HEADINGS = {
    "slug": Words(zh="名称", en="Slug"),
    "text": Words(
        zh="服务商返回的文字<br>代码：官方 · 代理 · 二办",
        en="Provider's text<br>code: official · reseller · Erban",
    ),
    "title": Words(zh="现象", en="What happens"),
    "cause": Words(zh="原因", en="Cause"),
    "remedy": Words(zh="处理方法", en="Remedy"),
    "provenance": Words(zh="出处", en="From"),
}


def failures_table(lang: str) -> str:
    """The catalogue, a table a kind."""
    parts = []
    for kind, words in KINDS.items():
        entries = [entry for entry in catalogue().values() if entry.kind == kind]
        second = "title" if kind == "transport" else "text"
        names = ("slug", second, "cause", "remedy", "provenance")
        rows = [_failure_row(entry, second, lang) for entry in entries]
        made = table([HEADINGS[n][lang] for n in names], rows)
        shown = f"**{words[lang]}**\n\n{made}"
        if kind != "documented":
            shown = f"<details><summary>{words[lang]}</summary>\n\n{made}\n\n</details>"
        parts.append(shown)
    return "\n\n".join(parts)


def _failure_row(entry: Failure, second: str, lang: str) -> list[str]:
    section = entry.section and f"<br>{_section(entry.section, lang)}"
    said = entry.title[lang]
    if second == "text":
        text = f"`{entry.text}`" if entry.text else f"({said})"
        said = f"{text}<br>{' · '.join(_codes(entry.slug))}"
    return [
        f"`{entry.slug}`{section}", said, entry.cause[lang], entry.remedy[lang], entry.provenance,
    ]  # fmt: skip


def _section(section: str, lang: str) -> str:
    preface = Words(zh="前言", en="preface")
    return preface[lang] if section == "preface" else f"§{section}"


def _codes(slug: str) -> Iterator[str]:
    for provider in PROVIDERS:
        form = provider.wire_form(Reason(slug))
        yield str(form["code"] or f"HTTP {form['status']}")


def routes_table(lang: str) -> str:
    """The control API."""
    headings = [Words(zh="调用", en="Call"), Words(zh="作用", en="What it does")]
    rows = [[_call(route.method, route.path), route.summary[lang]] for route in ROUTES]
    return table([words[lang] for words in headings], rows)


def _call(method: str, path: str) -> str:
    return f"`{method} {path.removeprefix('/api/v1')}`"


def table(headings: list[str], rows: Iterable[list[str]]) -> str:
    """A table in Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


def clients_table(lang: str) -> str:
    """What clients of the Erban service make of its failures."""
    return table(erban_clients.headings(lang), erban_clients.rows(lang))


TABLES = {"failures": failures_table, "routes": routes_table, "clients": clients_table}


def parted(text: str, name: str) -> tuple[str, str, str]:
    """What stands before, between and after the markers of a table."""
    before, begin, rest = text.partition(f"<!-- {name} -->\n")
    table, end, after = rest.partition(f"<!-- /{name} -->")
    assert begin, f"the marker <!-- {name} --> is gone"
    assert end, f"the marker <!-- /{name} --> is gone"
    return before + begin, table, end + after


@LANGS
@pytest.mark.parametrize("name", list(TABLES))
def test_tables_are_what_the_code_says(lang: str, name: str) -> None:
    _, found, _ = parted(read(lang), name)
    assert found.strip() == TABLES[name](lang), "run: python -m tests.test_readme"


def main() -> None:
    for lang, path in READMES.items():
        text = read(lang)
        for name, make in TABLES.items():
            before, _, after = parted(text, name)
            text = f"{before}\n{make(lang)}\n\n{after}"
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
