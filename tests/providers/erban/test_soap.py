"""Door 1 over SOAP: every row of what an ASP.NET service answers."""

from typing import Literal

import pytest

from fakeproviders.failures import Reason
from fakeproviders.model import Accepted, Refused
from fakeproviders.providers.erban.calls import ErbanCall
from fakeproviders.providers.erban.settings import ErbanSettings
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
    send_element,
    soap11,
    soap12,
)
from tests.providers.erban.soap_replies import (
    EN,
    EXTENSIONS,
    NO_ACTION,
    UPGRADE,
    fault11,
    fault12,
    is_fault,
    whole11,
    whole12,
)


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
        envelope("<s:x></s:y>"),
        envelope("<undeclared:x/>"),
        envelope(send_element()) + b"x",
        envelope("&#0;"),
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
        ("中".encode("gbk"), "Data at the root level is invalid. Line 1, position 1."),
        (
            f'<Envelope xmlns="{SOAP12}"><b>'.encode(),
            "Unexpected end of file has occurred. Line 1, position 62.",
        ),
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


@pytest.mark.parametrize(
    ("action", "content_type"),
    [
        (ACTION, "application/x-www-form-urlencoded"),
        (ACTION, "application/json"),
        (ACTION, ""),
        (None, "application/json"),
        (None, "application/soap+xml"),
        (ACTION, "text/xml ;charset=utf-8"),
    ],
)
def test_a_routed_request_of_another_type_is_a_bare_415(
    action: str | None, content_type: str
) -> None:
    reply = answer(soap11(send_element(), action, content_type))
    assert (reply.status, reply.body) == (415, b"")


def test_soap_12_of_neither_xml_type_is_a_bare_415() -> None:
    assert answer(soap12(send_element(), "text/plain")).status == 415


@pytest.mark.parametrize(
    "call",
    [
        soap11(envelope(send_element(), "urn:soap")),
        soap12(envelope(send_element(), "urn:soap")),
        soap12(envelope("<Unknown/>", "urn:soap"), TEXT_XML),
        soap12(b'<not xmlns="urn:soap"><soap>', TEXT_XML),
        soap11(b'<Wrong xmlns="urn:soap"/>'),
    ],
)
def test_a_foreign_envelope_namespace_is_a_mismatch_in_soap_11_before_all_else(
    call: ErbanCall,
) -> None:
    text = (
        "Possible SOAP version mismatch: Envelope namespace urn:soap was unexpected."
        f" Expecting {SOAP11}."
    )
    whole = fault11("VersionMismatch", text).replace(b"<soap:Body>", UPGRADE + b"<soap:Body>")
    is_fault(answer(call), TEXT_XML, whole)


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
    is_fault(reply, TEXT_XML, fault11("Server", f"{EXTENSIONS} Maximum request length exceeded."))
    reply = answer(ask("POST", ASMX, headers={"Content-Type": SOAP_XML, **EN}, too_large=True))
    text = f"{EXTENSIONS} Maximum request length exceeded."
    is_fault(reply, SOAP_XML, fault12("Receiver", text, "en"))


def test_an_unknown_action_comes_before_a_body_that_is_too_large() -> None:
    headers = {"Content-Type": TEXT_XML, "SOAPAction": "x", **EN}
    reply = answer(ask("POST", ASMX, headers=headers, too_large=True))
    text = "Server did not recognize the value of HTTP Header SOAPAction: x."
    is_fault(reply, TEXT_XML, fault11("Client", text))


@pytest.mark.parametrize("verb", ["PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", [ASMX, f"{ASMX}/SendSms3"])
def test_other_verbs(verb: str, path: str) -> None:
    reply = answer(ask(verb, path))
    assert (reply.status, header(reply, "Content-Type")) == (405, "text/html; charset=utf-8")
    assert b"<h2>Request format is unrecognized.</h2>" in reply.body
    assert header(reply, "Allow") is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_setting_chooses_the_language_of_what_is_no_methods_answer(
    lang: Literal["zh", "en"],
) -> None:
    settings = ErbanSettings(page_lang=lang)
    other = EN if lang == "zh" else {}
    faulted = answer(soap11(send_element(), "x", **other), settings=settings)
    assert ("Server did not" if lang == "en" else "服务器未能").encode() in faulted.body
    for path in ("/WebService/none", f"{ASMX}/"):
        page = answer(ask("GET", path, headers=other), settings=settings)
        assert ("Server Error" if lang == "en" else "服务器错误").encode() in page.body


@pytest.mark.parametrize(
    "action", ["http%3A%2F%2Ftempuri.org%2FSendSms3", '"http://tempuri.org/SendSms%33"']
)
def test_an_action_is_url_decoded(action: str) -> None:
    assert soap11(send_element(), action).operation == "send"


def test_a_quote_on_one_side_belongs_to_the_action() -> None:
    reply = answer(soap11(send_element(), f'"{ACTION}', **EN))
    text = f'Server did not recognize the value of HTTP Header SOAPAction: "{ACTION}.'
    is_fault(reply, TEXT_XML, fault11("Client", text))


def test_an_empty_result_closes_itself() -> None:
    body = answer(soap11(send_element()), Accepted("")).body
    assert b'<SendSms3Response xmlns="http://tempuri.org/"><SendSms3Result /></SendSms3Re' in body


def test_a_refusal_is_code_and_text_at_200() -> None:
    reply = answer(soap11(send_element()), Refused(Reason.CREDENTIALS_INVALID, text="密码<错误"))
    assert reply.status == 200
    assert "<SendSms3Result>-1,密码&lt;错误</SendSms3Result>".encode() in reply.body
