"""A SOAP request as XFire 1.2 reads it, in one pass and no further than it must (O: its code, run).

- ``Envelope``, ``Header`` and ``Body`` are known by their local names; what has no envelope is SOAP 1.1.
- The Body's first element names the method, by its local name in any namespace.
- Parameters are taken by position, whatever they are called. White space around them is dropped, and
  ``xsi:nil`` is null. Too few and too many are faults.
- What follows the method's element is not read, but for one step: directly behind a last parameter and the
  method's end, an element is one more parameter, and a document that ends there is broken.
"""

from typing import cast

import msgspec
from lxml import etree

from fakeproviders.model import RawRequest
from fakeproviders.providers.erban import woodstox
from fakeproviders.providers.erban.methods import METHODS, Method
from fakeproviders.providers.erban.xfire_envelope import (
    BY_NAMESPACE,
    CLIENT,
    MUST_UNDERSTAND,
    SERVER,
    SOAP11,
    FaultError,
    Version,
)
from fakeproviders.providers.erban.xfire_stream import Document, local_name, read_document

XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
MUST = f"{{{SOAP11.namespace}}}mustUnderstand"
JAVA_SPACE = "".join(map(chr, range(0x21)))
"""What Java's ``trim`` takes off."""

NO_METHOD = "There must be a method name element."
NO_BINDING = "Could not find an appropriate Transport Binding to invoke."
NO_OPERATION = "Invalid operation: {}"
TOO_FEW = "Not enough message parts were received for the operation."
TOO_MANY = "Index: {0}, Size: {0}"
NOT_UNDERSTOOD = "Header {{{0}}}{1} was not undertsood by the service."
"""Misspelt, and its namespace behind its name: so the server says it."""
TEXT_IN_BODY = "Received non-all-whitespace CHARACTERS or CDATA event in nextTag()."
ELEMENT_IN_TEXT = "Expected a text token, got START_ELEMENT."
IN_STREAM = "Couldn't parse stream.. Nested exception is {}"
IN_PARAMETER = "Could not read XML stream.. Nested exception is {}"
AFTER_PARAMETER = "Error parsing document.. Nested exception is {}"
BAD_BYTES = "[was class java.io.CharConversionException] {}"


class ForeignEnvelopeError(Exception):
    """The envelope's namespace is of no SOAP version."""


class Request(msgspec.Struct):
    """A call as it was sent: values in the parameters' places, None for null."""

    method: Method
    values: list[str | None]


def read(raw: RawRequest) -> Request:
    """The request. Raises FaultError, ForeignEnvelopeError, ServletError."""
    document = read_document(raw)
    entry = _entry(document)
    method = METHODS.get(local_name(entry))
    if method is None:
        raise FaultError(CLIENT, NO_OPERATION.format(entry.tag))
    values = _values(document, entry, len(method.parameters))
    _understand_headers(document)
    if len(values) < len(method.parameters):
        raise FaultError(CLIENT, TOO_FEW)
    return Request(method, values)


def _entry(document: Document) -> etree._Element:
    """The Body's first element. Raises FaultError and ForeignEnvelopeError."""
    version = _version(document)
    body = _body(document)
    entries = [] if body is None else document.children(body)
    if body is not None and (body.text or "").strip():
        raise FaultError(SERVER, woodstox.at(_row(body), 1, TEXT_IN_BODY).text, version)
    if not entries and document.error is not None and (body is None or document.breaks_in(body)):
        raise FaultError(SERVER, document.error.text, version)
    if version is not SOAP11:
        raise FaultError(CLIENT, NO_BINDING, version)
    if not entries:
        raise FaultError(CLIENT, NO_METHOD)
    return entries[0]


def _version(document: Document) -> Version:
    if document.root is None or local_name(document.root) != "Envelope":
        return SOAP11
    namespace = str(document.root.tag).rpartition("}")[0].removeprefix("{")
    if namespace not in BY_NAMESPACE:
        raise ForeignEnvelopeError(namespace)
    return BY_NAMESPACE[namespace]


def _body(document: Document) -> etree._Element | None:
    """The first element of this name, wherever it stands."""
    every = () if document.root is None else document.root.iter()
    return next((e for e in every if local_name(e) == "Body" and e in document.started), None)


def _values(document: Document, entry: etree._Element, declared: int) -> list[str | None]:
    """The parameters. Raises FaultError for more of them than declared, and for what is no text."""
    values: list[str | None] = []
    for element in _parameters(document, entry):
        if len(values) == declared:
            raise FaultError(SERVER, TOO_MANY.format(declared))
        values.append(_value(document, element))
    _require_readable(document, entry)
    return values


def _parameters(document: Document, entry: etree._Element) -> list[etree._Element]:
    """The method's children, and where the reader runs on, what stands behind the method."""
    inside = document.children(entry)
    return inside + document.following(entry) if _runs_on(document, entry) else inside


def _runs_on(document: Document, entry: etree._Element) -> bool:
    """Whether the reader goes one step further than the method: behind a parameter without space after it."""
    inside = document.children(entry)
    return bool(inside) and not inside[-1].tail and not entry.tail


def _require_readable(document: Document, entry: etree._Element) -> None:
    """Raises FaultError when the document broke off before the reader was done."""
    error = document.error
    if error is None:
        return
    inside = document.children(entry)
    if document.breaks_in(entry):
        after_parameter = bool(inside) and not inside[-1].tail
        wrapper = AFTER_PARAMETER if after_parameter else IN_STREAM
        raise FaultError(SERVER, wrapper.format(error.nested))
    parent = entry.getparent()
    if parent is not None and _runs_on(document, entry) and document.breaks_in(parent):
        raise FaultError(SERVER, IN_STREAM.format(error.nested))


def _value(document: Document, element: etree._Element) -> str | None:
    is_nil = element.get(XSI_NIL) in {"true", "1"}
    if len(element) and not is_nil:
        inner = woodstox.at(_row(element), 1, ELEMENT_IN_TEXT)
        raise FaultError(SERVER, IN_PARAMETER.format(inner.nested))
    error = document.error
    if error is not None and document.breaks_in(element):
        text = (
            BAD_BYTES.format(error.text)
            if error.kind == woodstox.IO
            else IN_PARAMETER.format(error.nested)
        )
        raise FaultError(SERVER, text)
    return None if is_nil else (element.text or "").strip(JAVA_SPACE)


def _understand_headers(document: Document) -> None:
    """No header is understood. Raises FaultError for one that must be."""
    blocks = () if document.root is None else document.root.findall("{*}Header/*")
    for block in blocks:
        if block.get(MUST) == "1":
            namespace, _, name = str(block.tag).rpartition("}")
            text = NOT_UNDERSTOOD.format(name, namespace.removeprefix("{"))
            raise FaultError(MUST_UNDERSTAND, text)


def _row(element: etree._Element) -> int:
    """Where it stands; its column is not known and said to be 1 (A)."""
    return cast("int", element.sourceline)
