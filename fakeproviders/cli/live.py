"""A replay while it runs, on stderr: a moving line in a terminal, else a line a scenario."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from fakeproviders.cli.lang import Lang
from fakeproviders.cli.show import notice, visible
from fakeproviders.failures import Words
from fakeproviders.punctuation import COLON
from fakeproviders.scenario import progress
from fakeproviders.scenario.report.text import OUTCOMES
from fakeproviders.scenario.results import ScenarioResult

MARKS = {"passed": "✓", "failed": "✗", "skipped": "-"}
RUNNING = Words(zh="运行场景", en="Running scenarios")


@contextmanager
def live(total: int, lang: Lang) -> Iterator[progress.OnEvent]:
    """What shows a replay of so many scenarios."""
    if not sys.stderr.isatty():
        yield Lines(total, lang)
        return
    console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[doing]}", style="dim", markup=False),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield Moving(bar, total, lang)


class Lines:
    """One line for each scenario that has ended."""

    def __init__(self, total: int, lang: Lang) -> None:
        self._total = total
        self._lang = lang
        self._ended = 0

    def __call__(self, event: progress.Progress) -> None:
        """Show it, if it is the end of a scenario."""
        if isinstance(event, progress.ScenarioFinished):
            self._ended += 1
            notice(f"[{self._ended}/{self._total}] {ended_line(event.result, self._lang)}")


class Moving:
    """A bar with the step that is being done; what did not pass stays above it."""

    def __init__(self, bar: Progress, total: int, lang: Lang) -> None:
        self._bar = bar
        self._lang = lang
        self._task = bar.add_task(RUNNING[lang], total=total, doing="")

    def __call__(self, event: progress.Progress) -> None:
        """Show it."""
        if isinstance(event, progress.StepStarted):
            named = f"{event.name}{COLON[self._lang]}{event.words[self._lang]}"
            doing = visible(named).replace("\n", " ")
            self._bar.update(self._task, doing=doing)
        elif isinstance(event, progress.ScenarioFinished):
            self._bar.advance(self._task)
            if event.result.outcome == "failed":
                self._bar.console.print(ended_line(event.result, self._lang), style="red")


def ended_line(result: ScenarioResult, lang: Lang) -> str:
    """How a scenario ended, on a line."""
    said = f"{MARKS[result.outcome]} {result.name}  {OUTCOMES[result.outcome][lang]}"
    reason = "" if result.reason is None else f"  {result.reason[lang]}"
    return visible(f"{said}  {result.took:.1f} s{reason}").replace("\n", " ")
