"""Door 2, the form page."""

from urllib.parse import urlencode

import pytest

from fakeproviders.failures import Reason
from fakeproviders.model import Refused
from tests.providers.erban.asking import FIELDS, FORM, answer, ask, header

QUERY = urlencode(FIELDS)
URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}


def test_a_posted_form_and_a_query_say_the_same() -> None:
    posted = ask("POST", FORM, headers=URLENCODED, body=QUERY.encode())
    assert posted == ask("GET", FORM, QUERY)
    assert (posted.operation, posted.content, posted.missing) == ("send", FIELDS["content"], "")


def test_the_reply_is_plain_text() -> None:
    reply = answer(ask("GET", FORM, QUERY))
    assert reply.body == "0,短信发送成功".encode()
    assert reply.status == 200
    assert header(reply, "Content-Type") == "text/plain; charset=utf-8"
    assert header(reply, "Server") == "Microsoft-IIS/7.5"


@pytest.mark.parametrize("charset", ["gbk", "GB2312", "gb18030"])
def test_the_declared_charset_decodes_percent_encoded_bytes(charset: str) -> None:
    headers = {"Content-Type": f"application/x-www-form-urlencoded;charset={charset}"}
    body = urlencode(FIELDS, encoding="gb18030").encode()
    assert ask("POST", FORM, headers=headers, body=body).content == FIELDS["content"]


def test_stray_bytes_of_the_declared_charset_are_read_too() -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded;charset=gbk"}
    assert ask("POST", FORM, headers=headers, body="content=中 文".encode("gbk")).content == "中 文"


def test_smsid_and_send_type_may_be_left_out() -> None:
    short = {key: FIELDS[key] for key in ("account", "password", "mobile", "content", "channel")}
    call = ask("GET", FORM, urlencode(short))
    assert (call.missing, call.out_id) == ("", "")


@pytest.mark.parametrize("name", ["account", "password", "mobile", "content", "channel"])
def test_a_required_field_that_is_missing(name: str) -> None:
    rest = {key: value for key, value in FIELDS.items() if key != name}
    assert ask("GET", FORM, urlencode(rest)).missing == name


def test_the_query_comes_before_the_form() -> None:
    call = ask("POST", FORM, "account=1", URLENCODED, b"account=2&mobile=3")
    assert (call.account, call.mobiles) == ("1", ("3",))


def test_names_and_path_have_no_case() -> None:
    assert ask("GET", "/webservice/SMS3.aspx", "ACCOUNT=5").account == "5"


def test_a_body_of_another_type_is_no_form() -> None:
    headers = {"Content-Type": "application/json"}
    assert ask("POST", FORM, headers=headers, body=QUERY.encode()).missing == "account"


def test_a_refusal_is_code_and_text() -> None:
    reply = answer(ask("GET", FORM, QUERY), Refused(Reason.CHANNEL_NOT_FOUND, text="无此通道"))
    assert (reply.status, reply.body) == (200, "-5,无此通道".encode())


def test_the_page_throws() -> None:
    reply = answer(ask("GET", FORM, QUERY), Refused(Reason.INTERNAL_ERROR, text="坏<了"))
    assert (reply.status, header(reply, "Content-Type")) == (500, "text/html; charset=utf-8")
    assert "坏&lt;了".encode() in reply.body


def test_an_unknown_charset_and_a_large_body_are_yellow_pages() -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded;charset=klingon"}
    reply = answer(ask("POST", FORM, headers=headers, body=b"account=1"))
    assert reply.status == 500
    assert b"is not a supported encoding name." in reply.body
    reply = answer(ask("POST", FORM, headers=URLENCODED, too_large=True))
    assert reply.status == 500
    assert b"Maximum request length exceeded." in reply.body


def test_other_verbs() -> None:
    assert answer(ask("PUT", FORM)).status == 405
