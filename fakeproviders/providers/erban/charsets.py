"""Character sets as a .NET server reads them: which one is declared, and bytes to text by it."""

import re
from functools import lru_cache

import msgspec

from fakeproviders.providers.percent import unquoted

GBK = "gb18030"
"""GB 18030 holds GBK, which holds GB 2312; one codec reads all three."""

CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "gbk": GBK,
    "x-gbk": GBK,
    "gb2312": GBK,
    "gb_2312-80": GBK,
    "gb18030": GBK,
    "cp936": GBK,
    "chinese": GBK,
    "big5": "big5hkscs",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "windows-1252": "cp1252",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "unicode": "utf-16",
    "unicodefffe": "utf-16-be",
}
"""Charset labels that the server knows, in lower case, and Python's codec for each."""

PARAMETER = re.compile(r""";\s*(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^;\s]*))""")


class UnknownCharsetError(Exception):
    """A charset label that the server does not know; its name is the argument."""


class MediaType(msgspec.Struct, frozen=True, gc=False):
    """A Content-Type taken apart: type in lower case, and the parameters that matter here.

    A space before the semicolon is the type's, which makes it another type (O: Scalars.cs, GetBase).
    """

    base: str
    charset: str = ""
    action: str = ""
    boundary: str = ""


@lru_cache(maxsize=256)
def media_type(header: str) -> MediaType:
    """Take a Content-Type header apart; a nameless one has the base ``""``."""
    base, semicolon, _ = header.partition(";")
    if not semicolon:
        return MediaType(base.lower())
    parameters: dict[str, str] = {}
    for name, *values in PARAMETER.findall(header):
        parameters.setdefault(name.lower(), "".join(values))
    found = (parameters.get(name, "") for name in MediaType.__struct_fields__[1:])
    return MediaType(base.lower(), *found)


def codec(label: str) -> str:
    """Python's codec for a charset label. Raises UnknownCharsetError."""
    try:
        return CODECS[label.strip().lower()]
    except KeyError:
        raise UnknownCharsetError(label) from None


def known_codec(label: str) -> str:
    """Python's codec for a charset label; empty for one that the server does not know.

    The framework passes such a label over as if there were none (O: RequestResponse.cs,
    GetEncoding2; HttpRequest.cs, GetEncodingFromHeaders).
    """
    return CODECS.get(label.strip().lower(), "")


def percent_decoded(text: str, codec_name: str) -> str:
    """A form-encoded name or value; bytes that the charset has not become U+FFFD (O)."""
    if "%" not in text and "+" not in text and text.isascii():
        return text
    return as_bytes(text.replace("+", " ")).decode(codec_name, "replace")


def as_bytes(text: str) -> bytes:
    """The bytes that percent-encoded text stands for; stray bytes stay as they came."""
    return unquoted(text.encode("utf-8", "surrogateescape"))


def query_codec(query: str) -> str:
    """A query declares no charset: UTF-8 where its bytes are that, else GBK (A)."""
    try:
        as_bytes(query).decode("utf-8")
    except UnicodeDecodeError:
        return GBK
    return "utf-8"
