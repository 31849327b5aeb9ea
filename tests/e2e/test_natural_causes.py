"""What a provider refuses by itself: the cause, the exact text, nothing charged, and the remedy."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from tests.e2e import clients
from tests.e2e.clients import MOBILE, PARAMS, Verdict
from tests.e2e.sockets import post_json, request
from tests.e2e.world import World

TOKEN_FAILED = "接口请求失败:access_token获取失败"
NOT_FOUND = "短信签名未找到, 请提交签名审核通过后重试"
MISMATCH = "签名数据不一致"
HOST_ON_UTC = -8 * 3600
NOON = "2026-03-10T12:00:00+08:00"
PANELS = ("official", "reseller")
ALL = ("official", "reseller", "erban")

NOTHING: Mapping[str, Any] = MappingProxyType({})

REFUSALS: dict[str, tuple[str, int, int, str | None]] = {
    # slug: the text, and its codes at official, reseller and Erban
    "app_disabled": ("应用已停用, 请联系客服", 40301, 1106, "-2"),
    "ip_not_allowed": ("当前IP不在白名单内", 40302, 1107, "-3"),
    "mobile_invalid": ("手机号码格式不正确", 43001, 1401, "-6"),
    "mobile_blacklisted": ("手机号码在黑名单中", 43002, 1402, "-7"),
    "content_blocked": ("短信内容含有敏感词", 44001, 1501, "-10"),
    "template_not_found": ("短信模板不存在", 42002, 1302, None),
    "template_params_mismatch": ("模板参数与模板内容不匹配", 42004, 1304, None),
    "template_id_empty": ("模板编号不能为空", 42001, 1301, None),
    "signature_mismatch": ("签名数据不一致", 41004, 1202, None),
    "signature_not_found": ("短信签名未找到, 请提交签名审核通过后重试", 41001, 1201, None),
    "balance_insufficient": ("账户余额不足, 请充值后重试", 47001, 1701, "-12"),
    "rate_limited": ("请求过于频繁, 请稍后再试", 46001, 1601, "-13"),
    "mobile_minute_limit": ("该手机号码每分钟发送次数已达上限", 46004, 1604, "-14"),
    "mobile_hour_limit": ("该手机号码每小时发送次数已达上限", 46005, 1605, "-15"),
    "mobile_day_limit": ("该手机号码当日发送次数已达上限", 46006, 1606, "-16"),
    "ip_day_limit": ("该IP当日发送次数已达上限", 46003, 1603, "-17"),
    "code_quota_exceeded": ("发送失败，已达验证码发送上限", 46002, 1602, "-20"),
}


class Cause(NamedTuple):
    """One way to a refusal, and out of it."""

    name: str
    slug: str
    given: Mapping[str, Any] = NOTHING
    """Settings by which the cause exists, beside what the session starts with."""
    sent: Mapping[str, Any] = NOTHING
    """What is sent otherwise than usual; the remedy is to send the usual."""
    before: int = 0
    """How many sends are accepted first."""
    remedy: Mapping[str, Any] = NOTHING
    wait: float = 0
    """Seconds of the session's clock that are a remedy too."""

    def verdict(self, provider: str) -> Verdict:
        """What a provider says."""
        text, *codes = REFUSALS[self.slug]
        code = codes[ALL.index(provider)]
        assert code is not None
        return Verdict(code, text)


def _quota(slug: str, name: str, limit: int, wait: float) -> Cause:
    """A quota that is used up; the remedy is one more, or the next window."""
    return Cause(
        name,
        slug,
        {"quotas": {name: limit}},
        before=limit,
        remedy={"quotas": {name: limit + 1}},
        wait=wait,
    )


