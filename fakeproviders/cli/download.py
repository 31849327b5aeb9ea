"""A reply of the control API, written to a file or to stdout as it comes."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlencode

import click

from fakeproviders.cli.api import Api
from fakeproviders.cli.errors import CliError, not_written
from fakeproviders.failures import Words


def download(api: Api, path: str, query: Mapping[str, object], output: str | None) -> None:
    """Fetch and write. A file is not touched before the server has answered."""
    given = {name: value for name, value in query.items() if value is not None}
    pieces = api.pieces("GET", f"{path}?{urlencode(given)}")
    if output is None:
        stdout = sys.stdout.buffer
        for piece in pieces:
            stdout.write(piece)
        stdout.flush()
        return
    first = next(pieces, b"")
    try:
        write(Path(output), first, pieces)
    except OSError as error:
        raise CliError(not_written(output, error)[api.lang]) from None
    click.echo(Words(zh=f"已写入 {output}", en=f"Written: {output}")[api.lang], err=True)


def write(target: Path, first: bytes, rest: Iterable[bytes]) -> None:
    """All pieces into a file. Raises OSError."""
    with target.open("wb") as file:
        file.write(first)
        for piece in rest:
            file.write(piece)
