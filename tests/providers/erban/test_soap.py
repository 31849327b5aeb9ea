"""Door 1 over SOAP: every row of what an ASP.NET service answers."""

import pytest
from lxml import etree

from fakeproviders.failures import Reason
from fakeproviders.model import Accepted, RawReply, Refused
from tests.providers.erban.asking import (
    ACTION,
    ASMX,
    FIELDS,
    SOAP11,
    SOAP12,
    SOAP_XML,
    TEXT_XML,
    answer,
    ask,
    envelope,
    header,
    parameters,
    send_element,
    soap11,
    soap12,
)

HEAD = (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{}"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>'
)
TAIL = "</soap:Body></soap:Envelope>"
NO_ACTION = (
    "Unable to handle request without a valid action parameter. Please supply a valid soap action."
)
EN = {"Accept-Language": "en-US,en;q=0.5"}


def whole11(body: str) -> bytes:
    return (HEAD.format(SOAP11) + body + TAIL).encode()


def whole12(body: str) -> bytes:
    return (HEAD.format(SOAP12) + body + TAIL).encode()


def fault11(code: str, text: str) -> bytes:
    return whole11(
        f"<soap:Fault><faultcode>soap:{code}</faultcode><faultstring>{text}</faultstring>"
        "<detail /></soap:Fault>"
    )


def fault12(code: str, text: str, lang: str = "zh-CN") -> bytes:
    return whole12(
        f"<soap:Fault><soap:Code><soap:Value>soap:{code}</soap:Value></soap:Code><soap:Reason>"
        f'<soap:Text xml:lang="{lang}">{text}</soap:Text></soap:Reason><soap:Detail /></soap:Fault>'
    )


def is_fault(reply: RawReply, content_type: str, body: bytes) -> None:
    assert reply.body == body
    assert reply.status == 500
    assert header(reply, "Content-Type") == content_type


def test_a_send_becomes_a_call() -> None:
    call = soap11(send_element())
    assert call.page is None
    assert (call.provider, call.operation, call.door) == ("erban", "send", "asmx.soap11")
    assert call.account == "80000001"
    assert call.mobiles == ("13800000001", "13800000002")
    assert call.content == FIELDS["content"]
    assert call.signature == "【演示签名】"
    assert call.channel == "8000000101"
    assert (call.missing, call.template_id, call.ip) == ("", None, "10.0.0.9")


def test_a_success_is_one_line_with_all_headers() -> None:
    reply = answer(soap11(send_element()))
    assert reply.status == 200
    assert reply.headers == (
        ("Cache-Control", "private, max-age=0"),
        ("Content-Type", "text/xml; charset=utf-8"),
        ("Server", "Microsoft-IIS/7.5"),
        ("X-AspNet-Version", "2.0.50727"),
        ("X-Powered-By", "ASP.NET"),
    )
    assert reply.body == whole11(
        '<SendSms3Response xmlns="http://tempuri.org/"><SendSms3Result>0,短信发送成功'
        "</SendSms3Result></SendSms3Response>"
    )


def test_soap_12_is_answered_in_soap_12() -> None:
    reply = answer(soap12(send_element()))
    assert header(reply, "Content-Type") == "application/soap+xml; charset=utf-8"
    assert reply.body == whole12(
        '<SendSms3Response xmlns="http://tempuri.org/"><SendSms3Result>0,短信发送成功'
        "</SendSms3Result></SendSms3Response>"
    )


def test_soap_12_takes_the_action_of_the_type() -> None:
    call = soap12(send_element(), f'{SOAP_XML}; action="{ACTION}"')
    assert (call.operation, call.door) == ("send", "asmx.soap12")


def test_soap_12_type_makes_a_soapaction_header_meaningless() -> None:
    assert soap12(send_element(), SOAPAction='"nonsense"').operation == "send"


@pytest.mark.parametrize("action", [f'"{ACTION}"', ACTION])
def test_the_action_matches_quoted_or_not(action: str) -> None:
    assert soap11(send_element(), action).operation == "send"


