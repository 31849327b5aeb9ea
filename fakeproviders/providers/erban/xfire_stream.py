"""A request's XML as far as XFire reads it: its parser goes from tag to tag and stops when it knows enough.

The charset is the Content-Type's, else UTF-8; the XML declaration's is not looked at (O, the public
source). A DTD would be read by XFire; here it is refused (A), so that nothing a stranger declares is
expanded.
"""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from itertools import takewhile

import msgspec
from lxml import etree

from fakeproviders.model import RawRequest
from fakeproviders.providers.erban import charsets, woodstox
from fakeproviders.providers.erban.charsets import MediaType, media_type
from fakeproviders.providers.erban.woodstox import StreamError
from fakeproviders.providers.erban.xfire_envelope import SERVER, FaultError
from fakeproviders.providers.erban.xml_body import BOM, DOCTYPE, SAFE

MULTIPART = "multipart/related"
NO_DTD = "DOCTYPE declaration is not allowed"
IN_BEGINNING = (
    "org.codehaus.xfire.XFireRuntimeException: Couldn't parse stream.. Nested exception is {}"
)
NO_ENCODING = (
    "javax.xml.stream.XMLStreamException: [unsupported encoding]:"
    " java.io.UnsupportedEncodingException: {}"
)


class ServletError(Exception):
    """XFire cannot even begin to read; the argument is the exception that leaves it."""


class Document(msgspec.Struct, frozen=True):
    """What of a document could be read, and what ended the reading before its end."""

    root: etree._Element | None
    started: frozenset[etree._Element]
    ended: frozenset[etree._Element]
    error: StreamError | None

    def children(self, element: etree._Element) -> list[etree._Element]:
        """Those that the reading came to."""
        return [child for child in element if child in self.started]

    def following(self, element: etree._Element) -> list[etree._Element]:
        """Its later siblings, as far as the reading came to them."""
        return [sibling for sibling in element.itersiblings() if sibling in self.started]

    def breaks_in(self, element: etree._Element) -> bool:
        """Whether the reading ended before the element's end."""
        return self.error is not None and element not in self.ended


def read_document(raw: RawRequest) -> Document:
    """As much of the request's document as is XML. Raises FaultError and ServletError."""
    text, broken = _decoded(*_soap_part(raw))
    encoded = text.encode("utf-8", "replace")
    if b"<!DOCTYPE" in encoded and DOCTYPE.match(encoded):
        raise FaultError(SERVER, woodstox.at(1, 1, NO_DTD).text)
    parser = etree.XMLPullParser(("start", "end"), **SAFE, remove_comments=True, remove_pis=True)
    error: etree.XMLSyntaxError | None = None
    try:
        parser.feed(encoded)
        parser.close()
    except etree.XMLSyntaxError as failed:
        error = failed
    events: Iterator[tuple[str, etree._Element]]
    events = parser.read_events()  # type: ignore[assignment]  # only these two kinds were asked for
    seen = list(takewhile(lambda event: not _unbound(*event), events))
    told = None if error is None else _told(text, error, seen)
    return _document(seen, broken or told)


def _soap_part(raw: RawRequest) -> tuple[bytes, MediaType]:
    """The body, or of a multipart one the first part (SOAP with attachments, MTOM)."""
    declared = raw.headers.get("Content-Type", "")
    if MULTIPART not in declared.lower():
        return raw.body, media_type(declared)
    head = f"Content-Type: {declared}\r\n\r\n".encode("utf-8", "surrogateescape")
    whole = message_from_bytes(head + raw.body)
    parts = whole.get_payload()
    if not isinstance(parts, list) or not isinstance(parts[0], Message):
        boundary = whole.get_boundary()
        missing = f"Invalid content type: missing boundary! {declared}"
        lost = missing if boundary is None else f"Couldn't find MIME boundary: --{boundary}"
        raise ServletError(f"java.io.IOException: {lost}")
    content = parts[0].get_payload(decode=True)
    part_type = media_type(str(parts[0].get("Content-Type", "")))
    return content if isinstance(content, bytes) else b"", part_type


def _decoded(body: bytes, media: MediaType) -> tuple[str, StreamError | None]:
    """The text, and what ends it early. Java replaces what a charset does not have; Woodstox reads UTF-8."""
    try:
        codec = charsets.codec(media.charset) if media.charset else "utf-8"
        text = body.decode(codec, "strict" if codec == "utf-8" else "replace")
    except charsets.UnknownCharsetError as unknown:
        raise ServletError(IN_BEGINNING.format(NO_ENCODING.format(unknown.args[0]))) from None
    except UnicodeDecodeError as error:
        broken = woodstox.undecodable(body, error)
        text = woodstox.readable(body[: error.start].decode())
        if not text:
            raise ServletError(IN_BEGINNING.format(broken.nested)) from None
        return text.removeprefix(BOM), broken
    return text.removeprefix(BOM), None


def _document(seen: list[tuple[str, etree._Element]], error: StreamError | None) -> Document:
    started = [element for event, element in seen if event == "start"]
    ended = frozenset(element for event, element in seen if event == "end")
    return Document(started[0] if started else None, frozenset(started), ended, error)


def _told(
    text: str, error: etree.XMLSyntaxError, seen: list[tuple[str, etree._Element]]
) -> StreamError:
    """The parser's words for libxml2's error; the innermost open element is the one it waits for."""
    open_ones: list[etree._Element] = []
    for event, element in seen:
        if event == "start":
            open_ones.append(element)
        else:
            open_ones.pop()
    return woodstox.malformed(text, error, _as_written(open_ones[-1]) if open_ones else "")


def _unbound(event: str, element: etree._Element) -> bool:
    """Whether an element has a prefix that is not declared: libxml2 reads on, Woodstox does not."""
    names = (str(name) for name in (element.tag, *element.attrib))
    return event == "start" and any(":" in name.rpartition("}")[2] for name in names)


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _as_written(element: etree._Element) -> str:
    name = local_name(element)
    return f"{element.prefix}:{name}" if element.prefix else name
