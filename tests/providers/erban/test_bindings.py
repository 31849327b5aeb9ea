"""Door 1 over plain HTTP GET and POST."""

from urllib.parse import urlencode

import pytest

from fakeproviders.failures import Reason
from fakeproviders.model import Accepted, RawReply, Refused
from tests.providers.erban.asking import ASMX, FIELDS, answer, ask, header, send_element, soap11

SEND = f"{ASMX}/SendSms3"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY = urlencode(FIELDS)


def is_error(reply: RawReply, text: str) -> None:
    assert reply.body == f"{text}\r\n".encode()
    assert reply.status == 500
    assert header(reply, "Content-Type") == "text/plain; charset=utf-8"


def test_get_reads_what_soap_reads() -> None:
    call, soap = ask("GET", SEND, QUERY), soap11(send_element())
    assert call.door == "asmx.get"
    call.door = soap.door
    assert call == soap


def test_post_reads_what_get_reads() -> None:
    call, get = ask("POST", SEND, headers=FORM, body=QUERY.encode()), ask("GET", SEND, QUERY)
    assert call.door == "asmx.post"
    call.door = get.door
    assert call == get


def test_a_success_is_a_string_element_after_crlf() -> None:
    reply = answer(ask("GET", SEND, QUERY))
    assert (
        reply.body
        == (
            '<?xml version="1.0" encoding="utf-8"?>\r\n'
            '<string xmlns="http://tempuri.org/">0,短信发送成功</string>'
        ).encode()
    )
    assert reply.status == 200
    assert header(reply, "Content-Type") == "text/xml; charset=utf-8"
    assert header(reply, "Cache-Control") == "private, max-age=0"


def test_the_first_missing_parameter_in_declared_order() -> None:
    is_error(answer(ask("GET", SEND)), "Missing parameter: account.")
    is_error(answer(ask("GET", SEND, "sendType=1&account=2")), "Missing parameter: password.")
    no_type = urlencode({key: value for key, value in FIELDS.items() if key != "sendType"})
    is_error(answer(ask("GET", SEND, no_type)), "Missing parameter: sendType.")


def test_an_empty_value_is_a_value_and_a_bare_name_is_none() -> None:
    assert ask("GET", SEND, urlencode(dict.fromkeys(FIELDS, ""))).page is None
    is_error(answer(ask("GET", SEND, "account")), "Missing parameter: account.")


def test_names_have_no_case_and_repeated_ones_are_joined() -> None:
    call = ask("GET", SEND, f"{QUERY}&MOBILE=13800000003".replace("account=", "ACCount="))
    assert call.account == "80000001"
    assert call.mobiles == ("13800000001", "13800000002", "13800000003")


@pytest.mark.parametrize(
    ("name", "shown"), [("Send", "Send"), ("A/b", "A/b"), ("<i>\xe9'", "&lt;i&gt;&#233;'")]
)
def test_a_method_that_is_none(name: str, shown: str) -> None:
    reply = answer(ask("GET", f"{ASMX}/{name}", QUERY))
    is_error(reply, f"{shown} Web Service method name is not valid.")


def test_a_method_in_another_case_is_hinted_at() -> None:
    is_error(
        answer(ask("GET", f"{ASMX}/sendSMS3", QUERY)),
        "Invalid method name 'sendSMS3',  method names are case sensitive.   The method name"
        " 'SendSms3' with the same name but different casing was found.\r\n"
        "Parameter name: methodName",
    )


@pytest.mark.parametrize("declared", ["application/json; charset=utf-8", "text/xml", ""])
def test_a_post_of_another_type(declared: str) -> None:
    reply = answer(ask("POST", SEND, headers={"Content-Type": declared}, body=QUERY.encode()))
    is_error(reply, f"Request format is invalid: {declared}.")


def test_an_unknown_charset_is_passed_over() -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=klingon"}
    call = ask("POST", SEND, headers=headers, body=QUERY.encode())
    assert call.content == FIELDS["content"]


def test_a_body_that_was_too_large() -> None:
    reply = answer(ask("POST", SEND, headers=FORM, too_large=True))
    is_error(reply, "Maximum request length exceeded.")
    reply = answer(ask("POST", SEND, headers={"Content-Type": "text/xml"}, too_large=True))
    is_error(reply, "Request format is invalid: text/xml.")


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT"])
def test_a_slash_alone_is_no_method(verb: str) -> None:
    reply = answer(ask(verb, f"{ASMX}/"))
    assert (reply.status, header(reply, "Content-Type")) == (500, "text/html; charset=utf-8")
    assert b"unexpectedly ending in &#39;/&#39;." in reply.body


def test_declared_gbk_decodes_percent_encoded_bytes() -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded;charset=gbk"}
    call = ask("POST", SEND, headers=headers, body=urlencode(FIELDS, encoding="gbk").encode())
    assert call.content == FIELDS["content"]


def test_a_query_in_gbk_is_recognised() -> None:
    assert ask("GET", SEND, urlencode(FIELDS, encoding="gbk")).content == FIELDS["content"]


def test_the_method_throws() -> None:
    is_error(answer(ask("GET", SEND, QUERY), Refused(Reason.INTERNAL_ERROR, text="坏<")), "坏&lt;")


def test_a_refusal_is_code_and_text() -> None:
    reply = answer(ask("GET", SEND, QUERY), Refused(Reason.RATE_LIMITED, text="太快"))
    assert reply.body.endswith('<string xmlns="http://tempuri.org/">-13,太快</string>'.encode())
    assert reply.status == 200


def test_the_balance() -> None:
    reply = answer(ask("GET", f"{ASMX}/GetSmsMoney2", "in0=80000001&in1=x"), Accepted(7))
    assert reply.body.endswith(b'<string xmlns="http://tempuri.org/">7</string>')


def test_an_empty_result_closes_itself() -> None:
    reply = answer(ask("GET", SEND, QUERY), Accepted(""))
    assert reply.body.endswith(b'\r\n<string xmlns="http://tempuri.org/" />')


def test_the_path_of_the_file_has_no_case() -> None:
    assert ask("GET", "/webservice/SMSSERVICE.ASMX/SendSms3", QUERY).operation == "send"
