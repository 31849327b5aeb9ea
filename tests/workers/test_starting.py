"""Why several processes may not start: one line says so, and nothing is left."""

import os
import re
import signal
import socket
from pathlib import Path

import pytest

from tests.serving import FREE, PATIENCE, Start, serving
from tests.workers.crew import WORKERS, Crew

LISTENERS = ("control", "official")
"""One that the desk is given, and one that workers share; test_sockets.py has them all."""
BROKEN = """
import os, sys
if "fakeproviders.workers.process" in sys.orig_argv and {part!r} in sys.orig_argv:
    os._exit(7)
"""


def port_of(url: str) -> str:
    return url.rpartition(":")[2]


@pytest.mark.parametrize("name", LISTENERS)
def test_a_port_that_a_plain_server_has(start: Start, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start(f"--{name}-port", str(port))
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1), err
    assert f"port {port} on 127.0.0.1 is in use" in err


def test_two_supervisors_do_not_share_a_port(crew: Crew, start: Start) -> None:
    for name in LISTENERS:
        port = port_of(crew.said[name])
        process = start(f"--{name}-port", port)
        out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, out) == (2, "")
        assert f"port {port} on 127.0.0.1 is in use" in err
    assert crew.world.control.get("/readyz")["workers"]["alive"] == WORKERS


def test_a_server_of_one_process_does_not_get_a_workers_port(crew: Crew) -> None:
    with serving() as start:
        process = start(*FREE, "--erban-port", port_of(crew.said["erban"]))
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "is in use" in err


def test_a_redis_that_is_not_there(start: Start) -> None:
    process = start("--store", "redis://ann:secret@127.0.0.1:1/0")
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1), err
    assert "the Redis of --store (127.0.0.1:1/0) cannot be used" in err


def test_a_panel_database_that_is_none(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "panel.sqlite3"
    file.write_text("no database")
    process = start("--panel-database", str(file))
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1), err
    assert str(file) in err


@pytest.mark.parametrize("part", ["desk", "worker"])
def test_processes_that_end_before_they_serve(start: Start, tmp_path: Path, part: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(BROKEN.format(part=part))
    process = start(PYTHONPATH=str(tmp_path))
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (1, "")
    *deaths, last = err.splitlines()
    ended = rf"{part} \d+ has ended with exit code 7; another one is started (at once|in [\d.]+ s)"
    assert len(deaths) == 5
    assert all(re.fullmatch(ended, line) for line in deaths), deaths
    assert last == (
        "Error: 6 processes ended before all could serve, so no more are started; "
        f"the last one: a {part} has ended with exit code 7"
    )


def test_it_can_be_ended_while_it_starts(start: Start) -> None:
    process = start()
    while not Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text():
        assert process.poll() is None
    os.kill(process.pid, signal.SIGTERM)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err) == (0, "", "")
