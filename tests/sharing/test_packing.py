"""An entry that went through bytes shows what it showed before, whatever the request was."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.control.views import request_view
from fakeproviders.export import har, json_lines
from fakeproviders.failures import Reason
from fakeproviders.faults.engine import NO_DRAW
from fakeproviders.faults.registry import TRANSPORT
from fakeproviders.faults.rule import FaultSpec
from fakeproviders.journal import Entry
from fakeproviders.ledger.parts import parts
from fakeproviders.model import OWN_CALLS, RawReply, RawRequest, Refused
from fakeproviders.outcome import outcomes
from fakeproviders.providers.base import Provider
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.session import Session
from fakeproviders.sharing.packing import (
    pack_answer,
    pack_request,
    unpack_answer,
    unpack_request,
)
from fakeproviders.soon import settled
from tests.asyncs import asynchronous
from tests.core import MOBILE, SEND, Core, get, last_entry, post, request
from tests.desk import Desk
from tests.faults.doubles import RecordingWire
from tests.goldens import Goldens
from tests.providers.official.test_wire import METHODS, OBJECTS, QUERIES, TYPES
from tests.test_pipeline import PATHS
from tests.test_trace import ERBAN_SEND, WAYS, Ask

PROVIDERS: dict[str, Provider] = {p.name: p for p in (OFFICIAL, RESELLER, ERBAN)}
GOLDENS = {name: Goldens(name) for name in PROVIDERS}
GOLDEN = [(name, exchange) for name in PROVIDERS for exchange in sorted(GOLDENS[name].index)]
UNPACKED = {"in_language"}
"""Fields of calls that cannot be compared: pages are made by the same functions again."""


class WireCore(Core):
    """A core whose requests have raw headers, as on the wire."""

    async def reply(self, provider: Provider, raw: RawRequest) -> RawReply:
        return await super().reply(provider, on_the_wire(raw))

    async def spoilt(self, provider: Provider, raw: RawRequest) -> None:
        """A request whose reply may get lost."""
        await settled(self.pipeline.handle(provider, on_the_wire(raw), RecordingWire()))


def on_the_wire(raw: RawRequest) -> RawRequest:
    raw.raw_headers = tuple(
        (k.encode("utf-8", "surrogateescape"), v.encode("utf-8", "surrogateescape"))
        for k, v in raw.headers.items()
    )
    return raw


def through_bytes(entry: Entry, session: Session) -> Entry:
    request_part, answer = pack_request(entry), pack_answer(entry)
    read = unpack_request(request_part, PROVIDERS, session.faults.once)
    unpack_answer(answer, read)
    return read


def shown(entry: Entry) -> dict[str, Any]:
    """All that anybody is shown of an entry, or judges it by."""
    call = {f: getattr(entry.call, f) for f in entry.call.__struct_fields__ if f not in UNPACKED}
    return {
        "view": request_view(0, entry),
        "files": files(entry) if entry.request.query.isascii() else b"",
        "call": call,
        "outcome": entry.outcome,
        "outcomes": outcomes(entry),
        "parts": list(parts(entry)),
        "draw": (entry.draw is NO_DRAW, msgspec.structs.replace(entry.draw, clock=None)),
        "rules": entry.rules,
        "reply": (entry.reply, entry.written, entry.took, entry.posting),
        "base_url": entry.request.base_url,
    }


def files(entry: Entry) -> bytes:
    """As it is exported."""
    return b"".join((*har([((0, entry), {})], {}), *json_lines([request_view(0, entry)])))


def assert_all_survive(session: Session) -> None:
    entries = session.journal.since(0)
    assert entries
    for _, entry in entries:
        assert shown(through_bytes(entry, session)) == shown(entry)


@pytest.mark.parametrize(
    "ask", [way[2] for way in WAYS], ids=[f"{rule} {cause}" for rule, cause, *_ in WAYS]
)
@asynchronous
async def test_every_way_to_a_refusal(ask: Ask) -> None:
    core = WireCore()
    session = await core.open()
    await ask(core, session)
    assert_all_survive(session)


@pytest.mark.parametrize(("provider", "exchange"), GOLDEN, ids=[f"{p} {e}" for p, e in GOLDEN])
@asynchronous
async def test_every_door_with_and_without_a_rule_in_force(provider: str, exchange: str) -> None:
    core = WireCore()
    session = await core.open()
    for _ in range(2):
        await core.reply(PROVIDERS[provider], GOLDENS[provider].request(exchange))
        session.faults.add(FaultSpec(provider="*", do="rate_limited", after=9))
    assert_all_survive(session)


async def a_bit_of_all(core: Core) -> None:
    """What the other tests have not: results of every kind, at every provider."""
    token = {"access_token": await core.token()}
    sent = await core.official_send(**token, out_id="mine")
    batch = {**token, **SEND, "mobiles": [MOBILE, "12", "13900000002"], "out_id": "b"}
    await core.reply(OFFICIAL, post("/api/sms/batch", batch))
    await core.reseller_send()
    for path, more in {
        "report": {"message_id": sent["data"]["message_id"]},
        "balance": {}, "signatures": {}, "templates": {},
    }.items():  # fmt: skip
        await core.reply(OFFICIAL, get(f"/api/sms/{path}", {**token, **more}))
    await core.reply(OFFICIAL, post("/api/sms/templates", {**token, "name": "n", "content": "{a}"}))
    for method in ("GetRandom", "SendSms3", "GetBalance", "GetSmsMo", "GetChannel", "CheckKeyWord"):
        await core.reply(ERBAN, get(f"/WebService/SmsService.asmx/{method}", ERBAN_SEND))


@asynchronous
async def test_every_kind_of_result() -> None:
    core = WireCore()
    session = await core.open()
    await a_bit_of_all(core)
    assert_all_survive(session)


FAULTS: list[Any] = [
    *sorted(TRANSPORT.keys() - {"refuse", "delay", "reply", "trickle"}),
    "rate_limited", {"delay": {"ms": 5, "jitter_ms": 2}}, {"trickle": {"bytes": 3, "ms": 1}},
    {"reply": {"status": 503, "headers": {"Retry-After": "1"}, "body": "忙"}},
    ["signature_mismatch", {"delay": {"ms": 1}}, "reply_lost"],
]  # fmt: skip


@pytest.mark.parametrize("do", FAULTS, ids=str)
@asynchronous
async def test_every_fault_and_rules_that_did_not_match(do: Any) -> None:
    core = WireCore()
    session = await core.open()
    near = {"mobile": {"prefix": "999"}}
    session.faults.add(FaultSpec(provider="official", match=near, do="rate_limited"))
    session.faults.add(FaultSpec(provider="*", operation="send", do=do, probability=0.99))
    session.faults.add(FaultSpec(provider="official", script="ok, rate_limited"))
    for number in range(2):
        raw = post("/api/sms/send", {"access_token": "t", **SEND, "out_id": str(number)})
        await core.spoilt(OFFICIAL, raw)
    assert_all_survive(session)
    removed = session.faults.remove("f1")
    assert removed is not None
    assert_all_survive(session)


@asynchronous
async def test_our_own_calls() -> None:
    desk = Desk()
    session = await desk.open_frozen()
    for do in ({"copies": 2}, {"never": True}, {"wrong_proof": True}):
        session.faults.add(FaultSpec(provider="official", do={"receipt": do}, times=1))
    desk.answers = [500, "connection refused"]
    for number in range(4):
        await desk.send(params={"code": f"10000{number}", "minutes": "5"})
    await session.clock.advance(10)
    reply = await session.store.add_reply(
        "official", MOBILE, "好\N{PILE OF POO}", session.clock.now()
    )
    await desk.dispatcher.pass_on(session, reply)
    own = [entry for _, entry in session.journal.since(0) if entry.call.operation in OWN_CALLS]
    assert {entry.call.operation for entry in own} == OWN_CALLS
    assert {entry.posting.attempt for entry in own if entry.posting} >= {0, 1, 2}
    for entry in own:
        assert shown(through_bytes(entry, session)) == shown(entry)


@asynchronous
async def test_text_that_is_no_utf_8_survives() -> None:
    core = WireCore()
    session = await core.open()
    lone = "\udc80\ud83d"
    raw = request("POST", f"/api/sms/{lone}?{lone}", b"\xff", {"X": "\udc80"}, session=lone)
    raw.origin = f"http://{lone}"
    await core.reply(OFFICIAL, raw)
    entry = last_entry(session)
    entry.outcome = Refused(Reason.MOBILE_INVALID, facts={"given": lone, "known": [lone]})
    read = through_bytes(entry, session)
    assert (read.request.path, read.request.query) == (f"/api/sms/{lone}", lone)
    assert (read.request.session_id, read.request.origin) == (lone, f"http://{lone}")
    assert read.outcome == entry.outcome


@asynchronous
async def test_a_request_that_is_too_large_or_came_by_its_own_port() -> None:
    core = WireCore()
    session = await core.open()
    for raw in (get("/api/sms/balance", {}), request("POST", "/x", too_large=True)):
        raw.prefixed, raw.session_id = False, "default"
        await core.reply(OFFICIAL, raw)
    assert_all_survive(session)


@asynchronous
async def test_what_is_not_known_yet_is_not_there() -> None:
    core = WireCore()
    session = await core.open()
    await core.official_send()
    entry = last_entry(session)
    read = unpack_request(pack_request(entry), PROVIDERS, session.faults.once)
    assert (read.outcome, read.reply, read.written, read.took) == (None, None, None, None)
    assert read.call.content == entry.call.content


@asynchronous
async def test_a_rule_that_nobody_knows_any_more_leaves_what_it_did() -> None:
    core = WireCore()
    session = await core.open()
    session.faults.add(FaultSpec(provider="official", operation="send", do="rate_limited"))
    await core.official_send()
    entry = last_entry(session)
    read = unpack_request(pack_request(entry), PROVIDERS, lambda rule_id: None)
    assert read.rules == ()
    assert (read.draw.rule_id, read.draw.fault) == ("f1", entry.draw.fault)


@given(
    st.sampled_from(list(PROVIDERS)),
    st.sampled_from(METHODS),
    PATHS,
    QUERIES,
    TYPES,
    st.one_of(st.binary(), OBJECTS),
)
@asynchronous
async def test_whatever_comes(
    provider: str, method: str, path: str, query: str, kind: str, body: bytes
) -> None:
    core = WireCore()
    session = await core.open()
    raw = request(method, path, body, {"Content-Type": kind})
    raw.query = query
    await core.reply(PROVIDERS[provider], raw)
    assert_all_survive(session)