HALF_A_DAY = 12 * 3600
"""From noon to midnight in Beijing."""
CAUSES = (
    Cause("disabled", "app_disabled", {"enabled": False}, remedy={"enabled": True}),
    Cause(
        "ip", "ip_not_allowed", {"ip_allow": ["10.1.0.0/16"]}, remedy={"ip_allow": ["127.0.0.1"]}
    ),
    Cause("ip_none", "ip_not_allowed", {"ip_allow": []}, remedy={"ip_allow": None}),
    Cause("short", "mobile_invalid", sent={"mobile": "1380013800"}),
    Cause("letters", "mobile_invalid", sent={"mobile": "1380013800x"}),
    Cause("landline", "mobile_invalid", sent={"mobile": "01012345678"}),
    Cause(
        "blacklist",
        "mobile_blacklisted",
        {"mobile_blacklist": [MOBILE]},
        remedy={"mobile_blacklist": []},
    ),
    Cause(
        "word", "content_blocked", {"blocked_words": ["验证码"]}, remedy={"blocked_words": ["贷款"]}
    ),
    Cause("template_unknown", "template_not_found", sent={"template_id": "9999"}),
    Cause("params_missing", "template_params_mismatch", sent={"params": {"code": "1"}}),
    Cause(
        "params_other", "template_params_mismatch", sent={"params": {"code": "1", "minute": "5"}}
    ),
    Cause("params_more", "template_params_mismatch", sent={"params": {**PARAMS, "name": "x"}}),
    Cause("params_empty", "template_params_mismatch", sent={"params": {**PARAMS, "code": ""}}),
    Cause("number_empty", "template_id_empty", sent={"template_id": ""}),
    Cause("number_absent", "template_id_empty", sent={"template_id": None}),
    Cause("signature_text", "signature_mismatch", sent={"signature": "【别的签名】"}),
    Cause("signature_blank", "signature_mismatch", sent={"signature": " "}),
    Cause("sign_key_unknown", "signature_not_found", sent={"sign_key": "nobody's"}),
    Cause("balance", "balance_insufficient", {"balance": 1}, before=1, remedy={"balance": 1}),
    Cause(
        "price",
        "balance_insufficient",
        {"balance": 4, "price_per_segment": 5},
        remedy={"price_per_segment": 4},
    ),
    _quota("rate_limited", "account_per_second", 2, 1),
    _quota("mobile_minute_limit", "mobile_per_minute", 1, 60),
    _quota("mobile_hour_limit", "mobile_per_hour", 2, 3600),
    _quota("mobile_day_limit", "mobile_per_day", 3, HALF_A_DAY),
    _quota("ip_day_limit", "ip_per_day", 1, HALF_A_DAY),
    _quota("code_quota_exceeded", "account_per_day", 2, HALF_A_DAY),
)
CASES = [
    (cause, provider)
    for cause in CAUSES
    for provider in ALL
    if REFUSALS[cause.slug][1 + ALL.index(provider)] is not None
]


def _name(value: Cause | str) -> str:
    return value.name if isinstance(value, Cause) else value


@pytest.mark.parametrize(("cause", "provider"), CASES, ids=_name)
def test_refused_by_its_cause(world: World, cause: Cause, provider: str) -> None:
    _prepare(world, cause, provider)
    _refused(world, provider, cause.verdict(provider), **cause.sent)
    assert world.requests(provider=provider)[-1]["reason"] == cause.slug
    if cause.remedy:
        world.patch(provider, **cause.remedy)
    clients.send_well(world, provider)


@pytest.mark.parametrize(("cause", "provider"), [c for c in CASES if c[0].wait], ids=_name)
def test_time_heals_it(world: World, cause: Cause, provider: str) -> None:
    _prepare(world, cause, provider)
    _refused(world, provider, cause.verdict(provider))
    if cause.wait > 1:
        world.advance(cause.wait - 1)
        world.kept.clear()
        _refused(world, provider, cause.verdict(provider))
        world.advance(1)
    else:
        world.advance(cause.wait)
    clients.send_well(world, provider)


# --- the guide's sections ---------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["reseller", "erban", "nothing"])
def test_another_channels_parameters(world: World, other: str) -> None:
    """§2: the panel has chosen another channel."""
    fields: dict[str, dict[str, Any]] = {
        "reseller": clients.reseller_fields(world),
        "erban": dict(clients.erban_fields(world)),
        "nothing": {"access_token": clients.token_of(world)},
    }
    clients.token_of(world)
    before = world.charges()
    reply = post_json(f"{world.official['url']}/api/sms/send", fields[other])
    assert clients.verdict("official", reply) == Verdict(40000, "请求参数不存在")
    assert world.charges() == before
    clients.send_well(world, "official")


@pytest.mark.parametrize("missing", ["sign_key", "signature", "mobile", "params"])
@pytest.mark.parametrize("provider", PANELS)
def test_a_parameter_that_is_missing(world: World, provider: str, missing: str) -> None:
    expected = Verdict({"official": 40000, "reseller": 1001}[provider], "请求参数不存在")
    _refused(world, provider, expected, **{missing: None})
    clients.send_well(world, provider)


@pytest.mark.parametrize("missing", ["account", "password", "mobile", "content", "channel"])
@pytest.mark.parametrize("door", ["soap11", "soap12", "form"])
def test_a_null_parameter_at_erban(world: World, door: str, missing: str) -> None:
    _refused(world, "erban", Verdict("-4", "请求参数不存在"), door=door, **{missing: None})
    clients.send_well(world, "erban", door=door)


