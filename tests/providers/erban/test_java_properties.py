"""Whatever bytes come, doors 3 and 4 answer in their own form; and what XML and JSON can say survives them."""

import json
from xml.sax.saxutils import escape

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from fakeproviders.model import Accepted
from tests.providers.erban.asking import answer, ask, header
from tests.providers.erban.java_twin import (
    SERVICE,
    SERVICES,
    VALUES,
    call_element,
    envelope,
    post,
)

GOOD = envelope(call_element())
PIECES = st.sampled_from(
    ["<?xml ", "?>", "<!DOCTYPE a", "<!--", "-->", "<a>", "</a>", "<![CDATA[", "]]>", "&x;", "&#1;", "&#0;",
     "&", "\x00", "\ufeff", "中", " ", "\n", "<s:Envelope", "xmlns:s='urn:x'", "<Body>", "</Body>", "<x:Body>",
     "<SendSms3>", "</SendSms3>", "<in0 x:y='1'>", "</in0>", "<Header>", "--b\r\n\r\n", GOOD, "encoding='utf-16'"]
)  # fmt: skip
DOCUMENTS = st.one_of(
    st.binary(),
    st.lists(PIECES, max_size=12).map(lambda pieces: "".join(pieces).encode()),
    st.tuples(st.integers(0, len(GOOD)), PIECES).map(
        lambda cut: (GOOD[: cut[0]] + cut[1] + GOOD[cut[0] :]).encode()
    ),
    st.integers(0, len(GOOD.encode())).map(lambda size: GOOD.encode()[:size]),
)
TYPES = st.one_of(
    st.none(),
    st.sampled_from(
        ["", "text/xml", "text/xml; charset=gbk", "text/xml; charset=utf-16", "text/xml; charset=x",
         "multipart/related; boundary=b", "multipart/related", "application/soap+xml", 'text/xml; charset="'],
    ),
    st.text(st.characters(codec="latin-1", exclude_categories=["Cc"])),
)  # fmt: skip
PATHS = st.sampled_from([SERVICES, f"{SERVICES}/", SERVICE, f"{SERVICE}/x"])
VERBS = st.sampled_from(["GET", "POST", "HEAD", "PUT", "OPTIONS", "X"])
CONTENT = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(["mobile", "content", "channel", "smsid", "sendType", "timestamp", "x"])


@given(VERBS, PATHS, st.sampled_from(["", "wsdl", "x", "\udc80"]), TYPES, DOCUMENTS)
def test_no_bytes_break_the_java_twin(
    verb: str, path: str, query: str, content_type: str | None, body: bytes
) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    reply = answer(ask(verb, path, query, headers, body))
    assert reply.status in {200, 404, 405, 500, 501}
    assert header(reply, "Server") == "Apache-Coyote/1.1"
    if "xml" in (header(reply, "Content-Type") or "") and reply.body:
        etree.fromstring(reply.body)


@given(CONTENT)
def test_a_text_survives_it_but_for_the_space_around(text: str) -> None:
    document = envelope(call_element(values=[escape(text), *VALUES[1:]]))
    java_trims = "".join(map(chr, range(33)))
    assert post(document).account == text.strip(java_trims)


@given(st.text())
def test_any_result_is_well_formed(text: str) -> None:
    etree.fromstring(answer(post(GOOD), Accepted(text)).body)


@given(
    st.text(),
    st.one_of(st.binary(), st.dictionaries(FIELDS, JSON_VALUES).map(lambda d: json.dumps(d).encode())),
    st.one_of(st.none(), st.text()),
    TYPES,
)  # fmt: skip
def test_no_bytes_break_rest(
    query: str, body: bytes, authorization: str | None, content_type: str | None
) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    if authorization is not None:
        headers["Authorization"] = authorization
    call = ask("POST", "/Accounts/a\udc80/Sms/SendSms", query, headers, body)
    assert not call.credential.verify("secret")
    call.credential.explain("secret")
    assert json.loads(answer(call).body)["code"] == "0000000"
