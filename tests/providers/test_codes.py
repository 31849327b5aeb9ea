"""The tables of codes: every failure has a form at every provider, and no two look the same."""

from collections import Counter

import msgspec
import pytest

from fakeproviders.failures import Reason, failure
from fakeproviders.model import BALANCE, SEND, Call, Refused
from fakeproviders.providers.base import Provider
from fakeproviders.providers.envelope import Codes
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.erban.codes import CODES as ERBAN_CODES
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.providers.official.codes import CODES as OFFICIAL_CODES
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.providers.reseller.codes import CODES as RESELLER_CODES

PANELS = [
    pytest.param(OFFICIAL, OFFICIAL_CODES, id="official"),
    pytest.param(RESELLER, RESELLER_CODES, id="reseller"),
]
PROVIDERS = [pytest.param(p, id=p.name) for p in (OFFICIAL, RESELLER, ERBAN)]
PAGES = {Reason.BASE_URL_HAS_API_PATH: 404, Reason.ENDPOINT_UNREACHABLE: 503}


@pytest.mark.parametrize("codes", [OFFICIAL_CODES, RESELLER_CODES, ERBAN_CODES])
def test_every_failure_has_a_code(codes: dict[Reason, object]) -> None:
    assert set(codes) == set(Reason)


@pytest.mark.parametrize(("provider", "codes"), PANELS)
def test_no_number_stands_for_two_failures(provider: Provider, codes: Codes) -> None:
    numbers = Counter(
        number
        for reason, code in codes.items()
        for number in {code.code, *code.causes.values()}
        if reason not in PAGES
    )
    assert [number for number, times in numbers.items() if times > 1] == []
    assert 0 not in numbers


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("reason", list(Reason))
def test_the_catalogue_can_show_every_failure(provider: Provider, reason: Reason) -> None:
    form = provider.wire_form(reason)
    assert {"status", "code", "text"} <= form.keys()
    if form.get("html"):
        assert (form["code"], form["text"]) == (None, "")
    elif failure(reason).kind == "documented":
        assert form["text"] == failure(reason).text


@pytest.mark.parametrize(("provider", "codes"), PANELS)
@pytest.mark.parametrize("reason", list(Reason))
def test_the_wire_is_what_the_catalogue_shows(
    provider: Provider, codes: Codes, reason: Reason
) -> None:
    call = Call(provider=provider.name, operation=SEND)
    reply = provider.encode(call, Refused(reason), provider.default_settings())
    form = provider.wire_form(reason)
    assert reply.status == form["status"] == PAGES.get(reason, 200)
    if reason not in PAGES:
        answer = msgspec.json.decode(reply.body)
        assert answer == {"code": form["code"], "msg": form["text"], "data": None}
        assert answer["msg"]


@pytest.mark.parametrize(("provider", "codes"), PANELS)
def test_every_cause_has_the_failures_text(provider: Provider, codes: Codes) -> None:
    for reason, code in codes.items():
        for cause, number in code.causes.items():
            call = Call(provider=provider.name, operation=BALANCE)
            reply = provider.encode(call, Refused(reason, cause), provider.default_settings())
            answer = msgspec.json.decode(reply.body)
            assert answer["code"] == number
            assert answer["msg"] == provider.wire_form(reason)["text"]


@pytest.mark.parametrize(("provider", "codes"), PANELS)
def test_anothers_words_are_passed_on(provider: Provider, codes: Codes) -> None:
    call = Call(provider=provider.name, operation=SEND)
    refused = Refused(Reason.RATE_LIMITED, "upstream", text="别人的话")
    reply = provider.encode(call, refused, provider.default_settings())
    assert msgspec.json.decode(reply.body)["msg"] == "别人的话"
