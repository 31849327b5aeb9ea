"""A request's way, from bytes to bytes."""

import logging
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.clients.official import sign
from fakeproviders.failures import Reason
from fakeproviders.faults.rule import FaultSpec
from fakeproviders.model import Accepted, Call, Outcome, RawReply, Refusal, Refused
from fakeproviders.providers.base import Provider
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.providers.official.wire import Official
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.settings import AccountSettings
from fakeproviders.soon import settled
from fakeproviders.stores.base import MessageFilter
from fakeproviders.trace import explain
from tests.asyncs import asynchronous
from tests.core import MOBILE, SEND, Core, FakeHop, get, last_entry, post, request
from tests.faults.doubles import RecordingWire
from tests.providers.official.test_wire import METHODS, OBJECTS, QUERIES, TYPES

PROVIDERS = st.sampled_from([OFFICIAL, RESELLER, ERBAN])
PATHS = st.sampled_from(
    ["/", "/api/oauth/access_token", "/api/sms/send", "/api/sms/batch", "/api/sms/report",
     "/api/sms/balance", "/api/sms/signatures", "/api/sms/templates", "/api/sms/",
     "/WebService/SmsService.asmx", "/WebService/SmsService.asmx/SendSms3", "/WebService/sms3.aspx"]
)  # fmt: skip


@asynchronous
async def test_an_official_send_goes_all_the_way() -> None:
    core = Core()
    session = await core.open()
    answer = await core.official_send()
    assert answer["code"] == 0
    message = await session.store.message(answer["data"]["message_id"])
    assert message is not None
    assert (message.mobile, message.provider) == (MOBILE, "official")
    assert message.content == "【演示签名】您的验证码是246810，5分钟内有效。"


@asynchronous
async def test_a_reseller_send_goes_on_to_the_platform_above() -> None:
    hop = FakeHop()
    core = Core(hop=hop)
    session = await core.open()
    answer = await core.reseller_send(out_id="mine")
    assert answer["code"] == 0
    assert [call.mobile for call, _ in hop.forwarded] == [MOBILE]
    shown = await session.store.latest_messages(MessageFilter(), 9)
    assert [message.provider for message in shown] == ["reseller"]


@asynchronous
async def test_what_is_refused_above_comes_back_with_its_text() -> None:
    above = Refusal(Reason.ACCESS_TOKEN_FAILED, "upstream", text="上面的话", code=40104)
    core = Core(hop=FakeHop(above))
    await core.open()
    assert await core.reseller_send() == {"code": 1105, "msg": "上面的话", "data": None}


@asynchronous
async def test_without_a_platform_above_the_reseller_answers_by_itself() -> None:
    hop = FakeHop()
    core = Core(hop=hop)
    session = await core.open()
    await core.sessions.patch(session, "reseller", {"upstream": "none"})
    assert (await core.reseller_send())["code"] == 0
    assert hop.forwarded == []


@asynchronous
async def test_the_hops_own_message_is_not_in_the_inbox() -> None:
    core = Core()
    session = await core.open()
    above = session.accounts["upstream"]
    wanted = {"app_id": above.id, "sign_key": "demo-sign", "timestamp": "2024-05-06 12:00:00"}
    signed = wanted | {"sign": sign(wanted, above.secret)}
    token = (await core.answer(OFFICIAL, post("/api/oauth/access_token", signed)))["data"]
    body = {"access_token": token["access_token"], **SEND}
    assert (await core.answer(OFFICIAL, post("/api/sms/send", body)))["code"] == 0
    assert last_entry(session).role == "upstream"
    assert await session.store.latest_messages(MessageFilter(), 9) == []


@asynchronous
async def test_the_journal_has_the_request_as_it_came_and_was_answered() -> None:
    core = Core()
    session = await core.open()
    raw = get("/api/sms/balance", {"access_token": "wrong"})
    reply = await core.reply(OFFICIAL, raw)
    entry = last_entry(session)
    assert (entry.request, entry.reply, entry.written) == (raw, reply, reply)
    assert (entry.role, entry.provider, entry.hint) == (
        "official",
        OFFICIAL,
        "unknown_token",
    )
    assert isinstance(entry.outcome, Refused)
    assert entry.outcome.reason is Reason.TOKEN_EXPIRED


