"""The report of all benchmarks: medians against targets, as a table's rows and as JSON."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtests.bench import __main__ as command
from loadtests.bench import memory, report
from loadtests.bench.compared import NotAllGoodError
from loadtests.bench.lines import LINES, Figures, Line
from loadtests.bench.official_send import JSON
from tests.asyncs import run


def a_line(values: Iterator[float | Figures], *, runs: int = 3, needs: str = "") -> Line:
    """A benchmark that finds these ratios, or figures, one a run."""

    def measure() -> Figures:
        found = next(values)
        return {"ratio": found} if isinstance(found, float) else found

    return Line("it", measure, least=0.5, runs=runs, needs=needs)


@pytest.mark.parametrize(
    ("found", "met"), [((0.4, 0.5, 0.9), True), ((0.4, 0.49, 0.9), False), ((0.6, 0.6, 0.1), True)]
)
def test_the_run_in_the_middle_is_held_against_the_target(
    found: tuple[float, ...], met: bool
) -> None:
    measured = report.measured(a_line(iter(found)))
    assert (measured["value"], measured["met"]) == (sorted(found)[1], met)
    assert [each["ratio"] for each in measured["runs"]] == list(found)


def test_a_line_may_have_a_most_or_nothing_to_meet() -> None:
    line = Line("memory", dict, most=10)
    assert (line.target, line.met_by(10), line.met_by(10.1)) == ("≤ 10", True, False)
    free = Line("start-up", dict)
    assert (free.target, free.met_by(1e9)) == ("", None)


def test_what_cannot_be_measured_here_says_why() -> None:
    measured = report.measured(a_line(iter(()), needs="no-such-program"))
    assert list(report.rows([measured])) == [
        ("it", "", "", "", "", "no-such-program is not installed", "≥ 0.5", "")
    ]


def test_a_door_is_shown_with_what_a_core_carries_and_how_late_it_answers() -> None:
    found = (
        {"ratio": ratio, "full_us": us, "bare_us": 50.0, "full_p99_ms": p99, "bare_p99_ms": 2.25}
        for ratio, us, p99 in ((0.5, 100.0, 9.0), (0.4, 125.0, 3.0), (0.6, 80.0, 6.04))
    )
    measured = report.measured(a_line(found)._replace(door=JSON))
    assert (measured["sends_per_second"], measured["p99_ms"]) == (10_000, 6.04)
    (row,) = report.rows([measured])
    assert row == ("it", "10,000", "20,000", "6.0", "2.2", "0.50 × bare", "≥ 0.5", "yes")
    assert len(row) == len(report.COLUMNS)


def test_what_is_no_door_has_no_such_figures() -> None:
    measured = report.measured(a_line(iter((0.5,)), runs=1))
    assert list(report.rows([measured])) == [("it", "", "", "", "", "0.50 × bare", "≥ 0.5", "yes")]


def test_a_run_in_which_not_all_went_well_counts_for_nothing() -> None:
    def measure() -> dict[str, float]:
        raise NotAllGoodError("3 of 9 answers are not good")

    measured = report.measured(Line("it", measure, least=0.5))
    assert (measured["skipped"], measured["met"]) == ("3 of 9 answers are not good", False)
    assert "value" not in measured


def test_the_raw_figures_are_written_as_json(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bench.json"
    monkeypatch.setattr(command, "LINES", (a_line(iter((0.7,)), runs=1), Line("other", dict)))
    monkeypatch.setattr("loadtests.bench.servers.keep_to_own_core", lambda: None)
    monkeypatch.setattr("sys.argv", ["bench", "--json", str(file), "--only", "IT"])
    command.main()
    written = json.loads(file.read_text("utf-8"))
    assert written["machine"]["python"]
    (line,) = written["lines"]
    assert (line["what"], line["value"], line["met"]) == ("it", 0.7, True)
    printed = capsys.readouterr().out
    assert "0.70" in printed
    assert all(note in printed.replace("\n", " ") for note in report.NOTES)


def test_no_two_lines_are_called_the_same() -> None:
    assert len({line.what for line in LINES}) == len(LINES)


def test_memory_hardly_grows_once_it_is_warm() -> None:
    found = run(memory.measure(24_000, 20, warm_from=12_000))
    assert found["growth_mib"] < 20, "the journal's 10,000 entries are there; messages still come"