@pytest.mark.parametrize("door", ["get", "post"])
def test_a_missing_parameter_at_the_bindings(world: World, door: str) -> None:
    reply = clients.erban_send(world, door=door, channel=None, smsid=None)
    assert (reply.status, reply.type) == (500, "text/plain; charset=utf-8")
    assert reply.text == "Missing parameter: channel.\r\n"
    assert world.messages() == []


@pytest.mark.parametrize("provider", ALL)
def test_a_signature_that_differs(world: World, provider: str) -> None:
    """§3, the remedy being that the registered one is made equal."""
    codes: dict[str, int | str] = {"official": 41004, "reseller": 1202, "erban": "-9"}
    code = codes[provider]
    sent: dict[str, object] = {"signature": "【新名字】"}
    if provider == "erban":
        sent = {"content": f"【新名字】{clients.FILLED}"}
    _refused(world, provider, Verdict(code, MISMATCH), **sent)
    signatures = [
        {**one, "signature": "【新名字】"} for one in world.settings(provider)["signatures"]
    ]
    world.patch(provider, signatures=signatures)
    clients.send_well(world, provider, **sent)
    (message,) = world.messages()
    assert message["content"] == f"【新名字】{clients.FILLED}"


@pytest.mark.parametrize("status", ["pending", "rejected"])
@pytest.mark.parametrize("provider", ALL)
def test_a_signature_that_is_not_approved(world: World, provider: str, status: str) -> None:
    """§4: submitted, not yet or never approved."""
    codes: dict[str, int | str] = {
        "official": {"pending": 41002, "rejected": 41003}[status],
        "reseller": 1201,
        "erban": "-8",
    }
    code = codes[provider]
    clients.token_of(world)
    registered = world.settings(provider)["signatures"]
    world.patch(provider, signatures=[{**one, "status": status} for one in registered])
    _refused(world, provider, Verdict(code, NOT_FOUND))
    world.patch(provider, signatures=registered)
    clients.send_well(world, provider)


@pytest.mark.parametrize("provider", ALL)
def test_no_signature_at_all(world: World, provider: str) -> None:
    """§4: nothing is registered."""
    codes: dict[str, int | str] = {"official": 41001, "reseller": 1201, "erban": "-8"}
    code = codes[provider]
    clients.token_of(world)
    registered = world.settings(provider)["signatures"]
    world.patch(provider, signatures=[])
    _refused(world, provider, Verdict(code, NOT_FOUND))
    world.patch(provider, signatures=registered)
    clients.send_well(world, provider)


def test_a_content_without_a_signature(world: World) -> None:
    _refused(world, "erban", Verdict("-8", NOT_FOUND), content=clients.FILLED)
    clients.send_well(world, "erban", content=f"{clients.FILLED}{world.erban['signature']}")


def test_a_signature_is_submitted_then_approved(world: World) -> None:
    """§4's remedy through the provider's own API, approval left to its staff."""
    url = f"{world.official['url']}/api/sms/signatures"
    token = clients.token_of(world)
    submitted = {"access_token": token, "sign_key": "second", "signature": "【第二家】"}
    listed = post_json(url, submitted).json()["data"]["signatures"]
    assert [one["status"] for one in listed] == ["approved", "pending"]
    mine = {"sign_key": "second", "signature": "【第二家】"}
    _refused(world, "official", Verdict(41002, NOT_FOUND), **mine)
    world.patch("official", approve_after_seconds=600)
    world.advance(599)
    _refused(world, "official", Verdict(41002, NOT_FOUND), **mine)
    world.advance(1)
    clients.send_well(world, "official", **mine)
    assert world.messages()[0]["content"].startswith("【第二家】")


TOKEN_CAUSES: dict[str, tuple[int, dict[str, object]]] = {
    "clock_on_utc": (40101, {"timestamp": clients.beijing(HOST_ON_UTC)}),
    "clock_ahead": (40101, {"timestamp": clients.beijing(3600)}),
    "clock_unreadable": (40101, {"timestamp": "1700000000"}),
    "clock_unset": (40101, {"timestamp": ""}),
    "app_unknown": (40102, {"app_id": "999999999999"}),
    "app_unset": (40102, {"app_id": ""}),
    "secret_wrong": (40103, {"secret": "not the secret"}),
    "secret_unset": (40103, {"secret": " "}),
    "proof_absent": (40103, {"sign": ""}),
    "sign_key_of_another": (40104, {"sign_key": "another-apps-key"}),
    "sign_key_unset": (40104, {"sign_key": ""}),
}  # fmt: skip