@asynchronous
async def test_a_stranger_is_answered_by_default_with_a_hint() -> None:
    core = Core()
    session = await core.open()
    await core.reply(OFFICIAL, get("/api/sms/balance", {}, session="gone"))
    assert last_entry(session).hint == "unknown_prefix"


@asynchronous
async def test_a_scripted_refusal_comes_before_the_rules_and_sends_nothing() -> None:
    core = Core()
    session = await core.open()
    session.faults.add(FaultSpec(provider="official", operation="send", do="signature_mismatch"))
    assert await core.official_send() == {"code": 41004, "msg": "签名数据不一致", "data": None}
    assert last_entry(session).outcome == Refused(Reason.SIGNATURE_MISMATCH, rule="fault")
    assert await session.store.latest_messages(MessageFilter(), 9) == []


@asynchronous
async def test_a_fault_that_intercepts_keeps_the_request_from_being_handled() -> None:
    core = Core()
    session = await core.open()
    token = await core.token()
    session.faults.add(FaultSpec(provider="official", operation="send", do="status"))
    raw = post("/api/sms/send", {"access_token": token, **SEND})
    assert (await core.reply(OFFICIAL, raw)).status == 503
    entry = last_entry(session)
    assert (entry.outcome, entry.reply) == (None, None)
    assert await session.store.latest_messages(MessageFilter(), 9) == []


@asynchronous
async def test_a_fault_at_delivery_comes_after_the_send_was_charged() -> None:
    core = Core()
    session = await core.open()
    token = await core.token()
    session.faults.add(FaultSpec(provider="official", operation="send", do="reply_lost"))
    wire = RecordingWire()
    raw = post("/api/sms/send", {"access_token": token, **SEND})
    assert await settled(core.pipeline.handle(OFFICIAL, raw, wire)) is None
    entry = last_entry(session)
    assert isinstance(entry.outcome, Accepted)
    assert entry.reply is not None
    assert entry.written is None
    assert len(await session.store.latest_messages(MessageFilter(), 9)) == 1


@asynchronous
async def test_the_proof_is_judged_by_the_hosts_time_however_the_session_s_is_set() -> None:
    core = Core()
    session = await core.open()
    await session.clock.advance(86400)
    assert (await core.official_send())["code"] == 0
    token = await core.token()
    await session.clock.advance(7200)
    body = {"access_token": token, **SEND}
    assert (await core.answer(OFFICIAL, post("/api/sms/send", body)))["code"] == 40110


class Clumsy(Official):
    """Cannot write what was accepted."""

    def encode(self, call: Call, outcome: Outcome, settings: AccountSettings) -> RawReply:
        if isinstance(outcome, Accepted):
            raise ZeroDivisionError
        return super().encode(call, outcome, settings)


@asynchronous
async def test_a_reply_that_cannot_be_written_is_an_internal_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    core = Core()
    await core.open()
    clumsy = Clumsy()
    with caplog.at_level(logging.CRITICAL, logger="fakeproviders.pipeline"):
        raw = post("/api/oauth/access_token", core.token_request())
        assert (await core.answer(clumsy, raw))["code"] == 50000


@given(PROVIDERS, st.sampled_from(METHODS), PATHS, QUERIES, TYPES, st.one_of(st.binary(), OBJECTS))
@asynchronous
async def test_whatever_comes_is_answered_and_can_be_explained(
    provider: Provider, method: str, path: str, query: str, kind: str, body: bytes
) -> None:
    core = Core()
    session = await core.open()
    raw = request(method, path, body, {"Content-Type": kind})
    raw.query = query
    reply = await core.reply(provider, raw)
    assert 200 <= reply.status < 600
    steps = explain(last_entry(session))
    assert steps
    msgspec.json.encode([(step.zh, step.en) for step in steps])


VALUES: Any = st.one_of(
    st.text(max_size=5), st.integers(), st.none(), st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*SEND, "out_id", "access_token"]), VALUES, max_size=3))
@asynchronous
async def test_a_nearly_right_send_is_answered_in_the_envelope(changed: dict[str, Any]) -> None:
    core = Core()
    session = await core.open()
    answer = await core.official_send(**changed)
    assert answer.keys() == {"code", "msg", "data"}
    assert (answer["code"] == 0) == isinstance(last_entry(session).outcome, Accepted)
    assert explain(last_entry(session))
