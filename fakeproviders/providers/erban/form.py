"""Door 2, the form page ``sms3.aspx``: query string or POST form, plain-text reply (O).

The fields are SendSms3's, of which ``smsid`` and ``sendType`` may be left out. A form is urlencoded
or multipart, by how its type begins (O: HttpRequest.cs, FillInFormCollection). Its bytes are decoded
by the declared charset, often GBK; one that the server does not know is passed over (O:
GetEncodingFromHeaders).
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
from fakeproviders.providers.erban.methods import METHODS
from fakeproviders.providers.erban.multipart import MULTIPART_TYPE, multipart_fields

DOOR = "form"
METHOD = METHODS["SendSms3"]
VERBS = frozenset({"GET", "HEAD", "POST"})


def decode(raw: RawRequest) -> ErbanCall:
    """A send, or the yellow page."""
    if raw.method not in VERBS:
        return answered(raw, DOOR, aspnet.empty(405))  # IIS does not map it to the page (A)
    if raw.too_large:
        return answered_in_words(raw, DOOR, partial(aspnet.error_page, texts.TOO_LARGE))
    fields = _fields(raw)
    given = {each.name: fields.value(each.name) for each in METHOD.parameters}
    return method_call(raw, door=DOOR, method=METHOD, given=given)


def _fields(raw: RawRequest) -> Fields:
    """The query's fields, and where a name is not among them, the form's (O)."""
    media = media_type(raw.headers.get("Content-Type", ""))
    declared = charsets.known_codec(media.charset)
    fields = form_fields(raw.query, declared or charsets.query_codec(raw.query))
    codec = declared or "utf-8"
    if media.base.startswith(FORM_TYPE):
        return Fields({**form_fields(body_text(raw.body), codec), **fields})
    if media.base.startswith(MULTIPART_TYPE):
        return Fields({**multipart_fields(raw.body, media.boundary, codec), **fields})
    return fields


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
