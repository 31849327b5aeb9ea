"""``verify`` compares the journal with a file, and says so by its exit code."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fakeproviders.cli.formatter import cells
from tests.cli.conftest import Run, Start
from tests.e2e import clients
from tests.e2e.running import RunningServer
from tests.e2e.world import World

MISSING = {
    "requests": [
        {"operation": "send", "match": {"mobile": {"prefix": "139"}}, "count": 2},
        {"operation": "token"},
    ],
    "strict": True,
}


@pytest.fixture
def world(running_server: RunningServer) -> Iterator[World]:
    """A session on a real server: a token and a send to 138..."""
    world = World.create(running_server)
    clients.send_well(world, "official", mobile="13800000001")
    yield world
    world.delete()


def line(world: World, tmp_path: Path, wanted: Any, *args: str) -> tuple[str, ...]:
    file = tmp_path / "expected.json"
    file.write_text(wanted if isinstance(wanted, str) else json.dumps(wanted))
    return ("verify", str(file), *args, "--control", world.control.url, "--session", world.id)


@pytest.mark.parametrize(("lang", "verdict"), [("zh", "通过：1 项期望"), ("en", "Pass: 1 of 1")])
def test_a_pass(run: Run, world: World, tmp_path: Path, lang: str, verdict: str) -> None:
    wanted = {"requests": [{"provider": "official", "operation": "send", "count": 1}]}
    result = run(*line(world, tmp_path, wanted, "--lang", lang))
    assert (result.code, result.err) == (0, "")
    heading, row = result.out.splitlines()[0], result.out.splitlines()[2]
    assert heading.isascii() == (lang == "en")
    assert row.split()[:5] == ["1", "official", "send", "1", "1"]
    assert result.out.splitlines()[-1].startswith(verdict)


@pytest.mark.parametrize("columns", ["80", "120"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_failure(run: Run, world: World, tmp_path: Path, lang: str, columns: str) -> None:
    result = run(*line(world, tmp_path, MISSING, "--lang", lang), COLUMNS=columns)
    assert (result.code, result.err) == (1, "")
    lines = result.out.splitlines()
    assert max(map(cells, lines)) <= int(columns)
    words = [row.split() for row in lines]
    assert ["1", "send", "mobile=139*", "2", "0"] in [row[:5] for row in words]
    prefix = {"zh": ["以", "139", "开头"], "en": ["prefix", "139"]}[lang]
    assert ["1", "r1", "mobile", "13800000001", *prefix] in words
    exactly = {"zh": "等于", "en": "="}[lang]
    assert ["1", "r0", "operation", "token", exactly, "send"] in words
    verdict = {"zh": "不通过：2 项期望中 1 项满足", "en": "Fail: 1 of 2 expectations met"}[lang]
    assert [row.startswith(verdict) for row in lines[-2:]] == [True, False]
    assert lines[-1].endswith("r1")


def test_json(run: Run, world: World, tmp_path: Path) -> None:
    result = run(*line(world, tmp_path, MISSING, "--json"))
    assert (result.code, json.loads(result.out)["result"]) == (1, "fail")


def test_strict_alone_has_no_table(run: Run, world: World, tmp_path: Path) -> None:
    result = run(*line(world, tmp_path, {"strict": True}))
    assert result.out.splitlines()[1:] == ["- 2 unexpected: r0, r1"]


def test_from_standard_input(start: Start, world: World) -> None:
    args = ("--control", world.control.url, "--session", world.id)
    process = start("verify", "-", *args, stdin=-1)
    out, err = process.communicate('{"requests": [{"operation": "token"}]}', timeout=20)
    assert (process.returncode, err) == (0, "")
    assert "Pass" in out


@pytest.mark.parametrize(("lang", "said"), [("zh", "不是有效的 JSON"), ("en", "is not valid JSON")])
def test_a_file_that_is_not_json(
    run: Run, world: World, tmp_path: Path, lang: str, said: str
) -> None:
    result = run(*line(world, tmp_path, "{", "--lang", lang))
    assert result.code == 2
    assert said in result.err


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", "：文件或目录不存在"), ("en", ": No such file or directory")],
)
def test_no_file(run: Run, tmp_path: Path, lang: str, said: str) -> None:
    result = run("verify", str(tmp_path / "none.json"), "--lang", lang)
    assert result.code == 2
    assert said in result.err


def test_a_wrong_expectation_names_the_field(run: Run, world: World, tmp_path: Path) -> None:
    result = run(*line(world, tmp_path, {"requests": [{"operation": "sned"}]}))
    assert result.code == 2
    assert "requests[0].operation" in result.err