@pytest.mark.parametrize("namespace", [SOAP11, SOAP12])
def test_without_an_action_the_body_element_routes(namespace: str) -> None:
    call = ask(
        "POST", ASMX, headers={"Content-Type": TEXT_XML}, body=envelope(send_element(), namespace)
    )
    assert call.operation == "send"
    assert call.door == ("asmx.soap11" if namespace == SOAP11 else "asmx.soap12")


def test_the_envelope_decides_where_the_action_guessed_wrong() -> None:
    call = soap11(envelope(send_element(), SOAP12))
    assert call.door == "asmx.soap12"


@pytest.mark.parametrize(
    ("action", "shown"),
    [
        ('""', ""),
        ("", ""),
        ('"http://tempuri.org/#SendSms3"', "http://tempuri.org/#SendSms3"),
        ('"http://tempuri.org/sendsms3"', "http://tempuri.org/sendsms3"),
        ("<&>", "&lt;&amp;&gt;"),
    ],
)
def test_unknown_or_empty_action(action: str, shown: str) -> None:
    reply = answer(soap11(send_element(), action))
    is_fault(
        reply, TEXT_XML, fault11("Client", f"服务器未能识别 HTTP 头 SOAPAction 的值: {shown}。")
    )


def test_unknown_action_in_english() -> None:
    reply = answer(soap11(send_element(), '"X"', **EN))
    text = "Server did not recognize the value of HTTP Header SOAPAction: X."
    is_fault(reply, TEXT_XML, fault11("Client", text))


def test_no_action_and_an_unknown_element() -> None:
    reply = answer(soap11('<Nothing xmlns="http://tempuri.org/"/>', None))
    is_fault(reply, TEXT_XML, fault11("Client", NO_ACTION))


@pytest.mark.parametrize("inner", ["", '<SendSms3 xmlns="urn:other"/>', "<SendSms3/>"])
def test_no_action_and_an_unknown_element_in_soap_12(inner: str) -> None:
    is_fault(answer(soap12(inner)), SOAP_XML, fault12("Sender", NO_ACTION))


def test_soap_12_with_a_foreign_action() -> None:
    reply = answer(soap12(send_element(), f'{SOAP_XML}; action="urn:x#SendSms3"'))
    text = "Unable to handle request. The action 'urn:x#SendSms3' was not recognized."
    is_fault(reply, SOAP_XML, fault12("Sender", text))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  \r\n",
        b"hello",
        b"<a>",
        b"<a></b>",
        envelope(send_element())[:-5],
        "<a>中</a>".encode("gbk"),
        f'<Envelope xmlns="{SOAP11}"/>'.encode(),
        f'<Wrong xmlns="{SOAP11}"/>'.encode(),
        b'<!DOCTYPE a [<!ENTITY x "y">]>' + envelope(send_element())[38:],
        b"<a>&undefined;</a>",
    ],
)
def test_valid_action_and_malformed_xml_is_a_bare_400(body: bytes) -> None:
    reply = answer(soap11(body))
    assert (reply.status, reply.body) == (400, b"")
    assert header(reply, "Content-Type") is None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"hello", "Data at the root level is invalid. Line 1, position 1."),
        (b"\r\n  hello", "Data at the root level is invalid. Line 2, position 3."),
        (b"", "Root element is missing."),
        ("中".encode("gbk"), "Invalid character in the given encoding. Line 1, position 1."),
        (b"<a><b>", "Unexpected end of file has occurred. Line 1, position 7."),
    ],
)
def test_no_action_and_a_body_that_is_not_xml(body: bytes, why: str) -> None:
    call = ask("POST", ASMX, headers={"Content-Type": TEXT_XML, **EN}, body=body)
    text = f"Server was unable to process request. ---&gt; {why}"
    is_fault(answer(call), SOAP_XML, fault12("Receiver", text, "en"))


def test_not_xml_in_chinese() -> None:
    reply = answer(ask("POST", ASMX, body=b"hello"))
    why = "Data at the root level is invalid. Line 1, position 1."
    is_fault(reply, SOAP_XML, fault12("Receiver", f"服务器无法处理请求。 ---&gt; {why}"))


