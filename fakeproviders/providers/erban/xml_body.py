"""A SOAP request's bytes to an element tree, as safely as a stranger's XML must be read.

The Content-Type's charset wins over the XML declaration (O). No DTD, hence no entity but XML's own
five; nothing is fetched; libxml2's limits on size and depth stay on.
"""

import re

from lxml import etree

from fakeproviders.providers.erban import charsets, texts
from fakeproviders.providers.erban.charsets import UnknownCharsetError

PARSER = etree.XMLParser(
    encoding="utf-8",
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
)
BOM = "\ufeff"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DECLARED = re.compile(rb"""\s*<\?xml\s[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']""")
DOCTYPE = re.compile(rb"\s*+(?>(?><\?.*?\?>|<!--.*?-->)\s*+)*+<!DOCTYPE", re.DOTALL)
"""A DTD in the prolog. Atomic groups, so that no input makes it search twice."""


class MalformedError(Exception):
    """Not the XML that was asked for; the argument is what .NET's reader says of it."""

    @property
    def text(self) -> str:
        """The reader's message (O)."""
        return str(self.args[0])


def parse(body: bytes, charset: str) -> etree._Element:
    """The root element; ``charset`` is the Content-Type's.

    Raises MalformedError, and UnknownCharsetError for that charset.
    """
    document = _as_utf8(body, charset)
    if not document.strip():
        raise MalformedError(texts.NO_ROOT)
    if b"<!DOCTYPE" in document and DOCTYPE.match(document):
        raise MalformedError(texts.DTD)
    try:
        return etree.fromstring(document, PARSER)
    except etree.XMLSyntaxError as error:
        raise MalformedError(_reader_text(document, error)) from None


def _as_utf8(body: bytes, charset: str) -> bytes:
    codec = charsets.codec(charset) if charset else _declared_codec(body)
    try:
        return body.decode(codec).removeprefix(BOM).encode()
    except UnicodeError:
        raise MalformedError(texts.BAD_BYTES) from None


def _declared_codec(body: bytes) -> str:
    """The byte order mark's or the XML declaration's encoding, else UTF-8."""
    if body.startswith(UTF16_MARKS):
        return "utf-16"
    declaration = DECLARED.match(body.removeprefix(b"\xef\xbb\xbf")[:200])
    if declaration is None:
        return "utf-8"
    label = declaration[1].decode()
    try:
        codec = charsets.codec(label)
    except UnknownCharsetError:
        raise MalformedError(texts.UNKNOWN_ENCODING.format(label)) from None
    return "utf-8" if codec.startswith("utf-16") else codec


def _reader_text(document: bytes, error: etree.XMLSyntaxError) -> str:
    start = len(document) - len(document.lstrip())
    if not document.startswith(b"<", start):
        line = document.count(b"\n", 0, start) + 1
        return texts.NOT_XML.format(line, start - document.rfind(b"\n", 0, start))
    line, column = error.position
    unfinished = "Premature end" in str(error)
    return (texts.UNEXPECTED_END if unfinished else texts.XML_ERROR).format(line, column)
