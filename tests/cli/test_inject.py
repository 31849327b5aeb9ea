"""``inject`` adds, lists and clears rules, and shows what the server says."""

import json

import pytest

from fakeproviders.cli.formatter import cells
from tests.cli.conftest import Run
from tests.cli.fake_control import FakeControl, problem


def test_a_rule_in_the_short_form(run: Run, server: FakeControl) -> None:
    line = "inject official signature_mismatch --times 2 --after 1 --operation send --mobile 138"
    result = run(*line.split(), "--control", server.url)
    assert (result.code, result.err) == (0, "")
    [asked] = server.asked
    assert (asked.method, asked.path) == ("POST", "/api/v1/sessions/default/faults")
    assert asked.body == {
        "provider": "official",
        "operation": "send",
        "match": {"mobile": {"prefix": "138"}},
        "do": "signature_mismatch",
        "times": 2,
        "after": 1,
    }
    assert "f1" in result.out
    assert "send, mobile=138*, times=2, after=1" in result.out


def test_all_options(run: Run, server: FakeControl) -> None:
    line = "inject erban delay ms=800 --every 3 --since +1m --until +2h --probability 0.3"
    run(*line.split(), "--match", "content=/码/", "--control", server.url)
    assert server.asked[0].body == {
        "provider": "erban",
        "do": {"delay": {"ms": 800}},
        "match": {"content": {"regex": "码"}},
        "every": 3,
        "since": "+1m",
        "until": "+2h",
        "probability": 0.3,
    }


def test_script_and_json_rules(run: Run, server: FakeControl) -> None:
    run("inject", "reseller", "--script", "fail x2, ok", "--control", server.url)
    rules = ['{"provider": "erban", "do": "hang"}', '{"provider": "*", "do": "reset"}']
    result = run("inject", *rules, "--json", "--control", server.url)
    assert server.asked[0].body == {"provider": "reseller", "script": "fail x2, ok"}
    assert [asked.body for asked in server.asked[1:]] == [json.loads(rule) for rule in rules]
    assert [rule["id"] for rule in json.loads(result.out)["faults"]] == ["f2", "f3"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "words",
    [
        ["any", '{"provider": "official", "do": "hang"}'],
        ["{provider:", "official,", "do:", "hang}"],  # what a shell makes of it without quotes
    ],
)
def test_a_rule_in_json_stands_alone(
    run: Run, server: FakeControl, words: list[str], lang: str
) -> None:
    result = run("inject", *words, "--control", server.url, "--lang", lang)
    said = {"zh": "JSON 规则要单独写", "en": "A rule in JSON stands alone"}[lang]
    assert (result.code, server.asked) == (2, [])
    assert said in result.err


def test_session_token_and_language_reach_the_server(run: Run, server: FakeControl) -> None:
    run("inject", "--list", "--session", "a/b", "--token", "s3cret", "--lang", "zh",
        FAKEPROVIDERS_CONTROL=server.url + "/")  # fmt: skip
    [asked] = server.asked
    assert asked.path == "/api/v1/sessions/a%2Fb/faults"
    assert asked.headers["authorization"] == "Bearer s3cret"
    assert asked.headers["accept-language"] == "zh"


def test_the_list(run: Run, server: FakeControl) -> None:
    assert run("inject", "--list", "--control", server.url).out == "No fault rules.\n"
    server.faults = [
        {
            "id": "f1",
            "provider": "official",
            "script": "rate_limited x2, ok",
            "matched": 41,
            "fired": 17,
        }
    ]
    for lang, heading in (("zh", "触发"), ("en", "fired")):
        out = run(
            "inject", "--list", "--lang", lang, COLUMNS="80", FAKEPROVIDERS_CONTROL=server.url
        ).out
        assert heading in out
        assert [word in out for word in ("rate_limited x2, ok", "41", "17")] == [True] * 3
        assert max(map(cells, out.splitlines())) <= 80
    listed = run("inject", "--list", "--json", "--control", server.url)
    assert json.loads(listed.out) == {"faults": server.faults}


def test_every_part_of_a_rule_is_listed(run: Run, server: FakeControl) -> None:
    server.faults = [
        {
            "id": "f1", "provider": "erban", "per": "mobile", "matched": 0, "fired": 0,
            "do": {"reply": {"status": 200, "headers": {"X-A": "b"}, "body": "{}"}},
            "cycle": {"on_seconds": 60.0, "off_seconds": 240.0},
            "probability": {"start": 0.0, "end": 0.5, "over_seconds": 600.0},
        }
    ]  # fmt: skip
    for lang, window, ramp in (
        ("zh", "cycle=生效 60 秒、停 240 秒", "probability=0 到 0.5（历时 600 秒）"),
        ("en", "cycle=60 s on / 240 s off", "probability=0 to 0.5 over 600 s"),
    ):
        out = run("inject", "--list", "--lang", lang, "--control", server.url).out
        assert f"per=mobile, {window}, {ramp}" in out
        assert "reply status=200 headers=(X-A: b) body={}" in out


def test_clear(run: Run, server: FakeControl) -> None:
    server.faults = [{"id": f"f{n}"} for n in (1, 2, 3)]
    one = run("inject", "--clear", "f2", "--control", server.url)
    assert (one.out, [rule["id"] for rule in server.faults]) == ("Rule f2 cleared.\n", ["f1", "f3"])
    missing = run("inject", "--clear", "f9", "--control", server.url)
    assert (missing.code, missing.err) == (2, "Error: no fault rule f9\n")
    everything = run("inject", "--clear", "--json", "--control", server.url)
    assert (json.loads(everything.out), server.faults) == ({"cleared": "all"}, [])
    assert (
        run("inject", "--clear", "--lang=zh", "--control", server.url).out == "已清除全部规则。\n"
    )


def test_a_refused_rule_names_the_field(run: Run, server: FakeControl) -> None:
    result = run("inject", "official", "nonsense", "--json", "--control", server.url)
    assert (result.code, result.out) == (2, "")
    assert result.err == ("Error: the rule cannot be used\n  do: no failure is called 'nonsense'\n")


def test_a_missing_token_says_how_to_give_it(run: Run, server: FakeControl) -> None:
    server.answer = lambda: problem(401, "a token is needed")
    for lang in ("zh", "en"):
        result = run("inject", "--list", "--control", server.url, "--lang", lang)
        assert result.code == 2
        assert "--token" in result.err
