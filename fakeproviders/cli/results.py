"""Results of scenarios for the terminal: a table, then each failure in full."""

from collections.abc import Iterator, Mapping

from rich.text import Text

from fakeproviders.cli.lang import Lang
from fakeproviders.cli.punctuation import bracketed
from fakeproviders.cli.show import cell, folding, table, visible
from fakeproviders.failures import Words
from fakeproviders.punctuation import COMMA, SEMICOLON
from fakeproviders.scenario.report.text import OUTCOMES, failure_text, section_words
from fakeproviders.scenario.results import Outcome, ScenarioResult, Summary

STYLES: Mapping[Outcome, str] = {"passed": "green", "failed": "bold red", "skipped": "dim"}


def results_table(summary: Summary, lang: Lang) -> object:
    """A row for each scenario: how it ended, and what it is about or why it did not pass."""
    made = table(
        "",
        Words(zh="场景", en="scenario")[lang],
        Words(zh="章节", en="section")[lang],
        Words(zh="秒", en="s")[lang],
        folding(Words(zh="内容", en="about")[lang]),
    )
    for result in summary.results:
        reason = None if result.outcome == "passed" else result.reason
        made.add_row(
            Text(OUTCOMES[result.outcome][lang], STYLES[result.outcome]),
            cell(result.name),
            cell(section_words(result.section)[lang]),
            cell(f"{result.took:.1f}"),
            cell((reason or result.title)[lang]),
        )
    return made


def failures(summary: Summary, lang: Lang) -> Iterator[Text]:
    """Each scenario that did not pass: the step, expected and actual, the decision trace."""
    for result in summary.results:
        if result.outcome == "failed":
            yield Text(f"\n{heading(result, lang)}", STYLES[result.outcome])
            yield Text(visible(failure_text(result, lang)))


def heading(result: ScenarioResult, lang: Lang) -> str:
    """The scenario and how to run it again."""
    seed = Words(zh="种子", en="seed")[lang]
    about = bracketed(f"{seed} {result.seed}{COMMA[lang]}{result.target}", lang)
    return visible(f"{result.name}  {result.title[lang]}  {about}")


def verdict(summary: Summary, lang: Lang) -> Text:
    """The last line: how many ended how, and how long it took."""
    parts = [_count(summary, outcome, lang) for outcome in STYLES if summary.count(outcome)]
    broken_off = Words(zh="（已中断）", en=" (interrupted)")[lang] if summary.interrupted else ""
    nothing = Words(zh="没有场景", en="no scenarios")[lang]
    text = f"{COMMA[lang].join(parts) or nothing}{SEMICOLON[lang]}{summary.took:.1f} s{broken_off}"
    return Text(text, "bold green" if summary.good and not summary.interrupted else "bold red")


def _count(summary: Summary, outcome: Outcome, lang: Lang) -> str:
    """How many ended so; of those that failed, how many could not be tried at all."""
    counted = f"{OUTCOMES[outcome][lang]} {summary.count(outcome)}"
    if outcome != "failed" or not summary.errors:
        return counted
    errors = summary.errors
    said = Words(zh=f"（其中 {errors} 个无法运行）", en=f" ({errors} could not be run)")
    return counted + said[lang]
