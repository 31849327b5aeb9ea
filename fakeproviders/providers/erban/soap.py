"""Door 1 over SOAP 1.1 and 1.2: POST to the .asmx.

    SOAPAction there, type not application/soap+xml -> SOAP 1.1, routed by the action
    else                                            -> SOAP 1.2 until the envelope says, routed by
                                                       the type's action, else by the body element

Once it is routed, the type is judged (415), then the XML (400), the envelope's namespace, its
elements, the parameters and the headers that must be understood. Of the parameters nothing is ever
a fault but what .NET's reader takes for bad XML (O, all of it: SoapServerProtocol.cs,
Soap11ServerProtocol.cs, Soap12ServerProtocol.cs, SoapHeader.cs).

Two things differ (A): a 1.2 action that nobody knows is a fault at once, where the framework would
still look at the body's element; and malformed XML is 400 whatever its root element.
"""

from functools import partial
from typing import NoReturn
from urllib.parse import unquote_plus

from lxml import etree

from fakeproviders.failures import Words
from fakeproviders.model import RawReply, RawRequest
from fakeproviders.providers.erban import aspnet, prepared, skeleton, texts
from fakeproviders.providers.erban.calls import (
    ErbanCall,
    answered,
    answered_in_words,
    method_call,
)
from fakeproviders.providers.erban.charsets import MediaType, media_type
from fakeproviders.providers.erban.envelope import (
    BY_NAMESPACE,
    MUST_UNDERSTAND,
    SOAP11,
    SOAP12,
    VERSION_MISMATCH,
    Version,
    fault,
)
from fakeproviders.providers.erban.methods import (
    BY_ACTION,
    BY_TAG,
    Method,
    read_parameters,
)
from fakeproviders.providers.erban.prepared import Request
from fakeproviders.providers.erban.soap_document import (
    NotSoapError,
    elements,
    headers_and_body,
    must_be_understood,
    namespace_of,
    routing_tag,
)
from fakeproviders.providers.erban.xml_body import MalformedError, parse

XML_TYPES = frozenset({SOAP11.media, SOAP12.media})


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


def decode(raw: RawRequest) -> ErbanCall:
    """A call of a method, or the fault that the framework answers with."""
    sent = raw.headers.get("Content-Type", ""), raw.headers.get("SOAPAction"), raw.body
    request = skeleton.read(*sent) or prepared.read(*sent)
    return judge(raw) if request is None else _call(raw, request)


def judge(raw: RawRequest) -> ErbanCall:
    """The same, by the long way."""
    media = media_type(raw.headers.get("Content-Type", ""))
    action = raw.headers.get("SOAPAction")
    try:
        if action is not None and media.base != SOAP12.media:
            request = _by_action(raw, media, action)
        else:
            request = _by_type_or_body(raw, media)
    except FaultError as refused:
        version = refused.version
        page = partial(_fault_page, version, refused.code, refused.words)
        return answered_in_words(raw, version.door, page)
    except StatusError as status:
        return answered(raw, status.version.door, aspnet.empty(status.status))
    return _call(raw, request)


def _fault_page(version: Version, code: str, words: Words, lang: str) -> RawReply:
    return fault(version, code, words[lang], lang)


def _call(raw: RawRequest, request: Request) -> ErbanCall:
    return method_call(raw, door=request.version.door, method=request.method, given=request.given)


def _by_action(raw: RawRequest, media: MediaType, action: str) -> Request:
    """SOAP 1.1 proper: the action alone names the method, and bad XML is a bare 400."""
    quoted = len(action) > 1 and action.startswith('"') and action.endswith('"')
    named = unquote_plus(action[1:-1] if quoted else action)
    method = BY_ACTION.get(named)
    if method is None:
        _fault(SOAP11, SOAP11.client, texts.SOAP_ACTION, named)
    if raw.too_large:
        _fault(SOAP11, SOAP11.server, texts.EXTENSIONS, texts.TOO_LARGE)
    _require(XML_TYPES, SOAP11, media)
    try:
        envelope = parse(raw.body, media.charset)
    except MalformedError:
        raise StatusError(SOAP11, 400) from None
    return _read(method, envelope, media)


