"""Door 1 over SOAP: what is read of an envelope, its texts and their charset."""

import pytest

from fakeproviders.model import Accepted
from tests.providers.erban.asking import (
    FIELDS,
    SOAP11,
    SOAP12,
    SOAP_XML,
    TEXT_XML,
    answer,
    envelope,
    parameters,
    send_element,
    soap11,
    soap12,
)
from tests.providers.erban.soap_replies import (
    EN,
    NO_ACTION,
    NO_BODY,
    NO_ENVELOPE,
    PROCESS,
    READ,
    XSI,
    fault11,
    fault12,
    is_fault,
)


def test_a_doctype_in_the_text_is_only_text() -> None:
    given = {**FIELDS, "content": "<![CDATA[<!DOCTYPE x>]]>"}
    assert soap11(send_element(given)).content == "<!DOCTYPE x>"


def test_parameters_in_any_order() -> None:
    backwards = dict(reversed(FIELDS.items()))
    assert soap11(send_element(backwards)) == soap11(send_element())


def test_missing_and_unknown_parameters_are_null() -> None:
    call = soap11(send_element({"account": "1", "password": "2", "Mobile": "3"}))
    assert (call.mobiles, call.missing, call.page) == ((), "mobile", None)


def test_an_empty_parameter_is_not_a_missing_one() -> None:
    call = soap11(send_element({**FIELDS, "content": ""}))
    assert (call.content, call.missing) == ("", "")


def test_wrongly_qualified_parameters_are_null() -> None:
    unqualified = parameters().replace("<account>", '<account xmlns="">', 1)
    assert soap11(f'<SendSms3 xmlns="http://tempuri.org/">{unqualified}</SendSms3>').account == ""
    axis = f'<n:SendSms3 xmlns:n="http://tempuri.org/">{parameters()}</n:SendSms3>'
    call = soap11(axis)
    assert (call.account, call.content, call.missing) == ("", None, "account")


def test_the_first_of_repeated_parameters_counts() -> None:
    twice = send_element().replace("</SendSms3>", "<account>2</account></SendSms3>")
    assert soap11(twice).account == "80000001"


def test_attributes_of_parameters_say_nothing() -> None:
    typed = send_element().replace(
        "<account>",
        '<account xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="nowhere:string">',
    )
    assert soap11(typed) == soap11(send_element())


def test_an_action_and_another_element_give_nulls() -> None:
    call = soap11('<GetSmsMoney2 xmlns="http://tempuri.org/"/>')
    assert (call.operation, call.missing) == ("send", "account")


def test_headers_and_comments_are_passed_over() -> None:
    body = envelope(send_element()).replace(
        b"<s:Body>", b"<s:Header><x:h xmlns:x='urn:x'>1</x:h></s:Header><!-- c --><s:Body>"
    )
    assert soap11(body.replace(b"<account>", b"<!-- c --><?pi x?><account>")) == soap11(
        send_element()
    )


@pytest.mark.parametrize("inside", ["<!-- c -->", "<b>1</b>", "<?pi x?>"])
def test_a_parameter_that_holds_more_than_text_is_a_bare_400(inside: str) -> None:
    reply = answer(soap11(send_element({**FIELDS, "account": f"8{inside}0"})))
    assert (reply.status, reply.body) == (400, b"")
    repeated = send_element().replace("</SendSms3>", f"<account>{inside}</account></SendSms3>")
    assert soap11(repeated) == soap11(send_element())


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<![CDATA[<&]]>", "<&"),
        ("a<![CDATA[b]]>c", "abc"),
        ("&lt;&#20013;&#x1F600;&gt;", "<中\U0001f600>"),
        ("  a\r\nb\t ", "  a\nb\t "),
        ("\n", "\n"),
        ("", ""),
    ],
)
def test_a_text_is_read_as_it_was_meant(written: str, read: str) -> None:
    call = soap11(send_element({**FIELDS, "content": written}))
    assert call.content == read


@pytest.mark.parametrize(
    "empty",
    [
        "<content/>",
        f'<content xmlns:i="{XSI}" i:nil="true"/>',
        '<content href="#id0"/>',
    ],
)
def test_nil_and_references_are_empty_texts(empty: str) -> None:
    """A .NET string in a wrapped message is not nillable, and a literal one has no multiRef."""
    element = f'<SendSms3 xmlns="http://tempuri.org/">{empty}</SendSms3>'
    referred = '<multiRef xmlns="" id="id0">text</multiRef>'
    call = soap11(element + referred)
    assert (call.content, call.missing) == ("", "account")


def test_of_several_elements_in_the_body_the_methods_own_are_read() -> None:
    first = (
        '<SendSms3 xmlns="http://tempuri.org/"><account>1</account><mobile>2</mobile></SendSms3>'
    )
    second = '<SendSms3 xmlns="http://tempuri.org/"><account>3</account></SendSms3>'
    call = soap11(f"<x/>text{first}<SendSms3/>{second}")
    assert (call.account, call.mobiles) == ("3", ("2",))


@pytest.mark.parametrize(
    "stray", ["<x xmlns='urn:x'/><SendSms3 xmlns='http://tempuri.org/'/>", "x"]
)
def test_without_an_action_the_first_thing_in_the_body_routes(stray: str) -> None:
    inner = f"{stray}{send_element()}"
    is_fault(answer(soap12(inner)), SOAP_XML, fault12("Sender", NO_ACTION))


