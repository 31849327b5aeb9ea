"""The moving line of a terminal: which step is being done, and what did not pass."""

import io

import pytest
from rich.console import Console
from rich.progress import Progress, TextColumn

from fakeproviders.cli.live import Lines, Moving, ended_line, live
from fakeproviders.failures import Words
from fakeproviders.scenario.progress import ScenarioFinished, StepStarted
from fakeproviders.scenario.results import ScenarioResult

WORDS = Words(zh="点击【保存设置】", en="Press\nSave settings")
FAILED = ScenarioResult(
    name="mine",
    title=Words(zh="试验", en="A trial"),
    outcome="failed",
    reason=Words(zh="\x1b[31m不对", en="\x1b[31mnot so"),
    seed=1,
    target="panel",
    took=1.25,
)


def test_a_terminal_shows_the_step_and_keeps_what_failed() -> None:
    screen = io.StringIO()
    columns = (TextColumn("{task.completed}/{task.total} {task.fields[doing]}", markup=False),)
    console = Console(file=screen, force_terminal=True, width=100, markup=False)
    with Progress(*columns, console=console, auto_refresh=False) as bar:
        moving = Moving(bar, 2, "en")
        moving(StepStarted(name="mine", phase="steps", index=1, words=WORDS))
        bar.refresh()
        moving(ScenarioFinished(name="mine", result=FAILED))
    assert "0/2 mine: Press Save settings" in screen.getvalue()
    assert "✗ mine  failed" in screen.getvalue()
    assert "1/2" in screen.getvalue()


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("zh", r"✗ mine  失败  1.2 s  \x1b[31m不对"),
        ("en", r"✗ mine  failed  1.2 s  \x1b[31mnot so"),
    ],
)
def test_how_a_scenario_ended_is_a_line_that_cannot_act(lang: str, line: str) -> None:
    assert ended_line(FAILED, "zh" if lang == "zh" else "en") == line


def test_without_a_terminal_each_end_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with live(3, "en") as on_event:
        assert isinstance(on_event, Lines)
        on_event(StepStarted(name="mine", phase="steps", index=1, words=WORDS))
        on_event(ScenarioFinished(name="mine", result=FAILED))
    assert capsys.readouterr().err.startswith("[1/3] ✗ mine")
