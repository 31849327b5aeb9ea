"""Every failure of the catalogue, scripted on every provider, in every form it can take there."""

import json
from collections.abc import Callable
from html import escape
from typing import Any, NamedTuple
from xml.sax.saxutils import escape as escape_xml

import pytest

from fakeproviders.failures import catalogue
from tests.e2e import clients
from tests.e2e.clients import ENVELOPES, FILLED, MOBILE
from tests.e2e.sockets import Reply, post_json, request
from tests.e2e.world import World

SLUGS = [entry.slug for entry in catalogue().values() if entry.kind != "transport"]
DOCUMENTED = {
    "settings_not_saved": None,
    "interface_not_configured": "官方接口未配置",
    "parameter_missing": "请求参数不存在",
    "signature_mismatch": "签名数据不一致",
    "signature_not_found": "短信签名未找到, 请提交签名审核通过后重试",
    "access_token_failed": "接口请求失败:access_token获取失败",
    "code_quota_exceeded": "发送失败，已达验证码发送上限",
    "operation_notice_disabled": None,
    "template_id_empty": "模板编号不能为空",
    "base_url_has_api_path": None,
    "endpoint_unreachable": "接口不通",
}
"""The guide's texts; None where it gives none."""
THROWN = "服务器无法处理请求。 ---> "

Call = Callable[[World], Reply]


class Way(NamedTuple):
    """One form of request to a provider."""

    provider: str
    name: str
    call: Call
    method: str = "SendSms3"


def _batch(world: World) -> Reply:
    fields = clients.official_message(world, mobile=None, mobiles=[MOBILE])
    fields["access_token"] = clients.token_of(world)
    return post_json(f"{world.official['url']}/api/sms/batch", fields)


def _balance(world: World) -> Reply:
    url = f"{world.official['url']}/api/sms/balance?access_token={clients.token_of(world)}"
    return request("GET", url)


def _door(name: str) -> Call:
    return lambda world: clients.erban_send(world, door=name)


METHODS: dict[str, tuple[str, ...]] = {
    "SendSms": ("in0", "in1", "in2", "in3", "in4", "in5"),
    "BatchSendSMS": ("in0", "in1", "in2", "in3"),
    "GetRandom": ("in0",),
    "GetSmsMo": ("in0", "in1", "in2"),
    "UpdateSmsMo": ("in0",),
    "GetChannel": (),
    "IsIncludeKeyWord": ("in0",),
}
"""One method of each other operation, with its parameters."""
NUMBERS = frozenset({"SendSms", "UpdateSmsMo"})


def _method(name: str) -> Way:
    fields = dict.fromkeys(METHODS[name], "x")
    return Way("erban", "get", lambda world: clients.erban_method(world, name, **fields), name)


WAYS = (
    Way("official", "token", clients.official_token),
    Way("official", "send", clients.official_send),
    Way("official", "batch", _batch),
    Way("official", "balance", _balance),
    Way("reseller", "send", clients.reseller_send),
    *(Way("erban", door, _door(door)) for door in clients.DOORS),
    *(_method(name) for name in METHODS),
)


@pytest.fixture(scope="session")
def stated(running_server: Any) -> dict[str, dict[str, Any]]:
    """The catalogue as the control API states it."""
    reply = request("GET", f"{running_server.addresses.control}/api/v1/failures")
    return {entry["slug"]: entry for entry in reply.json()["failures"]}


def test_the_stated_catalogue_is_the_guides(stated: dict[str, dict[str, Any]]) -> None:
    documented = [slug for slug, entry in stated.items() if entry["kind"] == "documented"]
    assert documented == list(DOCUMENTED)
    for slug in SLUGS:
        assert set(stated[slug]["wire"]) == {"official", "reseller", "erban"}
    for slug, text in DOCUMENTED.items():
        if text is not None:
            assert stated[slug]["text"] == text
            for form in stated[slug]["wire"].values():
                assert form.get("html") or form["text"] == text


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.provider}-{way.name}-{way.method}")
@pytest.mark.parametrize("slug", SLUGS)
def test_scripted(world: World, stated: dict[str, dict[str, Any]], slug: str, way: Way) -> None:
    if way.provider == "official":
        clients.token_of(world)
    before = world.charges()
    rule = world.fault(way.provider, slug, times=1)

    reply = way.call(world)

    wire = stated[slug]["wire"][way.provider]
    check = _erban_form if way.provider == "erban" else _panel_form
    check(reply, wire, way)
    assert world.charges() == before
    (line,) = world.requests(outcome="fault")
    assert (line["reason"], line["fault"]) == (slug, {"id": rule, "do": slug, "nth": 1})
    clients.send_well(world, way.provider)
    assert [m["mobile"] for m in world.messages()] == [MOBILE]


