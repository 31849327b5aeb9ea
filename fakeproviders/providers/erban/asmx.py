"""Door 1's file, ``SmsService.asmx``: which of its forms a request asks for (O).

POST            SOAP
GET ?wsdl       WSDL          without "=", in any case
GET ?disco      discovery     likewise
GET ?op=NAME    help on one operation
GET             help
else            405
"""

from fakeproviders.model import HELP, WSDL, RawReply, RawRequest
from fakeproviders.providers.erban import aspnet, help_page, soap, wsdl
from fakeproviders.providers.erban.calls import (
    ErbanCall,
    answered_in_words,
    document_call,
)
from fakeproviders.providers.erban.charsets import query_codec
from fakeproviders.providers.erban.fields import form_fields, nameless

HELP_DOOR, OP_DOOR, WSDL_DOOR, DISCO_DOOR = "asmx.help", "asmx.op", "asmx.wsdl", "asmx.disco"
BARE_QUERIES = {"wsdl": WSDL_DOOR, "disco": DISCO_DOOR}


def decode(raw: RawRequest) -> ErbanCall:
    """A call of a method, or for a document."""
    if raw.method == "POST":
        return soap.decode(raw)
    if raw.method != "GET":
        return answered_in_words(raw, HELP_DOOR, aspnet.verb_refused)
    address = raw.base_url + raw.path
    door = BARE_QUERIES.get(nameless(raw.query).lower())
    if door is not None:
        return document_call(raw, operation=WSDL, door=door, address=address)
    asked = form_fields(raw.query, query_codec(raw.query)).value("op")
    return document_call(
        raw,
        operation=HELP,
        door=OP_DOOR if asked else HELP_DOOR,
        method=asked or "",
        address=address,
    )


def document(call: ErbanCall, lang: str) -> RawReply:
    """The document that a call asked for."""
    if call.door == WSDL_DOOR:
        return wsdl.description(call.address)
    if call.door == DISCO_DOOR:
        return wsdl.discovery(call.address)
    if call.door == OP_DOOR:
        return help_page.operation(call.method, call.address, lang)
    return help_page.index(lang)
