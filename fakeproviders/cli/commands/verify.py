"""``verify``: did the requests come that a file expects? Exit code 1 when not."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from fakeproviders.cli.api import Api
from fakeproviders.cli.base import client_options, command
from fakeproviders.cli.errors import CliError, place_in_json
from fakeproviders.cli.lang import Lang
from fakeproviders.cli.show import Entry, cell, folding, json_line, render, styled, table, visible
from fakeproviders.cli.spell import spelt_match
from fakeproviders.failures import Words
from fakeproviders.system_errors import why

NOT_PASSED = 1
DOES = Words(
    zh="按文件核对收到的请求：次数、顺序、有无意外的请求。",
    en="Compare the requests with what a file expects.",
)
MORE = Words(
    zh="FILE 是一个 JSON 对象，- 表示标准输入。全部通过时退出码为 0，"
    "不通过或日志已清除而无法判定时为 1。",
    en="FILE holds a JSON object, - is standard input. The exit code is 0 for a pass, 1 for a "
    "failure, and when evicted requests leave it open.",
)
EXAMPLES = (
    "fakeproviders verify expected.json",
    """echo '{"requests": [{"operation": "send", "count": 1}], "strict": true}' \\""",
    "    | fakeproviders verify -",
)
RESULTS = {
    "pass": Words(zh="通过", en="pass"),
    "fail": Words(zh="不通过", en="fail"),
    "inconclusive": Words(zh="无法判定", en="inconclusive"),
}
COLOURS = {"pass": "accepted", "fail": "fault", "inconclusive": "refused"}
"""The outcome whose colour a result has."""


def build(lang: Lang) -> click.Command:
    """The command in one language."""

    @command(lang, "verify", does=DOES, more=MORE, examples=EXAMPLES)
    @click.argument("file", metavar="FILE")
    @client_options(lang)
    def verify(file: str, *, session: str, control: str, token: str | None, as_json: bool) -> None:
        answer = Api(control, session, token, lang).post("/verify", read(file, lang))
        if as_json:
            json_line(answer)
        else:
            show(answer, lang)
        if answer.get("result") != "pass":
            raise click.exceptions.Exit(NOT_PASSED)

    return verify


def read(file: str, lang: Lang) -> Any:
    """What the file expects. Raises CliError."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return json.loads(raw)
    except OSError as error:
        reason = why(error)
        said = Words(zh=f"无法读取 {file}：{reason.zh}", en=f"Cannot read {file}: {reason.en}")
    except ValueError as error:
        said = Words(
            zh=f"{file} 不是有效的 JSON（{place_in_json(error)}）。",
            en=f"{file} is not valid JSON: {error}",
        )
    raise CliError(said[lang])


def show(answer: Entry, lang: Lang) -> None:
    """The checks, their near misses, and the verdict."""
    checks = answer.get("checks") or []
    if checks:
        render(check_table(checks, lang), "")
    near = list(near_misses(checks))
    if near:
        render(near_table(near, lang), "")
    verdict, *remarks = visible(answer["words"][lang]).split("\n")
    for line in (verdict, *remarks[sum(check["result"] != "pass" for check in checks) :]):
        click.echo(line)  # the lines left out say of each check what the tables show


def check_table(checks: Sequence[Entry], lang: Lang) -> Table:
    """One row an expectation."""
    made = table(
        "#",
        folding(Words(zh="期望", en="expectation")[lang], least=16),
        Words(zh="应有", en="wanted")[lang],
        Words(zh="实有", en="found")[lang],
        Words(zh="结果", en="result")[lang],
    )
    for number, check in enumerate(checks, 1):
        result = str(check["result"])
        made.add_row(
            str(number),
            cell(spelt_expectation(check["expected"], lang)),
            cell(spelt_count(check["expected"]["count"])),
            str(check["count"]),
            styled(RESULTS[result][lang], COLOURS[result]),
        )
    return made


def near_misses(checks: Sequence[Entry]) -> Iterator[tuple[int, str, Entry]]:
    """Number of the expectation, request, and a field that did not fit."""
    for number, check in enumerate(checks, 1):
        for near in check["near_misses"]:
            for miss in near["misses"]:
                yield number, near["request"], miss


def near_table(rows: Sequence[tuple[int, str, Entry]], lang: Lang) -> Table:
    """One row a field that did not fit; a request's id stands at its first."""
    made = table(
        "#",
        Words(zh="最接近的请求", en="near miss")[lang],
        Words(zh="字段", en="field")[lang],
        folding(Words(zh="实际", en="actual")[lang], least=11),
        folding(Words(zh="要求", en="expected")[lang], least=11),
    )
    before = None
    for number, request, miss in rows:
        again = before == (number, request)
        before = (number, request)
        head = ("", "") if again else (str(number), request)
        made.add_row(
            *head, *map(cell, (miss["field"], miss["actual"], miss["expected_words"][lang]))
        )
    return made


def spelt_expectation(expected: Entry, lang: Lang) -> str:
    """An expectation on a line, as one would write a rule."""
    words = [str(expected[name]) for name in ("provider", "operation") if name in expected]
    if "match" in expected:
        words.append(spelt_match(expected["match"], lang))
    words += [str(expected[name]) for name in ("outcome", "reason") if name in expected]
    return " ".join(words) or "*"


def spelt_count(count: Entry) -> str:
    """Bounds as short as they go: ``2``, ``≥ 1``, ``0-3``."""
    low, high = count["min"], count["max"]
    if high is None:
        return f"≥ {low}"
    return str(low) if low == high else f"{low}-{high}"
