"""Door 1 over plain HTTP: GET or POST to ``SmsService.asmx/Method`` (O).

200 text/xml    <?xml version="1.0" encoding="utf-8"?>CRLF<string xmlns="http://tempuri.org/">0,...</string>
500 text/plain  what went wrong
"""

from fakeproviders.model import RawReply, RawRequest
from fakeproviders.providers.erban import aspnet, charsets, texts
from fakeproviders.providers.erban.calls import ErbanCall, answered, method_call
from fakeproviders.providers.erban.charsets import UnknownCharsetError, media_type
from fakeproviders.providers.erban.fields import FORM_TYPE, Fields, body_text, form_fields
from fakeproviders.providers.erban.methods import METHODS, Method
from fakeproviders.providers.erban.service import NAMESPACE

DOORS = {"GET": "asmx.get", "POST": "asmx.post"}


class FormatError(Exception):
    """The request cannot be read; the argument is what the framework writes."""


def decode(raw: RawRequest, path_info: str) -> ErbanCall:
    """A call of the method that the path names, or the error that the framework answers with."""
    door = DOORS.get(raw.method)
    if door is None:
        return answered(raw, "asmx.get", aspnet.empty(405))
    if path_info == "/":
        page = aspnet.error_page(texts.BAD_URL.format(path_info), texts.language(raw.headers))
        return answered(raw, door, page)
    try:
        method = _method(path_info[1:])
        given = _parameters(method, _fields(raw))
    except FormatError as failed:
        return answered(raw, door, aspnet.plain_error(str(failed)))
    meaning = method.meaning
    return method_call(
        raw,
        door=door,
        method=method.name,
        operation=meaning.operation,
        words=meaning.words,
        given=given,
    )


def _method(name: str) -> Method:
    try:
        return METHODS[name]
    except KeyError:
        raise FormatError(texts.NO_METHOD.format(name)) from None


def _fields(raw: RawRequest) -> Fields:
    if raw.too_large:
        raise FormatError(texts.TOO_LARGE)
    if raw.method == "GET":
        return form_fields(raw.query, charsets.query_codec(raw.query))
    declared = raw.headers.get("Content-Type", "")
    media = media_type(declared)
    if media.base != FORM_TYPE:
        raise FormatError(texts.BAD_FORMAT.format(declared))
    try:
        codec = charsets.codec(media.charset or "utf-8")
    except UnknownCharsetError as unknown:
        raise FormatError(unknown.text) from None
    return form_fields(body_text(raw.body), codec)


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
        body = (
            '<?xml version="1.0" encoding="utf-8"?>\r\n'
            f'<{kind} xmlns="{NAMESPACE}">{aspnet.xml_text(text)}</{kind}>'
        )
        return aspnet.reply(body.encode("utf-8", "replace"), aspnet.TEXT_XML)

    def thrown(self, call: ErbanCall, text: str, lang: str) -> RawReply:
        """The method threw this text."""
        del call, lang
        return aspnet.plain_error(text)
