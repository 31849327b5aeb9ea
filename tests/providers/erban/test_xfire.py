"""Door 3 over SOAP: what XFire accepts, what it answers, and what it says of bad requests."""

import pytest

from fakeproviders.failures import Reason, failure
from fakeproviders.model import Accepted, Refused
from fakeproviders.providers.erban.methods import METHODS, Method
from tests.providers.erban.asking import FIELDS, SENT, answer, ask, header
from tests.providers.erban.java_twin import (
    SERVICE,
    TEXT_XML,
    VALUES,
    call_element,
    envelope,
    fault_in,
    faulted,
    post,
    returned,
)

GOOD = envelope(call_element())
SPACED = GOOD.replace("><", ">\n<")
RESULTS = {
    **dict.fromkeys(("SendSms", "SendSms2", "UpdateSmsMo"), (SENT, "0")),
    "GetSmsMo": (Accepted([]), ""),
}
"""Of operations that return no text as it is."""
HEADER = '<s:Header><h:token xmlns:h="urn:h" s:mustUnderstand="{}"/></s:Header>'


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_every_operation_is_called_by_position(method: Method) -> None:
    values = [f"value {place}" for place in range(len(method.parameters))]
    call = post(envelope(call_element(method.name, values)))
    assert (call.door, call.operation) == ("xfire.soap", method.meaning.operation)
    assert (call.method, call.missing) == (method.name, "")
    outcome, text = RESULTS.get(method.name, (Accepted("文<&>"), "文&lt;&amp;&gt;"))
    reply = answer(call, outcome)
    assert reply.status == 200
    assert reply.headers == (("Server", "Apache-Coyote/1.1"), ("Content-Type", TEXT_XML))
    assert reply.body == returned(method.name, text)


@pytest.mark.parametrize("namespace", ["http://service.canv.com", "http://tempuri.org/", ""])
@pytest.mark.parametrize("action", ["", '""', "urn:anything", None])
def test_the_body_elements_local_name_alone_routes(namespace: str, action: str | None) -> None:
    headers = {} if action is None else {"SOAPAction": action}
    call = post(envelope(call_element(namespace=namespace)), **headers)
    assert (call.method, call.account, call.mobile) == ("SendSms3", VALUES[0], VALUES[2])


def test_the_declared_names_and_axis_1s_unqualified_ones_are_positions_too() -> None:
    inner = "".join(
        f'<{name} xsi:type="xsd:string" xmlns="">{value}</{name}>' for name, value in FIELDS.items()
    )
    call = post(
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"'
        ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><e:Body>'
        f'<n:SendSms3 xmlns:n="http://service.canv.com">{inner}</n:SendSms3></e:Body></e:Envelope>'
    )
    assert (call.missing, call.content, call.channel) == ("", FIELDS["content"], FIELDS["channel"])


def test_white_space_around_a_value_is_dropped_and_nil_is_null() -> None:
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    values = "<a>80000001</a><b/><c>\n 1 </c><d>\t【一】 二\u3000\n</d>"
    call = post(
        envelope(f'<SendSms3>{values}<e {xsi} xsi:nil="true">x</e><f/><g/></SendSms3>'),
    )
    assert (call.mobiles, call.content) == (("1",), "【一】 二\u3000")
    assert (call.channel, call.missing) == (None, "channel")


# What XFire itself makes of these documents was seen by running it.
@pytest.mark.parametrize(
    "document",
    [
        GOOD.removesuffix("</s:Envelope>"),
        GOOD + "<junk",
        SPACED.removesuffix("</s:Body>\n</s:Envelope>"),
        SPACED.replace("</s:Body>", "<more/></s:Body>"),
        f"<Body>{call_element()}</Body>",
        envelope(f"<x><Body>{call_element()}</Body></x>").replace("s:Body>", "other>"),
        f"<?xml version='1.0' encoding='GBK'?><!-- 中 -->{GOOD}",
        "\ufeff" + GOOD,
        envelope(call_element() + "tail"),
        envelope(call_element().replace("</in6>", "</in6>text")),
        envelope(call_element(), before=HEADER.format(0)),
    ],
    ids=[
        "no end",
        "junk",
        "cut",
        "two",
        "bare body",
        "deep body",
        "foreign encoding",
        "bom",
        "tail",
        "text",
        "header",
    ],
)
def test_what_does_not_keep_a_call_from_being_read(document: str) -> None:
    assert post(document).content == FIELDS["content"]


