"""A SOAP request's bytes to an element tree, as safely as a stranger's XML must be read.

No DTD, hence no entity but XML's own five; nothing is fetched; libxml2's limits on size and depth
stay on. The bytes are decoded as the framework's reader does it (O: SoapServerProtocol.cs,
GetReaderForMessage, and RequestResponse.cs, GetEncoding2): a byte order mark first, then the
Content-Type's charset, whose misfits become U+FFFD; one that the server does not know is passed
over. Without a charset the XML declaration counts, where ASP.NET reads ``text/xml`` as ASCII (A).
"""

import re
from typing import Any

from lxml import etree

from fakeproviders.providers.erban import charsets, texts
from fakeproviders.providers.erban.charsets import UnknownCharsetError

SAFE: dict[str, Any] = {
    "encoding": "utf-8",
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
}
PARSER = etree.XMLParser(**SAFE)
"""It keeps comments and processing instructions, which matter inside a parameter."""
BOM = "\ufeff"
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DECLARED = re.compile(rb"""\s*<\?xml\s[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']""")
DOCTYPE = re.compile(rb"\s*+(?>(?><\?.*?\?>|<!--.*?-->)\s*+)*+<!DOCTYPE", re.DOTALL)
"""A DTD in the prolog. Atomic groups, so that no input makes it search twice."""


class MalformedError(Exception):
    """Not the XML that was asked for; ``text`` is what .NET's reader says of it (O).

    ``begun`` is what was read before it went wrong, from the root on; None when that is nothing.
    """

    def __init__(self, text: str, begun: etree._Element | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.begun = begun


def parse(body: bytes, charset: str) -> etree._Element:
    """The root element; ``charset`` is the Content-Type's. Raises MalformedError."""
    document = _as_utf8(body, charset)
    if not document.strip():
        raise MalformedError(texts.NO_ROOT)
    if b"<!DOCTYPE" in document and DOCTYPE.match(document):
        raise MalformedError(texts.DTD)
    try:
        return etree.fromstring(document, PARSER)
    except etree.XMLSyntaxError as error:
        raise MalformedError(_reader_text(document, error), _begun(document)) from None


def _as_utf8(body: bytes, charset: str) -> bytes:
    declared = _marked_codec(body) or charsets.known_codec(charset)
    if declared:
        return body.decode(declared, "replace").removeprefix(BOM).encode()
    try:
        return body.decode(_declared_codec(body)).encode()
    except UnicodeError:
        raise MalformedError(texts.BAD_BYTES) from None


def _marked_codec(body: bytes) -> str:
    return next((codec for mark, codec in BYTE_ORDER_MARKS if body.startswith(mark)), "")


def _declared_codec(body: bytes) -> str:
    """The XML declaration's encoding, else UTF-8."""
    declaration = DECLARED.match(body[:200])
    if declaration is None:
        return "utf-8"
    label = declaration[1].decode()
    try:
        codec = charsets.codec(label)
    except UnknownCharsetError:
        raise MalformedError(texts.UNKNOWN_ENCODING.format(label)) from None
    return "utf-8" if codec.startswith("utf-16") else codec


def _begun(document: bytes) -> etree._Element | None:
    """What a reader that goes from tag to tag has seen of a malformed document.

    libxml2 shows a tag that it could not finish, too: by its prefix, which stands for nothing yet.
    """
    parser = etree.XMLPullParser(events=("start",), **SAFE)
    try:
        parser.feed(document)
        parser.close()
    except etree.XMLSyntaxError:
        _, root = next(iter(parser.read_events()), ("", None))
        if root is not None and ":" not in root.tag.rpartition("}")[2]:  # type: ignore[union-attr]
            return root  # type: ignore[return-value]  # an event "start" has an element
    return None


def _reader_text(document: bytes, error: etree.XMLSyntaxError) -> str:
    start = len(document) - len(document.lstrip())
    if not document.startswith(b"<", start):
        line = document.count(b"\n", 0, start) + 1
        return texts.NOT_XML.format(line, start - document.rfind(b"\n", 0, start))
    line, column = error.position
    unfinished = "Premature end" in str(error)
    return (texts.UNEXPECTED_END if unfinished else texts.XML_ERROR).format(line, column)
