"""A typo anywhere in a scenario gives one readable error: file, line, column, and what was meant."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.scenario.positions import read
from tests.scenario.files_of_tests import GOOD, mistakes_in, text_of


class Typo(NamedTuple):
    """A good file, what is replaced in it by what, and the one mistake that follows."""

    file: str
    right: str
    wrong: str
    line: int
    column: int
    en: str
    zh: str
    suggestion: str | None

    @property
    def text(self) -> str:
        good = text_of(self.file)
        assert self.right in good
        return good.replace(self.right, self.wrong, 1)


TYPOS = (
    Typo(
        "signature_mismatch",
        "failure: signature_mismatch",
        "failure: signature_mismach",
        6,
        10,
        "no failure is called 'signature_mismach'",
        "没有叫 'signature_mismach' 的故障",
        "signature_mismatch",
    ),
    Typo(
        "signature_mismatch",
        'section: "3"',
        "section: 3",
        5,
        10,
        "must be a text, not a whole number 3",
        "应为文本，而不是整数 3",
        '"3"',
    ),
    Typo(
        "signature_mismatch",
        'section: "3"',
        'section: "4"',
        5,
        10,
        "signature_mismatch is in section 3 of the guide, not 4",
        "signature_mismatch 在指南的 3 节，不在 4 节",
        '"3"',
    ),
    Typo(
        "signature_mismatch",
        "tags: [guide, official]",
        "tags: guide",
        7,
        7,
        "must be a list, not the text 'guide'",
        "应为列表，而不是文本 'guide'",
        "[guide]",
    ),
    Typo(
        "signature_mismatch",
        "remedy:",
        "remedies:",
        21,
        1,
        "unknown key 'remedies'",
        "未知的键 'remedies'",
        "remedy",
    ),
    Typo(
        "signature_mismatch",
        'do: send_code\n    with: {event: register, mobile: "{{ mobile }}"}\n    expect:\n      user: {sees',
        'do: send_cod\n    with: {event: register, mobile: "{{ mobile }}"}\n    expect:\n      user: {sees',
        15,
        9,
        "unknown action 'send_cod'",
        "未知的动作 'send_cod'",
        "send_code",
    ),
    Typo(
        "signature_mismatch",
        "session.official.signature }",
        "session.offical.signature }",
        23,
        40,
        "the field 'offical' in a template is unknown",
        "模板里的字段 'offical' 不存在",
        "official",
    ),
    Typo(
        "signature_mismatch",
        "provider: official, operation",
        "provider: offical, operation",
        19,
        29,
        "unknown provider 'offical'",
        "未知的服务商 'offical'",
        "official",
    ),
    Typo(
        "signature_mismatch",
        "outcome: refused",
        "outcome: refuse",
        19,
        65,
        "unknown outcome 'refuse'",
        "未知的结果 'refuse'",
        "refused",
    ),
    Typo(
        "signature_mismatch",
        "en: The signature",
        "eng: The signature",
        1,
        22,
        "unknown key 'eng'",
        "未知的键 'eng'",
        "en",
    ),
    Typo(
        "reply_lost",
        "retries: 1",
        "retrys: 1",
        19,
        37,
        "unknown key 'retrys'",
        "未知的键 'retrys'",
        "retries",
    ),
    Typo(
        "reply_lost",
        "jitter_ms: 5",
        "jiter_ms: 5",
        27,
        29,
        "unknown key 'jiter_ms'",
        "未知的键 'jiter_ms'",
        "jitter_ms",
    ),
    Typo(
        "reply_lost",
        "reply_lost]",
        "reply_lots]",
        27,
        45,
        "no failure is called 'reply_lots'",
        "没有叫 'reply_lots' 的故障",
        "reply_lost",
    ),
    Typo(
        "reply_lost",
        "mobile: {prefix",
        "mobil: {prefix",
        26,
        15,
        "no field of a request is called 'mobil'",
        "没有叫 'mobil' 的字段",
        "mobile",
    ),
    Typo(
        "reply_lost",
        "{ start }",
        "{ strat }",
        26,
        32,
        "the name 'strat' in a template is unknown",
        "模板里的名称 'strat' 不存在",
        "start",
    ),
    Typo(
        "reply_lost",
        "quotas: {mobile_per_day",
        "quotas: {mobil_per_day",
        12,
        16,
        "unknown key 'mobil_per_day'",
        "未知的键 'mobil_per_day'",
        "mobile_per_day",
    ),
    Typo(
        "reply_lost",
        "bucket: mobile_per_day",
        "bucket: mobile_per_dya",
        40,
        44,
        "unknown bucket 'mobile_per_dya'",
        "未知的限额 'mobile_per_dya'",
        "mobile_per_day",
    ),
    Typo(
        "reply_lost",
        "register: {row",
        "regster: {row",
        21,
        7,
        "unknown event 'regster'",
        "未知的事件 'regster'",
        "register",
    ),
    Typo(
        "reply_lost",
        "operation: send, outcome",
        "operation: sned, outcome",
        36,
        43,
        "unknown operation 'sned'",
        "未知的操作 'sned'",
        "send",
    ),
    Typo(
        "reply_lost",
        'to: "00:00:30"',
        'to: "25:00"',
        43,
        17,
        "'25:00' is neither an RFC 3339 time nor HH:MM or HH:MM:SS",
        "'25:00' 既不是 RFC 3339 时间，也不是 HH:MM 或 HH:MM:SS",
        None,
    ),
    Typo(
        "reply_lost",
        "seed: 7",
        "seed: 7\nseed: 8",
        5,
        1,
        "the key 'seed' is there already, in line 4",
        "键 'seed' 在第 4 行已经有了",
        None,
    ),
    Typo(
        "reply_lost",
        "fake.name",
        "fake.nmae",
        7,
        10,
        "the field 'nmae' in a template is unknown",
        "模板里的字段 'nmae' 不存在",
        "name",
    ),
    Typo(
        "reply_lost",
        "times: 2",
        "times: two",
        48,
        12,
        "must be a whole number, not the text 'two'",
        "应为整数，而不是文本 'two'",
        None,
    ),
    Typo(
        "reply_lost",
        "sms: true}",
        "sms: on}",
        21,
        34,
        "must be true or false, not the text 'on'",
        "应为 true 或 false，而不是文本 'on'",
        "true",
    ),
    Typo(
        "reply_lost",
        "balance: 100",
        'balance: "100"',
        13,
        16,
        "must be a whole number, not the text '100'",
        "应为整数，而不是文本 '100'",
        "100",
    ),
    Typo(
        "reply_lost",
        "- clear_faults: true",
        "\t- clear_faults: true",
        52,
        3,
        "a tab in the indentation: indent with spaces",
        "缩进里有制表符（Tab）：请用空格",
        None,
    ),
    Typo(
        "reply_lost",
        "failover: null",
        "failover: erbn",
        19,
        59,
        "unknown failover 'erbn'",
        "未知的备用通道 'erbn'",
        "erban",
    ),
    Typo(
        "reply_lost",
        "contains: 验证码, count: 1}",
        "contains: 验证码, count: 1",
        39,
        83,
        "',' or '}' is expected here",
        "这里应有 ',' 或 '}'",
        None,
    ),
    Typo(
        "reply_lost",
        'event: register, mobile: "{{ mobile }}", code',
        'event: registre, mobile: "{{ mobile }}", code',
        47,
        19,
        "unknown event 'registre'",
        "未知的事件 'registre'",
        "register",
    ),
    Typo(
        "reply_lost",
        "cause:\n",
        "casue:\n",
        22,
        1,
        "unknown key 'casue'",
        "未知的键 'casue'",
        "cause",
    ),
    Typo(
        "reply_lost",
        'en: "{{ owner }} asks',
        'en: "{{ ownr }} asks',
        32,
        41,
        "the name 'ownr' in a template is unknown",
        "模板里的名称 'ownr' 不存在",
        "owner",
    ),
    Typo(
        "reply_lost",
        "operation: send, reason",
        'operation: "{{ session.official }}", reason',
        37,
        43,
        "must be a text, not keys with values",
        "应为文本，而不是键和值",
        None,
    ),
    Typo(
        "reply_lost",
        "status: delivered",
        'status: "{{ session.id }}"',
        45,
        55,
        "unknown status 'sample'; known are submitted, delivered, undelivered",
        "未知的状态 'sample'，可用的有：submitted、delivered、undelivered",
        None,
    ),
    Typo(
        "reply_lost",
        "content: TD",
        'content: "{{ session.seed }}"',
        51,
        46,
        "must be a text, not a whole number 1",
        "应为文本，而不是整数 1",
        '"1"',
    ),
    Typo(
        "reply_lost",
        'mobile: "{{ mobile }}", status: undelivered',
        "mobile: {{ mobile }}, status: undelivered",
        50,
        24,
        'a template needs quotes: write "{{ ... }}"',
        '模板要加引号：写成 "{{ ... }}"',
        None,
    ),
)


@pytest.mark.parametrize("typo", TYPOS, ids=lambda typo: typo.wrong[:30])
def test_a_typo_is_one_error_at_its_place_with_what_was_meant(typo: Typo) -> None:
    [mistake] = mistakes_in(typo.text)
    assert (mistake.line, mistake.column) == (typo.line, typo.column)
    assert (mistake.words.en, mistake.words.zh) == (typo.en, typo.zh)
    assert mistake.suggestion == typo.suggestion


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "x.scenario.yaml:21:1: unknown key 'remedies'; did you mean remedy?"),
        ("zh", "x.scenario.yaml:21:1: 未知的键 'remedies'；是不是 remedy？"),
    ],
)
def test_a_mistake_is_told_on_one_line(lang: str, line: str) -> None:
    [mistake] = mistakes_in(text_of("signature_mismatch").replace("remedy:", "remedies:"))
    assert mistake.told(lang) == line


def test_all_mistakes_of_a_file_are_told_in_their_order() -> None:
    text = text_of("reply_lost")
    for typo in TYPOS:
        if typo.file == "reply_lost" and typo.wrong in {"retrys: 1", "jiter_ms: 5", "times: two"}:
            text = text.replace(typo.right, typo.wrong, 1)
    assert [m.line for m in mistakes_in(text)] == [19, 27, 48]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A good file in which some places have been hit."""
    text = draw(st.sampled_from([path.read_text("utf-8") for path in GOOD]))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(0, 12)))
        text = text[:at] + draw(_HITS) + text[end:]
    return text


