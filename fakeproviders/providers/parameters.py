"""Reading the parameters of a panel-style request: JSON, form or query, in any charset it names."""

import codecs
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from fakeproviders.failures import Words
from fakeproviders.misfit import in_chinese
from fakeproviders.model import RawRequest
from fakeproviders.providers.percent import unquoted


class Unreadable(ValueError):
    """No parameter could be read; ``words`` say why, for the decision trace."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


_TOO_LARGE = Words(zh="请求体超过服务器读取的上限", en="the body is larger than the server reads")
_NO_OBJECT = Words(zh="请求体是 JSON，但不是对象", en="the body is JSON, but not an object")


def read_parameters(raw: RawRequest) -> dict[str, Any]:
    """All parameters by name; JSON values keep their types. Raises Unreadable."""
    _require_whole(raw)
    if raw.method == "GET":
        return _form(raw.query, "utf-8")
    kind, charset = content_type(raw.headers.get("Content-Type", ""))
    if kind == "application/json" or (kind != FORM and raw.body.lstrip()[:1] == b"{"):
        return _json(raw.body, charset)
    return _form(_decode(raw.body, charset), charset)


def read_json(raw: RawRequest) -> dict[str, Any]:
    """All parameters of a body that is JSON, whatever type it says it has. Raises Unreadable."""
    _require_whole(raw)
    _, charset = content_type(raw.headers.get("Content-Type", ""))
    return _json(raw.body, charset)


def _require_whole(raw: RawRequest) -> None:
    if raw.too_large:
        raise Unreadable(_TOO_LARGE)


SHORT = 150
"""Characters of a value that is worth remembering: a signature, a moment."""
FORM = "application/x-www-form-urlencoded"
PLAIN_JSON = frozenset(
    {
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=utf-8",
        "application/json;charset=UTF-8",
    }
)
"""Content-Types that say UTF-8 JSON in the usual words."""


@lru_cache(maxsize=256)
def content_type(header: str) -> tuple[str, str]:
    """Media type and charset of a Content-Type; utf-8 without one. Raises Unreadable for a charset that is none."""
    if ";" not in header:
        return header.strip().lower(), "utf-8"
    kind, *parameters = header.split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return kind.strip().lower(), _known_charset(value.strip().strip("\"'"))
    return kind.strip().lower(), "utf-8"


def text(parameters: dict[str, Any], name: str) -> str | None:
    """A parameter as text. None when it is absent or of a type that is no text."""
    value = parameters.get(name)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return None


def texts(parameters: dict[str, Any], name: str) -> tuple[str, ...]:
    """A parameter that is a list of texts, or one text with commas. What is no text becomes empty."""
    value = parameters.get(name)
    if isinstance(value, str):
        return tuple([item.strip() for item in value.split(",")])
    if not isinstance(value, list):
        return ()
    return tuple([(text({name: item}, name) or "").strip() for item in value])


def mapping(parameters: dict[str, Any], name: str) -> dict[str, Any] | None:
    """A parameter that is an object; in a form it is JSON. None when it is none."""
    value = parameters.get(name)
    if isinstance(value, str):
        try:
            value = msgspec.json.decode(value)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def first_missing(
    parameters: dict[str, Any], required: tuple[str, ...], found: Mapping[str, object]
) -> str:
    """The first required parameter that is absent or empty; ``found`` holds those not plain texts."""
    for name in required:
        value = found[name] if name in found else parameters.get(name)
        if not isinstance(value, str) and name not in found:
            value = text(parameters, name)
        if value is None or value == "" or value == ():
            return name
    return ""


def _json(body: bytes, charset: str) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(body if charset == "utf-8" else _decode(body, charset))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        words = Words(
            zh=f"请求体不是合法的 JSON：{in_chinese(str(error))}",
            en=f"the body is not JSON: {error}",
        )
        raise Unreadable(words) from None
    if not isinstance(value, dict):
        raise Unreadable(_NO_OBJECT)
    return value


def _form(encoded: str, charset: str) -> dict[str, Any]:
    is_ascii = encoded.isascii()
    try:
        pairs = _ascii_pairs(encoded, charset) if is_ascii else _pairs(encoded, charset)
        if charset != "utf-8" or not is_ascii:
            "".join(map("".join, pairs)).encode()  # half a surrogate pair is no text
        return dict(pairs)
    except (UnicodeError, ValueError) as error:
        words = Words(zh=f"表单不是 {charset} 编码", en=f"the form is not {charset}: {error}")
        raise Unreadable(words) from None


def _pairs(encoded: str, charset: str) -> list[tuple[str, str]]:
    return parse_qsl(encoded, keep_blank_values=True, encoding=charset, errors="strict")


def _ascii_pairs(encoded: str, charset: str) -> list[tuple[str, str]]:
    """As _pairs, of what was encoded as it should be; in a third of the time."""
    named = [piece.partition("=") for piece in encoded.replace("+", " ").split("&") if piece]
    return [
        (
            _plain(name, charset) if "%" in name else name,
            _plain(value, charset) if "%" in value else value,
        )
        for name, _, value in named
    ]


def _plain(text: str, charset: str) -> str:
    return _again(text, charset) if len(text) <= SHORT else _unquoted(text, charset)


def _unquoted(text: str, charset: str) -> str:
    return unquoted(text.encode()).decode(charset)


_again = lru_cache(maxsize=1024)(_unquoted)
"""Signatures and moments come many times over."""


def _decode(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset)
    except UnicodeError as error:
        words = Words(zh=f"请求体不是 {charset} 编码", en=f"the body is not {charset}: {error}")
        raise Unreadable(words) from None


def _known_charset(name: str) -> str:
    if name.lower() in {"utf-8", "utf8"}:
        return "utf-8"
    if name.lower() in {"gb2312", "gbk", "gb18030"}:
        return "gb18030"
    try:
        "".encode(name)
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        found = ""
    if not found or found in _PYTHONS_OWN:
        words = Words(zh=f"没有叫 {name!r} 的字符集", en=f"no charset is called {name!r}")
        raise Unreadable(words) from None
    return found


_PYTHONS_OWN = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape"})
"""Codecs of Python's that are no charsets."""
