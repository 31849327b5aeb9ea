"""Door 1 over SOAP 1.1 and 1.2: POST to the .asmx.

    SOAPAction there, type not application/soap+xml -> SOAP 1.1, routed by the action
    else                                            -> SOAP 1.2 until the envelope says, routed by
                                                       the type's action, else by the body element

Then the type is judged (415), then the envelope's namespace, then the parameters are read; of those
nothing is ever a fault (O, all of it: the framework's public source and live services).
"""

import msgspec
from lxml import etree

from fakeproviders.failures import Words
from fakeproviders.model import RawRequest
from fakeproviders.providers.erban import aspnet, texts
from fakeproviders.providers.erban.calls import ErbanCall, answered, method_call
from fakeproviders.providers.erban.charsets import MediaType, UnknownCharsetError, media_type
from fakeproviders.providers.erban.envelope import (
    BY_NAMESPACE,
    SOAP11,
    SOAP12,
    Version,
    fault,
)
from fakeproviders.providers.erban.methods import (
    BY_ACTION,
    BY_TAG,
    Method,
    read_parameters,
)
from fakeproviders.providers.erban.xml_body import MalformedError, parse

XML_TYPES = frozenset({"text/xml", "application/soap+xml"})


class FaultError(Exception):
    """The request is answered with a fault before any method runs."""

    def __init__(self, version: Version, code: str, words: Words) -> None:
        super().__init__(words.en)
        self.version = version
        self.code = code
        self.words = words


class StatusError(Exception):
    """The request is answered with a status and nothing else."""

    def __init__(self, version: Version, status: int) -> None:
        super().__init__(status)
        self.version = version
        self.status = status


class Request(msgspec.Struct):
    """A SOAP request once it is routed; ``entry`` is the body's first element."""

    version: Version
    method: Method
    entry: etree._Element | None


def decode(raw: RawRequest) -> ErbanCall:
    """A call of a method, or the fault that the framework answers with."""
    media = media_type(raw.headers.get("Content-Type", ""))
    try:
        request = _route(raw, media)
        given = read_parameters(request.method, request.entry)
    except FaultError as refused:
        lang = texts.language(raw.headers)
        page = fault(refused.version, refused.code, refused.words[lang], lang)
        return answered(raw, refused.version.door, page)
    except StatusError as status:
        return answered(raw, status.version.door, aspnet.empty(status.status))
    meaning = request.method.meaning
    return method_call(
        raw,
        door=request.version.door,
        method=request.method.name,
        operation=meaning.operation,
        words=meaning.words,
        given=given,
    )


def _route(raw: RawRequest, media: MediaType) -> Request:
    action = raw.headers.get("SOAPAction")
    by_action = action is not None and media.base != SOAP12.media
    guess = SOAP11 if by_action else SOAP12
    if raw.too_large:
        raise _unable(guess, texts.TOO_LARGE)
    try:
        if action is not None and by_action:
            return _by_action(raw, media, action)
        return _by_body(raw, media)
    except UnknownCharsetError as unknown:
        raise _unable(guess, unknown.text) from None


def _by_action(raw: RawRequest, media: MediaType, action: str) -> Request:
    """SOAP 1.1 proper: the action alone names the method, and bad XML is a bare 400."""
    named = action.strip()
    named = named[1:-1] if named.startswith('"') else named
    method = BY_ACTION.get(named)
    if method is None:
        text = texts.SOAP_ACTION
        words = Words(zh=text.zh.format(named), en=text.en.format(named))
        raise FaultError(SOAP11, SOAP11.client, words)
    _require_type(SOAP11, media)
    try:
        envelope = parse(raw.body, media.charset)
        version = _version(envelope, SOAP11)
        entry = _entry(envelope)
    except MalformedError:
        raise StatusError(SOAP11, 400) from None
    return Request(version, method, entry)


def _by_body(raw: RawRequest, media: MediaType) -> Request:
    """SOAP 1.2, or 1.1 from a client that sends no SOAPAction."""
    try:
        envelope = parse(raw.body, media.charset)
        entry = _entry(envelope)
    except MalformedError as malformed:
        raise _unable(SOAP12, malformed.text) from None
    version = BY_NAMESPACE.get(_namespace(envelope), SOAP12)
    named = None if entry is None else BY_TAG.get(str(entry.tag))
    method = BY_ACTION.get(media.action) if media.action else named
    if method is None:
        text = texts.FOREIGN_ACTION.format(media.action) if media.action else texts.NO_ACTION
        raise FaultError(version, version.client, Words(zh=text, en=text))
    _require_type(version, media)
    return Request(_version(envelope, SOAP12), method, entry)


def _require_type(version: Version, media: MediaType) -> None:
    if media.base not in XML_TYPES or (version is SOAP11 and media.base != SOAP11.media):
        raise StatusError(version, 415)


def _version(envelope: etree._Element, expected: Version) -> Version:
    namespace = _namespace(envelope)
    version = BY_NAMESPACE.get(namespace)
    if version is None:
        text = texts.FOREIGN_ENVELOPE.format(namespace, expected.namespace)
        raise FaultError(expected, "VersionMismatch", Words(zh=text, en=text))
    return version


def _namespace(envelope: etree._Element) -> str:
    return etree.QName(envelope).namespace or ""


def _entry(envelope: etree._Element) -> etree._Element | None:
    """The body's first element. Raises MalformedError where there is no envelope or no body."""
    name = etree.QName(envelope)
    if name.localname != "Envelope":
        raise MalformedError(texts.NO_ENVELOPE)
    body = envelope.find(f"{{{name.namespace}}}Body")
    if body is None:
        raise MalformedError(texts.NO_BODY)
    return body[0] if len(body) else None


def _unable(version: Version, text: str) -> FaultError:
    """The framework's own exception, wrapped as it wraps a method's."""
    wrapper = texts.UNABLE_TO_PROCESS
    words = Words(zh=wrapper.zh.format(text), en=wrapper.en.format(text))
    return FaultError(version, version.server, words)