_HITS = st.one_of(
    st.just(""),
    st.text(alphabet="{}[]:,-'\"&*!|>%@#? \n\t~01.e", max_size=4),
    st.sampled_from(["{{ ", " }}", "null", "true", "- ", "0x1F", "*a", "&a ", "<<: ", "号", "-1"]),
    st.text(max_size=3),
)


@st.composite
def misplaced(draw: st.DrawFn) -> str:
    """A good file, as JSON, in which one value has become another, or moved."""
    value = read(draw(st.sampled_from(GOOD)).read_bytes()).value
    path = draw(st.sampled_from(list(paths(value))))
    holder = value
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = draw(_ODD)
    return json.dumps(value, ensure_ascii=False)


def paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all parts of a value."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*above, key)
            yield from paths(part, (*above, key))


_ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4) | st.sampled_from(["{{ mobile }}", "{{ session }}", "{{ 1 }}", "ok x0"]),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.sampled_from(["do", "delay", "match", "any", "sms", "a"]), inner, max_size=2),
    max_leaves=3,
)  # fmt: skip


@given(misplaced())
def test_a_value_of_another_kind_loads_or_gives_located_errors(text: str) -> None:
    for mistake in mistakes_in(text):
        assert mistake.line >= 1
        assert mistake.words.zh


@given(mutated())
def test_any_mutation_loads_or_gives_located_errors(text: str) -> None:
    for mistake in mistakes_in(text.encode("utf-8", "surrogatepass")):
        assert 1 <= mistake.line <= text.count("\n") + text.count("\r") + 2
        assert mistake.column >= 1
        assert mistake.words.zh
        assert mistake.words.en
        assert "\n" not in mistake.told("en")


@given(st.binary(max_size=200))
def test_no_bytes_break_the_loader(raw: bytes) -> None:
    assert mistakes_in(raw)
