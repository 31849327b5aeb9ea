"""The decision trace: every way to every refusal has words, and they are filled with its facts."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from fakeproviders.clock import beijing_text
from fakeproviders.domain.forward import Unsettled
from fakeproviders.domain.rules import names_for
from fakeproviders.failures import Reason
from fakeproviders.model import OPERATIONS, Refusal, Refused
from fakeproviders.providers.base import Provider
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.session import Session
from fakeproviders.trace import RULES, Step, explain
from tests.asyncs import asynchronous
from tests.core import FORM, MOBILE, SEND, Core, FakeHop, get, last_entry, post, request

Ask = Callable[[Core, Session], Awaitable[Any]]


def token(**changed: str) -> Ask:
    async def ask(core: Core, session: Session) -> None:
        await core.answer(OFFICIAL, post("/api/oauth/access_token", core.token_request(**changed)))

    return ask


def official(patch: dict[str, Any] | None = None, times: int = 1, **changed: Any) -> Ask:
    async def ask(core: Core, session: Session) -> None:
        await core.sessions.patch(session, "official", patch or {})
        for _ in range(times):
            await core.official_send(**changed)

    return ask


def reseller(secret: str = "demo-api-key", **changed: Any) -> Ask:
    async def ask(core: Core, session: Session) -> None:
        values = core.member(secret, **{**SEND, **changed})
        await core.answer(RESELLER, post("/api/sms/", values))

    return ask


def above(raised: Refusal) -> Ask:
    async def ask(core: Core, session: Session) -> None:
        core.hop = FakeHop(raised)
        await core.reseller_send()

    return ask


PASSWORD = str(ERBAN.describe(ERBAN.default_settings(), "")["password"])
ERBAN_SEND = {
    "account": "80000001", "password": PASSWORD, "mobile": MOBILE, "content": "【演示签名】验证码1234",
    "channel": "8000000101", "smsid": "1", "sendType": "1",
}  # fmt: skip


def erban(patch: dict[str, Any] | None = None, **changed: str) -> Ask:
    values = ERBAN_SEND | changed

    async def ask(core: Core, session: Session) -> None:
        await core.sessions.patch(session, "erban", patch or {})
        body = "&".join(f"{k}={v}" for k, v in values.items()).encode()
        await core.reply(ERBAN, request("POST", "/WebService/sms3.aspx", body, FORM))

    return ask


def by_method(method: str, **changed: str) -> Ask:
    """Another of Erban's methods; parameters that it does not have are passed over."""

    async def ask(core: Core, session: Session) -> None:
        await core.reply(
            ERBAN, get(f"/WebService/SmsService.asmx/{method}", {**ERBAN_SEND, **changed})
        )

    return ask


async def unreadable(core: Core, session: Session) -> None:
    await core.reply(
        OFFICIAL, request("POST", "/api/sms/send", b"{", {"Content-Type": "application/json"})
    )


async def unknown_message(core: Core, session: Session) -> None:
    values = {"access_token": await core.token(), "message_id": "404"}
    await core.reply(OFFICIAL, get("/api/sms/report", values))


def status_of(kind: str, status: str) -> dict[str, Any]:
    """A patch after which the demo signature or template has this status."""
    if kind == "signatures":
        items = [
            {
                "sign_key": "demo-sign",
                "signature": "【演示签名】",
                "status": status,
                "reason": "不妥",
            }
        ]
    else:
        items = [
            {
                "template_id": "1001",
                "content": "{code}{minutes}",
                "status": status,
                "reason": "不妥",
            }
        ]
    return {kind: items}


