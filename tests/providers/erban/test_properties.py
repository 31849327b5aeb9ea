"""Whatever bytes come, the codec answers; and what a charset can say survives it."""

from urllib.parse import quote_from_bytes

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from fakeproviders.model import Accepted
from tests.providers.erban.asking import (
    ACTION,
    ASMX,
    FORM,
    answer,
    ask,
    envelope,
    header,
    soap11,
)

PIECES = st.sampled_from(
    [b"<?xml ", b"?>", b"<!DOCTYPE a", b"<!--", b"-->", b"<a>", b"</a>", b"<![CDATA[", b"]]>",
     b"&x;", b"&#1;", b"%", b"&", b"=", b"\x00", b"\xff\xfe", "中".encode("gbk"), "中".encode(),
     b" ", b"\n", envelope("<SendSms3 xmlns='http://tempuri.org/'/>"), b"encoding='utf-16'", b"op",
     b"%zz"]
)  # fmt: skip
BODIES = st.one_of(st.binary(), st.lists(PIECES, max_size=12).map(b"".join))
TYPES = st.one_of(
    st.sampled_from(
        ["", "text/xml", "text/xml; charset=gbk", "text/xml; charset=utf-16", "TEXT/XML;charset=x",
         "application/soap+xml; action=x", "application/x-www-form-urlencoded;charset=gbk",
         "application/x-www-form-urlencoded", 'text/xml; charset="utf-8'],
    ),
    st.text(st.characters(codec="latin-1", exclude_categories=["Cc"])),
)  # fmt: skip
PATHS = st.sampled_from([ASMX, f"{ASMX}/SendSms3", f"{ASMX}/", f"{ASMX}/x", FORM, "/", ""])
ACTIONS = st.one_of(st.none(), st.sampled_from([ACTION, f'"{ACTION}"', "", '"', "\udc80"]))
SAYABLE = st.characters(codec="gb18030", exclude_categories=["Cc", "Cs"], exclude_characters="￾￿")


@given(st.sampled_from(["GET", "POST", "PUT"]), PATHS, TYPES, ACTIONS, BODIES)
def test_no_bytes_raise(
    method: str, path: str, content_type: str, action: str | None, body: bytes
) -> None:
    headers = {"Content-Type": content_type} | ({} if action is None else {"SOAPAction": action})
    query = body.decode("utf-8", "surrogateescape")
    reply = answer(ask(method, path, query, headers, body))
    assert reply.status in {200, 400, 404, 405, 415, 500}
    if "xml" in (header(reply, "Content-Type") or ""):
        etree.fromstring(reply.body)


@given(st.text(SAYABLE))
def test_text_survives_soap_in_gbk(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    body = envelope(
        f'<SendSms3 xmlns="http://tempuri.org/"><content>{escaped}</content></SendSms3>'
    )
    call = soap11(body.decode().encode("gb18030"), content_type="text/xml; charset=gbk")
    assert call.content == text


@given(st.text(SAYABLE), st.sampled_from(["utf-8", "gb18030"]))
def test_text_survives_a_form(text: str, charset: str) -> None:
    headers = {"Content-Type": f"application/x-www-form-urlencoded; charset={charset}"}
    body = f"content={quote_from_bytes(text.encode(charset))}".encode()
    assert ask("POST", FORM, headers=headers, body=body).content == text


@given(st.text(SAYABLE))
def test_text_survives_a_query(text: str) -> None:
    query = f"content={quote_from_bytes(text.encode())}"
    assert ask("GET", FORM, query).content == text


@given(st.text())
def test_any_result_is_well_formed(text: str) -> None:
    call = soap11("<SendSms3 xmlns='http://tempuri.org/'/>")
    etree.fromstring(answer(call, Accepted(text)).body)
