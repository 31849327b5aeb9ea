"""What the YAML parser says is wrong, put in words that help, in both languages."""

import re

import yaml

from fakeproviders.failures import Words
from fakeproviders.scenario.mistakes import START, Place, quoted

_SENTENCES = {
    r"did not find expected ',' or '(.)'": Words(
        zh="这里应有 ',' 或 '{0}'", en="',' or '{0}' is expected here"
    ),
    r"mapping values are not allowed in this context": Words(
        zh="这里不能有 ':'：检查缩进，含 ': ' 的文本要加引号",
        en="':' is not allowed here: check the indentation, and quote a text that has ': ' in it",
    ),
    r"did not find expected '-' indicator": Words(
        zh="列表里这一行应以 '- ' 开头，或检查缩进",
        en="a line of this list must begin with '- '; or check the indentation",
    ),
    r"did not find expected key": Words(
        zh="这里应有一个键：检查缩进", en="a key is expected here: check the indentation"
    ),
    r"did not find expected node content": Words(
        zh="这里应有一个值", en="a value is expected here"
    ),
    r"found unexpected end of stream": Words(
        zh="引号没有闭合", en="a quotation mark is never closed"
    ),
    r"found unknown escape character": Words(
        zh=r"双引号里没有这种 \ 转义：改用单引号",
        en=r"this \ escape is unknown in double quotes: use single quotes",
    ),
    r"could not find expected ':'": Words(
        zh="这一行的键后面缺少 ':'", en="a ':' is missing after the key of this line"
    ),
    r"block sequence entries are not allowed in this context": Words(
        zh="这里不能开始列表：把 '- ' 放到下一行", en="a list cannot begin here: put '- ' on a new line"
    ),
    r"found undefined alias": Words(zh="没有这个锚点", en="there is no such anchor"),
    r"second occurrence": Words(zh="锚点重复", en="this anchor is there twice"),
    r"found character that cannot start any token": Words(
        zh="文本不能以此字符开头：请加引号", en="a text cannot begin with this character: quote it"
    ),
}  # fmt: skip
_TAB = Words(
    zh="缩进里有制表符（Tab）：请用空格", en="a tab in the indentation: indent with spaces"
)


def of_yaml(error: yaml.MarkedYAMLError, text: str) -> tuple[Place, Words]:
    """Where the parser stopped, and why; a tab is named whatever the parser makes of it."""
    mark = error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark else START
    lines = text.split("\n")
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    indentation = line[: len(line) - len(line.lstrip())]
    if "\t" in indentation:
        return Place(place.line, indentation.index("\t") + 1), _TAB
    return place, _words(str(error.problem or error))


def _words(problem: str) -> Words:
    for sentence, words in _SENTENCES.items():
        if found := re.fullmatch(sentence, problem):
            details = found.groups()
            return Words(zh=words.zh.format(*details), en=words.en.format(*details))
    return Words(zh=f"不是合法的 YAML：{quoted(problem)}", en=f"this is not YAML: {problem}")
