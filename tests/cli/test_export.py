"""``journal --format`` writes what other programs read."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.e2e import clients
from tests.e2e.running import RunningServer
from tests.e2e.world import World
from tests.har import read_har


@pytest.fixture
def world(running_server: RunningServer) -> Iterator[World]:
    """A session on a real server, with three requests in its journal."""
    world = World.create(running_server)
    clients.send_well(world, "official")
    clients.send_well(world, "erban")
    yield world
    world.delete()


def line(world: World, *args: str) -> tuple[str, ...]:
    return ("journal", *args, "--control", world.control.url, "--session", world.id)


def test_to_stdout(run: Run, world: World) -> None:
    result = run(*line(world, "--format", "jsonl"))
    assert (result.code, result.err) == (0, "")
    assert [json.loads(one)["id"] for one in result.out.splitlines()] == ["r0", "r1", "r2"]
    only = run(*line(world, "--format", "jsonl", "--provider", "erban")).out
    assert json.loads(only)["id"] == "r2"
    latest = run(*line(world, "--format", "jsonl", "--limit", "1")).out
    assert json.loads(latest)["id"] == "r2"


@pytest.mark.parametrize(("lang", "said"), [("zh", "已写入"), ("en", "Written:")])
def test_to_a_file(run: Run, world: World, tmp_path: Path, lang: str, said: str) -> None:
    target = tmp_path / "run.har"
    result = run(*line(world, "--format", "har", "--output", str(target), "--lang", lang))
    assert (result.code, result.out, result.err) == (0, "", f"{said} {target}\n")
    assert len(read_har(target.read_bytes()).entries) == 3


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "：这是目录，不是文件"), ("en", ": Is a directory")]
)
def test_a_file_that_cannot_be_written(
    run: Run, world: World, tmp_path: Path, lang: str, said: str
) -> None:
    result = run(*line(world, "--format", "har", "--output", str(tmp_path), "--lang", lang))
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_a_refusal_leaves_no_file(run: Run, world: World, tmp_path: Path) -> None:
    target = tmp_path / "run.har"
    args = ("journal", "--format", "har", "--output", str(target), "--session", "nobody")
    result = run(*args, "--control", world.control.url)
    assert (result.code, target.exists()) == (2, False)


@pytest.mark.parametrize("args", [
    ("--format", "har", "--json"), ("--format", "har", "--follow"), ("--format", "har", "r1"),
    ("--output", "x"), ("--format", "pcap"),
])  # fmt: skip
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_does_not_go_together(run: Run, args: tuple[str, ...], lang: str) -> None:
    result = run("journal", *args, "--lang", lang)
    assert (result.code, result.out) == (2, "")
    assert result.err.isascii() == (lang == "en")
