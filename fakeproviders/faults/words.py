"""Tests of a field in words: for what kept a rule from matching, and for lists of rules."""

from collections.abc import Iterable

from fakeproviders.failures import Words

EXACTLY = Words(zh="等于 {}", en="= {}")
PREFIX = Words(zh="以 {} 开头", en="prefix {}")
SUFFIX = Words(zh="以 {} 结尾", en="suffix {}")
REGEX = Words(zh="符合正则 {}", en="regex {}")
IN = Words(zh="属于（{}）", en="in ({})")
TYPE = Words(zh="类型是 {}", en="of type {}")
GROUPS = {
    "any": Words(zh="任一（{}）", en="any ({})"),
    "all": Words(zh="全部（{}）", en="all ({})"),
    "not": Words(zh="非（{}）", en="not ({})"),
}
"""Matches made of matches."""
USUAL = Words(zh="不是文档或推送", en="any but documents and receipts")
"""The operations that are meant where none is named."""
NOT_UPSTREAM = Words(zh="不是 upstream", en="any but upstream")
IN_FORCE = Words(zh="在 since、until、cycle 之内", en="within since, until and cycle")
NOT_EMPTY = Words(zh="不为空的列表", en="a list that is not empty")
EVERYTHING = Words(zh="全部请求", en="everything")
AND = Words(zh=" 且 ", en=" and ")


def filled(words: Words, operand: object) -> Words:
    """A test with its operand, which may be words itself."""
    inner = operand if isinstance(operand, Words) else Words(zh=str(operand), en=str(operand))
    return Words(zh=words.zh.format(inner.zh), en=words.en.format(inner.en))


def joined(separator: Words, parts: Iterable[Words]) -> Words:
    """Several as one text."""
    listed = list(parts)
    return Words(
        zh=separator.zh.join(one.zh for one in listed),
        en=separator.en.join(one.en for one in listed),
    )


def named(field: str, test: Words) -> Words:
    """A test with the field it is about."""
    return Words(zh=" ".join((field, test.zh)), en=" ".join((field, test.en)))


def missed(field: str, actual: object, expected: Words) -> Words:
    """What a field is and what was asked of it; ``not`` and ``any`` are asked of the call as a whole."""
    if field in GROUPS:
        return Words(zh=f"要求{expected.zh}", en=f"expected {expected.en}")
    if actual is None:
        return Words(
            zh=f"没有 {field}，要求{expected.zh}", en=f"no {field}, expected {expected.en}"
        )
    return Words(
        zh=f"{field} = {actual!r}，要求{expected.zh}",
        en=f"{field} = {actual!r}, expected {expected.en}",
    )