# The rule that refuses, its cause, how to get there, and what its words must say.
WAYS: list[tuple[str, str, Ask, list[str]]] = [
    ("parameters_present", "", official(signature=None), ["signature"]),
    ("parameters_present", "foreign", official(access_token=None, app_id="a"), ["access_token", "app_id"]),
    ("parameters_present", "unreadable", unreadable, ["JSON"]),
    ("token_clock_in_bounds", "clock", token(timestamp=beijing_text(0)), ["1970", "2024-05-06 12:00:00"]),
    ("token_clock_in_bounds", "clock_unreadable", token(timestamp="noon"), ["'noon'"]),
    ("token_account_known", "account", token(app_id="other"), ["'other'", "'demo-app'"]),
    ("token_account_known", "account_unset", token(app_id=""), ["'demo-app'"]),
    ("token_credential_valid", "proof", token(sign="WRONG"), ["'WRONG'", "app_id=demo-app&", "key=***"]),
    ("sign_key_belongs", "sign_key", token(sign_key="other"), ["'other'", "'demo-app'"]),
    ("token_valid", "", official(access_token="stale"), ["'stale'"]),
    ("app_enabled", "", official({"enabled": False}), ["demo-app"]),
    ("ip_allowed", "", official({"ip_allow": ["10.1.1.1"]}), ["10.0.0.9", "10.1.1.1"]),
    ("signature_approved", "unknown", official(sign_key="other"), ["'other'"]),
    ("signature_approved", "pending", official(status_of("signatures", "pending")), ["'demo-sign'"]),
    ("signature_approved", "rejected", official(status_of("signatures", "rejected")), ["'demo-sign'", "不妥"]),
    ("signature_equal", "", official(signature="【别家】"), ["【别家】", "【演示签名】"]),
    ("template_numbered", "", official(template_id=""), []),
    ("template_approved", "", official(template_id="9"), ["'9'"]),
    ("template_approved", "pending", official(status_of("templates", "pending")), ["'1001'"]),
    ("template_approved", "rejected", official(status_of("templates", "rejected")), ["'1001'", "不妥"]),
    ("params_fit", "", official(params={"x": "1"}), ["x", "code, minutes"]),
    ("mobiles_valid", "", official(mobile="12"), ["'12'"]),
    ("mobiles_not_blacklisted", "", official({"mobile_blacklist": [MOBILE]}), [MOBILE]),
    ("content_allowed", "", official({"blocked_words": ["验证码"]}), ["'验证码'"]),
    ("content_allowed", "", official({"max_segments": 1}, params={"code": "1" * 80, "minutes": "5"}), ["2", "1"]),
    ("not_duplicate", "", official(times=2, out_id="mine"), ["'mine'"]),
    ("within_quotas", "account_per_second", official({"quotas": {"account_per_second": 0}}), ["account_per_second"]),
    ("within_quotas", "account_per_day", official({"quotas": {"account_per_day": 1}}, 2), ["account_per_day", "1"]),
    ("within_quotas", "ip_per_day", official({"quotas": {"ip_per_day": 0}}), ["10.0.0.9"]),
    ("within_quotas", "mobile_per_minute", official({"quotas": {"mobile_per_minute": 0}}), [MOBILE]),
    ("within_quotas", "mobile_per_hour", official({"quotas": {"mobile_per_hour": 0}}), [MOBILE]),
    ("within_quotas", "mobile_per_day", official({"quotas": {"mobile_per_day": 0}}), [MOBILE]),
    ("balance_suffices", "", official({"balance": 0}), ["0", "1"]),
    ("message_known", "", unknown_message, ["'404'"]),
    ("clock_in_bounds", "clock", reseller(timestamp=beijing_text(0)), ["1970"]),
    ("clock_in_bounds", "clock_unreadable", reseller(timestamp="noon"), ["'noon'"]),
    ("account_known", "account", reseller(member_id="9"), ["'9'", "'10001'"]),
    ("credential_valid", "proof", reseller("wrong"), ["member_id=10001", "key=***"]),
    ("upstream_accepts", "upstream", above(Refusal(Reason.RATE_LIMITED, "upstream", code=46001)), ["46001"]),
    ("upstream_accepts", "unsettled", above(Unsettled("no answer")), ["no answer"]),
    ("upstream_accepts", "connect", above(Refusal(Reason.UPSTREAM_UNAVAILABLE, "connect", why="down")), ["down"]),
    ("upstream_accepts", "token", above(Refusal(Reason.UPSTREAM_UNAVAILABLE, "token", why="html")), ["html"]),
    ("account_known", "account", erban(account="9"), ["'9'"]),
    ("account_known", "account_unset", erban(account=""), ["'80000001'"]),
    ("credential_valid", "proof", erban(password="wrong"), ["'wrong'"]),
    ("send_time_ahead", "past", by_method("SendTimingSms", sendType="2024-05-06 11:00:00"), [" 11:00:00", " 12:00:00"]),
    ("send_time_ahead", "unreadable", by_method("SendTimingSms", sendType="noon"), ["'noon'", "2024-05-06 12:00:00"]),
    ("since_readable", "unreadable", by_method("GetSmsMo", in0="80000001", in1=PASSWORD, in2="noon"), ["'noon'"]),
    ("message_known", "", by_method("UpdateSmsMo", in0="default.e.9"), ["'default.e.9'"]),
    ("token_valid", "", by_method("SendSms2", random="stale", password="x"), ["'stale'"]),
    ("channel_known", "", erban(channel="1"), ["'1'", "8000000101"]),
    ("content_signature_approved", "absent", erban(content="1234"), ["【"]),
    ("content_signature_approved", "", erban(content="【别家】1234"), ["【别家】"]),
    ("content_signature_approved", "unknown", erban({"signatures": []}), ["【演示签名】"]),
    ("content_signature_approved", "pending", erban(status_of("signatures", "pending")), ["demo-sign"]),
    ("content_signature_approved", "rejected", erban(status_of("signatures", "rejected")), ["不妥"]),
    ("mobiles_counted", "number", erban(mobile=",".join([MOBILE] * 1001)), ["1001", "1000"]),
]  # fmt: skip