@pytest.mark.parametrize("cause", TOKEN_CAUSES)
def test_no_access_token(world: World, cause: str) -> None:
    """§5: each of its causes has a code of its own, and one text."""
    code, sent = TOKEN_CAUSES[cause]
    before = world.charges()
    reply = clients.official_token(world, **sent)  # type: ignore[arg-type]
    assert reply.status == 200
    assert clients.verdict("official", reply) == Verdict(code, TOKEN_FAILED)
    assert reply.json()["data"] is None
    assert world.charges() == before
    (line,) = world.requests(operation="token")
    assert (line["outcome"], line["reason"]) == ("refused", "access_token_failed")
    assert clients.official_token(world).json()["code"] == 0


def test_the_providers_clock_can_be_off_instead(world: World) -> None:
    world.patch("official", skew_seconds=8 * 3600)
    assert clients.official_token(world).json()["code"] == 40101
    late = clients.beijing(8 * 3600)
    assert clients.official_token(world, timestamp=late).json()["code"] == 0
    world.patch("official", skew_seconds=0)
    assert clients.official_token(world).json()["code"] == 0


def test_a_moved_session_clock_does_not_judge_the_clients(world: World) -> None:
    world.freeze("2031-01-01T00:00:00+08:00")
    clients.send_well(world, "official")
    clients.send_well(world, "reseller")


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", None, "default.o.0"])
def test_a_token_that_was_never_issued(world: World, token: str | None) -> None:
    """§5's fourth cause as a provider sees it: the panel's cache holds an old token."""
    expected = Verdict(40110, "access_token无效或已过期")
    _refused(world, "official", expected, access_token=token)
    clients.send_well(world, "official")


def test_a_token_expires_by_the_sessions_clock(world: World) -> None:
    world.freeze(NOON)
    expired = Verdict(40110, "access_token无效或已过期")
    clients.send_well(world, "official")
    world.advance(7199)
    clients.send_well(world, "official")
    world.advance(1)
    _refused(world, "official", expired)
    world.kept.clear()
    clients.send_well(world, "official")


def test_a_new_token_leaves_the_old_one_five_minutes(world: World) -> None:
    world.freeze(NOON)
    old = clients.token_of(world)
    world.kept.clear()
    clients.token_of(world)
    world.advance(299)
    clients.send_well(world, "official", access_token=old)
    world.advance(1)
    _refused(world, "official", Verdict(40110, "access_token无效或已过期"), access_token=old)
    clients.send_well(world, "official")


def test_an_address_with_the_api_path(world: World) -> None:
    """§8: the client appends /api/sms/ to an address that has it already."""
    before = world.charges()
    reply = clients.reseller_send(world, base=f"{world.reseller['url']}/api/sms")
    assert (reply.status, reply.type) == (404, "text/html")
    assert b"<title>404 Not Found</title>" in reply.body
    assert world.charges() == before
    home = request("GET", world.reseller["url"])
    assert (home.status, home.type) == (200, "text/html; charset=utf-8")
    clients.send_well(world, "reseller")


def test_the_guides_check_of_the_endpoint(world: World) -> None:
    """§9: something else answers in the service's place, then the service itself."""
    world.fault("erban", "endpoint_unreachable")
    assert request("GET", f"{world.erban['url']}{clients.ASMX}").status == 503
    assert clients.erban_send(world).status == 503
    world.control.delete(f"{world.path}/faults")
    page = request("GET", f"{world.erban['url']}{clients.ASMX}")
    assert (page.status, page.type) == (200, "text/html; charset=utf-8")
    clients.send_well(world, "erban")


# --- what gateways do -------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", PANELS)
@pytest.mark.parametrize("status", ["pending", "rejected"])
def test_a_template_that_is_not_approved(world: World, provider: str, status: str) -> None:
    expected = Verdict({"official": 42003, "reseller": 1303}[provider], "短信模板未审核通过")
    registered = world.settings(provider)["templates"]
    world.patch(provider, templates=[{**one, "status": status} for one in registered])
    _refused(world, provider, expected)
    world.patch(provider, templates=registered)
    clients.send_well(world, provider)


