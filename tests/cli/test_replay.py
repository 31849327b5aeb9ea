"""``replay`` as a person or CI uses it: real servers, real files, exit codes."""

import json
import re
import signal
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from fakeproviders.cli.watch import changed, stamps
from fakeproviders.harness import Ports, ServersConfig
from tests.cli.conftest import Run, Start
from tests.cli.fake_control import FakeControl
from tests.e2e.running import RunningServer

GOOD = """
title: {zh: 维护中, en: Being mended}
tags: [mine]
target: client:official
cause: {faults: [{provider: official, operation: send, do: maintenance, times: 1}]}
steps: [{do: send, with: {mobile: "13800138000"}, expect: {user: {failure: maintenance}}}]
remedy: [{do: send, with: {mobile: "13800138000"}, expect: {user: {succeeds: true}}}]
"""
BAD = GOOD.replace("failure: maintenance}", "failure: rate_limited}")
SLOW = GOOD.replace("do: maintenance", "do: {delay: {ms: 4000}}").replace(
    "failure: maintenance", "succeeds: true"
)
PATIENCE = 40.0


@pytest.fixture
def control(running_server: RunningServer) -> str:
    return running_server.addresses.control


def file(folder: Path, text: str, name: str = "mine") -> str:
    path = folder / f"{name}.scenario.yaml"
    path.write_text(text, "utf-8")
    return str(path)


def test_what_passes_is_a_row_of_the_table(run: Run, control: str, tmp_path: Path) -> None:
    result = run("replay", file(tmp_path, GOOD), "--control", control)
    assert result.code == 0, result
    assert re.search(r"passed +mine .*Being mended", result.out)
    assert "passed 1" in result.out
    assert "[1/1] ✓ mine  passed" in result.err


def test_what_fails_shows_expected_actual_decisions_and_how_to_repeat_it(
    run: Run, control: str, tmp_path: Path
) -> None:
    path = file(tmp_path, BAD)
    result = run("replay", path, "--control", control, "--seed", "5")
    assert result.code == 1
    for line in (
        "expected: rate_limited",
        "actual: maintenance",
        "official send: fault",
        f"again: fakeproviders replay {path} --seed 5 --target client:official --control {control}",
    ):
        assert line in result.out


def test_it_says_so_in_chinese(run: Run, control: str, tmp_path: Path) -> None:
    result = run("replay", file(tmp_path, BAD), "--control", control, "--lang", "zh")
    assert all(word in result.out for word in ("失败", "预期：rate_limited", "实际：maintenance"))


def test_json_is_all_that_goes_to_stdout(run: Run, control: str, tmp_path: Path) -> None:
    paths = (file(tmp_path, GOOD), file(tmp_path, BAD, "bad"))
    result = run("replay", *paths, "--control", control, "--json", "-j", "2")
    found: dict[str, Any] = json.loads(result.out)
    assert [(s["name"], s["outcome"]) for s in found["scenarios"]] == [
        ("mine", "passed"),
        ("bad", "failed"),
    ]
    assert result.code == 1


