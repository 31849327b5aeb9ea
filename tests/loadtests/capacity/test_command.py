"""The command: it reads what the bench wrote, and says what it lacks."""

import json
from pathlib import Path
from typing import Any

import pytest

from loadtests.bench.lines import LINES
from loadtests.capacity import __main__ as command
from loadtests.capacity.inputs import SOURCES, measured_of


def document() -> dict[str, Any]:
    """A bench's figures: every input is 100, in the middle of three runs."""
    lines: dict[str, list[dict[str, float]]] = {}
    for what, figure in SOURCES.values():
        runs = lines.setdefault(what, [{}, {}, {}])
        for run, value in zip(runs, (300.0, 100.0, 90.0), strict=True):
            run[figure] = value
    return {"lines": [{"what": what, "runs": runs} for what, runs in lines.items()]}


def run(monkeypatch: pytest.MonkeyPatch, file: Path, *options: str) -> int:
    monkeypatch.setattr("sys.argv", ["capacity", "--json", str(file), *options])
    return command.main()


def test_the_inputs_are_lines_of_the_bench() -> None:
    assert {what for what, _ in SOURCES.values()} <= {line.what for line in LINES}


def test_the_run_in_the_middle_counts() -> None:
    measured = measured_of(document())
    assert (measured.worker_us, measured.redis_us) == (100, 100)
    assert measured.redis_message_bytes == 100


@pytest.mark.parametrize(("lang", "word"), [("zh", "工作进程"), ("en", "workers")])
def test_it_prints_what_is_needed(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    lang: str,
    word: str,
) -> None:
    file = tmp_path / "bench.json"
    file.write_text(json.dumps(document()), "utf-8")
    assert run(monkeypatch, file, "--sends", "700000", "--lang", lang) == 0
    said = capsys.readouterr().out
    assert word in said
    rows = [[cell.strip() for cell in line.split("│")] for line in said.splitlines()]
    assert [row[4] for row in rows if row[1:2] == [word]] == ["100"], "70 % of 100 cores"


def test_a_line_that_was_not_measured_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bench.json"
    lines = [line for line in document()["lines"] if "panel" not in line["what"]]
    file.write_text(json.dumps({"lines": lines}), "utf-8")
    assert run(monkeypatch, file, "--lang", "en") == 2
    assert "run make bench first" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, "no JSON", "[]"])
def test_a_file_that_cannot_be_read_is_told(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: str | None,
) -> None:
    file = tmp_path / "bench.json"
    if content is not None:
        file.write_text(content, "utf-8")
    assert run(monkeypatch, file, "--lang", "en") == 2
    assert f"{file} cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    "option", ["--cores=1", "--sends=0", "--use=0", "--use=1.5", "--sessions=0", "--use=x"]
)
def test_a_number_out_of_range_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, option: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, tmp_path, option)
    assert ended.value.code == 2
