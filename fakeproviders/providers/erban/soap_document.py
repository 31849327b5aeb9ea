"""What a SOAP document holds, seen as .NET's reader sees it: from content to content.

White space, comments and processing instructions between elements are nothing to it; text is
something that it trips over (O: SoapServerProtocol.cs, GetRequestElement and ReadParameters).
"""

from typing import TypeGuard

from lxml import etree

from fakeproviders.providers.erban import texts
from fakeproviders.providers.erban.envelope import SOAP11, SOAP12, Version
from fakeproviders.providers.erban.prepared import WHITE


class NotSoapError(Exception):
    """The XML is no SOAP envelope; the argument is what the framework says of it."""


def namespace_of(element: etree._Element) -> str:
    """An element's namespace; empty for none."""
    return etree.QName(element).namespace or ""


def elements(parent: etree._Element) -> list[etree._Element]:
    """The elements in an element."""
    return [child for child in parent if isinstance(child.tag, str)]


def routing_tag(envelope: etree._Element) -> str:
    """The tag that the body begins with, whatever stands before it; empty where it has none.

    Raises NotSoapError.
    """
    name = etree.QName(envelope)
    if name.localname != "Envelope":
        raise NotSoapError(texts.NO_ENVELOPE)
    body = envelope.find(f"{{{name.namespace}}}Body")
    if body is None:
        raise NotSoapError(texts.NO_BODY)
    first = next(iter(_content(body)), "")
    return "" if isinstance(first, str) else str(first.tag)


def headers_and_body(
    envelope: etree._Element, version: Version
) -> tuple[list[etree._Element], etree._Element]:
    """The header's elements and the body, which come in this order and before all else.

    Raises NotSoapError.
    """
    if envelope.tag != version.tag("Envelope"):
        raise NotSoapError(texts.NO_ENVELOPE)
    first, second = (*_content(envelope), "", "")[:2]
    headers = elements(first) if _is(first, version.tag("Header")) else None
    body = first if headers is None else second
    if not _is(body, version.tag("Body")):
        raise NotSoapError(texts.NO_BODY)
    return headers or [], body


def must_be_understood(header: etree._Element) -> bool:
    """By the attribute of either version (O: SoapUnknownHeader.cs)."""
    for version in (SOAP11, SOAP12):
        own = not header.prefix and namespace_of(header) == version.namespace
        value = header.get("mustUnderstand" if own else version.tag("mustUnderstand"))
        if value is not None:
            return value in {"1", "true"}
    return False


def _content(parent: etree._Element) -> list[etree._Element | str]:
    found: list[etree._Element | str] = [parent.text or ""]
    for child in parent:
        found += [child, child.tail or ""] if isinstance(child.tag, str) else [child.tail or ""]
    return [each for each in found if not isinstance(each, str) or each.strip(WHITE)]


def _is(content: etree._Element | str, tag: str) -> TypeGuard[etree._Element]:
    return not isinstance(content, str) and content.tag == tag
