"""All benchmarks: a table for people, in Markdown, and the raw figures as JSON.

Usage: ``python -m loadtests.bench [--json FILE] [--only WORD]``
"""

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from loadtests.bench import servers
from loadtests.bench.lines import LINES
from loadtests.bench.report import COLUMNS, NOTES, measured, rows

WIDE = 200
"""Characters of a line in a file, where nothing is to be wrapped."""


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


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure on loopback.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the raw figures there")
    parser.add_argument("--only", default="", metavar="WORD", help="the lines with this word")
    given = parser.parse_args()
    servers.keep_to_own_core()
    console = Console(width=None if sys.stdout.isatty() else WIDE)
    date, host = datetime.now(UTC).date().isoformat(), machine()
    found = []
    for line in LINES:
        if given.only.lower() in line.what.lower():
            with console.status(line.what):
                found.append(measured(line))
    table = Table(*COLUMNS, box=box.MARKDOWN)
    for row in rows(found):
        table.add_row(*row)
    where = f"{host['cores']} × {host['cpu']}, Python {host['python']}, aiohttp {host['aiohttp']}"
    console.print(table, "\n", "\n\n".join((f"{date}, {where}.", *NOTES)), sep="", highlight=False)
    if given.json is not None:
        document = {"date": date, "machine": host, "lines": found}
        given.json.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
