"""Reading parameters: JSON, form and query mean the same, in any charset; what is none says why."""

from typing import Any
from urllib.parse import parse_qsl, quote_from_bytes

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.failures import Words
from fakeproviders.providers.parameters import (
    Unreadable,
    _form,
    content_type,
    first_missing,
    mapping,
    read_parameters,
    text,
    texts,
)
from tests.core import FORM, JSON, request

CHARSETS = st.sampled_from(["utf-8", "UTF8", "gbk", "GB2312", "gb18030", "utf-16", "big5"])
NAMES = st.text("abcdefgh_", min_size=1, max_size=6)
PLAIN = st.dictionaries(NAMES, st.text("短信验证码 &=+%abc123", max_size=8), max_size=5)


def read(body: bytes, kind: str = FORM["Content-Type"]) -> dict[str, Any]:
    return read_parameters(request("POST", "/", body, {"Content-Type": kind}))


def form(values: dict[str, str], charset: str = "utf-8") -> bytes:
    parts = (
        f"{quote_from_bytes(k.encode(charset))}={quote_from_bytes(v.encode(charset))}"
        for k, v in values.items()
    )
    return "&".join(parts).encode(charset if charset == "utf-16" else "ascii")


def why(body: bytes, kind: str) -> Words:
    with pytest.raises(Unreadable) as raised:
        read(body, kind)
    assert str(raised.value) == raised.value.words.en
    return raised.value.words


@given(PLAIN)
def test_json_form_and_query_mean_the_same(values: dict[str, str]) -> None:
    assert read(msgspec.json.encode(values), "application/json") == values
    assert read(form(values)) == values
    assert read_parameters(request("GET", f"/?{form(values).decode()}")) == values


@given(PLAIN, CHARSETS)
def test_any_charset_means_the_same(values: dict[str, str], charset: str) -> None:
    if charset == "big5":  # which has the traditional forms only
        values = {k: "".join(c for c in v if c.isascii()) for k, v in values.items()}
    kind = f"{FORM['Content-Type']}; charset={charset}"
    assert read(form(values, charset.lower()), kind) == values
    json = msgspec.json.encode(values).decode().encode(charset)
    assert read(json, f"application/json; charset={charset}") == values


def test_gbk_bytes_are_read_as_gb18030() -> None:
    body = b"signature=" + quote_from_bytes("【演示签名】㐂".encode("gb18030")).encode()
    assert read(body, f"{FORM['Content-Type']}; charset=GBK") == {"signature": "【演示签名】㐂"}


def test_raw_bytes_in_a_form_are_read_too() -> None:
    kind = f"{FORM['Content-Type']}; charset=gbk"
    assert read("a=签名".encode("gbk"), kind) == {"a": "签名"}


def test_json_is_known_by_its_brace_when_no_type_is_given() -> None:
    assert read(b' {"a": "1"}', "") == {"a": "1"}
    assert read(b' {"a": "1"}', "text/plain") == {"a": "1"}
    assert read(b'{"a": "1"}', FORM["Content-Type"]) == {'{"a": "1"}': ""}


def test_json_values_keep_their_types() -> None:
    assert read(b'{"a": 1, "b": [1], "c": null}', JSON["Content-Type"]) == {
        "a": 1,
        "b": [1],
        "c": None,
    }


def test_empty_values_are_there() -> None:
    assert read(b"a=&b") == {"a": "", "b": ""}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", ("", "utf-8")),
        ("application/json", ("application/json", "utf-8")),
        ("Application/JSON; Charset=UTF-8", ("application/json", "utf-8")),
        ('text/plain; charset="gbk"', ("text/plain", "gb18030")),
        ("text/plain; format=flowed; charset=Big5", ("text/plain", "big5")),
        ("text/plain; format=flowed", ("text/plain", "utf-8")),
        ("text/plain;charset='latin-1'", ("text/plain", "iso8859-1")),
    ],
)
def test_a_content_type_names_kind_and_charset(header: str, expected: tuple[str, str]) -> None:
    assert content_type(header) == expected


