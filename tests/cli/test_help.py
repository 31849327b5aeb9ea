"""Help pages: complete in both languages, with an example, and within the terminal's columns."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders import __version__
from fakeproviders.cli.formatter import cells, wrap
from fakeproviders.cli.main import COMMANDS
from tests.cli.conftest import Run

PAGES = ((), *((name,) for name in COMMANDS))


@pytest.mark.parametrize("page", PAGES, ids="-".join)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_ends_with_an_example(run: Run, page: tuple[str, ...], lang: str) -> None:
    result = run(*page, "--help", "--lang", lang)
    assert (result.code, result.err) == (0, "")
    heading = "示例：" if lang == "zh" else "Examples:"
    _, _, examples = result.out.partition(f"\n{heading}\n")
    assert examples.startswith(f"  fakeproviders {page[0] if page else 'serve'}")


@pytest.mark.parametrize("page", PAGES, ids="-".join)
def test_no_english_is_left_in_chinese(run: Run, page: tuple[str, ...]) -> None:
    text = run(*page, "--help", "--lang", "zh").out.partition("\n示例：")[0]
    for described in re.findall(r"^  (?:-\S|[a-z]).*?  +(\S.*)$", text, re.MULTILINE):
        assert not described.isascii(), described
    assert not re.search(r"Usage|Options|Commands|default:|env var|Show|exit|OPTIONS|ARGS", text)


@pytest.mark.parametrize("page", PAGES, ids="-".join)
def test_chinese_is_pointed_as_chinese(run: Run, page: tuple[str, ...]) -> None:
    text = run(*page, "--help", "--lang", "zh").out.partition("\n示例：")[0]
    assert not re.search(r"[\u4e00-\u9fff][:;,?!]|\w; [\u4e00-\u9fff]", text)


@pytest.mark.parametrize("page", PAGES, ids="-".join)
def test_english_pages_hold_no_chinese(run: Run, page: tuple[str, ...]) -> None:
    assert run(*page, "--help").out.isascii()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES, ids="-".join)
def test_no_line_is_wider_than_the_terminal(run: Run, page: tuple[str, ...], lang: str) -> None:
    text = run(*page, "--help", "--lang", lang).out
    body = re.split(r"\n(?:示例：|Examples:)\n", text)[0]
    assert max(map(cells, body.splitlines())) <= 80


def test_without_arguments_it_shows_help(run: Run) -> None:
    result = run("--lang", "zh")
    assert "用法：fakeproviders [选项] 命令" in result.out + result.err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_version(run: Run, lang: str) -> None:
    assert run("--version", "--lang", lang) == (0, f"fakeproviders {__version__}\n", "")


def test_wrapping_keeps_punctuation_off_the_line_start() -> None:
    assert list(wrap("短信发送，失败（请重试）。", 10)) == [
        "短信发送，",
        "失败（请重",
        "试）。",
    ]
    assert list(wrap("one  two\nthree 四", 9)) == ["one  two", "three 四"]


@given(st.text(alphabet="ab ，。（）短信验证码1-", max_size=80), st.integers(8, 40))
def test_wrapping_loses_nothing_but_blanks(text: str, width: int) -> None:
    lines = list(wrap(text, width))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(lines)
