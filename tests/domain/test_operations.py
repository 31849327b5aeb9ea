"""What each operation does once its rules have passed."""

import pytest

from fakeproviders.account import UPSTREAM, Account
from fakeproviders.failures import Reason
from fakeproviders.model import (
    BALANCE,
    HOME,
    REPORT,
    SIGNATURES,
    TEMPLATES,
    TOKEN,
    UNKNOWN,
    Accepted,
    Sent,
    TokenIssued,
)
from fakeproviders.owned import owned, owner_of
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.providers.official.settings import OfficialSettings
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.settings import Signature
from tests.asyncs import asynchronous
from tests.core import NOON
from tests.domain.attempts import (
    DEMO_TOKEN,
    AnySecret,
    account,
    attempt,
    call,
    decided,
    refused,
    result,
    store_with_token,
)

GATED = [REPORT, BALANCE, SIGNATURES, TEMPLATES]


@asynchronous
async def test_a_token_request_issues_a_token_that_names_its_session_and_account() -> None:
    tried = attempt(call(TOKEN, token=None))
    issued = await result(tried)
    assert isinstance(issued, TokenIssued)
    assert issued.expires_in == 7200
    assert owner_of(issued.token) == ("default", "o")
    assert await tried.store.token_valid("official", issued.token, NOON + 7199)


@asynchronous
async def test_two_tokens_are_never_the_same() -> None:
    tried = attempt(call(TOKEN, token=None))
    assert (await result(tried)).token != (await result(tried)).token


@asynchronous
async def test_a_new_token_leaves_the_old_one_valid_for_300_seconds() -> None:
    tried = attempt(call(TOKEN, token=None))
    first = (await result(tried)).token
    await result(tried)
    assert await tried.store.token_valid("official", first, NOON + 299)
    assert not await tried.store.token_valid("official", first, NOON + 300)


def test_the_account_above_has_tokens_of_its_own_initial() -> None:
    above = Account(UPSTREAM, OFFICIAL, OfficialSettings(app_id="up", app_secret="s"))
    assert owner_of(owned("abc", above.role, "7")) == ("abc", "u")


@pytest.mark.parametrize("operation", GATED)
@asynchronous
async def test_whatever_is_asked_for_needs_a_token_first(operation: str) -> None:
    disabled = account(enabled=False)
    wanted = call(operation, message_id="1")
    outcome = await refused(attempt(wanted, disabled))
    assert (outcome.reason, outcome.rule) == (Reason.TOKEN_EXPIRED, "token_valid")
    store = await store_with_token()
    assert (await refused(attempt(wanted, disabled, store=store))).rule == "app_enabled"
    wanted.missing = "message_id"
    outcome = await refused(attempt(wanted, disabled))
    assert outcome.reason is Reason.PARAMETER_MISSING


@pytest.mark.parametrize("operation", [REPORT, BALANCE])
@asynchronous
async def test_a_wire_without_tokens_needs_its_proof(operation: str) -> None:
    wanted = call(operation, token=None, account="10001", credential=AnySecret(right=False))
    outcome = await refused(attempt(wanted, account(RESELLER)))
    assert (outcome.reason, outcome.rule) == (Reason.CREDENTIALS_INVALID, "credential_valid")


@asynchronous
async def test_the_balance_is_what_is_left() -> None:
    store = await store_with_token()
    await store.set_balance("official", 42)
    assert await result(attempt(call(BALANCE), store=store)) == 42


@asynchronous
async def test_a_report_is_found_by_either_id() -> None:
    store = await store_with_token()
    sent = await result(attempt(call(out_id="mine"), store=store))
    assert isinstance(sent, Sent)
    by_id = await result(attempt(call(REPORT, message_id=sent.message_ids[0]), store=store))
    by_own = await result(attempt(call(REPORT, out_id="mine"), store=store))
    assert by_id.id == by_own.id == sent.message_ids[0]


@asynchronous
async def test_a_report_of_nothing_is_refused() -> None:
    store = await store_with_token()
    for wanted in (call(REPORT, message_id="404"), call(REPORT, out_id="404")):
        outcome = await refused(attempt(wanted, store=store))
        assert (outcome.reason, outcome.rule) == (Reason.MESSAGE_NOT_FOUND, "message_known")
        assert outcome.facts == {"given": "404"}


