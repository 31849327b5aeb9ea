"""Door 3's faults: what XFire says of calls that it cannot read.

Each was seen by running XFire 1.2 itself, but for the refused DTD, and where two rows say column 1.
"""

import pytest

from tests.providers.erban.asking import SOAP12, answer, ask, header
from tests.providers.erban.java_twin import (
    SERVICE,
    TEXT_XML,
    VALUES,
    call_element,
    envelope,
    fault12,
    faulted,
    post,
)

AT = "\n at [row,col {{unknown-source}}]: [{},{}]"
GOOD = envelope(call_element())
NESTED = "Nested exception is com.ctc.wstx.exc."
UNREAD = (
    "org.codehaus.xfire.XFireRuntimeException: Couldn&#39;t parse stream.. Nested exception is "
)
HEADER = '<s:Header><h:token xmlns:h="urn:h" s:mustUnderstand="{}"/></s:Header>'


@pytest.mark.parametrize(
    ("inner", "code", "text"),
    [
        (call_element("sendSms3"), "Client", "Invalid operation: {http://service.canv.com}sendSms3"),
        ("<Nope/>", "Client", "Invalid operation: Nope"),
        ("", "Client", "There must be a method name element."),
        (call_element(values=VALUES[:6]), "Client", "Not enough message parts were received for the operation."),
        (call_element(values=(*VALUES, "")), "Server", "Index: 7, Size: 7"),
        (call_element("GetChannel", [""]), "Server", "Index: 0, Size: 0"),
        ("x", "Server", "Received non-all-whitespace CHARACTERS or CDATA event in nextTag()." + AT.format(1, 1)),
        (
            "<SendSms><in0><b/></in0></SendSms>",
            "Server",
            f"Could not read XML stream.. {NESTED}WstxParsingException:"
            " Expected a text token, got START_ELEMENT." + AT.format(1, 1),
        ),
    ],
)  # fmt: skip
def test_a_call_that_cannot_be_invoked(inner: str, code: str, text: str) -> None:
    assert faulted(envelope(inner)) == (f"soap:{code}", text)


def test_a_header_that_must_be_understood() -> None:
    document = envelope(call_element(), before=HEADER.format(1))
    text = "Header {token}urn:h was not undertsood by the service."
    assert faulted(document) == ("soap:MustUnderstand", text)
    assert faulted(document.replace("SendSms3", "Nope"))[0] == "soap:Client"


OPEN = envelope("").partition("</s:Body>")[0]


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("", "Unexpected EOF in prolog" + AT.format(1, 0)),
        ("a=1", "Unexpected character 'a' (code 97) in prolog; expected '&lt;'" + AT.format(1, 1)),
        (OPEN, "Unexpected EOF; was expecting a close tag for element &lt;s:Body>" + AT.format(1, 72)),
        (f"{OPEN}<x:SendSms/>", f'Undeclared namespace prefix "x"{AT.format(1, 84)}'),
        (
            GOOD.removesuffix("</s:Body></s:Envelope>"),
            (f"Couldn't parse stream.. {NESTED}WstxEOFException: Unexpected EOF;"
            f" was expecting a close tag for element &lt;s:Body>{AT.format(1, 309)}"),
        ),
        (
            f"{OPEN}<SendSms><a>",
            (f"Could not read XML stream.. {NESTED}WstxEOFException: Unexpected EOF;"
            f" was expecting a close tag for element &lt;a>{AT.format(1, 84)}"),
        ),
        (
            f"{OPEN}<SendSms><a>1</SendSms>",
            (f"Could not read XML stream.. {NESTED}WstxParsingException: Unexpected close tag &lt;/SendSms>;"
            f" expected &lt;/a>.{AT.format(1, 94)}"),
        ),
        (
            f"{OPEN}<SendSms><a/><b c></SendSms>",
            (f"Error parsing document.. {NESTED}WstxUnexpectedCharException:"
            f" Unexpected character '>' (code 62) expected '='{AT.format(1, 90)}"),
        ),
        (
            f"{OPEN}<SendSms><a/>\n<b c></SendSms>",
            (f"Couldn't parse stream.. {NESTED}WstxUnexpectedCharException:"
            f" Unexpected character '>' (code 62) expected '='{AT.format(2, 5)}"),
        ),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "DOCTYPE declaration is not allowed" + AT.format(1, 1)),
    ],
)  # fmt: skip
def test_what_is_no_xml_is_the_servers_fault_in_its_parsers_words(document: str, text: str) -> None:
    assert faulted(document) == ("soap:Server", text)


