"""Door 2, the form page ``sms3.aspx``: query string or POST form, plain-text reply (O).

The fields are SendSms3's, of which ``smsid`` and ``sendType`` may be left out. Percent-encoded
bytes are decoded by the declared charset, often GBK.
"""

from fakeproviders.model import RawReply, RawRequest
from fakeproviders.providers.erban import aspnet, charsets, texts
from fakeproviders.providers.erban.calls import ErbanCall, answered, method_call
from fakeproviders.providers.erban.charsets import UnknownCharsetError, media_type
from fakeproviders.providers.erban.fields import FORM_TYPE, Fields, body_text, form_fields
from fakeproviders.providers.erban.methods import METHODS

DOOR = "form"
METHOD = METHODS["SendSms3"]
VERBS = frozenset({"GET", "POST"})


def decode(raw: RawRequest) -> ErbanCall:
    """A send, or the yellow page."""
    if raw.method not in VERBS:
        return answered(raw, DOOR, aspnet.empty(405))
    lang = texts.language(raw.headers)
    if raw.too_large:
        return answered(raw, DOOR, aspnet.error_page(texts.TOO_LARGE, lang))
    try:
        fields = _fields(raw)
    except UnknownCharsetError as unknown:
        return answered(raw, DOOR, aspnet.error_page(unknown.text, lang))
    return method_call(
        raw,
        door=DOOR,
        method=METHOD.name,
        operation=METHOD.meaning.operation,
        words=METHOD.meaning.words,
        given={each.name: fields.value(each.name) for each in METHOD.parameters},
    )


def _fields(raw: RawRequest) -> Fields:
    """The query's fields, and where a name is not among them, the form's (O)."""
    media = media_type(raw.headers.get("Content-Type", ""))
    declared = charsets.codec(media.charset) if media.charset else ""
    fields = form_fields(raw.query, declared or charsets.query_codec(raw.query))
    if media.base != FORM_TYPE:
        return fields
    posted = form_fields(body_text(raw.body), declared or "utf-8")
    return Fields({**posted, **fields})


class FormDoor:
    """Replies of the form page, and of whatever else answers in plain text."""

    def text(self, call: ErbanCall, text: str) -> RawReply:
        """The page writes this text."""
        del call
        return aspnet.plain(text)

    def thrown(self, call: ErbanCall, text: str, lang: str) -> RawReply:
        """The page threw this text."""
        del call
        return aspnet.error_page(text, lang)
