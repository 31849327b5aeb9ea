"""What was given and cannot be used: which field, and what is wrong with it, in both languages.

A shape's ``__post_init__`` raises Misfit as well: msgspec puts its own exception around it, and adds
the place. What msgspec finds by itself it says in English; ``located`` and ``told`` know its sentences.
"""

import re

import msgspec

from fakeproviders.failures import Words


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


def located(error: msgspec.ValidationError) -> Misfit:
    """What is wrong with a value that does not fit its shape, under the field's whole path."""
    text, place = _apart(error)
    path = place.replace("`", "").removeprefix("key in ").removeprefix("$").removeprefix(".")
    own = error.__cause__
    if isinstance(own, Misfit):
        return Misfit(_below(path, own.field), own.words)
    for sentence, words in _ABOUT_A_FIELD.items():
        if found := re.fullmatch(f"{sentence} `(.*)`", text, re.DOTALL):
            return Misfit(_below(path, found[1]), words)
    return Misfit(path, Words(zh=in_chinese(text), en=text))


def told(error: Exception) -> Words:
    """All that an exception says, the place included: for what is a field by itself."""
    if isinstance(error, Misfit):
        return error.whole
    text, place = _apart(error)
    own = error.__cause__
    zh = own.whole.zh if isinstance(own, Misfit) else in_chinese(text)
    if place:
        shown = place.removeprefix("`key` in ")
        zh += f"（位于 {shown}）" if shown == place else f"（位于 {shown} 的键名）"
    return Words(zh=zh, en=str(error))


def in_chinese(text: str) -> str:
    """A sentence of msgspec's; one that is not known is quoted."""
    for sentence, zh in _SENTENCES:
        if found := sentence.fullmatch(text):
            return zh.format(*(_DETAILS.get(part, part) for part in found.groups()))
    return f"无法使用（`{text.replace('`', chr(39))}`）"


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

_SENTENCES = tuple(
    (re.compile(sentence, re.DOTALL), zh)
    for sentence, zh in (
        (r"Expected (`[^`]+`), got (`.+`)", "应为 {}，收到的是 {}"),
        (r"Expected (`[^`]+`)", "应为 {}"),
        (r"Expected (`int`|`float`) ([<>]=?) (\S+)", "应为 {}，且 {} {}"),
        (r"Expected (`int`|`float`) that's a multiple of (\S+)", "应为 {}，且是 {} 的倍数"),
        (r"Expected (`[^`]+`) of length ([<>]=) (\d+)", "应为 {}，长度 {} {}"),
        (r"Expected `str` matching regex (.+)", "应为符合正则表达式 {} 的 `str`"),
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
"""All that shapes and JSON of ours can make msgspec say."""
