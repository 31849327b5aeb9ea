"""What came of a replay: the files that were asked for, and what is shown of it."""

import shlex
from collections.abc import Iterable
from pathlib import Path

import click

from fakeproviders.cli.base import PROG
from fakeproviders.cli.errors import CliError, not_written
from fakeproviders.cli.lang import Lang
from fakeproviders.cli.results import failures, results_table, verdict
from fakeproviders.cli.show import json_line, render, visible
from fakeproviders.failures import Words
from fakeproviders.punctuation import COLON
from fakeproviders.scenario.report.html import html
from fakeproviders.scenario.report.json import document
from fakeproviders.scenario.report.junit import junit
from fakeproviders.scenario.results import ScenarioResult, Summary

AGAIN = Words(zh="重现", en="again")
KEPT = Words(zh="保留的会话", en="session kept")


def write_reports(summary: Summary, report: str | None, xml: str | None, lang: Lang) -> None:
    """The files that were asked for. Raises CliError when one cannot be written."""
    if report is not None:
        write(report, html(summary, lang).encode(), lang)
    if xml is not None:
        write(xml, junit(summary, lang), lang)


def check_writable(files: Iterable[str | None], lang: Lang) -> None:
    """See beforehand that each can be written; none is left behind. Raises CliError."""
    for path in (Path(file) for file in files if file is not None):
        if path.is_fifo() or path.is_char_device():
            continue  # whoever reads it would take a look for the whole
        is_new = not path.exists()
        try:
            with path.open("ab"):
                pass
            if is_new:
                path.unlink()
        except OSError as error:
            raise _cannot_write(path, error, lang) from None


def write(file: str, content: bytes, lang: Lang) -> None:
    """One file. Raises CliError."""
    try:
        Path(file).write_bytes(content)
    except OSError as error:
        raise _cannot_write(file, error, lang) from None
    click.echo(Words(zh=f"已写入 {file}", en=f"Written: {file}")[lang], err=True)


def _cannot_write(file: str | Path, error: OSError, lang: Lang) -> CliError:
    return CliError(not_written(file, error)[lang])


def show(summary: Summary, lang: Lang, *, control: str | None, as_json: bool) -> None:
    """JSON, or a table with each failure in full and how to see it again."""
    if as_json:
        json_line(document(summary))
        return
    render(results_table(summary, lang))
    render(*failures(summary, lang), whole_lines=True)
    for result in summary.results:
        if result.outcome == "failed":
            click.echo(f"{AGAIN[lang]}{COLON[lang]}{visible(repeat(result, control))}")
    for result in summary.results:
        if result.session is not None:
            click.echo(f"{KEPT[lang]}{COLON[lang]}{visible(result.name)} {result.session}")
    render("", verdict(summary, lang))


def repeat(result: ScenarioResult, control: str | None) -> str:
    """The command that runs a scenario again as it was run; ``control`` is the server that was named."""
    words = [PROG, "replay", result.path or result.name, "--seed", str(result.seed)]
    where = [] if control is None else ["--control", control]
    return shlex.join([*words, "--target", result.target, *where])
