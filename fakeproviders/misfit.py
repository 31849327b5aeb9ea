"""What was given and cannot be used: which field, and what is wrong with it, in both languages.

A shape's ``__post_init__`` raises Misfit as well: msgspec puts its own exception around it, and adds
the place. What msgspec finds by itself it says in English; ``located`` and ``told`` know its sentences,
and which values a shape allows where msgspec only says that one is none of them.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from fakeproviders.failures import Words

if TYPE_CHECKING:
    from msgspec.inspect import Type


class Misfit(ValueError):
    """A value that cannot be used. ``field`` is empty where it is the value as a whole."""

    def __init__(self, field: str, words: Words) -> None:
        super().__init__(f"{field}: {words.en}" if field else words.en)
        self.field = field
        self.words = words

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.words.en

    @property
    def whole(self) -> Words:
        """The field and what is wrong with it."""
        return Words(
            zh=f"{self.field}：{self.words.zh}" if self.field else self.words.zh, en=str(self)
        )


def located(error: msgspec.ValidationError, shape: object = None) -> Misfit:
    """What is wrong with a value that does not fit its shape, under the field's whole path.

    With the shape it can say what is allowed, where that is a few values.
    """
    text, place = _apart(error)
    path = _path(place)
    own = error.__cause__
    if isinstance(own, Misfit):
        return Misfit(_below(path, own.field), own.words)
    for sentence, words in _ABOUT_A_FIELD.items():
        if found := re.fullmatch(f"{sentence} `(.*)`", text, re.DOTALL):
            return Misfit(_below(path, found[1]), words)
    return Misfit(path, _said(text, path, shape))


def told(error: Exception, shape: object = None) -> Words:
    """All that an exception says, the place included: for what is a field by itself."""
    if isinstance(error, Misfit):
        return error.whole
    text, place = _apart(error)
    path = _path(place)
    own = error.__cause__
    words = own.whole if isinstance(own, Misfit) else _said(text, path, shape)
    if not place:
        return words
    where = f"`{path}`" if path else "顶层"
    if place.startswith("`key` in "):
        where += " 的键名"
    return Words(zh=f"{words.zh}（位于 {where}）", en=f"{words.en} - at {place}")


def in_chinese(text: str) -> str:
    """A sentence of msgspec's; one that is not known is quoted."""
    for sentence, zh in _ABOUT_TYPES:
        if found := sentence.fullmatch(text):
            return zh.format(*(_typed(part) for part in found.groups()))
    for sentence, zh in _SENTENCES:
        if found := sentence.fullmatch(text):
            return zh.format(*(_DETAILS.get(part, part) for part in found.groups()))
    return f"无法使用（`{text.replace('`', chr(39))}`）"


def _said(text: str, path: str, shape: object) -> Words:
    """A sentence of msgspec's in both languages, and the values that are allowed where it knows none."""
    words = Words(zh=in_chinese(text), en=text)
    if shape is None or not text.startswith("Invalid "):
        return words
    known = [str(value) for value in _choices(shape, path) if value is not None]
    if not known:
        return words
    return Words(
        zh=f"{words.zh}，可用：{'、'.join(known)}",
        en=f"{words.en}; it is one of {', '.join(known)}",
    )


def _choices(shape: object, path: str) -> Iterator[object]:
    """The values that a shape allows at a path, as ``clock.mode`` or ``items[0].status``."""
    from msgspec import inspect  # here, because only a mistake needs it

    kinds = _alternatives([inspect.type_info(shape)])
    for name in re.findall(r"\.{3}|[^.\[\]]+", path):
        kinds = _alternatives(_within(kinds, name))
    for kind in kinds:
        if isinstance(kind, inspect.LiteralType):
            yield from kind.values


def _alternatives(kinds: "Iterable[Type]") -> "list[Type]":
    from msgspec import inspect

    found: list[Type] = []
    for kind in kinds:
        bare = kind.type if isinstance(kind, inspect.Metadata) else kind
        found += _alternatives(bare.types) if isinstance(bare, inspect.UnionType) else [bare]
    return found


