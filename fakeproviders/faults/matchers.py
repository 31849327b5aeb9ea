"""Matchers: which calls a rule meets. Frozen, composable with ``& | ~``, and able to say why not.

In JSON a match is an object of fields, each with a value or one of ``prefix``, ``suffix``,
``regex``, ``in``, ``type``, ``not``; all must match. ``any`` and ``all`` hold lists of matches.
A field with several values (the mobiles of one send) matches when one of them does.
"""

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import msgspec

from fakeproviders.failures import Words
from fakeproviders.faults import words as said
from fakeproviders.faults.registry import BadRule
from fakeproviders.punctuation import SEMICOLON

FIELDS = frozenset(
    {"mobile", "template_id", "content", "signature", "sign_key", "account", "channel", "out_id",
     "message_id", "token", "ip", "door", "operation", "name"}
)  # fmt: skip
"""Fields of a call that a match can name, beside ``params.<name>``."""


class Fields(Protocol):
    """Whatever is matched against."""

    def field(self, name: str) -> object:
        """A field by its core name."""


class Miss(NamedTuple):
    """One field that kept a rule from matching."""

    field: str
    actual: object
    expected: Words

    @property
    def words(self) -> Words:
        """What the field is, and what was asked of it."""
        return said.missed(*self)


class Matcher(Protocol):
    """Decides about a call."""

    def misses(self, call: Fields) -> list[Miss]:
        """Why it does not match; empty when it does."""


class _Composable:
    def __and__(self, other: Matcher) -> "AllOf":
        return AllOf((self, other))

    def __or__(self, other: Matcher) -> "AnyOf":
        return AnyOf((self, other))

    def __invert__(self) -> "NotThat":
        return NotThat(self)


class AllOf(msgspec.Struct, _Composable, frozen=True):
    """Every part matches; without parts it always does."""

    parts: tuple[Any, ...] = ()

    def misses(self, call: Fields) -> list[Miss]:
        """The misses of all parts together."""
        return [miss for part in self.parts for miss in part.misses(call)]


class AnyOf(msgspec.Struct, _Composable, frozen=True):
    """At least one part matches."""

    parts: tuple[Any, ...]

    def misses(self, call: Fields) -> list[Miss]:
        """The misses of the part that came nearest."""
        found = [part.misses(call) for part in self.parts]
        return min(found, key=len, default=[Miss("any", None, said.NOT_EMPTY)])


class NotThat(msgspec.Struct, _Composable, frozen=True, dict=True):
    """The part does not match."""

    part: Any

    @cached_property
    def expected(self) -> Words:
        """In words; made at the first miss, for calls may miss often."""
        return said.filled(said.GROUPS["not"], describe(self.part))

    def misses(self, call: Fields) -> list[Miss]:
        """One miss, when the part matches."""
        if self.part.misses(call):
            return []
        return [Miss("not", None, self.expected)]


class FieldTest(msgspec.Struct, _Composable, frozen=True):
    """One field of the call passes one test."""

    name: str
    test: Callable[[Any], bool]
    expected: Words
    as_text: bool = True
    """False: the test gets the value as it came, not as text."""

    def misses(self, call: Fields) -> list[Miss]:
        """One miss, when no value of the field passes."""
        actual = call.field("mobiles" if self.name == "mobile" else self.name)
        values = actual if isinstance(actual, tuple) else (actual,)
        if any(self._passes(value) for value in values):
            return []
        shown = ",".join(map(str, values)) if isinstance(actual, tuple) else actual
        return [Miss(self.name, shown, self.expected)]

    def _passes(self, value: object) -> bool:
        if not self.as_text:
            return self.test(value)
        return value is not None and self.test(str(value))


ALWAYS = AllOf()


def describe(matcher: Any) -> Words:
    """A matcher in words."""
    if isinstance(matcher, FieldTest):
        return said.named(matcher.name, matcher.expected)
    if isinstance(matcher, NotThat):
        return matcher.expected
    parts = [describe(part) for part in matcher.parts]
    if isinstance(matcher, AnyOf):
        return said.filled(said.GROUPS["any"], said.joined(SEMICOLON, parts))
    return said.joined(said.AND, parts) if parts else said.EVERYTHING


