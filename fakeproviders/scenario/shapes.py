"""Does a value fit a shape? All that does not, each with its path and what was probably meant.

The shapes are msgspec structs. msgspec itself stops at the first misfit and does not say at which key
of a mapping it is; what its structs check by themselves (``__post_init__``) is asked of it in the end.
"""

import operator
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit, located
from fakeproviders.scenario.mistakes import near, quoted
from fakeproviders.scenario.positions import Path


class Finding(msgspec.Struct, frozen=True):
    """One misfit. ``at_key`` means the key at the path, not its value."""

    path: Path
    words: Words
    suggestion: str | None = None
    at_key: bool = False


def findings(value: object, shape: Any, path: Path = ()) -> list[Finding]:
    """All that keeps a value from being a shape; empty when ``msgspec.convert`` takes it."""
    return list(_of(value, _kind_of(shape), path))


_kind_of = cache(inspect.type_info)


def unknown_key(path: Path, known: list[str]) -> Finding:
    """A key that does not belong where it stands."""
    name = path[-1]
    words = Words(zh=f"未知的键 {quoted(name)}", en=f"unknown key {quoted(name)}")
    return Finding(path, words, near(name, known), at_key=True)


def unknown_word(path: Path, value: object, known: list[str], *, at_key: bool = False) -> Finding:
    """A word that is none of those known; they are listed where none is near."""
    nearest = near(value, known)
    names = [part for part in path[: -1 if at_key else None] if isinstance(part, str)]
    noun = _noun(names[-1]) if names else Words(zh="词", en="word")
    zh, en = f"未知的{noun.zh} {quoted(value)}", f"unknown {noun.en} {quoted(value)}"
    if nearest is None:
        zh += f"，可用的有：{'、'.join(known)}"
        en += f"; known are {', '.join(known)}"
    return Finding(path, Words(zh=zh, en=en), nearest, at_key=at_key)


def unknown_failure(
    path: Path, slug: object, known: Iterable[str], *, at_key: bool = False
) -> Finding:
    """A slug that no failure has."""
    words = Words(zh=f"没有叫 {quoted(slug)} 的故障", en=f"no failure is called {quoted(slug)}")
    nearest = near(slug, known)
    if nearest is None:
        words = Words(
            zh=f"{words.zh}；fakeproviders failures 列出全部",
            en=f"{words.en}; fakeproviders failures lists all",
        )
    return Finding(path, words, nearest, at_key=at_key)


def of_misfit(error: Misfit, path: Path) -> Finding:
    """A Misfit's words, its field found below a path."""
    return Finding((*path, *_keys(error.field)), error.words)


def _of(value: object, kind: Any, path: Path) -> Iterator[Finding]:
    if isinstance(kind, inspect.UnionType):
        kind = next((k for k in kind.types if _takes(k, value)), kind)
    if not _takes(kind, value):
        yield _wrong_kind(value, kind, path)
    elif isinstance(kind, inspect.StructType):
        yield from _of_struct(value, kind, path)  # type: ignore[arg-type]
    elif isinstance(kind, inspect.DictType):
        yield from _of_dict(value, kind, path)  # type: ignore[arg-type]
    elif isinstance(kind, (inspect.ListType, inspect.VarTupleType)):
        yield from _of_list(value, kind, path)  # type: ignore[arg-type]
    elif isinstance(kind, inspect.LiteralType):
        if value not in kind.values:
            yield unknown_word(path, value, _in_order(kind))
    elif isinstance(kind, (inspect.IntType, inspect.FloatType)):
        yield from _of_number(value, kind, path)  # type: ignore[arg-type]
    elif isinstance(kind, inspect.StrType):
        yield from _of_text(value, kind, path)  # type: ignore[arg-type]


def _of_struct(value: dict[str, Any], kind: inspect.StructType, path: Path) -> Iterator[Finding]:
    fields = {field.encode_name: field for field in kind.fields}
    found = [unknown_key((*path, name), list(fields)) for name in value if name not in fields]
    taken = {finding.suggestion for finding in found}
    for name, field in fields.items():
        if name in value:
            found.extend(_of(value[name], field.type, (*path, name)))
        elif field.required and name not in taken:
            words = Words(zh=f"缺少键 {quoted(name)}", en=f"the key {quoted(name)} is missing")
            found.append(Finding(path, words))
    yield from found or _by_itself(value, kind.cls, path)


def _by_itself(value: dict[str, Any], shape: type, path: Path) -> Iterator[Finding]:
    """What a struct whose fields all fit says against them together."""
    try:
        msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        yield of_misfit(located(error), path)


def _of_dict(value: dict[str, Any], kind: inspect.DictType, path: Path) -> Iterator[Finding]:
    for name, part in value.items():
        known = kind.key_type
        if isinstance(known, inspect.LiteralType) and name not in known.values:
            yield unknown_word((*path, name), name, _in_order(known), at_key=True)
        else:
            yield from _of(part, kind.value_type, (*path, name))


def _of_list(
    value: list[Any], kind: inspect.ListType | inspect.VarTupleType, path: Path
) -> Iterator[Finding]:
    if len(value) < (kind.min_length or 0):
        words = Words(
            zh=f"至少要有 {kind.min_length} 项", en=f"at least {kind.min_length} must be here"
        )
        yield Finding(path, words)
    for index, item in enumerate(value):
        yield from _of(item, kind.item_type, (*path, index))