def _by_type_or_body(raw: RawRequest, media: MediaType) -> Request:
    """SOAP 1.2, or 1.1 from a client that sends no SOAPAction."""
    if raw.too_large:
        _fault(SOAP12, SOAP12.server, texts.EXTENSIONS, texts.TOO_LARGE)
    trouble = ""
    try:
        root: etree._Element | None = parse(raw.body, media.charset)
    except MalformedError as error:
        trouble, root = error.text, error.begun
    method = _routed(media, root, trouble)
    version = SOAP12 if root is None else BY_NAMESPACE.get(namespace_of(root), SOAP12)
    _require(XML_TYPES, version, media)
    if root is None or trouble:
        raise StatusError(version, 400)
    return _read(method, root, media)


def _routed(media: MediaType, root: etree._Element | None, trouble: str) -> Method:
    """The method by the type's action, else by the body's first element.

    ``trouble`` is what is wrong with the XML behind ``root``, which may have begun well.
    """
    action = unquote_plus(media.action)
    if action in BY_ACTION:
        return BY_ACTION[action]
    if root is None:
        _fault(SOAP12, SOAP12.server, texts.UNABLE_TO_PROCESS, trouble)
    version = _version(root)
    if action:
        _fault(version, version.client, texts.FOREIGN_ACTION, action)
    try:
        method = BY_TAG.get(routing_tag(root))
    except NotSoapError as error:
        _fault(version, version.server, texts.UNABLE_TO_PROCESS, trouble or str(error))
    if method is None and trouble:
        _fault(version, version.server, texts.UNABLE_TO_PROCESS, trouble)
    if method is None:
        _fault(version, version.client, texts.NO_ACTION)
    return method


def _read(method: Method, envelope: etree._Element, media: MediaType) -> Request:
    """What a routed, well-formed document holds."""
    version = _version(envelope)
    if version is SOAP11:
        _require({SOAP11.media}, SOAP11, media)
    try:
        headers, body = headers_and_body(envelope, version)
    except NotSoapError as error:
        _fault(version, version.client, texts.UNABLE_TO_READ, str(error))
    given: dict[str, str | None] = dict.fromkeys(each.name for each in method.parameters)
    for entry in elements(body):
        if entry.tag == method.tag:
            _require_simple(method, entry, version)
            found = read_parameters(method, entry)
            given |= {name: value for name, value in found.items() if value is not None}
    for header in headers:
        if must_be_understood(header):
            name = etree.QName(header).localname
            _fault(version, MUST_UNDERSTAND, texts.NOT_UNDERSTOOD, name)
    return Request(version, method, given)


def _fault(version: Version, code: str, template: Words | str, *facts: str) -> NoReturn:
    """Answer with a fault; a template that is one text is so in both languages."""
    words = Words(zh=template, en=template) if isinstance(template, str) else template
    raise FaultError(version, code, Words(zh=words.zh.format(*facts), en=words.en.format(*facts)))


def _require(types: frozenset[str] | set[str], version: Version, media: MediaType) -> None:
    if media.base not in types:
        raise StatusError(version, 415)


def _version(envelope: etree._Element) -> Version:
    """The envelope's version; a fault of 1.1 where its namespace is none's."""
    namespace = namespace_of(envelope)
    version = BY_NAMESPACE.get(namespace)
    if version is None:
        _fault(SOAP11, VERSION_MISMATCH, texts.FOREIGN_ENVELOPE, namespace, SOAP11.namespace)
    return version


def _require_simple(method: Method, entry: etree._Element, version: Version) -> None:
    """A parameter holds text alone: elements and comments are bad XML to the reader (O).

    XmlReader.cs, ReadElementString: it throws an XmlException, hence the 400.
    """
    missing = set(method.names)
    for child in elements(entry):
        if child.tag in missing:
            missing.remove(child.tag)
            if len(child):
                raise StatusError(version, 400)
