"""Values on the command line, with messages in the run's language."""

from collections.abc import Callable

import click

from fakeproviders.cli.lang import Lang
from fakeproviders.failures import Words

HIGHEST_PORT = 65_535


def whole(lang: Lang, least: int, most: int | None = None) -> Callable[[str], int]:
    """A type for a whole number between two bounds."""
    said = Words(zh=f"不是 ≥ {least} 的整数。", en=f"is not a whole number from {least} up.")
    if most is not None:
        said = Words(
            zh=f"不是 {least} 到 {most} 之间的整数。",
            en=f"is not a whole number from {least} to {most}.",
        )

    def convert(value: str | int) -> int:
        try:
            number = int(value)
        except ValueError:
            number = least - 1
        if number < least or (most is not None and number > most):
            raise click.BadParameter(f"{value!r} {said[lang]}")
        return number

    return convert


def fraction(lang: Lang) -> Callable[[str], float]:
    """A type for a number from 0 to 1. NaN is none."""
    said = Words(zh="不是 0 到 1 之间的数。", en="is not a number from 0 to 1.")

    def convert(value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not 0 <= number <= 1:
            raise click.BadParameter(f"{value!r} {said[lang]}")
        return number

    return convert


def port(lang: Lang) -> Callable[[str], int]:
    """A type for a TCP port; 0 lets the system choose."""
    return whole(lang, 0, HIGHEST_PORT)
