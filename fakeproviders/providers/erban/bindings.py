"""Door 1 over plain HTTP: GET or POST to ``SmsService.asmx/Method`` (O).

200 text/xml    <?xml version="1.0" encoding="utf-8"?>CRLF<string xmlns="http://tempuri.org/">0,...</string>
500 text/plain  what went wrong

The order of checks is HttpServerProtocol.cs's: the method, the type of a POST, its body, then each
parameter in its declared order (O, with ValueCollectionParameterReader.cs).
"""

from functools import partial

from fakeproviders.model import RawReply, RawRequest
from fakeproviders.providers.erban import aspnet, charsets, texts
from fakeproviders.providers.erban.calls import (
    ErbanCall,
    answered,
    answered_in_words,
    method_call,
)
from fakeproviders.providers.erban.charsets import media_type
from fakeproviders.providers.erban.fields import FORM_TYPE, Fields, body_text, form_fields
from fakeproviders.providers.erban.methods import METHODS, Method
from fakeproviders.providers.erban.service import NAMESPACE

DOORS = {"GET": "asmx.get", "POST": "asmx.post"}


class FormatError(Exception):
    """The request cannot be read; the argument is what the framework writes."""


def decode(raw: RawRequest, path_info: str) -> ErbanCall:
    """A call of the method that the path names, or the error that the framework answers with."""
    door = DOORS.get(raw.method, "asmx.get")
    if path_info == "/":
        page = partial(aspnet.error_page, texts.BAD_URL.format(path_info))
        return answered_in_words(raw, door, page)
    if raw.method not in DOORS:
        return answered_in_words(raw, door, aspnet.verb_refused)
    try:
        method = _method(path_info[1:])
        given = _parameters(method, _fields(raw))
    except FormatError as failed:
        return answered(raw, door, aspnet.plain_error(str(failed)))
    return method_call(raw, door=door, method=method, given=given)


def _method(name: str) -> Method:
    if name in METHODS:
        return METHODS[name]
    meant = next((known for known in METHODS if known.upper() == name.upper()), None)
    if meant is not None:
        raise FormatError(texts.METHOD_CASE.format(name, meant))
    raise FormatError(texts.NO_METHOD.format(name))


def _fields(raw: RawRequest) -> Fields:
    if raw.method == "GET":
        return form_fields(raw.query, charsets.query_codec(raw.query))
    declared = raw.headers.get("Content-Type", "")
    media = media_type(declared)
    if media.base != FORM_TYPE:
        raise FormatError(texts.BAD_FORMAT.format(declared))
    if raw.too_large:
        raise FormatError(texts.TOO_LARGE)
    return form_fields(body_text(raw.body), charsets.known_codec(media.charset) or "utf-8")


def _parameters(method: Method, fields: Fields) -> dict[str, str | None]:
    """Every declared parameter, each of which must have been sent."""
    given: dict[str, str | None] = {}
    for parameter in method.parameters:
        value = fields.value(parameter.name)
        if value is None:
            raise FormatError(texts.MISSING_PARAMETER.format(parameter.name))
        given[parameter.name] = value
    return given


class BindingDoor:
    """Replies of the HTTP GET and POST bindings."""

    def text(self, call: ErbanCall, text: str) -> RawReply:
        """The method returned this text."""
        kind = METHODS[call.method].result.type
        element = aspnet.xml_element(kind, text, f' xmlns="{NAMESPACE}"')
        body = f'<?xml version="1.0" encoding="utf-8"?>\r\n{element}'
        return aspnet.reply(body.encode("utf-8", "replace"), aspnet.TEXT_XML)

    def thrown(self, call: ErbanCall, text: str, lang: str) -> RawReply:
        """The method threw this text."""
        del call, lang
        return aspnet.plain_error(text)