def _within(kinds: "Iterable[Type]", name: str) -> "Iterator[Type]":
    """What may stand under a name, or an index, in values of these kinds."""
    from msgspec import inspect

    for kind in kinds:
        if isinstance(kind, inspect.StructType):
            yield from (field.type for field in kind.fields if field.encode_name == name)
        elif isinstance(kind, inspect.ListType | inspect.VarTupleType):
            yield kind.item_type
        elif isinstance(kind, inspect.DictType):
            yield kind.value_type


def _typed(part: str) -> str:
    """Names of types in Chinese; what names none stays as it is."""
    names = part.strip("`").split(" | ")
    if not part.startswith("`") or any(name not in _TYPES for name in names):
        return part
    *others, last = (_TYPES[name] for name in names)
    return f"{'、'.join(others)}或{last}" if others else last


def _path(place: str) -> str:
    return place.replace("`", "").removeprefix("key in ").removeprefix("$").removeprefix(".")


def _apart(error: Exception) -> tuple[str, str]:
    """What is wrong, and where: msgspec's ``... - at `$.a.b```."""
    text = str(error)
    found = _PLACE.search(text)
    return (text[: found.start()], found["place"]) if found else (text, "")


def _below(path: str, field: str) -> str:
    return f"{path}.{field}" if path and field else path or field


_PLACE = re.compile(r" - at (?P<place>(?:`key` in )?`\$[^`]*`)\Z")
_ABOUT_A_FIELD = {
    "Object contains unknown field": Words(zh="未知的字段", en="unknown field"),
    "Object missing required field": Words(zh="缺少此字段", en="is required"),
}
_DETAILS = {
    "invalid character": "有不该出现的字符",
    "invalid number": "数字的写法不对",
    "invalid escape character in string": "字符串里的转义不对",
    "invalid escaped character": "字符串里的转义不对",
    "invalid character in unicode escape": r"字符串里的 \u 转义不对",
    "invalid utf-16 surrogate pair": r"字符串里的 \u 转义不成对",
    "object keys must be strings": "对象的键必须是字符串",
    "trailing characters": "结束之后还有内容",
    "trailing comma in array": "数组末尾多了逗号",
    "trailing comma in object": "对象末尾多了逗号",
    "expected ':'": "缺少 ':'",
    "expected ',' or '}'": "缺少 ',' 或 '}'",
    "expected ',' or ']'": "缺少 ',' 或 ']'",
}
"""What msgspec says is wrong with JSON."""

_TYPES = {
    "int": "整数",
    "float": "数字",
    "str": "文本",
    "bool": "布尔值",
    "null": "空（null）",
    "array": "列表",
    "object": "对象",
}
"""JSON's types by msgspec's names for them."""

_ABOUT_TYPES = tuple(
    (re.compile(sentence, re.DOTALL), zh)
    for sentence, zh in (
        (r"Expected (`[^`]+`), got `float`", "应为{}，收到的是小数"),
        (r"Expected (`[^`]+`), got (`.+`)", "应为{}，收到的是{}"),
        (r"Expected (`[^`]+`)", "应为{}"),
        (r"Expected (`int`|`float`) ([<>]=?) (\S+)", "应为{}，且 {} {}"),
        (r"Expected (`int`|`float`) that's a multiple of (\S+)", "应为{}，且是 {} 的倍数"),
        (r"Expected (`[^`]+`) of length ([<>]=) (\d+)", "应为{}，长度 {} {}"),
        (r"Expected (`str`) matching regex (.+)", "应为{}，且符合正则 {}"),
    )
)
"""Its sentences that name types."""

_SENTENCES = tuple(
    (re.compile(sentence, re.DOTALL), zh)
    for sentence, zh in (
        (r"Object contains unknown field (`.*`)", "有未知的字段 {}"),
        (r"Object missing required field (`.*`)", "缺少字段 {}"),
        (r"Invalid (?:enum )?value (.+)", "不能是 {}"),
        (r"(?:Integer value|Number) out of range", "数值超出范围"),
        (r"Input data was truncated", "内容不完整"),
        (r"JSON is malformed: (.+) \(byte (\d+)\)", "{}（第 {} 字节）"),
        (r"'utf-8' codec can't decode bytes? (?:0x\w\w )?in position (\d+).*", "不是 UTF-8（第 {} 字节）"),
        (r"maximum recursion depth exceeded.*", "嵌套太深"),
    )
)  # fmt: skip
"""All else that shapes and JSON of ours can make msgspec say."""
