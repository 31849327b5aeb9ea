"""YAML with its places: every value and every key of a file knows its line and column.

The scalars are those of YAML 1.2's core schema, as editors read them: ``on``, ``12:30`` and
``2026-11-23`` are texts. A file is bounded in its bytes, in depth and, with anchors resolved, in size.
"""

import math
import re
from typing import Any

import yaml

from fakeproviders.failures import Words
from fakeproviders.scenario import sentences
from fakeproviders.scenario.mistakes import START, Place, quoted

Path = tuple[str | int, ...]
"""Keys and list indices from the top of a file to a value."""
MAX_BYTES = 256 * 1024
MAX_DEPTH = 40
MAX_VALUES = 20_000
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_CONSTANTS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_UNPRINTABLE = re.compile(
    "[^\x09\x0a\x0d\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_LARGEST = 1 << 63


class NotYaml(Exception):
    """A file that cannot be read: why, and where it stops making sense."""

    def __init__(self, place: Place, words: Words) -> None:
        super().__init__(words.en)
        self.place = place
        self.words = words


class Document:
    """A file's value, with the places of its parts."""

    def __init__(self) -> None:
        self.value: Any = None
        self.values: dict[Path, Place] = {}
        self.keys: dict[Path, Place] = {}
        self.repeated: list[tuple[Path, Place, Place]] = []
        """Keys that stand there twice: path, the second place, the first."""

    def place(self, path: Path, *, at_key: bool = False) -> Place:
        """Where a value is, or its key; of a part that is not there, where it should be."""
        if at_key and path in self.keys:
            return self.keys[path]
        while path not in self.values and path:
            path = path[:-1]
        return self.values.get(path, START)


def read(raw: bytes) -> Document:
    """The one document of a file. Raises NotYaml."""
    text = _decoded(raw)
    try:
        _check_events(text)
        root = yaml.compose(text, yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        raise NotYaml(*sentences.of_yaml(error, text)) from None
    if root is None:
        raise NotYaml(START, Words(zh="文件是空的", en="the file is empty"))
    return _Builder().built(root)


def _decoded(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        words = Words(
            zh=f"文件有 {len(raw)} 字节，最多 {MAX_BYTES} 字节",
            en=f"the file has {len(raw)} bytes; {MAX_BYTES} are allowed",
        )
        raise NotYaml(START, words)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        body = error.object  # without the byte order mark, as the place of the error is
        wrong = body[error.start]
        words = Words(
            zh=f"不是 UTF-8：字节 0x{wrong:02x}；请把文件另存为 UTF-8",
            en=f"byte 0x{wrong:02x} is not UTF-8; save the file as UTF-8",
        )
        raise NotYaml(_after(body[: error.start].decode()), words) from None
    if found := _UNPRINTABLE.search(text):
        number = f"U+{ord(found[0]):04X}"
        words = Words(
            zh=f"不能有控制字符 {number}", en=f"the control character {number} is not allowed"
        )
        raise NotYaml(_after(text[: found.start()]), words)
    return text


def _after(text: str) -> Place:
    """The place after a text."""
    lines = text.split("\n")
    return Place(len(lines), len(lines[-1]) + 1)


def _check_events(text: str) -> None:
    """Refuse what composing must not meet: more than its stack bears, and a second document."""
    depth = documents = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                words = Words(
                    zh="一个文件只能有一个 YAML 文档", en="a file holds one YAML document, not more"
                )
                raise NotYaml(_place(event), words)
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise NotYaml(_place(event), _TOO_DEEP)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


class _Builder:
    """Turns nodes into values, and notes where they stand."""

    def __init__(self) -> None:
        self._found = Document()

    def built(self, root: yaml.Node) -> Document:
        """The document below a root."""
        self._found.value = self._value(root, ())
        return self._found

    def _value(self, node: yaml.Node, path: Path) -> Any:
        place = _place(node)
        self._found.values[path] = place
        if len(path) > MAX_DEPTH:
            raise NotYaml(place, _TOO_DEEP)
        if len(self._found.values) > MAX_VALUES:
            raise NotYaml(place, _TOO_MUCH)
        if (
            not node.tag.startswith("tag:yaml.org,2002:")
            or node.tag.rpartition(":")[2] not in _TAGS
        ):
            words = Words(
                zh=f"不能用 YAML 标签 {quoted(node.tag)}",
                en=f"the YAML tag {quoted(node.tag)} is not allowed",
            )
            raise NotYaml(place, words)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*path, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)  # noqa: S101 - there is no fourth kind
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in node.value:
            place = _place(key)
            if not isinstance(key, yaml.ScalarNode):
                raise NotYaml(place, _not_a_key(key))
            below = (*path, key.value)
            if key.value in made:
                self._found.repeated.append((below, place, self._found.keys[below]))
                continue
            self._found.keys[below] = place
            made[key.value] = self._value(value, below)
        return made


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.style:  # quoted, or a block
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    number: int | float
    if _INTEGER.fullmatch(text):
        number = int(text, 0 if text[:2] in {"0o", "0x"} else 10) if len(text) < 40 else _LARGEST
    elif _NUMBER.fullmatch(text):
        number = float(text)
    else:
        return text
    if not math.isfinite(number) or (isinstance(number, int) and abs(number) >= _LARGEST):
        words = Words(
            zh=f"数值 {quoted(text)} 超出范围；如果是文本，请加引号",
            en=f"the number {quoted(text)} is out of range; put a text in quotes",
        )
        raise NotYaml(_place(node), words)
    return number


def _not_a_key(key: yaml.Node) -> Words:
    """What a list or mapping where a key belongs is: most likely a template without quotes."""
    if isinstance(key, yaml.MappingNode):
        return Words(
            zh='模板要加引号：写成 "{{ ... }}"', en='a template needs quotes: write "{{ ... }}"'
        )
    return Words(zh="键必须是文本", en="a key must be a text")


def _place(part: yaml.Node | yaml.Event) -> Place:
    mark = part.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else START


_TAGS = {"null", "bool", "int", "float", "str", "timestamp", "seq", "map", "value", "merge"}
"""What the parser's own resolver may give; it is not listened to."""
_TOO_DEEP = Words(zh=f"嵌套超过 {MAX_DEPTH} 层", en=f"nested more than {MAX_DEPTH} levels deep")
_TOO_MUCH = Words(
    zh=f"展开锚点后超过 {MAX_VALUES} 个值",
    en=f"more than {MAX_VALUES} values once its anchors are resolved",
)
