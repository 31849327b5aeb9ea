"""The short way of SOAP requests: it says what the long way says, and ordinary clients take it."""

import random
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec import structs

from fakeproviders.failures import Reason
from fakeproviders.model import UNKNOWN, RawReply, RawRequest, Refused
from fakeproviders.providers.erban import aspnet, prepared, skeleton, soap
from fakeproviders.providers.erban.calls import ErbanCall
from fakeproviders.providers.erban.envelope import SOAP11, SOAP12, SoapDoor, Version
from fakeproviders.providers.erban.methods import METHODS
from tests.providers.erban.asking import ACTION, FIELDS, answer
from tests.providers.erban.envelopes import ORDINARY, UNUSUAL, Sample, mutant, soap_request

MUTANTS = 3000
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]))
VERSIONS = pytest.mark.parametrize("version", [SOAP11, SOAP12])


def sent(request: RawRequest) -> tuple[str, str | None, bytes]:
    """What the short way looks at."""
    return request.headers["Content-Type"], request.headers.get("SOAPAction"), request.body


def short_way(request: RawRequest) -> prepared.Request | None:
    """What was read of a request without its having been judged."""
    known, read = skeleton.read(*sent(request)), prepared.read(*sent(request))
    assert known in (None, read)
    return read


def said(call: ErbanCall) -> RawReply:
    """The page it was answered with, or a refusal in words of its own."""
    if call.operation == UNKNOWN:
        return answer(call)
    return answer(call, Refused(Reason.CONTENT_BLOCKED, text=call.content or call.method))


def differences(seed: int, number: int) -> tuple[int, list[RawRequest]]:
    """How many mutants of a seed went the short way, and those that went another way there."""
    chance = random.Random(seed)
    requests = [mutant(chance) for _ in range(number)]
    short = [request for request in requests if short_way(request) is not None]
    return len(short), [request for request in requests if not same(request)]


def same(request: RawRequest) -> bool:
    """Whether both ways read the same call, and give it the same bytes, of good XML."""
    short, long = soap.decode(request), soap.judge(request)
    reply = said(short)
    if reply.body:
        etree.fromstring(reply.body)
    if reply != said(long):
        return False
    return structs.replace(short, in_language=None) == structs.replace(long, in_language=None)


def test_mutants_are_read_as_the_long_way_reads_them() -> None:
    short, wrong = differences(20260101, MUTANTS)
    assert wrong == []
    assert MUTANTS * 0.2 < short < MUTANTS * 0.8  # both ways have been walked


@given(
    st.sampled_from(list(ORDINARY.values())),
    st.dictionaries(st.sampled_from([*FIELDS, "unknown"]), TEXTS),
    st.lists(st.sampled_from(list(FIELDS)), max_size=2),
)
def test_any_parameters_are_read_as_the_long_way_reads_them(
    sample: Sample, fields: dict[str, str], empty: list[str]
) -> None:
    assert same(sample.request({**fields, **dict.fromkeys(empty, "")}))


@pytest.mark.parametrize("client", list(ORDINARY))
def test_ordinary_clients_go_the_short_way(client: str) -> None:
    request = short_way(ORDINARY[client].request())
    assert request is not None
    assert request.given == FIELDS
    assert same(ORDINARY[client].request())


@pytest.mark.parametrize("client", list(UNUSUAL))
def test_unusual_requests_go_the_long_way(client: str) -> None:
    assert short_way(UNUSUAL[client].request()) is None


@pytest.mark.parametrize("name", list(METHODS))
@VERSIONS
def test_every_method_has_a_short_way(name: str, version: Version) -> None:
    method = METHODS[name]
    inner = "".join(f"<{each.name}>{each.name}</{each.name}>" for each in method.parameters)
    body = version.envelope(f'<{name} xmlns="http://tempuri.org/">{inner}</{name}>')
    request = soap_request(body, version.content_type, method.action)
    read = short_way(request)
    assert read is not None
    assert read.given == {each.name: each.name for each in method.parameters}
    assert same(request)


@given(TEXTS)
def test_the_framed_reply_is_the_whole_one(text: str) -> None:
    call = soap.decode(ORDINARY["php 1.1"].request())
    for version in (SOAP11, SOAP12):
        door = SoapDoor(version)
        whole = door.returned(METHODS[call.method], text)
        assert door.text(call, text) == aspnet.reply(whole, version.content_type)


@pytest.mark.parametrize("text", ["<a>&b</a>", "]]>", "\r\n", "&amp;"])
def test_what_is_special_in_xml_survives_the_short_way(text: str) -> None:
    request = ORDINARY["zeep 1.1"].request({**FIELDS, "content": text})
    assert short_way(request) is not None
    assert soap.decode(request).content == text.replace("\r\n", "\n")
    assert escape(text.replace("\r\n", "\n")).encode() in said(soap.decode(request)).body


def test_what_was_sent_under_another_action_goes_the_long_way() -> None:
    request = ORDINARY["php 1.1"].request()
    other = soap_request(request.body, "text/xml; charset=utf-8", ACTION.replace("3", "5"))
    assert short_way(other) is None
    assert soap.decode(other).method == "SendSms5"
