"""The language is found wherever it is said."""

import gettext
import os

import pytest

from fakeproviders.cli.lang import choose, of_locale, speaking
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("env", "lang"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW.Big5"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_CN", "LANG": "en_US"}, "zh"),
        ({"LC_MESSAGES": "C", "LANG": "zh_CN"}, "en"),
    ],
)
def test_the_locale_gives_the_default(env: dict[str, str], lang: str) -> None:
    assert of_locale(env) == lang


@pytest.mark.parametrize(
    ("args", "lang"),
    [
        (["--lang", "zh", "inbox"], "zh"),
        (["inbox", "--lang", "zh"], "zh"),
        (["inbox", "--lang=zh"], "zh"),
        (["--lang=zh", "inbox", "--lang", "en"], "en"),
        (["inbox", "--lang", "fr"], "en"),
        (["inbox", "zh"], "en"),
        (["inbox", "--", "--lang", "zh"], "en"),
        (["inbox", "--lang"], "en"),
    ],
)
def test_the_line_overrides_it(args: list[str], lang: str) -> None:
    assert choose(args, {"LANG": "en_US.UTF-8"}) == lang


def test_the_process_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    domain = gettext.textdomain()
    with speaking("zh"):
        assert gettext.gettext("Options") == "选项"
    assert (gettext.textdomain(), os.environ["LANGUAGE"]) == (domain, "de")


def test_english_is_english_in_a_chinese_locale(run: Run) -> None:
    result = run("--lang", "en", "--help", LANG="zh_CN.UTF-8", LANGUAGE="zh_CN")
    assert "Show this message and exit." in result.out
    assert result.out.isascii()


def test_both_places_on_the_line_give_the_same_help(run: Run) -> None:
    before, after = run("--lang", "zh", "inbox", "-h"), run("inbox", "-h", "--lang=zh")
    by_locale = run("inbox", "--help", LC_ALL="zh_CN.UTF-8")
    assert before == after == by_locale
    assert "显示本帮助并退出。" in before.out


def test_a_wrong_language_is_an_error_in_the_locales_language(run: Run) -> None:
    english, chinese = run("inbox", "--lang", "fr"), run("--lang=fr", LANG="zh_CN.UTF-8")
    assert (english.code, chinese.code) == (2, 2)
    assert "'fr' is not one of 'zh', 'en'" in english.err
    assert "'fr' 不在可选值之中：'zh'、'en'" in chinese.err