@pytest.mark.parametrize("provider", ALL)
def test_a_content_that_is_too_long(world: World, provider: str) -> None:
    codes: dict[str, int | str] = {"official": 44002, "reseller": 1502, "erban": "-11"}
    code = codes[provider]
    sent: dict[str, object] = {"params": {**PARAMS, "minutes": "长" * 70}}
    if provider == "erban":
        sent = {"content": f"{world.erban['signature']}{'长' * 70}"}
    world.patch(provider, max_segments=1)
    _refused(world, provider, Verdict(code, "短信内容超出长度限制"), **sent)
    world.patch(provider, max_segments=2)
    clients.send_well(world, provider, **sent)
    (message,) = world.messages()
    assert (message["segments"], message["fee"]) == (2, 2)


@pytest.mark.parametrize("provider", ALL)
def test_a_send_that_repeats_its_id(world: World, provider: str) -> None:
    codes: dict[str, int | str] = {"official": 45001, "reseller": 1503, "erban": "-18"}
    code = codes[provider]
    first: dict[str, object] = {"out_id": "order-1"}
    second: dict[str, object] = {"out_id": "order-2"}
    if provider == "erban":
        first = {"smsid": "order-1", "sendType": "0"}
        second = {"smsid": "order-1", "sendType": "1"}
    clients.send_well(world, provider, **first)
    _refused(world, provider, Verdict(code, "重复的请求, 该流水号已提交过"), **first)
    clients.send_well(world, provider, **second)
    assert len(world.messages()) == 2


@pytest.mark.parametrize("door", clients.DOORS)
@pytest.mark.parametrize("sent", [{"password": "0" * 32}, {"account": "1"}, {"password": ""}])
def test_a_wrong_erban_password(world: World, door: str, sent: dict[str, str]) -> None:
    _refused(world, "erban", Verdict("-1", "账号或密钥错误"), door=door, **sent)
    clients.send_well(world, "erban", door=door)


@pytest.mark.parametrize("channel", ["9999999901", "", "x"])
def test_an_unknown_channel(world: World, channel: str) -> None:
    _refused(world, "erban", Verdict("-5", "通道编号不存在"), channel=channel)
    clients.send_well(world, "erban")


@pytest.mark.parametrize(
    ("code", "sent"),
    [
        (1101, {"timestamp": clients.beijing(HOST_ON_UTC)}),
        (1101, {"timestamp": "yesterday"}),
        (1102, {"member_id": "999"}),
        (1103, {"secret": "not the key"}),
        (1103, {"sign": "0" * 32}),
    ],
)
def test_wrong_reseller_credentials(world: World, code: int, sent: dict[str, str]) -> None:
    _refused(world, "reseller", Verdict(code, "会员ID或接口密钥错误"), **sent)
    clients.send_well(world, "reseller")


def test_a_batch_is_judged_mobile_by_mobile(world: World) -> None:
    world.patch("official", balance=2, mobile_blacklist=["13900000002"])
    mobiles = ["13900000001", "13900000002", "x", "13900000003", "13900000004"]
    fields = clients.official_message(world, mobile=None, mobiles=mobiles)
    fields["access_token"] = clients.token_of(world)
    reply = post_json(f"{world.official['url']}/api/sms/batch", fields).json()
    assert (reply["code"], reply["msg"]) == (0, "success")
    results = reply["data"]["results"]
    assert [one["mobile"] for one in results] == mobiles
    assert [one["code"] for one in results] == [0, 43002, 43001, 0, 47001]
    assert results[4]["msg"] == "账户余额不足, 请充值后重试"
    assert [m["mobile"] for m in world.messages()] == ["13900000001", "13900000003"]
    assert world.balance("official") == 0


def test_a_send_to_several_is_all_or_nothing(world: World) -> None:
    world.patch("erban", balance=2)
    three = "13900000001,13900000002,13900000003"
    _refused(world, "erban", Verdict("-12", "账户余额不足, 请充值后重试"), mobile=three)
    clients.send_well(world, "erban", mobile="13900000001,13900000002")
    assert world.balance("erban") == 0
    assert len(world.messages()) == 2


def _prepare(world: World, cause: Cause, provider: str) -> None:
    world.freeze(NOON)
    if cause.given:
        world.patch(provider, **cause.given)
    for _ in range(cause.before):
        clients.send_well(world, provider)


def _refused(world: World, provider: str, expected: Verdict, **sent: object) -> None:
    """Refused with these words, by a rule and not a fault, and nothing is charged."""
    if provider == "official" and "access_token" not in sent:
        clients.token_of(world)
    before = world.charges()
    assert clients.send(world, provider, **sent) == expected
    assert world.charges() == before
    assert world.requests(provider=provider)[-1]["outcome"] == "refused"
