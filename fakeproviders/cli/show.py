"""Output: tables and lines for people, JSON for programs.

The texts come from outside: nothing in them may act, neither as markup nor on the terminal.
"""

import json
import os
import sys
import unicodedata
from collections.abc import Mapping
from typing import Any, NoReturn

import click
from rich import box
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from fakeproviders.cli.formatter import cells, pad

Entry = Mapping[str, Any]

UNFOLDED = 1_000_000
"""Columns of a pipe: nothing there needs a line to end."""
NARROW = 110
"""Columns below which a table leaves out what matters least."""
STYLES = {
    "accepted": "green", "delivered": "green", "documented": "cyan", "refused": "yellow",
    "undelivered": "red", "fault": "red", "page": "dim", "transport": "magenta",
}  # fmt: skip


def visible(text: object) -> str:
    """A text with its control characters spelt out: content must not drive the terminal."""
    return "".join(map(shown, ("" if text is None else str(text)).replace("\r\n", "\n")))


def shown(char: str) -> str:
    """A character, or its escape when it would not show. Wide blanks and emoji joiners may stay."""
    if char.isprintable() or char in "\n\t\u200d" or unicodedata.category(char) == "Zs":
        return char
    return char.encode("unicode_escape").decode()


def json_line(document: object) -> None:
    """One JSON document on one line."""
    click.echo(in_json(document))


def in_json(document: object) -> str:
    """A document as JSON, on one line."""
    return json.dumps(document, ensure_ascii=False)


def notice(text: str) -> None:
    """A remark about the run: to stderr, so that stdout holds results alone."""
    click.echo(text, err=True)


class Output(Console):
    """A console that leaves it to the command line what becomes of a reader that left."""

    def on_broken_pipe(self) -> NoReturn:
        """Rich would exit here, with 1."""
        raise BrokenPipeError


def console() -> Output:
    """Stdout: as wide as the terminal or COLUMNS say, else without a limit."""
    fixed = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdecimal()
    return Output(
        file=sys.stdout,
        width=None if fixed else UNFOLDED,
        highlight=False,
        markup=False,
        emoji=False,
    )


def is_narrow() -> bool:
    """Whether a table must do with few columns."""
    return console().width < NARROW


def table(*columns: str | Column) -> Table:
    """A table. A column given by its name alone keeps to one line; see also ``folding``."""
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for column in columns:
        kept = Column(column, no_wrap=True) if isinstance(column, str) else column
        made.add_column(
            kept.header,
            overflow="fold",
            no_wrap=kept.no_wrap,
            min_width=kept.min_width,
            max_width=kept.max_width,
        )
    return made


def folding(name: str, least: int | None = None, most: int | None = None) -> Column:
    """A column that gives way when the table is too wide: its texts go on in the next line."""
    return Column(name, min_width=least, max_width=most)


def moments(name: str) -> Column:
    """A column for moments; in a narrow terminal the day stands above the time."""
    return folding(name, most=8) if is_narrow() else Column(name, no_wrap=True)


def cell(value: object) -> Text:
    """A value as it stands, no markup read in it."""
    return Text(visible(value))


def styled(word: str, key: str) -> Text:
    """A word for a person in the colour of the word it translates."""
    return Text(visible(word), STYLES.get(key, ""))


def render(*parts: object, whole_lines: bool = False) -> None:
    """Print tables and texts for a person. Whole lines are the terminal's to break, not ours."""
    out = console()
    for part in parts:
        out.print(part, soft_wrap=whole_lines)


def clock(at: object) -> str:
    """A moment without its year and zone: ``10-12 09:30:00``."""
    return visible(at)[5:19].replace("T", " ")


def aligned(*columns: tuple[object, int]) -> str:
    """One line of columns, each padded to its width in terminal columns; the last one is free."""
    texts = [(" ".join(visible(value).split("\n")), width) for value, width in columns]
    return "  ".join(pad(text, max(width, cells(text))) for text, width in texts).rstrip()
