"""``scenarios``: list, show, lint, schema; no server is needed."""

import json
from pathlib import Path

import pytest

from fakeproviders.cli.formatter import cells
from fakeproviders.scenario.schema import scenario_schema
from fakeproviders.scenario.shipped import shipped
from fakeproviders.scenario.targets.schema import target_schema
from tests.cli.conftest import Run

FILES = Path(__file__).parents[1] / "scenario/files"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files: a good one and two with mistakes."""
    good = (FILES / "signature_mismatch.scenario.yaml").read_text("utf-8")
    (tmp_path / "good.scenario.yaml").write_text(good, "utf-8")
    bad = good.replace("outcome: refused", "outcome: refuse").replace("do: save", "do: sav")
    (tmp_path / "bad.scenario.yaml").write_text(bad, "utf-8")
    (tmp_path / "worse.scenario.yaml").write_text("title: ]", "utf-8")
    return tmp_path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_list_has_a_row_for_each_shipped_scenario(run: Run, lang: str) -> None:
    result = run("scenarios", "list", "--lang", lang)
    assert (result.code, result.err) == (0, "")
    names = [line.split()[0] for line in result.out.splitlines()[2:]]
    assert names == list(shipped())


def test_list_is_what_comes_without_an_action(run: Run) -> None:
    assert run("scenarios") == run("scenarios", "list")


def test_list_narrows_to_those_with_all_tags(run: Run) -> None:
    found = json.loads(run("scenarios", "--tag", "guide", "--tag", "token", "--json").out)
    names = [scenario["name"] for scenario in found["scenarios"]]
    assert "5b-interface-wrong" in names
    assert all({"guide", "token"} <= set(s["tags"]) for s in found["scenarios"])
    assert len(names) < len(shipped())


def test_list_as_json_tells_what_the_table_shows(run: Run) -> None:
    document = json.loads(run("scenarios", "list", str(FILES), "--json").out)
    assert document["scenarios"][-1] == {
        "name": "signature_mismatch",
        "title": {"zh": "签名数据不一致", "en": "The signature is not the registered one"},
        "section": "3",
        "failure": "signature_mismatch",
        "tags": ["guide", "official"],
        "target": "panel",
        "path": str(FILES / "signature_mismatch.scenario.yaml"),
    }


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", ["Guide section §3", "→ the user sees: 短信发送失败", "2. Press Save settings"]),
        ("zh", ["指南章节 §3", "→ 用户看到：短信发送失败", "2. 点击【保存设置】", "→ 成功"]),
    ],
)
def test_show_tells_the_story_step_by_step(run: Run, lang: str, told: list[str]) -> None:
    path = str(FILES / "signature_mismatch.scenario.yaml")
    result = run("scenarios", "show", path, "--lang", lang, COLUMNS="72")
    assert result.code == 0
    assert max(map(cells, result.out.splitlines())) <= 72
    flat = " ".join(result.out.split())
    assert all(text in flat for text in told)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_shipped_scenario_can_be_shown(run: Run, lang: str) -> None:
    result = run("scenarios", "show", *shipped(), "--lang", lang)
    assert result.code == 0
    assert all(f"\n{name}  " in f"\n{result.out}" for name in shipped())


def test_show_as_json_has_the_whole_file(run: Run) -> None:
    [found] = json.loads(run("scenarios", "show", "3-signature-mismatch", "--json").out)[
        "scenarios"
    ]
    assert found["scenario"]["steps"][0]["do"] == "send_code"
    assert found["scenario"]["steps"][0]["with"]["event"] == "register"


def test_lint_is_content_with_what_is_shipped(run: Run) -> None:
    assert run("scenarios", "lint") == (0, f"{len(shipped())} files are right.\n", "")


def test_lint_tells_all_mistakes_of_all_files(run: Run, folder: Path) -> None:
    result = run("scenarios", "lint", str(folder))
    assert result.code == 1
    assert result.out.splitlines() == [
        f"{folder}/bad.scenario.yaml:19:65: unknown outcome 'refuse'; did you mean refused?",
        f"{folder}/bad.scenario.yaml:24:9: unknown action 'sav'; did you mean save?",
        f"{folder}/worse.scenario.yaml:1:8: a value is expected here",
        "3 mistakes in 2 of 3 files.",
    ]
    assert run("scenarios", "lint", str(folder), "--lang", "zh").out.splitlines() == [
        f"{folder}/bad.scenario.yaml:19:65: 未知的结果 'refuse'；是不是 refused？",
        f"{folder}/bad.scenario.yaml:24:9: 未知的动作 'sav'；是不是 save？",
        f"{folder}/worse.scenario.yaml:1:8: 这里应有一个值",
        "3 个文件中 2 个有错，共 3 处。",
    ]


def test_lint_as_json_is_for_programs(run: Run, folder: Path) -> None:
    result = run("scenarios", "lint", "--json", str(folder / "bad.scenario.yaml"))
    assert result.code == 1
    document = json.loads(result.out)
    assert document["files"] == 1
    assert document["mistakes"][0] == {
        "file": str(folder / "bad.scenario.yaml"),
        "line": 19,
        "column": 65,
        "words": {"zh": "未知的结果 'refuse'", "en": "unknown outcome 'refuse'"},
        "suggestion": "refused",
    }


def test_schema_prints_the_schema_and_nothing_else(run: Run) -> None:
    result = run("scenarios", "schema")
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.out) == scenario_schema()


def test_a_schema_speaks_the_language_of_the_run(run: Run) -> None:
    schema = json.loads(run("scenarios", "schema", "--lang", "zh").out)
    assert schema["properties"]["remedy"]["description"] == "指南建议的处理方法，以及它有效的证明。"


def test_schema_target_prints_that_of_target_files(run: Run) -> None:
    result = run("scenarios", "schema", "target")
    assert (result.code, json.loads(result.out)) == (0, target_schema())


@pytest.mark.parametrize(
    ("args", "en", "zh"),
    [
        (("show",), "show needs a NAME", "show 需要 NAME"),
        (("schema", "x"), "schema takes no NAME", "schema 不需要 NAME"),
        (("lint", "--tag", "guide"), "--tag goes with list alone", "--tag 只用于 list"),
        (("show", "3-signature-mismach"), "did you mean 3-signature-mismatch?", "是不是 3-signature-mismatch？"),
        (("lint", "no/such.yaml"), "there is no file 'no/such.yaml'", "没有文件 'no/such.yaml'"),
        (("lint", "{folder}"), "no *.scenario.yaml is in the folder", "里没有 *.scenario.yaml"),
        (("lnit",), "'lnit' is not one of", "'lnit'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_wrong_use_is_one_clear_line(
    run: Run, tmp_path: Path, args: tuple[str, ...], en: str, zh: str
) -> None:
    given = [arg.replace("{folder}", str(tmp_path)) for arg in args]
    for lang, told in (("en", en), ("zh", zh)):
        result = run("scenarios", *given, "--lang", lang)
        assert (result.code, result.out) == (2, "")
        assert told in result.err


def test_a_file_with_mistakes_can_be_neither_listed_nor_shown(run: Run, folder: Path) -> None:
    for action in ("list", "show"):
        result = run("scenarios", action, str(folder))
        assert (result.code, result.out) == (2, "")
        assert "bad.scenario.yaml:19:65: unknown outcome 'refuse'" in result.err