def test_a_request_that_is_routed_and_then_malformed_is_a_bare_400() -> None:
    cut = envelope(send_element(), SOAP12)[:-40]
    assert answer(soap12(cut)).status == 400
    reply = answer(soap12(cut[: cut.index(b"<SendSms3") + 5], SOAP_XML, **EN))
    assert reply.status == 500
    assert PROCESS.encode() in reply.body


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (f'<Wrong xmlns="{SOAP11}"/>', NO_ENVELOPE),
        (f'<Envelope xmlns="{SOAP11}"/>', NO_BODY),
        (f'<Envelope xmlns="{SOAP11}"><Header/><Wrong/></Envelope>', NO_BODY),
        (f'<Envelope xmlns="{SOAP11}">text<Body/></Envelope>', NO_BODY),
        (f'<Envelope xmlns="{SOAP11}"><Header/>text<Body/></Envelope>', NO_BODY),
        (f'<Envelope xmlns="{SOAP11}"><x/><Body/></Envelope>', NO_BODY),
        (f'<Envelope xmlns="{SOAP11}"><Header/><Header/><Body/></Envelope>', NO_BODY),
    ],
)
def test_an_envelope_without_its_parts(body: str, why: str) -> None:
    reply = answer(soap11(body.encode(), **EN))
    is_fault(reply, TEXT_XML, fault11("Client", f"{READ} {why}"))


def test_an_envelope_without_its_parts_that_nothing_routes() -> None:
    reply = answer(soap12(f'<Envelope xmlns="{SOAP12}"/>'.encode(), **EN))
    is_fault(reply, SOAP_XML, fault12("Receiver", f"{PROCESS} {NO_BODY}", "en"))
    reply = answer(soap12(f'<Wrong xmlns="{SOAP11}"/>'.encode(), TEXT_XML, **EN))
    is_fault(reply, TEXT_XML, fault11("Server", f"{PROCESS} {NO_ENVELOPE}"))


@pytest.mark.parametrize("charset", ["gbk", "GB2312", '"gb18030"'])
def test_the_charset_of_the_type_wins_over_the_declaration(charset: str) -> None:
    body = envelope(send_element()).decode().encode("gb18030")
    assert soap11(body, content_type=f"text/xml; charset={charset}") == soap11(send_element())


def test_the_declaration_counts_where_the_type_is_silent() -> None:
    text = envelope(send_element()).decode().replace('"utf-8"', '"GBK"')
    assert soap11(text.encode("gb18030"), content_type="text/xml") == soap11(send_element())


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_counts(codec: str) -> None:
    text = envelope(send_element()).decode()
    assert soap11(text.encode(codec), content_type="text/xml") == soap11(send_element())


def test_a_byte_order_mark_wins_over_the_type() -> None:
    text = envelope(send_element()).decode()
    assert soap11(text.encode("utf-16"), content_type=TEXT_XML) == soap11(send_element())
    utf8 = text.encode("utf-8-sig")
    assert soap11(utf8, content_type="text/xml; charset=gbk") == soap11(send_element())


def test_bytes_that_the_declared_charset_has_not_are_lost() -> None:
    """The usual mistake: GBK that says it is UTF-8."""
    body = envelope(send_element()).decode().encode("gbk")
    content = soap11(body).content
    assert content is not None
    assert "\ufffd" in content
    assert "123456" in content


def test_an_unknown_charset_is_passed_over() -> None:
    unknown = "text/xml; charset=klingon"
    assert soap11(send_element(), content_type=unknown) == soap11(send_element())


@pytest.mark.parametrize("written", ["charset='gbk'", 'CharSet="GBK"', "charset = gbk"])
def test_a_charset_may_be_written_in_many_ways(written: str) -> None:
    body = envelope(send_element()).decode().encode("gbk")
    assert soap11(body, content_type=f"text/xml; {written}") == soap11(send_element())


def test_the_balance() -> None:
    element = (
        '<GetSmsMoney2 xmlns="http://tempuri.org/"><in0>80000001</in0><in1>x</in1></GetSmsMoney2>'
    )
    call = soap11(element, "http://tempuri.org/GetSmsMoney2")
    assert (call.operation, call.account, call.missing) == ("balance", "80000001", "")
    assert b"<GetSmsMoney2Result>99</GetSmsMoney2Result>" in answer(call, Accepted(99)).body


def test_the_balance_of_a_channel() -> None:
    element = (
        '<GetSmsMoney xmlns="http://tempuri.org/"><in1>x</in1><in2>8000000101</in2></GetSmsMoney>'
    )
    call = soap11(element, "http://tempuri.org/GetSmsMoney")
    assert (call.channel, call.missing) == ("8000000101", "in0")


@pytest.mark.parametrize(
    ("smsid", "send_type", "out_id"), [("7", "1", ""), ("7", "0", "7"), ("7.5", "", "7.5")]
)
def test_an_opaque_smsid_is_no_identity(smsid: str, send_type: str, out_id: str) -> None:
    given = {**FIELDS, "smsid": smsid, "sendType": send_type}
    assert soap11(send_element(given)).out_id == out_id