def test_reports_are_written(run: Run, control: str, tmp_path: Path) -> None:
    page, xml = tmp_path / "out.html", tmp_path / "out.xml"
    paths = (file(tmp_path, GOOD), file(tmp_path, BAD, "bad"))
    options = ("--report", str(page), "--junit", str(xml), "--control", control)
    assert run("replay", *paths, *options).code == 1
    assert "Being mended" in page.read_text("utf-8")
    suite = ET.parse(xml).getroot()[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")


def test_a_kept_session_is_named(run: Run, control: str, tmp_path: Path) -> None:
    result = run("replay", file(tmp_path, GOOD), "--control", control, "--keep")
    found = re.search(r"session kept: mine (\w+)", result.out)
    assert found
    assert run("inbox", "--control", control, "--session", found[1]).out.count("13800138000") == 1


def test_another_target_skips_what_it_lacks(run: Run, control: str, tmp_path: Path) -> None:
    result = run("replay", file(tmp_path, GOOD), "--control", control, "--target", "panel")
    assert result.code == 0
    assert "skipped" in result.out
    assert "the target lacks the action send" in result.out


def test_tags_choose(run: Run, control: str, tmp_path: Path) -> None:
    file(tmp_path, GOOD)
    file(tmp_path, GOOD.replace("[mine]", "[mine, other]"), "other")
    result = run("replay", str(tmp_path), "--tag", "mine", "--tag", "other", "--control", control)
    assert (result.code, "passed 1" in result.out) == (0, True)


WRONG = [
    (["3-signature-mismach"], "did you mean 3-signature-mismatch?", "是不是 3-signature-mismatch？"),
    (["nowhere.yaml"], "there is no file 'nowhere.yaml'", "没有文件 'nowhere.yaml'"),
    (["--tag", "giude"], "Did you mean: guide?", "您是不是要找：guide？"),
    (["--target", "pannel"], "did you mean panel?", "是不是 panel？"),
    (["--control", "http://127.0.0.1:9"], "No answer from http://127.0.0.1:9", "没有应答"),
    (["--control", "nonsense"], "--control is no usable address", "--control 不是可用的地址"),
    (["-j", "0"], "'0' is not a whole number from 1 to 64.", "'0' 不是 1 到 64 之间的整数。"),
]  # fmt: skip


@pytest.mark.parametrize(("args", "en", "zh"), WRONG, ids=[" ".join(row[0]) for row in WRONG])
def test_wrong_usage_is_told_and_ends_with_2(run: Run, args: list[str], en: str, zh: str) -> None:
    for lang, words in (("en", en), ("zh", zh)):
        result = run("replay", *args, "--lang", lang)
        assert (result.code, result.out) == (2, "")
        assert words in result.err
        assert "Traceback" not in result.err


def test_a_file_with_mistakes_is_told_by_line_and_column(run: Run, tmp_path: Path) -> None:
    path = file(tmp_path, GOOD.replace("steps:", "stpes:"))
    result = run("replay", path)
    assert result.code == 2
    assert f"{path}:6:1: unknown key 'stpes'; did you mean steps?" in result.err


def test_a_target_that_is_not_there_is_told_before_anything_runs(
    run: Run, control: str, tmp_path: Path
) -> None:
    target = tmp_path / "shop.target.yaml"
    target.write_text("base_url: http://127.0.0.1:9\nactions: {send: null}\n", "utf-8")
    result = run("replay", file(tmp_path, GOOD), "--control", control, "--target", str(target))
    assert (result.code, result.out) == (2, "")
    assert "cannot connect to the target at http://127.0.0.1:9/" in result.err


def test_a_server_that_is_not_ours_is_told(run: Run, server: FakeControl, tmp_path: Path) -> None:
    result = run("replay", file(tmp_path, GOOD), "--control", server.url)
    assert result.code == 2
    assert "is no fakeproviders control server" in result.err


def test_a_server_that_wants_a_token_is_told_of(run: Run, tmp_path: Path) -> None:
    with RunningServer(ServersConfig(ports=Ports.free(), token="s3cret")) as server:
        line = ("replay", file(tmp_path, GOOD), "--control", server.addresses.control)
        result = run(*line)
        assert result.code == 2
        assert "FAKEPROVIDERS_TOKEN" in result.err
        assert run(*line, "--token", "s3cret").code == 0


@pytest.mark.parametrize("option", ["--report", "--junit"])
def test_a_report_that_cannot_be_written_is_told_before_anything_runs(
    run: Run, control: str, tmp_path: Path, option: str
) -> None:
    for where in (tmp_path / "no" / "such" / "folder.html", tmp_path):
        result = run("replay", file(tmp_path, GOOD), "--control", control, option, str(where))
        assert (result.code, result.out) == (2, "")
        assert f"Cannot write {where}" in result.err
        assert "✓" not in result.err


def test_what_keeps_it_from_running_leaves_old_reports_as_they_are_and_no_new_ones(
    run: Run, tmp_path: Path
) -> None:
    old, new = tmp_path / "old.html", tmp_path / "new.xml"
    old.write_text("of yesterday")
    reports = ("--report", str(old), "--junit", str(new))
    line = ("replay", file(tmp_path, GOOD), "--control", "http://127.0.0.1:9")
    assert run(*line, *reports).code == 2
    assert (old.read_text(), new.exists()) == ("of yesterday", False)


def test_a_failure_runs_all_that_show_it(run: Run, control: str) -> None:
    result = run("replay", "reply_lost", "--control", control, "--json")
    names = [scenario["name"] for scenario in json.loads(result.out)["scenarios"]]
    assert names == [
        "reply-lost",
        "reply-lost-erban",
        "reply-lost-reseller",
        "reply-lost-without-retry",
    ]


def test_broken_files_among_good_ones_are_all_told_and_none_is_run(
    run: Run, control: str, tmp_path: Path
) -> None:
    file(tmp_path, GOOD, "场景 一")
    for name, wrong in (("b", "stpes:"), ("c", "setps:")):
        file(tmp_path, GOOD.replace("steps:", wrong).replace("\n", "\r\n"), name)
    result = run("replay", str(tmp_path), "--control", control)
    assert (result.code, result.out) == (2, "")
    assert f"{tmp_path}/b.scenario.yaml:6:1: unknown key 'stpes'" in result.err
    assert f"{tmp_path}/c.scenario.yaml:6:1: unknown key 'setps'" in result.err


def test_sessions_cannot_be_kept_on_a_server_that_ends_with_the_run(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fakeproviders.cli.a_server.CONTROL", "http://127.0.0.1:9")
    result = run("replay", file(tmp_path, GOOD), "--keep")
    assert (result.code, result.out) == (2, "")
    assert "run fakeproviders serve first" in result.err


def test_a_server_that_stops_meanwhile_ends_with_2(start: Start, tmp_path: Path) -> None:
    paths = (file(tmp_path, GOOD), file(tmp_path, SLOW, "slow"))
    with RunningServer() as server:
        process = start("replay", *paths, "-j", "1", "--control", server.addresses.control)
        until(process, "✓ mine")
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2, err
    assert "passed 1, failed 1 (1 could not be run)" in out
    assert "no answer from the fakeproviders server" in out
    assert "Traceback" not in err


def test_texts_in_a_file_cannot_act_on_the_terminal(run: Run, control: str, tmp_path: Path) -> None:
    evil = GOOD.replace("en: Being mended", r'en: "\e]0;pwned\a\u202E"')
    result = run("replay", file(tmp_path, evil), "--control", control, "--lang", "en")
    assert result.code == 0
    assert r"\x1b]0;pwned\x07\u202e" in result.out
    assert not {"\x1b", "\x07", "\u202e"} & set(result.out + result.err)


def until(process: "subprocess.Popen[str]", text: str) -> None:
    """Read stderr up to a line with this text."""
    assert process.stderr is not None
    for line in process.stderr:
        if text in line:
            return
    raise AssertionError(f"{text!r} never came")


def test_ctrl_c_ends_with_what_is_done_and_130(start: Start, control: str, tmp_path: Path) -> None:
    paths = (file(tmp_path, GOOD), file(tmp_path, SLOW, "slow"))
    process = start("replay", *paths, "-j", "1", "--control", control)
    until(process, "✓ mine")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, err
    assert "(interrupted)" in out
    assert "mine" in out
    assert "slow" not in out
    assert "Traceback" not in err


def test_without_a_server_it_starts_its_own(start: Start, tmp_path: Path) -> None:
    process = start("replay", file(tmp_path, GOOD))
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert "passed 1" in out
    assert re.search(
        r"started one for this run at http://127\.0\.0\.1:\d+|Using the server at", err
    )


def test_watch_runs_again_when_a_file_changes(start: Start, control: str, tmp_path: Path) -> None:
    path = file(tmp_path, GOOD)
    process = start("replay", path, "--watch", "--control", control)
    until(process, "✓ mine")
    until(process, "Waiting for a change")
    file(tmp_path, BAD)
    until(process, "✗ mine")
    until(process, "Waiting for a change")
    file(tmp_path, BAD.replace("steps:", "stpes:"))
    until(process, "unknown key")
    until(process, "Waiting for a change")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 130


def test_a_file_that_is_gone_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("1")
    before = stamps([path, tmp_path / "never"])
    path.write_text("22")
    changed(lambda: [path], before)
    assert stamps([path]) != before


def test_a_shipped_scenario_can_be_named(run: Run, control: str) -> None:
    result = run("replay", "3-signature-mismatch", "--control", control, "--json", "--seed", "9")
    [found] = json.loads(result.out)["scenarios"]
    assert (result.code, found["name"], found["seed"]) == (0, "3-signature-mismatch", 9)
