"""Wrong usage: a clear message in the run's language, exit code 2, nothing on stdout."""

import re

import pytest

from tests.cli.conftest import Run

WRONG = [
    (["fail"], "No such command 'fail'.", "没有命令 'fail'。"),
    (
        ["inbxo"],
        "No such command 'inbxo'. Did you mean: inbox?",
        "没有命令 'inbxo'。您是不是要找：inbox？",
    ),
    (["inbox", "--session", ""], "--session is empty", "--session 不能为空"),
    (["scenarios", "--tag", "gude"], "Did you mean: guide?", "您是不是要找：guide？"),
    (["verify"], "Missing argument 'FILE'.", "缺少参数 'FILE'。\n"),
    (
        ["inbox", "--provder", "x"],
        "No such option '--provder'. Did",
        "没有选项 '--provder'。您是不是要找：",
    ),
    (["--nope"], "No such option '--nope'.", "没有选项 '--nope'。"),
    (["inbox", "--provder", "x"], "Did you mean '--provider'?", "您是不是要找：'--provider'？"),
    (
        ["inbox", "--limit"],
        "Option '--limit' requires an argument.",
        "选项 '--limit' 需要 1 个值。",
    ),
    (
        ["inbox", "--limit", "0"],
        "'0' is not a whole number from 1 to 10000.",
        "'0' 不是 1 到 10000 之间的整数。",
    ),
    (
        ["inbox", "--limit", "ten"],
        "'ten' is not a whole number",
        "'ten' 不是 1 到 10000 之间的整数。",
    ),
    (["inbox", "--json=3"], "Option '--json' does not take a value.", "选项 '--json' 不带值。"),
    (
        ["inbox", "--provider", "x"],
        "'x' is not one of 'official', 'r",
        "可选值之中：'official'、'r",
    ),
    (["inbox", "a", "b"], "Got unexpected extra arguments (a b)", "多余的参数（a b）"),
    (
        ["inbox", "--control", "ftp://x"],
        "--control is no usable address",
        "--control 不是可用的地址",
    ),
    (
        ["inbox", "--control", "http://a:b"],
        "--control is no usable address",
        "--control 不是可用的地址",
    ),
    (["inject"], "Give a rule, --list or --clear", "请给出一条规则、--list 或 --clear"),
    (["inject", "--list", "--clear"], "one of the three", "三者取一"),
    (["inject", "--times", "2"], "The rule is missing", "缺少规则"),
    (["inject", "official"], "lacks a failure's name", "缺少故障代号"),
    (
        ["inject", "offical", "ok"],
        "not 'offical' (say official)",
        "而不是 'offical'（例如 official）",
    ),
    (
        ["inject", "erban", "ms=1"],
        "'ms=1' must follow a failure's name",
        "'ms=1' 之前要先写故障代号",
    ),
    (
        ["inject", "erban", "x", "--every", "0"],
        "'0' is not a whole number from 1 up.",
        "'0' 不是 ≥ 1 的整数。",
    ),
    (
        ["inject", "erban", "x", "--probability", "nan"],
        "'nan' is not a number from 0 to 1.",
        "'nan' 不是 0 到 1 之间的数。",
    ),
    (
        ["inject", "erban", "x", "--probability", "p"],
        "'p' is not a number from 0 to 1.",
        "'p' 不是 0 到 1 之间的数。",
    ),
    (
        ["inject", "erban", "x", "--match", "mobile"],
        "--match takes FIELD=VALUE",
        "--match 要写成 字段=值",
    ),
    (["inject", "erban", "x", "--match", "a=*b*"], "write /b/", "请写正则 /b/"),
    (
        ["inject", "erban", "x", "--operation", "y"],
        "'y' is not one of 'token'",
        "'y' 不在可选值之中",
    ),
    (
        ["inject", "erban", "x", "--script", "ok"],
        "--script has all the steps",
        "--script 已给出全部步骤",
    ),
    (
        ["inject", '{"do": "x"}', "--times", "2"],
        "leave out the options: --times",
        "不能再加选项：--times",
    ),
    (["inject", '{"do": '], "not valid JSON", "不是有效的 JSON"),
    (["inject", '{"do": "x"}', "official"], "A rule in JSON stands alone", "JSON 规则要单独写"),
    (["serve", "--port-base", "65533"], "from 0 to 65531", "0 到 65531 之间"),
    (["serve", "--port-base", "-1"], "from 0 to 65531", "0 到 65531 之间"),
    (["serve", "--erban-port", "65536"], "from 0 to 65535", "0 到 65535 之间"),
    (
        ["failures", "signature_mismach"],
        "Did you mean: signature_mismatch?",
        "您是不是要找：signature_mismatch？",
    ),
    (
        ["failures", "zzz"],
        "`fakeproviders failures` lists all.",
        "全部故障见 `fakeproviders failures`。",
    ),
]


@pytest.mark.parametrize(("args", "en", "zh"), WRONG, ids=[" ".join(case[0]) for case in WRONG])
def test_wrong_usage(run: Run, args: list[str], en: str, zh: str) -> None:
    for lang, said in (("en", en), ("zh", zh)):
        result = run("--lang", lang, *args)
        assert said in result.err
        assert (result.code, result.out) == (2, "")
        assert "Traceback" not in result.err
        assert result.err.isascii() == (lang == "en") or "≥" in result.err
        if lang == "zh":
            assert not any(word in result.err for word in ("Error", "Usage", "Try "))
            assert not re.search(r"[\u4e00-\u9fff][:;,.?!]|[。，：；！？] \S", result.err)


@pytest.mark.parametrize(
    "args", [["inbox"], ["inbox", "--follow"], ["journal"], ["inject", "--list"]]
)
def test_no_server(run: Run, args: list[str]) -> None:
    for lang, said in (("en", "No server is running at"), ("zh", "没有服务在运行")):
        result = run(*args, "--control", "http://127.0.0.1:1", "--lang", lang)
        assert (result.code, result.out) == (2, "")
        assert said in result.err
        assert "fakeproviders serve" in result.err
        assert result.err.count("\n") == 1
