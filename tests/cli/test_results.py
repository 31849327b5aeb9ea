"""Results of scenarios in the terminal: a row each, failures in full, and the count."""

import pytest
from msgspec.structs import replace
from rich.console import Console

from fakeproviders.cli.results import failures, results_table, verdict
from fakeproviders.scenario.results import Summary
from tests.scenario.report.outcomes import ALL, MENDED


def printed(*parts: object) -> str:
    console = Console(width=200, no_color=True, markup=False, highlight=False)
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    return capture.get()


@pytest.mark.parametrize(
    ("lang", "outcomes"),
    [("en", ["passed", "failed", "skipped"]), ("zh", ["通过", "失败", "跳过"])],
)
def test_the_table_has_a_row_for_each(lang: str, outcomes: list[str]) -> None:
    lines = printed(results_table(ALL, "zh" if lang == "zh" else "en")).splitlines()[2:]
    passed, failed, skipped = outcomes
    assert [line.split()[0] for line in lines if line.split()[0] in outcomes] == [
        passed, failed, failed, skipped,
    ]  # fmt: skip
    assert "§3" in lines[0]


def test_failures_show_expected_actual_and_the_trace_and_drive_no_terminal() -> None:
    text = printed(*failures(ALL, "en"))
    assert "4-signature" in text
    assert "expected: one (en)" in text
    assert "✗ not equal (en)" in text
    assert "\\x07" in text
    assert "\x07" not in text


@pytest.mark.parametrize(
    ("summary", "line"),
    [
        (ALL, "passed 1, failed 2 (1 could not be run), skipped 1; 1.2 s"),
        (replace(ALL, results=(MENDED,)), "passed 1; 1.2 s"),
        (replace(ALL, results=(), interrupted=True), "no scenarios; 1.2 s (interrupted)"),
    ],
)
def test_the_last_line_counts(summary: Summary, line: str) -> None:
    assert verdict(summary, "en").plain == line
