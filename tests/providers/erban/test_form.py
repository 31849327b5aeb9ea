"""Door 2, the form page."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.failures import Reason
from fakeproviders.model import Refused
from fakeproviders.providers.erban.multipart import multipart_fields
from tests.providers.erban.asking import FIELDS, FORM, answer, ask, header

QUERY = urlencode(FIELDS)
SAYABLE = st.characters(codec="utf-8")
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


def test_an_unknown_charset_is_passed_over() -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded;charset=klingon"}
    assert ask("POST", FORM, headers=headers, body=b"account=1").account == "1"


def test_a_large_body_is_a_yellow_page() -> None:
    reply = answer(ask("POST", FORM, headers=URLENCODED, too_large=True))
    assert reply.status == 500
    assert b"Maximum request length exceeded." in reply.body


def test_other_verbs() -> None:
    assert answer(ask("PUT", FORM)).status == 405


def multipart(*parts: tuple[str, str], end: str = "\r\n", boundary: str = "b") -> bytes:
    """A multipart body of parts: what follows ``form-data`` in the head, and the value."""
    texts = [
        f"--{boundary}{end}Content-Disposition: form-data{more}{end}{end}{value}{end}"
        for more, value in parts
    ]
    return f"{''.join(texts)}--{boundary}--{end}".encode()


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("declared", ["boundary=b", 'charset=utf-8; boundary="b"'])
def test_a_multipart_form_says_the_same(end: str, declared: str) -> None:
    headers = {"Content-Type": f"Multipart/Form-Data; {declared}"}
    body = multipart(*((f'; name="{name}"', value) for name, value in FIELDS.items()), end=end)
    assert ask("POST", FORM, headers=headers, body=body) == ask("GET", FORM, QUERY)


@pytest.mark.parametrize(
    ("more", "value", "content"),
    [
        ("; name=content", "a\r\n\r\n--bc\r\n", "a\r\n\r\n--bc\r\n"),
        (';NAME="Content"', "", ""),
        ('; name="content"; filename="a.txt"', "x", None),
        ('; filename="a.txt"; name="content"', "x", None),
        ("; name=", "x", None),
        ("", "x", None),
    ],
)
def test_a_part_is_a_field_by_its_name(more: str, value: str, content: str | None) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert ask("POST", FORM, headers=headers, body=multipart((more, value))).content == content


@pytest.mark.parametrize(
    ("declared", "body"),
    [
        ("", multipart(("; name=content", "x"))),
        ("; boundary=c", multipart(("; name=content", "x"))),
        ("; boundary=b", multipart(("; name=content", "x")).removesuffix(b"--b--\r\n")),
        ("; boundary=b", b"--b\r\n--b--\r\n"),
        ("; boundary=b", b""),
    ],
)
def test_a_multipart_form_that_is_none(declared: str, body: bytes) -> None:
    headers = {"Content-Type": f"multipart/form-data{declared}"}
    assert ask("POST", FORM, headers=headers, body=body).content is None


@given(
    st.dictionaries(st.sampled_from([*FIELDS]), st.text(SAYABLE).filter(lambda v: "--b" not in v)),
    st.sampled_from(["utf-8", "gb18030"]),
)
def test_any_texts_survive_a_multipart_form(fields: dict[str, str], charset: str) -> None:
    body = multipart(*((f'; name="{name}"', value) for name, value in fields.items()))
    found = multipart_fields(body.decode().encode(charset), "b", charset)
    assert found == {name.lower(): value for name, value in fields.items()}


@given(st.binary(), st.text())
def test_no_bytes_break_the_reader(body: bytes, boundary: str) -> None:
    multipart_fields(b"--" + body.replace(b"x", b"\r\n--"), boundary, "utf-8")


def test_a_form_is_known_by_how_its_type_begins() -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded ;charset=gbk"}
    body = urlencode(FIELDS, encoding="gbk").encode()
    assert ask("POST", FORM, headers=headers, body=body).content == FIELDS["content"]