@pytest.mark.parametrize(
    "name",
    ["klingon", "", "hex", "rot13", "base64", "idna", "punycode", "unicode_escape",
     "raw_unicode_escape", "undefined", "utf-8\0", "\udc80"],
)  # fmt: skip
def test_what_is_no_charset_is_refused(name: str) -> None:
    with pytest.raises(Unreadable, match="no charset"):
        content_type(f"application/json; charset={name}")


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b"", "application/json", "not JSON"),
        (b'{"a": ', "application/json", "not JSON"),
        (b"a=1", "application/json", "not JSON"),
        (b"[1]", "application/json", "not an object"),
        (b'"a"', "application/json", "not an object"),
        (b'{"a": "\xc7\xa9\xc3\xfb"}', "application/json", "not JSON"),
        (b'{"a": "\xff"}', "application/json; charset=gbk", "not gb18030"),
        (b"a=\xff", FORM["Content-Type"], "not utf-8"),
        (b"a=%C7%A9%C3%FB", FORM["Content-Type"], "not utf-8"),
        (b"a=%FF", FORM["Content-Type"] + "; charset=gbk", "not gb18030"),
        (b"a=+2AA-", FORM["Content-Type"] + "; charset=utf-7", "not utf-7"),
        (b'{"a":"+2AA-"}', "application/json; charset=utf-7", "not JSON"),
        (b"[" * 100_000, "application/json", "not JSON"),
    ],
)
def test_what_cannot_be_read_says_why(body: bytes, kind: str, expected: str) -> None:
    assert expected in why(body, kind).en


@pytest.mark.parametrize(
    ("body", "kind", "zh"),
    [
        (b'{"a": ', "application/json", "请求体不是合法的 JSON：内容不完整"),
        (b"a=1", "application/json", "请求体不是合法的 JSON：有不该出现的字符（第 0 字节）"),
        (b"[" * 100_000, "application/json", "请求体不是合法的 JSON：嵌套太深"),
        (b"[1]", "application/json", "请求体是 JSON，但不是对象"),
        (b'{"a": "\xff"}', "application/json; charset=gbk", "请求体不是 gb18030 编码"),
        (b"a=%FF", FORM["Content-Type"], "表单不是 utf-8 编码"),
        (b"{}", "application/json; charset=klingon", "没有叫 'klingon' 的字符集"),
    ],
)
def test_it_says_so_in_chinese(body: bytes, kind: str, zh: str) -> None:
    assert why(body, kind).zh == zh


def test_a_query_of_half_characters_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        read_parameters(request("GET", "/?a=\udcff"))


def test_a_body_that_was_too_large_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="larger"):
        read_parameters(request("POST", "/", too_large=True))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "a"),
        ("", ""),
        (5, "5"),
        (1.5, "1.5"),
        (True, None),
        (None, None),
        ([], None),
        ({}, None),
    ],
)
def test_a_parameter_as_text(value: object, expected: str | None) -> None:
    assert text({"a": value}, "a") == expected
    assert text({}, "a") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["1", 2, " 3 "], ("1", "2", "3")),
        ("1, 2,3", ("1", "2", "3")),
        ([None, ["x"], {}], ("", "", "")),
        ("", ("",)),
        (None, ()),
        (5, ()),
        ({"a": 1}, ()),
        ([], ()),
    ],
)
def test_a_parameter_as_texts(value: object, expected: tuple[str, ...]) -> None:
    assert texts({"a": value}, "a") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"code": "1"}, {"code": "1"}),
        ('{"code": "1"}', {"code": "1"}),
        ({"code": 1}, {"code": 1}),
        ({}, {}),
        ("", None),
        ("code=1", None),
        ('["1"]', None),
        (["1"], None),
        (None, None),
        ("[" * 100_000, None),
    ],
)
def test_a_parameter_as_an_object(value: object, expected: dict[str, str] | None) -> None:
    assert mapping({"a": value}, "a") == expected


def test_the_first_missing_parameter_is_named() -> None:
    parameters = {"a": "1", "b": "", "c": 3, "d": True}
    assert first_missing(parameters, ("a", "c"), {}) == ""
    assert first_missing(parameters, ("a", "b"), {}) == "b"
    assert first_missing(parameters, ("d", "b"), {}) == "d"
    assert first_missing(parameters, ("a", "list", "object"), {"list": (), "object": {}}) == "list"
    assert first_missing(parameters, ("a", "object"), {"object": {}}) == ""
    assert first_missing(parameters, ("a", "object"), {"object": None}) == "object"


PIECES = st.text("ab=&%+4E5 zé好", max_size=30)


@given(PIECES, st.sampled_from(["utf-8", "gb18030", "utf-16-le", "cp1252"]))
def test_a_form_is_read_as_the_standard_library_does(encoded: str, charset: str) -> None:
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, encoding=charset, errors="strict")
        "".join(map("".join, pairs)).encode()
        expected: object = dict(pairs)
    except (UnicodeError, ValueError):
        expected = Unreadable
    try:
        found: object = _form(encoded, charset)
    except Unreadable:
        found = Unreadable
    assert found == expected