IO = "Couldn't parse stream.. Nested exception is com.ctc.wstx.exc.WstxIOException: "
LAZY = "[was class java.io.CharConversionException] "


@pytest.mark.parametrize(
    ("before", "bad", "text"),
    [
        (f"{OPEN}<SendSms3>".ljust(200), b"\xd6\xd0", f"{IO}Invalid UTF-8 middle byte 0xd0 (at char #200, byte #127)"),
        (f"{OPEN}<SendSms3>".ljust(200), b"\xb0\xa1", f"{IO}Invalid UTF-8 start byte 0xb0 (at char #201, byte #127)"),
        (
            f"{OPEN}<SendSms3>".ljust(200), b"\xe4\xb8",
            f"{IO}Unexpected EOF in the middle of a multi-byte char: got 2, needed 3, at char #200, byte #202)",
        ),
        (
            f"{OPEN}<SendSms3><in0>".ljust(162), b"\xd6\xd0",
            f"{LAZY}Invalid UTF-8 middle byte 0xd0 (at char #162, byte #127)",
        ),
        (
            f"{OPEN}<SendSms3 a='".ljust(145, "x"), b"\xd6\xd0",
            "Invalid UTF-8 middle byte 0xd0 (at char #145, byte #127)",
        ),
        (f"{OPEN}<SendSms3>{'<a/>' * 60}", b"\xd6\xd0", "Index: 7, Size: 7"),
    ],
    ids=["between", "start byte", "cut", "in a value", "in a tag", "after too many"],
)  # fmt: skip
def test_gbk_that_is_not_declared(before: str, bad: bytes, text: str) -> None:
    assert faulted(before.encode() + bad, "text/xml") == ("soap:Server", text)


def test_soap_12_has_no_binding_here() -> None:
    reply = answer(post(envelope(call_element(), SOAP12), "application/soap+xml"))
    assert reply.status == 500
    assert header(reply, "Content-Type") == "application/soap+xml; charset=UTF-8"
    text = "Could not find an appropriate Transport Binding to invoke."
    assert reply.body == fault12("Sender", text)


def test_of_a_foreign_envelope_not_even_a_fault_can_be_written() -> None:
    reply = answer(post(envelope(call_element(), "urn:foreign")))
    assert (reply.status, reply.body) == (500, b"")
    assert header(reply, "Content-Type") == TEXT_XML


def test_without_a_content_type_it_is_no_soap_request() -> None:
    reply = answer(ask("POST", SERVICE, body=GOOD.encode()))
    assert (reply.status, reply.body) == (
        200,
        b"<html><body>Invalid SOAP request.</body></html>",
    )
    assert header(reply, "Content-Type") == "text/html; charset=UTF-8"


@pytest.mark.parametrize(
    ("content_type", "body", "cause"),
    [
        ("text/xml; charset=utf-9", GOOD.encode(), (f"{UNREAD}javax.xml.stream.XMLStreamException:"
         " [unsupported encoding]: java.io.UnsupportedEncodingException: utf-9")),
        ("text/xml", b"<a>\xd6\xd0</a>", (f"{UNREAD}com.ctc.wstx.exc.WstxIOException: Invalid UTF-8"
         " middle byte 0xd0 (at char #3, byte #-1)")),
        ("multipart/related", b"x", ("java.io.IOException: Invalid content type: missing boundary!"
         " multipart/related")),
        ("multipart/related; boundary=b", b"x", "java.io.IOException: Couldn&#39;t find MIME boundary: --b"),
    ],
)  # fmt: skip
def test_a_servlet_that_throws_is_tomcats_500_page(
    content_type: str, body: bytes, cause: str
) -> None:
    reply = answer(post(body, content_type))
    assert reply.status == 500
    assert header(reply, "Content-Type") == "text/html;charset=utf-8"
    assert f"javax.servlet.ServletException: {cause}".encode() in reply.body