def all_words(steps: list[Step]) -> str:
    return "\n".join(f"{step.zh}\n{step.en}" for step in steps)


@pytest.mark.parametrize(
    ("rule", "cause", "ask", "says"), WAYS, ids=[f"{rule} {cause}" for rule, cause, _, _ in WAYS]
)
@asynchronous
async def test_a_refusal_is_put_in_words(rule: str, cause: str, ask: Ask, says: list[str]) -> None:
    core = Core()
    session = await core.open()
    await ask(core, session)
    entry = last_entry(session)
    assert isinstance(entry.outcome, Refused)
    assert (entry.outcome.rule, entry.outcome.cause) == (rule, cause)
    steps = [step for step in explain(entry) if step.rule != "session"]
    assert [step.passed for step in steps] == [*[True] * (len(steps) - 1), False]
    assert steps[-1].rule == rule
    assert steps[-1].en != RULES.get(rule, steps[0]).en or not says
    for text in says:
        assert text in steps[-1].zh
        assert text in steps[-1].en
    assert not re.search(r"\{\w+(![rs])?\}", all_words(steps))


@asynchronous
async def test_a_parameter_that_is_missing_is_named_and_nothing_else() -> None:
    core = Core()
    session = await core.open()
    await core.reply(OFFICIAL, request("POST", "/api/sms/send", b"sign_key=x", FORM))
    (step,) = explain(last_entry(session))
    assert (step.zh, step.en) == ("缺少参数 signature", "parameter signature is missing")


@asynchronous
async def test_what_cannot_be_read_is_told_in_both_languages() -> None:
    core = Core()
    session = await core.open()
    await unreadable(core, session)
    (step,) = explain(last_entry(session))
    assert step.zh == "请求无法读取：请求体不是合法的 JSON：内容不完整"
    assert step.en == "the request cannot be read: the body is not JSON: Input data was truncated"


def test_every_rule_that_can_refuse_is_in_the_list() -> None:
    can = {
        name
        for provider in (OFFICIAL, RESELLER, ERBAN)
        for operation in OPERATIONS
        for name in names_for(provider, operation)
    } | {"upstream_accepts", "message_known"}
    assert {rule for rule, _, _, _ in WAYS} == can - {"message_composed"}


@pytest.mark.parametrize("provider", [OFFICIAL, RESELLER, ERBAN], ids=lambda p: p.name)
def test_every_rule_has_words(provider: Provider) -> None:
    for operation in OPERATIONS:
        for name in names_for(provider, operation):
            assert RULES[name].zh
            assert RULES[name].en


@asynchronous
async def test_an_accepted_send_shows_every_rule_passed() -> None:
    core = Core()
    session = await core.open()
    await core.official_send()
    steps = explain(last_entry(session))
    assert tuple(step.rule for step in steps) == names_for(OFFICIAL, "send")
    assert all(step.passed for step in steps)


@asynchronous
async def test_a_refused_send_shows_the_rules_before_it_in_order() -> None:
    core = Core()
    session = await core.open()
    await core.official_send(template_id="")
    names = names_for(OFFICIAL, "send")
    steps = explain(last_entry(session))
    assert tuple(step.rule for step in steps) == names[: names.index("template_numbered") + 1]


@pytest.mark.parametrize(
    ("prefix", "account", "says"),
    [("gone", "demo-app", "gone"), ("", "nobody", "'nobody'")],
)
@asynchronous
async def test_a_stranger_is_told_whose_session_answered(
    prefix: str, account: str, says: str
) -> None:
    core = Core()
    session = await core.open()
    raw = post("/api/oauth/access_token", core.token_request(app_id=account), session=prefix)
    await core.reply(OFFICIAL, raw)
    first = explain(last_entry(session))[0]
    assert (first.rule, first.passed) == ("session", False)
    assert says in first.zh
    assert says in first.en


@pytest.mark.parametrize(("path", "passed"), [("/", True), ("/nowhere", False)])
@asynchronous
async def test_a_document_shows_that_no_rule_was_asked(path: str, passed: bool) -> None:
    core = Core()
    session = await core.open()
    await core.reply(RESELLER, request("GET", path))
    (step,) = explain(last_entry(session))
    assert (step.rule, step.passed) == ("page", passed)
