"""The operations as spyne's interface describes them, and its reading of their parameters.

Everything rendered from the service (WSDL, help, samples, replies) is rendered from ``METHODS``.
"""

from typing import Any

import msgspec
from lxml import etree

from fakeproviders.providers.erban.service import APPLICATION, MEANINGS, NAMESPACE, Meaning
from fakeproviders.spyne_compat import MethodContext, ServerBase

SERVER = ServerBase(APPLICATION)
PROTOCOL = APPLICATION.in_protocol


class Element(msgspec.Struct, frozen=True):
    """An element of a message: its name, XML Schema type and occurrence."""

    name: str
    type: str
    min_occurs: int
    max_occurs: int


class Method(msgspec.Struct, frozen=True):
    """One operation, with what the core makes of it."""

    name: str
    parameters: tuple[Element, ...]
    result: Element
    response: str
    meaning: Meaning
    action: str
    """The SOAPAction that names it (O)."""
    tag: str
    """The body element that names it, in lxml's spelling."""
    names: dict[str, str]
    """Its parameters by their qualified tag."""


def _elements(message: Any) -> tuple[Element, ...]:
    return tuple(
        Element(name, kind.get_type_name(), kind.Attributes.min_occurs, kind.Attributes.max_occurs)
        for name, kind in message.get_flat_type_info(message).items()
    )


def _method(descriptor: Any) -> Method:
    parameters = _elements(descriptor.in_message)
    return Method(
        name=descriptor.name,
        parameters=parameters,
        result=_elements(descriptor.out_message)[0],
        response=descriptor.out_message.get_type_name(),
        meaning=MEANINGS[descriptor.name],
        action=NAMESPACE + descriptor.name,
        tag=_qualified(descriptor.name),
        names={_qualified(each.name): each.name for each in parameters},
    )


def _qualified(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _methods() -> dict[str, Method]:
    found = (_method(each[0]) for each in APPLICATION.interface.service_method_map.values())
    return {method.name: method for method in sorted(found, key=lambda method: method.name)}


METHODS = _methods()
"""All operations by name, in ordinal order."""

BY_ACTION = {method.action: method for method in METHODS.values()}
BY_TAG = {method.tag: method for method in METHODS.values()}


def read_parameters(method: Method, entry: etree._Element | None) -> dict[str, str | None]:
    """A method's parameters from the body's element; None is "not sent".

    A body that names another element gives no parameter at all, and neither does no body (O).
    """
    if entry is None or entry.tag != method.tag:
        return {each.name: None for each in method.parameters}
    _keep_known(method, entry)
    context = MethodContext(SERVER, MethodContext.SERVER)
    context.method_request_string = method.tag
    (context,) = PROTOCOL.generate_method_contexts(context)
    context.in_header_doc, context.in_body_doc = None, entry
    PROTOCOL.deserialize(context, PROTOCOL.REQUEST)
    given = context.in_object
    return {each.name: getattr(given, each.name) for each in method.parameters}


def _keep_known(method: Method, entry: etree._Element) -> None:
    """Drop what a .NET serialiser passes over and spyne would not (O).

    That is children of another namespace, repeated ones, and attributes such as ``xsi:type``.
    """
    entry.attrib.clear()
    missing = set(method.names)
    for child in list(entry):
        if child.tag in missing:
            missing.remove(child.tag)
            child.attrib.clear()
        else:
            entry.remove(child)
