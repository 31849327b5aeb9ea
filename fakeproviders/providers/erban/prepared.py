"""The short way for the SOAP requests that clients commonly send.

Per method and version, made of spyne's declaration at start-up. It reads a request only if it is,
beyond doubt, of this shape, and then gives what the long way (soap.py) would:

    POST, text/xml with the method's own SOAPAction, or application/soap+xml with that or no action
    <Envelope><Header/><Body><Method><parameter>text</parameter>...</Method></Body></Envelope>

in that version's namespace and the service's; parameters in any order, none twice, none that is not
declared; the header empty or not there. No DTD, comment, CDATA, processing instruction, or text
before the body. All else is left to the long way: nothing has happened yet.
"""

import msgspec
from lxml import etree

from fakeproviders.providers.erban import charsets
from fakeproviders.providers.erban.charsets import media_type
from fakeproviders.providers.erban.envelope import SOAP11, SOAP12, Version
from fakeproviders.providers.erban.methods import METHODS, Method
from fakeproviders.providers.erban.xml_body import BYTE_ORDER_MARKS, PARSER

WHITE = " \t\r\n"
MARKS = tuple(mark for mark, _ in BYTE_ORDER_MARKS)


class Request(msgspec.Struct):
    """A SOAP request as it was read: what is called, with which parameters in declared order."""

    version: Version
    method: Method
    given: dict[str, str | None]


class Prepared(msgspec.Struct, frozen=True):
    """A method, ready to be recognised in one version."""

    method: Method
    blank: dict[str, str | None]
    """Its parameters, none of them sent."""
    actions: frozenset[str | None]
    """What names it, or leaves that to the body's element: of 1.1 in SOAPAction, of 1.2 in the type."""


class Shape(msgspec.Struct, frozen=True):
    """A version's common request: its tags, and the methods by theirs."""

    version: Version
    envelope: str
    header: str
    body: str
    methods: dict[str, Prepared]


def _prepared(version: Version, method: Method) -> Prepared:
    other = f'"{method.action}"' if version is SOAP11 else ""
    blank = dict.fromkeys(parameter.name for parameter in method.parameters)
    return Prepared(method, blank, frozenset({method.action, other}))


def _shape(version: Version) -> Shape:
    """With the methods that need nothing of spyne's types."""
    envelope, header, body = map(version.tag, ("Envelope", "Header", "Body"))
    plain = [m for m in METHODS.values() if all(p.type == "string" for p in m.parameters)]
    methods = {method.tag: _prepared(version, method) for method in plain}
    return Shape(version, envelope, header, body, methods)


SHAPES = {version.media: _shape(version) for version in (SOAP11, SOAP12)}


def read(content_type: str, action: str | None, body: bytes) -> Request | None:
    """The request, or None where the long way has to judge it; ``action`` is SOAPAction's."""
    media = media_type(content_type)
    shape = SHAPES.get(media.base)
    root = None if shape is None else _root(body, media.charset)
    if shape is None or root is None:
        return None
    entry = _entry(shape, root)
    prepared = None if entry is None else shape.methods.get(entry.tag)
    named = action if shape.version is SOAP11 else media.action
    if entry is None or prepared is None or named not in prepared.actions:
        return None
    given = _given(prepared, entry)
    return None if given is None else Request(shape.version, prepared.method, given)


def _root(body: bytes, charset: str) -> etree._Element | None:
    """The document of a charset that is declared and fits."""
    codec = charsets.known_codec(charset)
    if not codec or b"<!" in body or body.startswith(MARKS):
        return None
    try:
        text = body.decode(codec)
        return etree.fromstring(body if codec == "utf-8" else text.encode(), PARSER)
    except (UnicodeError, etree.XMLSyntaxError):
        return None


def _entry(shape: Shape, root: etree._Element) -> etree._Element | None:
    """The body's only element, with no text before it."""
    if root.tag != shape.envelope or _has_text(root.text):
        return None
    *headers, body = root if len(root) else [root]
    for header in headers:
        if header.tag != shape.header or len(header) or _has_text(header.tail):
            return None
    if body.tag != shape.body or len(headers) > 1 or len(body) != 1 or _has_text(body.text):
        return None
    return body[0]


def _has_text(text: str | None) -> bool:
    return text is not None and text.strip(WHITE) != ""


def _given(prepared: Prepared, entry: etree._Element) -> dict[str, str | None] | None:
    """The parameters' texts, or None where an element is not plainly one of them."""
    names = prepared.method.names
    given = prepared.blank.copy()
    for child in entry:
        name = names.get(child.tag)
        if name is None or given[name] is not None or len(child):
            return None
        given[name] = child.text or ""
    return given
