"""``fakeproviders load``: what it prints and writes, and its exit codes."""

import json
import re
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest

from fakeproviders.load import locust
from fakeproviders.load.plan import USERS, plans
from tests.cli.conftest import Run
from tests.e2e.running import RunningServer
from tests.load.systems import failing_system

pytestmark = pytest.mark.timeout(120)
SHORT = ("load", "doors", "--seconds", "1", "--users", "2", "--user", "official")


@pytest.mark.parametrize(
    ("args", "en", "zh"),
    [
        (("trail",), "did you mean trial?", "是不是 trial？"),
        (("--user", "offical"), "did you mean official?", "是不是 official？"),
        (("--host", "ftp://x"), "'ftp://x' is no usable address", "不是可用的地址"),
        (("--user", "own",), "--host", "--host"),
        (("own",), "give it with --host", "请用 --host 给出"),
        (("--users", "0"), "is not a whole number from 1 to 100000", "不是 1 到 100000 之间的整数"),
        (("--workers", "65"), "from 0 to 64", "0 到 64"),
        (("--shape", "wave"), "'wave'", "'wave'"),
        (("--thresholds", "nowhere.yaml"), "nowhere.yaml:1:1: cannot be read", "无法读取（文件或目录不存在）"),
        (("--report", "/nowhere/x.html"), "/nowhere/x.html", "/nowhere/x.html"),
        (("--control", "http://127.0.0.1:9"), "No answer from http://127.0.0.1:9", "没有应答"),
    ],
)  # fmt: skip
def test_bad_usage_is_one_line_and_exit_code_2(
    run: Run, args: tuple[str, ...], en: str, zh: str
) -> None:
    for lang, said in (("en", en), ("zh", zh)):
        result = run("--lang", lang, "load", *args)
        assert result.code == 2
        assert said in result.err
        assert "Traceback" not in result.err


def test_without_locust_it_says_what_to_install(
    run: Run, server: object, monkeypatch: pytest.MonkeyPatch, running_server: RunningServer
) -> None:
    del server
    monkeypatch.setattr(locust, "find_spec", lambda name: None)
    result = run(*SHORT, "--control", running_server.addresses.control)
    assert result.code == 2
    assert "pip install 'fakeproviders[load]'" in result.err


def test_a_good_run_exits_with_0_and_writes_what_was_asked_for(
    run: Run, running_server: RunningServer, tmp_path: Path
) -> None:
    page, xml = tmp_path / "load.html", tmp_path / "load.xml"
    result = run(
        *SHORT, "--lang", "zh", "--report", str(page), "--junit", str(xml), "--json",
        "--control", running_server.addresses.control,
    )  # fmt: skip
    assert result.code == 0, result.err
    document = json.loads(result.out)
    assert (document["passed"], document["plan"], document["users"]) == (
        True,
        "doors",
        {"official": 1},
    )
    assert "压测评判" in page.read_text("utf-8")
    assert parse(xml).getroot().get("failures") == "0"


def test_a_check_that_fails_exits_with_1_and_says_what_to_do(
    run: Run, running_server: RunningServer, tmp_path: Path
) -> None:
    thresholds = tmp_path / "ours.yaml"
    thresholds.write_text("requests: 1000000\n")
    where = ("--control", running_server.addresses.control, "--thresholds", str(thresholds))
    result = run(*SHORT, *where)
    assert result.code == 1, result.err
    (row,) = (line for line in result.out.splitlines() if line.startswith("failed"))
    assert row.split()[1] == "requests"
    assert "See that the system under test sends to this session's addresses." in result.out
    assert "failed 1" in result.out.splitlines()[-1]


def test_errors_of_the_loads_own_side_are_shown(run: Run, running_server: RunningServer) -> None:
    with failing_system() as host:
        result = run(
            "load", "own", "--seconds", "1", "--users", "1", "--host", host, "--lang", "zh",
            "--control", running_server.addresses.control,
        )  # fmt: skip
    assert result.code == 1, result.err
    (line,) = (one for one in result.out.splitlines() if "压测端的错误：" in one)
    assert "HTTP 500" in line


def test_a_system_that_is_not_there_is_no_verdict(run: Run, running_server: RunningServer) -> None:
    for lang, said in (("en", "Connection refused"), ("zh", "（连接被拒绝）")):
        result = run(
            "load", "own", "--seconds", "1", "--users", "1", "--host", "http://127.0.0.1:1",
            "--lang", lang, "--control", running_server.addresses.control,
        )  # fmt: skip
        assert (result.code, result.out) == (2, "")
        assert said in result.err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_help_names_all_plans_and_kinds_of_users(run: Run, lang: str) -> None:
    said = re.split(r"[\s,;、：；]+", run("load", "--help", "--lang", lang).out)
    assert {*plans(), *USERS} <= set(said)