def test_an_element_right_behind_the_method_is_one_more_parameter() -> None:
    six = call_element(values=VALUES[:6])
    call = post(envelope(f"{six}<more>0</more>"))
    assert (call.content, call.out_id) == (FIELDS["content"], VALUES[5])
    assert faulted(envelope(f"{call_element()}<more/>")) == ("soap:Server", "Index: 7, Size: 7")
    assert faulted(envelope(f"{six}\n<more>0</more>"))[0] == "soap:Client"
    assert post(envelope("<GetChannel/><more/>")).method == "GetChannel"


@pytest.mark.parametrize(
    "content_type", ["text/xml", "application/octet-stream", "", "text/html;charset='utf-8'"]
)
def test_any_content_type_will_do(content_type: str) -> None:
    assert post(GOOD, content_type).method == "SendSms3"


@pytest.mark.parametrize("charset", ["GBK", '"gb2312"', "UTF-16"])
def test_the_declared_charset_decodes_and_the_reply_is_utf_8(charset: str) -> None:
    call = post(GOOD.encode(charset.strip('"')), f"text/xml; charset={charset}")
    assert call.content == FIELDS["content"]
    assert header(answer(call), "Content-Type") == TEXT_XML


def test_an_attachment_is_passed_over() -> None:
    body = (
        '--b\r\nContent-Type: application/xop+xml; charset=UTF-8; type="text/xml"\r\n'
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{GOOD}\r\n--b\r\nContent-Type: image/png\r\n\r\n\x01\r\n--b--"
    )
    call = post(body, 'Multipart/Related; type="application/xop+xml"; boundary="b"')
    assert call.content == FIELDS["content"]
    assert header(answer(call), "Content-Type") == TEXT_XML


@pytest.mark.parametrize(
    ("verb", "status"), [("PUT", 405), ("DELETE", 405), ("OPTIONS", 200), ("BREW", 501)]
)
def test_other_verbs(verb: str, status: int) -> None:
    reply = answer(ask(verb, SERVICE))
    assert reply.status == status
    assert header(reply, "Server") == "Apache-Coyote/1.1"
    allowed = None if status == 501 else "GET, HEAD, POST, TRACE, OPTIONS"
    assert header(reply, "Allow") == allowed


def test_a_body_that_was_too_large() -> None:
    reply = answer(ask("POST", SERVICE, headers={"Content-Type": TEXT_XML}, too_large=True))
    assert reply.status == 413
    assert b"Apache Tomcat" in reply.body


def test_a_method_that_throws_something_undeclared_faults_the_client() -> None:
    reply = answer(post(GOOD), Refused(Reason.INTERNAL_ERROR))
    assert fault_in(reply) == ("soap:Client", failure(Reason.INTERNAL_ERROR).text)


@pytest.mark.parametrize(
    ("reason", "status"), [(Reason.MAINTENANCE, 503), (Reason.BASE_URL_HAS_API_PATH, 404)]
)
def test_what_the_web_server_answers_is_a_page_of_tomcats(reason: Reason, status: int) -> None:
    reply = answer(post(GOOD), Refused(reason))
    assert (reply.status, header(reply, "Server")) == (status, "Apache-Coyote/1.1")
    assert f"<h1>HTTP Status {status} - ".encode() in reply.body


def test_text_is_escaped_as_the_server_escapes_it() -> None:
    reply = answer(post(GOOD), Accepted("a>b]>c &>\r<x>"))
    assert reply.body == returned("SendSms3", "a>b]&gt;c &amp;&gt;&#xd;&lt;x>")


def test_a_refusal_is_a_result() -> None:
    reply = answer(post(GOOD), Refused(Reason.MOBILE_BLACKLISTED))
    text = failure(Reason.MOBILE_BLACKLISTED).text
    assert (reply.status, reply.body) == (200, returned("SendSms3", f"-7,{text}"))
    number = answer(post(GOOD.replace("SendSms3", "SendSms").replace("<in6>1</in6>", "")),
                    Refused(Reason.MOBILE_BLACKLISTED))  # fmt: skip
    assert number.body == returned("SendSms", "-7")