def _of_number(
    value: float, kind: inspect.IntType | inspect.FloatType, path: Path
) -> Iterator[Finding]:
    for bound, sign, holds in (
        (kind.ge, "≥", operator.ge),
        (kind.le, "≤", operator.le),
        (kind.gt, ">", operator.gt),
        (kind.lt, "<", operator.lt),
    ):
        if bound is not None and not holds(value, bound):
            words = Words(
                zh=f"必须 {sign} {bound}，而不是 {value}",
                en=f"must be {sign} {bound}, not {value}",
            )
            yield Finding(path, words)


def _of_text(value: str, kind: inspect.StrType, path: Path) -> Iterator[Finding]:
    if kind.pattern is not None and not re.search(kind.pattern, value):
        words = Words(
            zh=f"{quoted(value)} 不符合 {kind.pattern}",
            en=f"{quoted(value)} does not match {kind.pattern}",
        )
        yield Finding(path, words)
    if len(value) < (kind.min_length or 0):
        yield Finding(path, Words(zh="不能为空", en="must not be empty"))


def _takes(kind: Any, value: object) -> bool:
    """Whether a value is of the JSON kind that a type is written in."""
    if isinstance(kind, inspect.AnyType):
        return True
    if isinstance(kind, inspect.UnionType):
        return any(_takes(part, value) for part in kind.types)
    if isinstance(value, bool):
        return isinstance(kind, inspect.BoolType)
    return isinstance(value, _PYTHON[_kind(kind)])


def _kind(kind: Any) -> str:
    """The JSON kind that a type is written in."""
    return next(name for name, types in _KINDS.items() if isinstance(kind, types))


_KINDS: dict[str, Any] = {
    "text": (inspect.StrType, inspect.LiteralType),
    "bool": inspect.BoolType,
    "integer": inspect.IntType,
    "number": inspect.FloatType,
    "list": (inspect.ListType, inspect.VarTupleType),
    "mapping": (inspect.StructType, inspect.DictType),
    "null": inspect.NoneType,
}
_PYTHON: dict[str, Any] = {
    "text": str, "bool": bool, "integer": int, "number": (int, float),
    "list": (list, tuple), "mapping": dict, "null": type(None),
}  # fmt: skip
_NAMES = {
    "text": Words(zh="文本", en="a text"),
    "bool": Words(zh=" true 或 false ", en="true or false"),
    "integer": Words(zh="整数", en="a whole number"),
    "number": Words(zh="数字", en="a number"),
    "list": Words(zh="列表", en="a list"),
    "mapping": Words(zh="键和值", en="keys with values"),
    "null": Words(zh="空", en="nothing"),
}
_GIVEN = {"text": Words(zh="文本", en="the text"), "bool": Words(zh="", en="the word")}


def _wrong_kind(value: object, kind: Any, path: Path) -> Finding:
    kinds = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    names = [name for name in dict.fromkeys(map(_kind, kinds)) if name != "null"]
    given = _given(value)
    shown = "" if given in {"list", "mapping", "null"} else f" {_literal(value)}"
    words = Words(
        zh=f"应为{'或'.join(_NAMES[name].zh for name in names).rstrip()}，"
        f"而不是{_GIVEN.get(given, _NAMES[given]).zh}{shown}",
        en=f"must be {' or '.join(_NAMES[name].en for name in names)}, "
        f"not {_GIVEN.get(given, _NAMES[given]).en}{shown}",
    )
    return Finding(path, words, _meant(value, names))


def _given(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    return next(name for name, types in _PYTHON.items() if isinstance(value, types))


def _literal(value: object) -> str:
    if isinstance(value, str):
        return quoted(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


_SWITCHES = {
    **dict.fromkeys(("on", "yes", "y"), "true"),
    **dict.fromkeys(("off", "no", "n"), "false"),
}


def _meant(value: object, names: list[str]) -> str | None:
    """How the value would have to be written to be of the right kind."""
    if "text" in names and isinstance(value, (bool, int, float)):
        return f'"{_literal(value)}"'
    if not isinstance(value, str):
        return None
    if "bool" in names:
        return _SWITCHES.get(value.lower()) or near(value, ["true", "false"])
    if {"integer", "number"} & set(names) and re.fullmatch(r"-?\d{1,18}", value):
        return value
    return f"[{value}]" if names == ["list"] and re.fullmatch(r"[\w-]+", value) else None


def _in_order(kind: inspect.LiteralType) -> list[str]:
    return sorted(str(value) for value in kind.values)


_ACTION = Words(zh="动作", en="action")
_EVENT = Words(zh="事件", en="event")
_PROVIDER = Words(zh="服务商", en="provider")
_NOUNS = {
    "do": _ACTION,
    "actions": _ACTION,
    "event": _EVENT,
    "notifications": _EVENT,
    "provider": _PROVIDER,
    "providers": _PROVIDER,
    "charged": _PROVIDER,
    "users": Words(zh="用户种类", en="kind of users"),
    "operation": Words(zh="操作", en="operation"),
    "outcome": Words(zh="结果", en="outcome"),
    "status": Words(zh="状态", en="status"),
    "bucket": Words(zh="限额", en="bucket"),
    "failover": Words(zh="备用通道", en="failover"),
}
"""What a word is, by the key above it."""


def _noun(key: str) -> Words:
    return _NOUNS.get(key, Words(zh=f" {key}", en=key))


def _keys(field: str) -> Path:
    """A Misfit's field as keys: ``do[0].delay.ms``."""
    return tuple(
        int(index) if index else name for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", field)
    )
