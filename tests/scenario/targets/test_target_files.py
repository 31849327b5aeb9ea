"""A mistake in a target file is one readable line: file, line, column, suggestion, in both languages."""

import re
import textwrap
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from fakeproviders.misfit import Misfit
from fakeproviders.scenario.mistakes import BadFile
from fakeproviders.scenario.targets import shapes
from fakeproviders.scenario.targets.load import load_target
from fakeproviders.scenario.targets.named import PANEL_FILE, target_of
from fakeproviders.scenario.targets.schema import target_schema

GOOD = """base_url: http://127.0.0.1:1
actions:
  send_code:
    request: {path: /code, form: {tel: "{{ mobile }}"}}
    reply:
      success: {found: {css: p.good}}
      text: {css: p}
wording: {hang: Too slow}
"""
TYPOS = [
    ("actions:", "action:", 2, 1, "unknown key 'action'; did you mean actions?", "未知的键 'action'；是不是 actions？"),
    ("send_code", "send_cod", 3, 3, "did you mean send_code?", "是不是 send_code？"),
    ("request:", "reqest:", 4, 5, "did you mean request?", "是不是 request？"),
    ("path: /code", "method: PUSH, path: /code", 4, 23, "'PUSH'", "'PUSH'"),
    ("form:", "json: {}, form:", 4, 44, "does not go with json", "不能与 json 同用"),
    ("{css: p}", "{css: 'p['}", 7, 19, "no CSS selector", "不是可用的 CSS 选择器"),
    ("{css: p}", "{json: text}", 7, 20, "no JSON pointer", "不是 JSON 指针"),
    ("{css: p}", "{regex: '('}", 7, 21, "no regular expression", "不是可用的正则表达式"),
    ("{css: p}", "{css: p, json: /a}", 7, 13, "give exactly one of json, header, css, regex", "必须给且只给一个"),
    ("{css: p}", "{json: /a, all: true}", 7, 29, "goes with css alone", "只能与 css 同用"),
    ("hang", "hnag", 8, 11, "did you mean hang?", "是不是 hang？"),
    ("base_url: http://127.0.0.1:1\n", "", 1, 1, "the key 'base_url' is missing", "缺少键 'base_url'"),
    ("wording:", "timeout: 0\nwording:", 8, 10, "must be > 0", "必须 > 0"),
    ("wording:", "\twording:", 8, 1, "a tab in the indentation", "缩进里有制表符"),
]  # fmt: skip


def told(path: Path, lang: str) -> str:
    with pytest.raises(BadFile) as caught:
        load_target(path)
    return caught.value.told(lang)


@pytest.mark.parametrize(
    ("right", "wrong", "line", "column", "en", "zh"),
    TYPOS,
    ids=[typo[1] or "missing" for typo in TYPOS],
)
def test_a_typo(
    tmp_path: Path, right: str, wrong: str, line: int, column: int, en: str, zh: str
) -> None:
    path = tmp_path / "shop.target.yaml"
    path.write_text(GOOD.replace(right, wrong, 1), "utf-8")
    for lang, words in (("en", en), ("zh", zh)):
        said = told(path, lang)
        assert said.startswith(f"{path}:{line}:{column}: "), said
        assert words in said
        assert "\n" not in said


def test_the_example_of_the_documentation_is_a_good_file(tmp_path: Path) -> None:
    example = re.findall(r"(?m)^ {4}.*\n", shapes.__doc__ or "")
    path = tmp_path / "shop.target.yaml"
    path.write_text(textwrap.dedent("".join(example)), "utf-8")
    assert set(load_target(path).actions) == {"send_code", "save"}


def test_good_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "shop.target.yaml"
    path.write_text(GOOD, "utf-8")
    assert load_target(path).wording == {"hang": "Too slow"}
    assert load_target(PANEL_FILE).at_once is None


@pytest.mark.parametrize(
    ("name", "en", "zh"),
    [
        ("pannel", "did you mean panel?", "是不是 panel？"),
        ("client:oficial", "did you mean client:official?", "是不是 client:official？"),
        ("nowhere/x.yaml", "there is no target file 'nowhere/x.yaml'", "没有目标文件"),
        ("zzz", "and target files", "或一个目标文件"),
    ],
)
def test_a_name_that_is_none(name: str, en: str, zh: str) -> None:
    with pytest.raises(Misfit) as caught:
        target_of(name)
    assert en in caught.value.words.en
    assert zh in caught.value.words.zh


SHOP = Path(__file__).parents[2] / "e2e" / "own_system" / "shop.target.yaml"


def validator() -> Draft202012Validator:
    schema = target_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("path", [PANEL_FILE, SHOP], ids=["panel", "shop"])
def test_the_schema_takes_what_is_right(path: Path) -> None:
    assert list(validator().iter_errors(yaml.safe_load(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(("right", "wrong"), [typo[:2] for typo in TYPOS[:4]])
def test_the_schema_refuses_a_wrong_word(right: str, wrong: str) -> None:
    document = yaml.safe_load(GOOD.replace(right, wrong, 1))
    assert list(validator().iter_errors(document)) != []


def test_the_schema_explains_every_field_that_the_shapes_explain() -> None:
    where = target_schema()["$defs"]["Exchange"]["properties"]
    assert where["each"]["description"].startswith("A template that gives an object")
