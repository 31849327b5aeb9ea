"""``clock`` shows and moves a session's clock."""

import json
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Run
from tests.e2e.running import RunningServer
from tests.e2e.world import World


@pytest.fixture
def world(running_server: RunningServer) -> Iterator[World]:
    """A session on a real server."""
    world = World.create(running_server)
    yield world
    world.delete()


def line(world: World, *args: str) -> tuple[str, ...]:
    return ("clock", *args, "--control", world.control.url, "--session", world.id)


def test_a_day_at_the_prompt(run: Run, world: World) -> None:
    def clock(*args: str) -> str:
        result = run(*line(world, *args))
        assert (result.code, result.err) == (0, "")
        return result.out

    assert clock().endswith("+08:00  real time\n")
    assert clock("freeze", "2026-01-30T23:00:00") == "2026-01-30T23:00:00.000+08:00  frozen\n"
    assert clock("advance", "1h30m") == "2026-01-31T00:30:00.000+08:00  frozen\n"
    assert clock("to", "midnight") == "2026-02-01T00:00:00.000+08:00  frozen\n"
    assert clock("to", "2026-02-01T08:00:00") == "2026-02-01T08:00:00.000+08:00  frozen\n"
    assert clock("advance", "2d") == "2026-02-03T08:00:00.000+08:00  frozen\n"
    assert clock("advance", "90") == "2026-02-03T08:01:30.000+08:00  frozen\n"
    assert clock("advance", "0.25s") == "2026-02-03T08:01:30.250+08:00  frozen\n"
    assert clock("set", "2030-05-05T05:05:05").endswith("+08:00  running\n")
    frozen = clock("freeze")
    assert frozen.startswith("2030-05-05T05:05")
    assert clock("show") == frozen
    assert clock("set", "system").endswith("real time\n")


def test_chinese(run: Run, world: World) -> None:
    args = ("freeze", "2026-01-30T23:00:00", "--lang", "zh")
    assert run(*line(world, *args)).out == "2026-01-30T23:00:00.000+08:00  停住\n"


def test_json(run: Run, world: World) -> None:
    shown = json.loads(run(*line(world, "freeze", "2026-01-30T23:00:00", "--json")).out)
    assert (shown["mode"], shown["now"]) == ("frozen", "2026-01-30T23:00:00.000+08:00")


@pytest.mark.parametrize("args", [
    ("set",), ("advance",), ("to",), ("show", "1"), ("advance", "soon"), ("advance", ""),
    ("advance", "1h 5m"), ("advance", "-5"), ("turn", "back"),
])  # fmt: skip
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_wrong_usage(run: Run, args: tuple[str, ...], lang: str) -> None:
    result = run("clock", *args, "--lang", lang)
    assert (result.code, result.out) == (2, "")
    assert result.err.isascii() == (lang == "en")


def test_the_past_is_refused(run: Run, world: World) -> None:
    result = run(*line(world, "to", "2001-01-01T00:00:00"))
    assert result.code == 2
    assert "in the past" in result.err
