"""The client of the Erban service: both doors' requests, and every kind of answer."""

from hashlib import md5
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.clients.answer import Answer, BadAnswer, Fault
from fakeproviders.clients.erban import ErbanClient, Login
from tests.asyncs import asynchronous, run
from tests.clients.http import answering

WHO = Login("80000001", "demo-password", "demo-auth-code", "8000000101")
ASMX, ASPX = "http://h/WebService/SmsService.asmx", "http://h/WebService/sms3.aspx"
SMS = {"mobile": "13800138000", "content": "【演示签名】<1&2>", "smsid": "7"}
SOAP = "<soap:Body><SendSms3Response><SendSms3Result>{}</SendSms3Result></SendSms3Response>"


def send(body: bytes, address: str = ASMX, status: int = 200) -> Answer:
    return run(ErbanClient(answering(body, status).session(), address).send(WHO, SMS))


@asynchronous
async def test_soap_carries_the_digest_and_escapes_the_text() -> None:
    http = answering(SOAP.format("0,短信发送成功").encode())
    assert await ErbanClient(http.session(), ASMX).send(WHO, SMS) == Answer(0, "短信发送成功")
    [asked] = http.asked
    assert asked.headers["SOAPAction"] == '"http://tempuri.org/SendSms3"'
    text = asked.data.decode()
    password = md5(b"demo-passworddemo-auth-code").hexdigest()
    for part in (
        "<account>80000001</account>", f"<password>{password}</password>",
        "<channel>8000000101</channel>", "<sendType>0</sendType>", "<smsid>7</smsid>",
        "<content>【演示签名】&lt;1&amp;2&gt;</content>",
    ):  # fmt: skip
        assert part in text


@asynchronous
async def test_the_form_page_gets_gbk() -> None:
    http = answering("-1,账号或密钥错误\r\n".encode())
    assert await ErbanClient(http.session(), ASPX).send(WHO, SMS) == Answer(-1, "账号或密钥错误")
    [asked] = http.asked
    assert asked.headers["Content-Type"].endswith("charset=gbk")
    fields = parse_qs(asked.data.decode("ascii"), encoding="gbk")
    assert fields["content"] == ["【演示签名】<1&2>"]


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (SOAP.format("-6,手机号码格式不正确"), Answer(-6, "手机号码格式不正确")),
        (SOAP.format("-9,a &lt;b&gt;, c"), Answer(-9, "a <b>, c")),
        (SOAP.format(" 0 , 成功 "), Answer(0, "成功")),
    ],
)
def test_an_answer_is_a_code_and_a_text(body: str, answer: Answer) -> None:
    assert send(body.encode()) == answer


@pytest.mark.parametrize(
    "body", ["", "<html>503</html>", SOAP.format("成功"), SOAP.format(""), "0,", "{}", "\ufffd"]
)
def test_anything_else_is_said_so(body: str) -> None:
    with pytest.raises(BadAnswer) as raised:
        send(body.encode(), status=503)
    assert raised.value.status == 503


@pytest.mark.parametrize("element", ["faultstring", "soap:Text xml:lang='zh-CN'"])
def test_a_fault_is_told_with_its_reason(element: str) -> None:
    body = (
        f"<soap:Fault><{element}>服务器无法处理请求。 ---&gt; 系统内部错误</{element.split()[0]}>"
    )
    with pytest.raises(Fault) as raised:
        send(body.encode(), status=500)
    assert raised.value.reason == "系统内部错误"


@asynchronous
async def test_the_guides_check_wants_a_page() -> None:
    page = b"<html><title>SmsService</title>"
    assert "SmsService" in await ErbanClient(answering(page).session(), ASMX).help_page()
    for body, status in ((page, 503), (b"0,ok", 200)):
        with pytest.raises(BadAnswer):
            await ErbanClient(answering(body, status).session(), ASMX).help_page()


@given(st.binary(max_size=60), st.sampled_from([ASMX, ASPX]))
def test_no_answer_makes_it_fail_in_another_way(body: bytes, address: str) -> None:
    try:
        answer = send(body, address)
    except BadAnswer:
        return
    assert isinstance(answer.code, int)
