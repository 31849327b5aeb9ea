"""A session in Python: what its parts say and do, beside what the examples in the docstrings show."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from fakeproviders import (
    Bounds,
    ControlError,
    Expectation,
    NoMessage,
    SyncHarness,
    SyncSession,
    VerificationFailed,
)
from tests.api.sending import sender
from tests.e2e.sockets import post_json

ANN, BOB = "13800138000", "13900139000"
Send = Callable[..., int | None]


@pytest.fixture
def session(fakeproviders: SyncSession) -> SyncSession:
    return fakeproviders


@pytest.fixture
def send(fakeproviders: SyncSession) -> Send:
    return sender(fakeproviders.official)


def test_credentials_are_those_of_the_session(session: SyncSession) -> None:
    for provider in (session.official, session.reseller, session.erban):
        shown = session.document[provider.name]
        assert {name: getattr(provider, name) for name in shown} == shown
        assert f"/@{session.id}" in provider.url


def test_credentials_follow_a_change_and_a_reset(session: SyncSession) -> None:
    before = session.official.app_secret
    session.official.configure(app_secret="another")
    assert session.official.app_secret == "another"
    session.reset()
    assert session.official.app_secret == before


def test_a_seed_and_a_name_repeat_a_session(fakeproviders_server: SyncHarness) -> None:
    one, two, other = (fakeproviders_server.session(seed=seed, name="x") for seed in (5, 5, 6))
    assert one.official.app_secret == two.official.app_secret != other.official.app_secret


def test_a_session_ends_with_its_block(fakeproviders_server: SyncHarness) -> None:
    with fakeproviders_server.session() as session:
        assert fakeproviders_server.open(session.id).seed == session.seed
    with pytest.raises(ControlError, match=f"there is no session {session.id}"):
        session.requests()


# --- faults -----------------------------------------------------------------------------------------


def test_a_rule_takes_all_that_rules_have(session: SyncSession, send: Send) -> None:
    session.official.fail(
        ["rate_limited"], operation="send", match={"mobile": {"prefix": "138"}}, times=1, after=1,
        until="+1h", per="mobile", probability=1.0,
    )  # fmt: skip
    answers = [send(mobile, code="1234") for mobile in (ANN, BOB, ANN, ANN)]
    assert answers == [None, None, 46001, None]
    [fault] = session.faults()
    assert (fault.matched, fault.fired, fault.operation) == (2, 1, "send")


@pytest.mark.fakeproviders(allow_unfired=True)
def test_a_fault_of_the_account_above_the_reseller(session: SyncSession, send: Send) -> None:
    assert session.upstream.fail("balance_insufficient").provider == "upstream"
    assert send(ANN, code="1234") is None


def test_faults_can_be_cleared_one_by_one_or_all(session: SyncSession) -> None:
    first, second, third = (session.erban.script("fail") for _ in range(3))
    session.clear_faults(second)
    assert [fault.id for fault in session.faults()] == [first.id, third.id]
    session.clear_faults()
    assert session.faults() == []


def test_faults_that_did_not_fire_are_known(session: SyncSession, send: Send) -> None:
    assert session.unfired_faults() == []
    session.official.fail("rate_limited", operation="send", times=1)
    script = session.official.script("ok, ok, fail", operation="send")
    send(ANN, code="1234")
    send(ANN, code="1234")
    assert [fault.id for fault in session.unfired_faults()] == [script.id]
    session.clear_faults()


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda s: s.official.fail("rate_limitd"), "did you mean rate_limited?"),
        (lambda s: s.official.fail("rate_limited", times=0), "times"),
        (lambda s: s.official.fail("rate_limited", time=1), "time"),
        (lambda s: s.official.script("ok; ok"), "script: step 1"),
        (lambda s: s.official.configure(balence=1), "balence"),
        (lambda s: s.inject({"do": "fail"}), "provider"),
        (lambda s: s.clock.set("yesterday"), "'yesterday' is no RFC 3339 time"),
        (lambda s: s.clock.advance(-1), "seconds"),
        (lambda s: s.requests(outcome="good"), "outcome"),
        (lambda s: s.request("r99"), "the journal has no request r99"),
        (lambda s: s.verify(), "expect at least one"),
        (lambda s: s.quota("offical"), "provider"),
    ],
)
def test_what_the_server_refuses_is_said(
    session: SyncSession, call: Callable[[SyncSession], object], complaint: str
) -> None:
    with pytest.raises(ControlError) as caught:
        call(session)
    assert complaint in str(caught.value)
    assert 400 <= caught.value.status < 500
    assert caught.value.problem["detail"]


# --- clock and inbox --------------------------------------------------------------------------------


def test_the_clock_can_be_moved_in_every_way(session: SyncSession) -> None:
    clock = session.clock
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
    new_year = datetime(2026, 1, 1, tzinfo=UTC)
    assert clock.freeze(new_year) == clock.now() == clock.freeze() == new_year
    assert clock.advance(1, minutes=2, hours=3, days=4) == datetime(2026, 1, 5, 3, 2, 1, tzinfo=UTC)
    assert clock.advance_to("2026-02-01T00:00:00Z").month == 2
    clock.set("2027-01-01T00:00:00Z")
    assert session.link.get(f"/sessions/{session.id}/clock")["mode"] == "offset"
    assert timedelta() <= clock.now() - datetime(2027, 1, 1, tzinfo=UTC) < timedelta(minutes=1)
    assert abs(clock.unset() - datetime.now(UTC)) < timedelta(minutes=1)


def test_waiting_gives_the_newest_code_and_each_only_once(session: SyncSession, send: Send) -> None:
    send(ANN, code="1111")
    send(ANN, code="2222")
    assert session.inbox.wait_for_code(ANN) == "2222"
    with pytest.raises(NoMessage):
        session.inbox.wait_for_code(ANN, within=0)
    send(ANN, code="3333")
    assert session.inbox.wait_for_code(ANN) == "3333"
    assert session.inbox.wait_for_code() == "3333"
    assert [message.code for message in session.inbox.messages()] == ["1111", "2222", "3333"]


def test_waiting_waits(session: SyncSession, send: Send) -> None:
    with_code = threading.Timer(0.2, send, (ANN,), {"code": "4444"})
    send(BOB, code="1111")
    with_code.start()
    assert session.inbox.wait_for_message(ANN, provider="official").content.endswith(
        "5分钟内有效。"
    )
    with_code.join()


def test_a_message_without_a_code_is_no_code(session: SyncSession, send: Send) -> None:
    send(ANN, code="abc")
    with pytest.raises(NoMessage, match=r"with a code for 13800138000 within 0\.05 s"):
        session.inbox.wait_for_code(ANN, within=0.05)
    session.reset()
    send(ANN, code="5555")
    assert session.inbox.wait_for_code(ANN) == "5555"


def test_who_waits_in_vain_is_told_why(session: SyncSession, send: Send) -> None:
    session.official.configure(balance=0)
    send(ANN, code="1234")
    with pytest.raises(NoMessage, match=r"✗ balance_suffices: the balance is 0, 1 are needed"):
        session.inbox.wait_for_code(ANN, within=0)


def test_delivery_can_be_decided(session: SyncSession, send: Send) -> None:
    send(ANN, code="1234")
    message = session.inbox.wait_for_message(ANN)
    failed = session.inbox.set_status(message, "undelivered", "UNDELIV")
    assert (message.status, failed.status, failed.error) == ("submitted", "undelivered", "UNDELIV")
    assert failed.done_at is not None


# --- outbox -----------------------------------------------------------------------------------------


def test_the_panels_mails_are_in_the_outbox(session: SyncSession) -> None:
    ask_for_code(session, ANN, "ann@example.com")
    mail = session.outbox.wait_for_letter("ann@example.com", kind="mail")
    assert (mail.kind, mail.recipient, mail.event) == (
        "mail",
        "ann@example.com",
        "change_email_code",
    )
    assert mail.code is not None
    assert mail.code in mail.content
    assert session.outbox.letters() == [mail]
    assert session.outbox.letters("bob@example.com") == session.outbox.letters(kind="site") == []


def test_a_letter_is_waited_for_once_and_for_who_it_is_to(session: SyncSession) -> None:
    for name in ("ann", "bob"):
        ask_for_code(session, ANN, f"{name}@example.com")
    assert session.outbox.wait_for_letter("ann@example.com").recipient == "ann@example.com"
    with pytest.raises(NoMessage, match=r"^no letter for ann@example\.com within 0 s\n"):
        session.outbox.wait_for_letter("ann@example.com", within=0)
    assert session.outbox.wait_for_letter().recipient == "bob@example.com"
    session.reset()
    assert session.outbox.letters() == []
    ask_for_code(session, ANN, "ann@example.com")
    assert session.outbox.wait_for_letter("ann@example.com").kind == "mail"


def ask_for_code(session: SyncSession, mobile: str, email: str) -> None:
    """A code that goes out by mail alone."""
    asked = {"event": "change_email_code", "mobile": mobile, "email": email}
    answer = post_json(f"{session.panel.url}/api/codes", asked).json()
    assert answer["mail"], answer


# --- what was received ------------------------------------------------------------------------------


def test_a_request_is_shown_whole(session: SyncSession, send: Send) -> None:
    session.official.configure(quotas={"mobile_per_day": 1})
    send(ANN, code="1111")
    send(ANN, code="2222")
    [refused] = session.requests(outcome="refused")
    whole = session.request(refused.id)
    assert (refused.reason, whole.reason) == ("mobile_day_limit", "mobile_day_limit")
    assert '"2222"' in whole.request.body
    assert whole.reply is not None
    assert '"code":46006' in whole.reply.body
    assert [step.rule for step in whole.trace if not step.passed] == ["within_quotas"]


def test_a_fault_is_shown_with_the_request_that_met_it(session: SyncSession, send: Send) -> None:
    session.official.fail("empty", operation="token", times=1)
    with pytest.raises(ConnectionError):
        send(ANN, code="1111")
    [request] = session.requests(outcome="fault")
    assert request.fault is not None
    assert (request.fault.do, request.fault.nth, request.status) == ("empty", 1, None)
    assert "no reply was written" in session.story()


def test_a_long_story_is_cut(session: SyncSession, send: Send) -> None:
    for _ in range(11):
        send(ANN, code="1234")
    lines = session.story().splitlines()
    assert lines[0] == "(earlier ones left out; the newest 20:)"
    assert [line.split()[0] for line in lines[1:]] == [f"r{n}" for n in range(2, 22)]


def test_verification_tells_what_is_missing(session: SyncSession, send: Send) -> None:
    send(ANN, code="1234")
    session.verify(Expectation(operation="send", count=Bounds(min=1, max=2)))
    with pytest.raises(VerificationFailed, match="nearest is r1: mobile = '13800138000'") as caught:
        session.verify(Expectation(operation="send", match={"mobile": BOB}))
    assert caught.value.report["result"] == "fail"
    with pytest.raises(VerificationFailed, match="order"):
        session.verify(Expectation(operation="send"), Expectation(operation="token"), order=True)
    with pytest.raises(VerificationFailed, match="1 unexpected: r0"):
        session.verify(Expectation(operation="send"), strict=True)
