"""What must not outlive this process, however it ends: another process and its folder."""

import subprocess
from pathlib import Path

WATCH = """
pid=
while read -r told; do pid=$told; done
[ -z "$pid" ] || kill -9 "$pid"
rm -rf "$1"
"""
"""Its input ends when nobody can write to it any more: neither a signal nor the lack of one keeps that from it."""


class Guard:
    """A shell that ends a process and removes a folder as soon as this process is gone, or dismisses it."""

    def __init__(self, folder: Path) -> None:
        self._shell = subprocess.Popen(
            ["sh", "-c", WATCH, "guard", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # what ends this process by its terminal must not end the guard
            text=True,
        )

    def watch(self, pid: int | None) -> None:
        """From now on it is this process, or none."""
        assert self._shell.stdin is not None
        self._shell.stdin.write(f"{pid or ''}\n")
        self._shell.stdin.flush()

    def dismiss(self) -> None:
        """Have it done now; returns when it is."""
        self._shell.communicate()