@pytest.mark.parametrize("provider", ["official", "reseller", "erban"])
@pytest.mark.parametrize("slug", SLUGS)
def test_scripted_on_sends_alone(world: World, provider: str, slug: str) -> None:
    """Other operations are left alone, other providers too, and ``after`` and ``times`` count."""
    world.fault(provider, slug, operation="send", after=1, times=1)
    clients.official_token(world)
    for other in clients.SENDS:
        clients.send_well(world, other)
    before = world.charges()
    assert clients.SENDS[provider](world).status in {200, 404, 500, 503}
    assert world.charges() == before
    clients.send_well(world, provider)
    (rule,) = world.control.get(f"{world.path}/faults")["faults"]
    assert (rule["matched"], rule["fired"], rule["exhausted"]) == (2, 1, True)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", ["", "?wsdl", "?op=SendSms3"])
def test_an_unreachable_erban_has_no_help_page_either(world: World, path: str, lang: str) -> None:
    address = f"{world.erban['url']}{clients.ASMX}{path}"
    world.fault("erban", "endpoint_unreachable", times=1)
    down = request("GET", address, headers={"Accept-Language": lang})
    assert down.status == 503
    assert down.type.startswith("text/html")
    assert request("GET", address, headers={"Accept-Language": lang}).status == 200


def test_other_failures_leave_documents_alone(world: World) -> None:
    world.fault("erban", "maintenance", times=1)
    assert request("GET", f"{world.erban['url']}{clients.ASMX}").status == 200
    assert clients.erban_send(world).status == 503


def test_a_message_in_the_inbox_is_what_was_sent(world: World) -> None:
    for provider in clients.SENDS:
        clients.send_well(world, provider)
        (message,) = world.messages(provider=provider)
        signature = world.session[provider]["signature"]
        assert message["content"] == f"{signature}{FILLED}"
        assert (message["mobile"], message["code"]) == (MOBILE, "482915")
        assert (message["status"], message["segments"], message["fee"]) == ("submitted", 1, 1)


def _panel_form(reply: Reply, wire: dict[str, Any], way: Way) -> None:
    del way
    assert reply.status == wire["status"]
    assert reply.headers["Server"] == "nginx"
    if wire["html"]:
        assert reply.type == "text/html"
        assert reply.body.startswith(f"<html>\r\n<head><title>{wire['status']} ".encode())
        return
    text = json.dumps(wire["text"], ensure_ascii=False)
    assert reply.type == "application/json; charset=utf-8"
    assert reply.body == f'{{"code":{wire["code"]},"msg":{text},"data":null}}'.encode()


def _erban_form(reply: Reply, wire: dict[str, Any], way: Way) -> None:
    assert reply.status == wire["status"]
    if wire.get("html"):
        assert reply.type.startswith("text/html")
        assert b"<html" in reply.body.lower()
    elif wire["code"] is None:
        _thrown(reply, wire["text"], way.name)
    else:
        assert reply.headers["X-AspNet-Version"] == "2.0.50727"
        whole = wire["code"] if way.method in NUMBERS else f"{wire['code']},{wire['text']}"
        assert reply.body == _returned(whole, way).encode()


def _returned(text: str, way: Way) -> str:
    """What the method returned, in a door's form."""
    door = way.name
    if door == "form":
        return text
    if door in {"get", "post"}:
        kind = "int" if way.method in NUMBERS else "string"
        return (
            '<?xml version="1.0" encoding="utf-8"?>\r\n'
            f'<{kind} xmlns="http://tempuri.org/">{escape_xml(text)}</{kind}>'
        )
    return _envelope(
        '<SendSms3Response xmlns="http://tempuri.org/">'
        f"<SendSms3Result>{escape_xml(text)}</SendSms3Result></SendSms3Response>",
        door,
    )


def _thrown(reply: Reply, text: str, door: str) -> None:
    """SendSms3 threw, in a door's form."""
    if door == "form":
        assert reply.type == "text/html; charset=utf-8"
        assert escape(text, quote=False) in reply.text
    elif door in {"get", "post"}:
        assert reply.type == "text/plain; charset=utf-8"
        assert reply.text == f"{escape(text)}\r\n"
    elif door == "soap11":
        assert reply.text == _envelope(
            "<soap:Fault><faultcode>soap:Server</faultcode>"
            f"<faultstring>{escape_xml(THROWN + text)}</faultstring><detail /></soap:Fault>",
            door,
        )
    else:
        assert reply.text == _envelope(
            "<soap:Fault><soap:Code><soap:Value>soap:Receiver</soap:Value></soap:Code>"
            f'<soap:Reason><soap:Text xml:lang="zh-CN">{escape_xml(THROWN + text)}</soap:Text>'
            "</soap:Reason><soap:Detail /></soap:Fault>",
            door,
        )


def _envelope(body: str, door: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<soap:Envelope xmlns:soap="{ENVELOPES[door]}"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        f"<soap:Body>{body}</soap:Body></soap:Envelope>"
    )
