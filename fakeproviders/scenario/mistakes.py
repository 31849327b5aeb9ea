"""What is wrong with a file that a person wrote: where it is, what it is, what was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

import msgspec

from fakeproviders.failures import Words


class Place(NamedTuple):
    """A place in a file, counted from 1; columns are characters."""

    line: int
    column: int


START = Place(1, 1)


class Mistake(msgspec.Struct, frozen=True):
    """One mistake. ``suggestion`` is what should probably stand there, as it would be written."""

    file: str
    line: int
    column: int
    words: Words
    suggestion: str | None = None

    def told(self, lang: str) -> str:
        """One line: ``file:line:column: what is wrong; did you mean this?``"""
        meant = ""
        if self.suggestion is not None:
            question = Words(
                zh=f"；是不是 {self.suggestion}？", en=f"; did you mean {self.suggestion}?"
            )
            meant = question[lang]
        return f"{self.file}:{self.line}:{self.column}: {self.words[lang]}{meant}"


class BadFile(Exception):
    """A file that cannot be used, with all its mistakes in the order of their places."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda m: (m.file, m.line, m.column)))
        super().__init__(self.told("en"))

    def told(self, lang: str) -> str:
        """A line for each mistake."""
        return "\n".join(mistake.told(lang) for mistake in self.mistakes)


def near(word: object, known: Iterable[str]) -> str | None:
    """The known word that this one is probably meant to be; None when none is near."""
    by_lower_case = {name.lower(): name for name in known}
    found = get_close_matches(str(word).lower(), by_lower_case, n=1)
    return by_lower_case[found[0]] if found else None


def quoted(value: object) -> str:
    """A value from a file within a sentence: short, on one line."""
    text = " ".join(str(value).split())
    return f"'{text[:_SHOWN]}…'" if len(text) > _SHOWN else f"'{text}'"


_SHOWN = 60
