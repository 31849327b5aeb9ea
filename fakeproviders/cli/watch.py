"""Waiting until one of a few files has changed."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from fakeproviders.cli.errors import CliError

PAUSE = 0.3
"""Seconds between looks. They are few files, for which a notification service would be too much."""
Stamps = dict[Path, tuple[int, int]]


def stamps(paths: Iterable[Path]) -> Stamps:
    """Age and size of each file that is there."""
    found = {}
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        found[path] = (status.st_mtime_ns, status.st_size)
    return found


def changed(find: Callable[[], Iterable[Path]], before: Stamps) -> None:
    """Return when a file is not as it was, has come, or has gone."""
    while True:
        time.sleep(PAUSE)
        try:
            now = stamps(find())
        except CliError:
            continue  # a name that leads to nothing just now, as while a file is being saved
        if now != before:
            return