def test_a_declared_encoding_that_nobody_knows() -> None:
    body = b'<?xml version="1.0" encoding="klingon"?><a/>'
    assert answer(soap11(body, content_type="text/xml")).status == 400
    reply = answer(soap12(body, "text/xml"))
    assert b"System does not support 'klingon' encoding. Line 1, position 1." in reply.body


def test_a_dtd_is_refused_before_anything_is_expanded() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    reply = answer(ask("POST", ASMX, body=b"<!-- --> <?x y?>\n" + bomb))
    assert b"For security reasons DTD is prohibited" in reply.body
    assert reply.status == 500


def test_a_doctype_in_the_text_is_only_text() -> None:
    given = {**FIELDS, "content": "<![CDATA[<!DOCTYPE x>]]>"}
    assert soap11(send_element(given)).content == "<!DOCTYPE x>"


@pytest.mark.parametrize(
    ("action", "content_type"),
    [
        (ACTION, "application/x-www-form-urlencoded"),
        (ACTION, "application/json"),
        (ACTION, ""),
        (None, "application/json"),
        (None, "application/soap+xml"),
    ],
)
def test_a_routed_request_of_another_type_is_a_bare_415(
    action: str | None, content_type: str
) -> None:
    reply = answer(soap11(send_element(), action, content_type))
    assert (reply.status, reply.body) == (415, b"")


def test_soap_12_of_neither_xml_type_is_a_bare_415() -> None:
    assert answer(soap12(send_element(), "text/plain")).status == 415


def test_a_foreign_envelope_namespace() -> None:
    reply = answer(soap11(envelope(send_element(), "urn:soap")))
    text = (
        "Possible SOAP version mismatch: Envelope namespace urn:soap was unexpected."
        f" Expecting {SOAP11}."
    )
    is_fault(reply, TEXT_XML, fault11("VersionMismatch", text))
    reply = answer(soap12(envelope(send_element(), "urn:soap")))
    text = text.replace(SOAP11, SOAP12)
    is_fault(reply, SOAP_XML, fault12("VersionMismatch", text))


def test_the_method_throws() -> None:
    refused = Refused(Reason.INTERNAL_ERROR, text="a<b")
    reply = answer(soap11(send_element()), refused)
    is_fault(reply, TEXT_XML, fault11("Server", "服务器无法处理请求。 ---&gt; a&lt;b"))
    reply = answer(soap12(send_element(), **EN), refused)
    text = "Server was unable to process request. ---&gt; a&lt;b"
    is_fault(reply, SOAP_XML, fault12("Receiver", text, "en"))


def test_a_body_that_was_too_large() -> None:
    headers = {"Content-Type": TEXT_XML, "SOAPAction": ACTION, **EN}
    reply = answer(ask("POST", ASMX, headers=headers, too_large=True))
    text = "Server was unable to process request. ---&gt; Maximum request length exceeded."
    is_fault(reply, TEXT_XML, fault11("Server", text))


@pytest.mark.parametrize("verb", ["PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", [ASMX, f"{ASMX}/SendSms3"])
def test_other_verbs(verb: str, path: str) -> None:
    reply = answer(ask(verb, path))
    assert (reply.status, reply.body) == (405, b"")


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
    assert soap11(body.replace(b"<account>8", b"<account><!-- c -->8")) == soap11(send_element())


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


def test_an_unknown_charset() -> None:
    reply = answer(soap11(send_element(), content_type="text/xml; charset=klingon", **EN))
    assert reply.status == 500
    assert b"---&gt; 'klingon' is not a supported encoding name." in reply.body
    etree.fromstring(reply.body)


def test_a_refusal_is_code_and_text_at_200() -> None:
    reply = answer(soap11(send_element()), Refused(Reason.CREDENTIALS_INVALID, text="密码<错误"))
    assert reply.status == 200
    assert "<SendSms3Result>-1,密码&lt;错误</SendSms3Result>".encode() in reply.body


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
