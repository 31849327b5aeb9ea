"""Help pages whose columns and line ends are right with double-width characters."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

import click

from fakeproviders.cli import punctuation

WIDE = r"\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60"
OPENING = "（“‘《【「"
CLOSING = "，。、；：！？）”’》】」…"
UNIT = re.compile(rf"(\s*)([{OPENING}]*(?:[^\s{WIDE}{OPENING}{CLOSING}]+|\S)[{CLOSING}]*)")
"""What a line end may not part: a word or one wide character, with the punctuation it carries."""


def cells(text: str) -> int:
    """The number of terminal columns that a text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def pad(text: str, width: int) -> str:
    """The text with blanks up to a number of columns."""
    return text + " " * (width - cells(text))


def wrap(text: str, width: int) -> Iterator[str]:
    """The lines of one paragraph; only a unit that is wider than the width sticks out."""
    line = ""
    for space, unit in UNIT.findall(text):
        longer = line + space.replace("\n", " ") + unit if line else unit
        if line and cells(longer) > width:
            yield line
            line = unit
        else:
            line = longer
    if line:
        yield line


class WideFormatter(click.HelpFormatter):
    """Click's formatter counts characters; this one counts columns, and points as the language does."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, punctuation.usage() if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Write a section's heading at the present indent."""
        self.write(f"{'':{self.current_indent}}{punctuation.heading(heading)}\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs, which empty lines part, at the present indent."""
        indent = " " * self.current_indent
        for number, paragraph in enumerate(re.split(r"\n\s*\n", text.strip())):
            if number:
                self.write("\n")
            for line in wrap(paragraph, self.width - self.current_indent):
                self.write(f"{indent}{line}\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write two columns: options or commands, and what they do."""
        pairs = [(first, punctuation.option_help(second)) for first, second in rows]
        column = min(max(cells(first) for first, _ in pairs), col_max)
        indent = " " * self.current_indent
        gap = " " * (self.current_indent + column + col_spacing)
        for first, second in pairs:
            lines = list(wrap(second, self.width - len(gap)))
            head = indent + pad(first, column + col_spacing)
            if cells(first) > column:
                self.write(f"{indent}{first}\n")
                head = gap
            self.write(f"{head}{lines[0] if lines else ''}".rstrip() + "\n")
            self.write("".join(f"{gap}{line}\n" for line in lines[1:]))
