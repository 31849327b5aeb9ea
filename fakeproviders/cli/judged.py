"""The verdict on a load run for the terminal: a row a check, and a last line."""

from collections.abc import Iterator

from rich.text import Text

from fakeproviders.cli.lang import Lang
from fakeproviders.cli.show import cell, folding, table, visible
from fakeproviders.failures import Words
from fakeproviders.load.report.html import OUTCOMES
from fakeproviders.load.verdict import Verdict
from fakeproviders.punctuation import COLON, COMMA, SEMICOLON
from fakeproviders.scenario.report.text import ACTUAL, EXPECTED
from fakeproviders.system_errors import in_chinese

MOST_ERRORS = 5
STYLES = {"passed": "green", "failed": "bold red", "skipped": "dim"}


def checks_table(verdict: Verdict, lang: Lang) -> object:
    """What was expected and what was found; beside a check that failed, what to do."""
    made = table(
        "",
        Words(zh="项目", en="check")[lang],
        folding(Words(zh="内容", en="about")[lang]),
        EXPECTED[lang],
        folding(ACTUAL[lang]),
    )
    for check in verdict.checks:
        failed = check.outcome == "failed"
        about = f"{check.title[lang]}\n{check.advice[lang]}" if failed else check.title[lang]
        made.add_row(
            Text(OUTCOMES[check.outcome][lang], STYLES[check.outcome]),
            cell(check.name),
            cell(about),
            cell(check.expected[lang]),
            cell(check.actual[lang]),
        )
    return made


def errors(verdict: Verdict, lang: Lang) -> Iterator[str]:
    """What went wrong on the load's own side, the most frequent first; at most so many lines."""
    label = Words(zh="压测端的错误", en="error of the load's own side")[lang]
    counted = sorted(verdict.stats.errors.items(), key=lambda item: -item[1])
    for error, number in counted[:MOST_ERRORS]:
        said = in_chinese(error) if lang == "zh" else error
        yield visible(f"{label}{COLON[lang]}{number:,} × {said}").replace("\n", " ")


def last_line(verdict: Verdict, lang: Lang) -> Text:
    """How many checks ended how, and on how many sends."""
    sends = sum(slot.attempts for slot in verdict.ledger.series.slots)
    counts = COMMA[lang].join(
        f"{OUTCOMES[outcome][lang]} {number}"
        for outcome in ("passed", "failed", "skipped")
        if (number := verdict.number(outcome))
    )
    ran = Words(
        zh=f"{sends:,} 次发送，{verdict.ledger.seconds:.1f} s",
        en=f"{sends:,} sends in {verdict.ledger.seconds:.1f} s",
    )
    return Text(
        f"{counts}{SEMICOLON[lang]}{ran[lang]}", "bold green" if verdict.passed else "bold red"
    )
