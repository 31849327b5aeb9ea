"""What is made of the runs: the figures of a line, and the table's rows."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from loadtests.bench.client import CONNECTIONS
from loadtests.bench.compared import NotAllGoodError
from loadtests.bench.lines import Figures, Line

COLUMNS = ("what", "sends/s", "bare's", "p99 ms", "bare's", "figure", "target", "met")
NOTES = (
    (
        "sends/s: what one core carries, by the processor time of a request."
        " bare: a handler that parses as much and answers the same bytes."
    ),
    (
        f"p99: under full load. {CONNECTIONS} requests are under way at each of the two servers all the time,"
        " and the two take turns on one core, so it is mostly time in line: to be read beside bare's."
    ),
)
MET = {True: "yes", False: "no", None: ""}


def measured(line: Line) -> dict[str, Any]:
    """The figures of a line, of the run in the middle; ``skipped`` says why there are none."""
    shown = {"what": line.what, "unit": line.unit, "target": line.target}
    if line.needs and shutil.which(line.needs) is None:
        return {**shown, "skipped": f"{line.needs} is not installed"}
    try:
        runs = [dict(line.measure()) for _ in range(line.runs)]
    except NotAllGoodError as error:
        return {**shown, "skipped": str(error), "met": False}
    value = median(run[line.figure] for run in runs)
    door = {} if line.door is None else of_a_door(runs)
    return {**shown, "value": value, "met": line.met_by(value), **door, "runs": runs}


def of_a_door(runs: Sequence[Figures]) -> dict[str, float]:
    """Sends a second of a core, and p99, of the server and of bare: each the one in the middle."""

    def middle(figure: str) -> float:
        return median(run[figure] for run in runs)

    return {
        "sends_per_second": 1e6 / middle("full_us"),
        "bare_per_second": 1e6 / middle("bare_us"),
        "p99_ms": middle("full_p99_ms"),
        "bare_p99_ms": middle("bare_p99_ms"),
    }


def rows(lines: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    """A row a line, under ``COLUMNS``."""
    for line in lines:
        if "skipped" in line:
            yield line["what"], "", "", "", "", line["skipped"], line["target"], ""
        else:
            figure = f"{line['value']:.2f} {line['unit']}"
            yield line["what"], *_door_cells(line), figure, line["target"], MET[line["met"]]


def _door_cells(line: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Empty for what is no door."""
    if "p99_ms" not in line:
        return "", "", "", ""
    return (
        f"{line['sends_per_second']:,.0f}",
        f"{line['bare_per_second']:,.0f}",
        f"{line['p99_ms']:.1f}",
        f"{line['bare_p99_ms']:.1f}",
    )
