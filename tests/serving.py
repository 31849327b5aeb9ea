"""``fakeproviders serve`` as a process of its own, as a script or a person starts it."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.e2e.world import Control, World

FREE = ("--port-base", "0")
PATIENCE = 40

Start = Callable[..., "subprocess.Popen[str]"]


@contextmanager
def serving() -> Iterator[Start]:
    """Start ``serve`` with options, in an environment; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(*options: str, **env: str) -> "subprocess.Popen[str]":
        locale = {"PYTHONUTF8": "1", "LANG": "en_US.UTF-8", "LC_ALL": "C.UTF-8"}
        process = subprocess.Popen(
            [sys.executable, "-m", "fakeproviders", "serve", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, **locale, **env},
        )
        started.append(process)
        return process

    try:
        yield start
    finally:
        for process in started:
            if process.poll() is None:
                process.kill()
            process.communicate()


def first_line(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """What a process says when it is ready."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
    assert ready, "it said nothing"
    line = process.stdout.readline()
    assert line, process.communicate(timeout=PATIENCE)[1]
    document: dict[str, Any] = json.loads(line)
    return document


def default_world(said: dict[str, Any]) -> World:
    """The default session of the server that has said this."""

    class Server:
        """Stands for a server that runs elsewhere."""

    token = said.get("token")
    headers = {"Authorization": f"Bearer {token}"} if token else None
    return World(Server(), said["session"], Control(said["control"], headers))  # type: ignore[arg-type]