def parse_match(match: object, field: str = "match") -> Matcher:
    """The matcher that a match object stands for. Raises BadRule."""
    if not isinstance(match, dict):
        raise BadRule(field, Words(zh="必须是由字段组成的对象", en="must be an object of fields"))
    parts = [_part(name, value, f"{field}.{name}") for name, value in match.items()]
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def field_name(name: str, field: str) -> str:
    """A name, checked to be one that can be matched. Raises BadRule naming ``field``."""
    if name in FIELDS or (name.startswith("params.") and len(name) > 7):
        return name
    known = sorted(FIELDS)
    words = Words(
        zh=f"没有叫 {name!r} 的字段；有：{'、'.join(known)}、params.<名称>",
        en=f"no field is called {name!r}; known are {', '.join(known)}, params.<name>",
    )
    raise BadRule(field, words)


def _part(name: str, value: object, field: str) -> Matcher:
    if name in {"any", "all"}:
        if not isinstance(value, list) or not value:
            words = Words(zh="必须是由匹配对象组成的列表", en="must be a list of match objects")
            raise BadRule(field, words)
        parts = tuple(parse_match(m, f"{field}[{i}]") for i, m in enumerate(value))
        return AnyOf(parts) if name == "any" else AllOf(parts)
    if name == "not":
        return NotThat(parse_match(value, field))
    return _field(field_name(name, field), value, field)


def _field(name: str, value: object, field: str) -> Matcher:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        text = str(value)
        return FieldTest(name, text.__eq__, said.filled(said.EXACTLY, text))
    if isinstance(value, dict) and len(value) == 1:
        ((kind, operand),) = value.items()
        if kind == "not":
            return NotThat(_field(name, operand, f"{field}.not"))
        if kind in _KINDS:
            return _KINDS[kind](name, operand, f"{field}.{kind}")
    words = Words(
        zh=f"必须是一个值，或 {'、'.join(_KINDS)}、not 之一",
        en=f"must be a value or one of {', '.join(_KINDS)}, not",
    )
    raise BadRule(field, words)


def _prefix(name: str, operand: object, field: str) -> Matcher:
    text = _text(operand, field)
    return FieldTest(name, lambda value: value.startswith(text), said.filled(said.PREFIX, text))


def _suffix(name: str, operand: object, field: str) -> Matcher:
    text = _text(operand, field)
    return FieldTest(name, lambda value: value.endswith(text), said.filled(said.SUFFIX, text))


def _regex(name: str, operand: object, field: str) -> Matcher:
    text = _text(operand, field)
    try:
        pattern = re.compile(text)
    except re.error as error:
        where = "" if error.pos is None else f"（第 {error.pos + 1} 个字符处有误）"
        words = Words(zh=f"不是正则表达式{where}", en=f"not a regular expression: {error}")
        raise BadRule(field, words) from None
    return FieldTest(
        name, lambda value: pattern.search(value) is not None, said.filled(said.REGEX, text)
    )


def _in(name: str, operand: object, field: str) -> Matcher:
    if not isinstance(operand, list) or not operand:
        raise BadRule(field, Words(zh="必须是由值组成的列表", en="must be a list of values"))
    values = frozenset(_text(item, field) for item in operand)
    return FieldTest(name, values.__contains__, said.filled(said.IN, ", ".join(sorted(values))))


def _type(name: str, operand: object, field: str) -> Matcher:
    if not isinstance(operand, str) or operand not in _TYPES:
        words = Words(
            zh=f"必须是 {'、'.join(_TYPES)} 之一", en=f"must be one of {', '.join(_TYPES)}"
        )
        raise BadRule(field, words)
    return FieldTest(name, _TYPES[operand], said.filled(said.TYPE, operand), as_text=False)


def _text(operand: object, field: str) -> str:
    if isinstance(operand, bool) or not isinstance(operand, (str, int, float)):
        raise BadRule(field, Words(zh="必须是文本", en="must be a text"))
    return str(operand)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_TYPES: dict[str, Callable[[object], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}
"""JSON's types; ``null`` is a field that was not sent."""

_KINDS: dict[str, Callable[[str, object, str], Matcher]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "regex": _regex,
    "in": _in,
    "type": _type,
}
