"""A proof on the terminal: how far it is, and what came of it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from fakeproviders.cli.lang import Lang
from fakeproviders.failures import Words
from loadtests.proofs.proof import Show
from loadtests.proofs.verdict import Verdict

RESULTS = {
    True: (Words(zh="通过", en="passed"), "green"),
    False: (Words(zh="失败", en="FAILED"), "bold red"),
    None: (Words(zh="不评判", en="stated"), "dim"),
}
ACCEPTED = Words(zh="受理", en="accepted")


@contextmanager
def progress(sentence: str, lang: Lang) -> Iterator[Show]:
    """A bar on stderr while a proof runs; nothing where nobody looks."""
    console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[accepted]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(sentence, total=None, accepted="")

        def show(ended: int, total: int, accepted: int) -> None:
            said = f"{ACCEPTED[lang]} {accepted:,}"
            bar.update(task, completed=ended, total=total, accepted=said)

        yield show


def verdict_lines(verdict: Verdict, lang: Lang) -> Iterator[Text]:
    """The verdict on a line, and each check below it."""
    yield _line("", verdict.passed, f"{verdict.name}: {verdict.sentence[lang]}", lang)
    if verdict.broken is not None:
        yield Text(f"    {verdict.broken[lang]}")
    if verdict.figures:
        shown = ", ".join(f"{name} {value:,.6g}" for name, value in verdict.figures.items())
        yield Text(f"    {shown}", style="dim")
    for check in verdict.checks:
        yield _line("    ", check.passed, f"{check.name}: {check.said[lang]}", lang)


def _line(indent: str, passed: bool | None, said: str, lang: Lang) -> Text:  # noqa: FBT001
    word, style = RESULTS[passed]
    return Text.assemble(indent, (f"{word[lang]:<8}", style), said)