@asynchronous
async def test_anothers_message_is_not_reported() -> None:
    store = await store_with_token()
    sent = await result(attempt(store=store))
    assert isinstance(sent, Sent)
    to = account(RESELLER)
    wanted = call(REPORT, token=None, account="10001", message_id=sent.message_ids[0])
    assert (await refused(attempt(wanted, to, store=store))).reason is Reason.MESSAGE_NOT_FOUND


@asynchronous
async def test_a_submitted_signature_is_pending() -> None:
    store, to = await store_with_token(), account()
    wanted = call(SIGNATURES, sign_key="new", signature="【新】", submits=True)
    listed = await result(attempt(wanted, to, store=store))
    assert [(s.sign_key, s.status) for s in listed] == [
        ("demo-sign", "approved"),
        ("new", "pending"),
    ]
    outcome = await refused(attempt(call(sign_key="new", signature="【新】"), to, store=store))
    assert (outcome.reason, outcome.cause) == (Reason.SIGNATURE_NOT_FOUND, "pending")


@asynchronous
async def test_a_signature_that_is_submitted_again_is_pending_again() -> None:
    store, to = await store_with_token(), account()
    wanted = call(SIGNATURES, sign_key="demo-sign", signature="【改名】", submits=True)
    listed = await result(attempt(wanted, to, store=store))
    assert [(s.signature, s.status) for s in listed] == [("【改名】", "pending")]


@asynchronous
async def test_a_submitted_signature_is_approved_when_its_time_has_come() -> None:
    store, to = await store_with_token(), account(approve_after_seconds=60)
    wanted = call(SIGNATURES, sign_key="new", signature="【新】", submits=True)
    await result(attempt(wanted, to, store=store))
    wanted.submits = False
    for later, status in ((59, "pending"), (60, "approved")):
        listed = await result(attempt(wanted, to, store=store, now=NOON + later))
        assert listed[-1].status == status
    sent = call(sign_key="new", signature="【新】")
    assert isinstance(await decided(attempt(sent, to, store=store, now=NOON + 60)), Accepted)


@asynchronous
async def test_a_submitted_template_gets_a_free_number() -> None:
    store, to = await store_with_token(), account()
    wanted = call(TEMPLATES, name="通知", content="您的{item}已到", submits=True)
    for number in ("1002", "1003"):
        listed = await result(attempt(wanted, to, store=store))
        assert (listed[-1].template_id, listed[-1].status) == (number, "pending")
    del to.settings.templates[1]  # type: ignore[union-attr]
    to.index()
    assert (await result(attempt(wanted, to, store=store)))[-1].template_id == "1004"


@asynchronous
async def test_a_submitted_template_is_approved_when_its_time_has_come() -> None:
    store, to = await store_with_token(), account(approve_after_seconds=0.5)
    wanted = call(TEMPLATES, name="通知", content="您的{item}已到", submits=True)
    await result(attempt(wanted, to, store=store))
    sent = call(template_id="1002", params={"item": "快递"})
    early = await refused(attempt(sent, to, store=store))
    assert (early.reason, early.cause) == (Reason.TEMPLATE_NOT_APPROVED, "pending")
    assert isinstance(await decided(attempt(sent, to, store=store, now=NOON + 1)), Accepted)


@asynchronous
async def test_listing_shows_the_status_without_changing_it() -> None:
    pending = Signature(sign_key="a", signature="【a】", status="pending", submitted_at=NOON)
    store, to = await store_with_token(), account(signatures=[pending], approve_after_seconds=1)
    listed = await result(attempt(call(SIGNATURES), to, store=store, now=NOON + 5))
    assert (listed[0].status, pending.status) == ("approved", "pending")


@asynchronous
async def test_what_is_borrowed_cannot_be_added_to() -> None:
    store = await store_with_token()
    await store.issue_token(UPSTREAM, DEMO_TOKEN, now=NOON, lifetime=7200, grace=300)
    settings = OfficialSettings(app_id="up", app_secret="s", signatures=None, templates=None)
    above = Account(UPSTREAM, OFFICIAL, settings, fallback=account())
    for wanted in (
        call(SIGNATURES, sign_key="new", signature="【新】", submits=True),
        call(TEMPLATES, name="通知", content="x", submits=True),
    ):
        assert len(await result(attempt(wanted, above, store=store))) == 1


@pytest.mark.parametrize("operation", [HOME, UNKNOWN])
@asynchronous
async def test_what_is_no_operation_is_let_pass(operation: str) -> None:
    assert await decided(attempt(call(operation))) == Accepted()
