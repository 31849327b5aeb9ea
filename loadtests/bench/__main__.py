"""All benchmarks: a table for people, and the raw figures as JSON.

Usage: ``python -m loadtests.bench [--json FILE] [--only WORD]``
"""

import argparse
import json
import os
import platform
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from loadtests.bench import servers
from loadtests.bench.compared import NotAllGoodError
from loadtests.bench.lines import LINES, Line


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
    return {**shown, "value": value, "met": line.met_by(value), "runs": runs}


def machine() -> dict[str, object]:
    """What it was measured on."""
    models = [
        text.partition(":")[2].strip()
        for text in Path("/proc/cpuinfo").read_text().splitlines()
        if text.startswith("model name")
    ]
    return {
        "cpu": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "aiohttp": version("aiohttp"),
        "uvloop": version("uvloop"),
    }


def rows(lines: list[dict[str, Any]], date: str, where: str) -> Iterator[tuple[str, ...]]:
    """What, figure, target, whether it is met, date, machine."""
    for line in lines:
        if "skipped" in line:
            yield line["what"], line["skipped"], line["target"], "", date, where
        else:
            met = {True: "yes", False: "no", None: ""}[line["met"]]
            value = f"{line['value']:.2f} {line['unit']}"
            yield line["what"], value, line["target"], met, date, where


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure on loopback.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the raw figures there")
    parser.add_argument("--only", default="", metavar="WORD", help="the lines with this word")
    given = parser.parse_args()
    servers.keep_to_own_core()
    console, date, host = Console(), datetime.now(UTC).date().isoformat(), machine()
    found = []
    for line in LINES:
        if given.only.lower() in line.what.lower():
            with console.status(line.what):
                found.append(measured(line))
    table = Table("what", "figure", "target", "met", "date", "machine")
    for row in rows(found, date, f"{host['cores']} × {host['cpu']}, Python {host['python']}"):
        table.add_row(*row)
    console.print(table)
    if given.json is not None:
        document = {"date": date, "machine": host, "lines": found}
        given.json.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
