"""Files that are no scenarios at all: each a clear error at a place, in both languages."""

import re
import textwrap
from pathlib import Path

import pytest

from fakeproviders.scenario import model, positions
from fakeproviders.scenario.load import load
from fakeproviders.scenario.mistakes import BadFile
from fakeproviders.scenario.shipped import shipped
from tests.scenario.files_of_tests import GOOD, mistakes_in, parsed, text_of

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
UNREADABLE = {
    "empty": (b"", 1, 1, "the file is empty", "文件是空的"),
    "comment": (b"# nothing\n", 1, 1, "the file is empty", "文件是空的"),
    "gbk": (
        "title: a\nabout: 签名".encode("gbk"), 2, 9,
        "byte 0xc3 is not UTF-8; save the file as UTF-8", "不是 UTF-8：字节 0xc3；请把文件另存为 UTF-8",
    ),
    "gbk behind a byte order mark": (
        b"\xef\xbb\xbftitle: " + "签名".encode("gbk"), 1, 9,
        "byte 0xc3 is not UTF-8; save the file as UTF-8", "不是 UTF-8：字节 0xc3；请把文件另存为 UTF-8",
    ),
    "control character": (
        b"title: a\x00b", 1, 9,
        "the control character U+0000 is not allowed", "不能有控制字符 U+0000",
    ),
    "text": (
        b"just words", 1, 1,
        "must be keys with values, not the text 'just words'", "应为键和值，而不是文本 'just words'",
    ),
    "list": (b"- a\n- b\n", 1, 1, "must be keys with values, not a list", "应为键和值，而不是列表"),
    "two documents": (
        b"a: 1\n---\nb: 2\n", 2, 1,
        "a file holds one YAML document, not more", "一个文件只能有一个 YAML 文档",
    ),
    "deep": (b"a: " + b"[" * 100_000, 1, 43, "nested more than 40 levels deep", "嵌套超过 40 层"),
    "within itself": (b"a: &a [*a]", 1, 4, "nested more than 40 levels deep", "嵌套超过 40 层"),
    "billion laughs": (
        LAUGHS.encode(), 1, 4,
        "more than 20000 values once its anchors are resolved", "展开锚点后超过 20000 个值",
    ),
    "too large": (
        b"#" * (positions.MAX_BYTES + 1), 1, 1,
        "the file has 262145 bytes; 262144 are allowed", "文件有 262145 字节，最多 262144 字节",
    ),
    "python object": (
        b"title: !!python/name:os.system x", 1, 8,
        "the YAML tag 'tag:yaml.org,2002:python/name:os.system' is not allowed",
        "不能用 YAML 标签 'tag:yaml.org,2002:python/name:os.system'",
    ),
    "no such anchor": (b"title: *t", 1, 8, "there is no such anchor", "没有这个锚点"),
    "number": (
        b"seed: 99999999999999999999", 1, 7,
        "the number '99999999999999999999' is out of range; put a text in quotes",
        "数值 '99999999999999999999' 超出范围；如果是文本，请加引号",
    ),
    "quotation mark": (b"title: 'x\n", 2, 1, "a quotation mark is never closed", "引号没有闭合"),
    "key": (b"? [a]\n: 1", 1, 3, "a key must be a text", "键必须是文本"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_scenario_is_one_error_at_its_place(name: str) -> None:
    raw, line, column, en, zh = UNREADABLE[name]
    [mistake] = [m for m in mistakes_in(raw) if "missing" not in m.words.en]
    assert (mistake.line, mistake.column) == (line, column)
    assert (mistake.words.en, mistake.words.zh) == (en, zh)


@pytest.mark.parametrize("path", [Path("no-such.scenario.yaml"), Path(__file__).parent])
def test_what_cannot_be_opened_is_an_error_of_the_file(path: Path) -> None:
    with pytest.raises(BadFile) as caught:
        load(path)
    [mistake] = caught.value.mistakes
    assert mistake.file == str(path)
    assert "cannot be read" in mistake.words.en
    assert "无法读取" in mistake.words.zh


@pytest.mark.parametrize("path", [*GOOD, *shipped().values()], ids=lambda path: path.name)
def test_good_files_load(path: Path) -> None:
    file = load(path)
    assert f"{file.name}.scenario.yaml" == path.name
    assert file.value.steps


def test_a_file_knows_where_its_steps_stand() -> None:
    file = parsed(text_of("signature_mismatch"))
    assert file.place("steps", 0).line == 15
    assert file.place("remedy", 2, "expect", "user") == (28, 13)


def test_scalars_are_those_of_yaml_1_2() -> None:
    raw = b'{a: on, b: 12:30, c: 2026-11-23, d: 0x1F, e: "5", f: 1.5, g: ~, h: TRUE, i: 007}'
    assert positions.read(raw).value == {
        "a": "on", "b": "12:30", "c": "2026-11-23", "d": 31, "e": "5", "f": 1.5, "g": None,
        "h": True, "i": 7,
    }  # fmt: skip


def test_anchors_are_good_for_what_is_written_twice() -> None:
    text = text_of("signature_mismatch")
    once = '{event: register, mobile: "{{ mobile }}"}'
    twice = text.replace(once, f"&who {once}", 1).replace(f"with: {once}", "with: *who")
    assert "*who" in twice
    assert parsed(twice).value == parsed(text).value


def test_the_example_of_the_documentation_is_a_good_file() -> None:
    example = re.findall(r"(?m)^ {4}.*\n", model.__doc__ or "")
    found = parsed(textwrap.dedent("".join(example))).value
    assert (found.failure, len(found.remedy)) == ("signature_mismatch", 3)


WITHOUT = [
    ("cause:\n  panel: {settings: {sms: {official: {signature: 【别家公司】}}}}\n", "nothing makes it fail"),
    (text_of("signature_mismatch").partition("remedy:")[2], "the guide says how to mend"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "told"), WITHOUT, ids=["cause", "remedy"])
def test_a_story_needs_its_cause_and_what_the_guide_advises(part: str, told: str) -> None:
    text = text_of("signature_mismatch").replace(part, "", 1).removesuffix("remedy:")
    [mistake] = mistakes_in(text)
    assert told in mistake.words.en
    assert not mistake.words.zh.isascii()


SENSELESS = {
    "two things": (
        "  - do: save\n",
        "  - do: save\n    clear_faults: true\n",
        "a step has exactly one of",
    ),
    "a cause that mends": (
        "  - do: save\n",
        "  - do: save\n    cause: true\n",
        "what mends is no cause",
    ),
    "success with a text": (
        "{succeeds: true}",
        "{succeeds: true, sees: x}",
        "sees and failure are about",
    ),
    "nothing set": (
        'with: {sms: {official: {signature: "{{ session.official.signature }}"}}}',
        "with: {}",
        "give settings of",
    ),
    "an action without its parameters": (
        "  - do: save\n",
        "  - do: test_send\n",
        "the key 'channel' is missing",
    ),
    "a wrong rule": (
        "cause:\n",
        "cause:\n  faults: [{provider: erban, do: [hang, refuse]}]\n",
        "refuse stands alone",
    ),
    "a listener that is not the session's own": (
        "cause:\n",
        "cause:\n  faults: [{provider: erban, do: refuse}]\n",
        "write dedicated_ports: true at the top of the file",
    ),
    "a seed that no session can have": ("cause:\n", f"seed: {1 << 53}\ncause:\n", "must be < "),
    "a wrong pattern": (
        "cause:\n",
        "cause:\n  faults: [{provider: erban, do: hang, match: {content: {regex: '('}}}]\n",
        "not a regular expression",
    ),
    "a notice that there is not": (
        "cause:\n",
        "given:\n  panel: {notifications: {login: {wechat: true}}}\ncause:\n",
        "login has no wechat notice",
    ),
    "a name that is taken": (
        "variables:\n",
        "variables:\n  session: 1\n",
        "a variable cannot be called 'session'",
    ),
    "an object in the place of a text": (
        'inbox: [{mobile: "{{ mobile }}"',
        'inbox: [{contains: "{{ session }}", mobile: "{{ mobile }}"',
        "must be a text, not keys with values",
    ),
    "a time that no variable makes": (
        "steps:\n",
        'steps:\n  - clock: {advance: "{{ mobile }}m"}\n',
        "neither a number of seconds nor like 90s",
    ),
    "an unknown target": (
        "cause:\n",
        "target: client:offical\ncause:\n",
        "unknown target 'client:offical'",
    ),
}


@pytest.mark.parametrize("name", SENSELESS)
def test_what_fits_its_shape_and_makes_no_sense_is_an_error_too(name: str) -> None:
    right, wrong, told = SENSELESS[name]
    text = text_of("signature_mismatch").replace(
        "given:\n  panel: {settings: {sms: {channel: official}}}\n", ""
    )
    assert right in text
    mistakes = mistakes_in(text.replace(right, wrong, 1))
    assert told in mistakes[0].words.en
    assert not mistakes[0].words.zh.isascii()
