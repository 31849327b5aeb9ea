"""The SMS signature: each rule alone."""

import pytest

from fakeproviders.domain.signature import (
    content_signature_approved,
    signature_approved,
    signature_equal,
)
from fakeproviders.failures import Reason
from fakeproviders.providers.erban import ERBAN
from fakeproviders.settings import Signature, Status
from tests.core import NOON
from tests.domain.attempts import account, attempt, call, refusal


def registered(status: Status, reason: str = "", submitted_at: float | None = None) -> Signature:
    return Signature(
        sign_key="demo-sign",
        signature="【演示签名】",
        status=status,
        reason=reason,
        submitted_at=submitted_at,
    )


def test_a_registered_and_approved_signature_passes() -> None:
    signature_approved(attempt())
    signature_equal(attempt())


@pytest.mark.parametrize("sign_key", ["other", "", None])
def test_an_unregistered_key_is_refused(sign_key: str | None) -> None:
    raised = refusal(signature_approved, attempt(call(sign_key=sign_key)))
    assert (raised.reason, raised.cause) == (Reason.SIGNATURE_NOT_FOUND, "unknown")
    assert raised.facts == {"sign_key": sign_key or ""}


@pytest.mark.parametrize(("status", "why"), [("pending", ""), ("rejected", "含敏感词")])
def test_a_signature_that_is_not_approved_is_not_found(status: Status, why: str) -> None:
    to = account(signatures=[registered(status, why)])
    raised = refusal(signature_approved, attempt(to=to))
    assert (raised.reason, raised.cause) == (Reason.SIGNATURE_NOT_FOUND, status)
    assert raised.facts == {"sign_key": "demo-sign", "why": why}


def test_a_pending_signature_is_approved_when_its_time_has_come() -> None:
    to = account(signatures=[registered("pending", submitted_at=NOON)], approve_after_seconds=60)
    assert refusal(signature_approved, attempt(to=to, now=NOON + 59)).cause == "pending"
    signature_approved(attempt(to=to, now=NOON + 60))


@pytest.mark.parametrize(
    "given", ["演示签名", "【演示签名】 ", "[演示签名]", "【演示簽名】", "", None]
)
def test_the_text_must_be_the_registered_one_to_the_byte(given: str | None) -> None:
    raised = refusal(signature_equal, attempt(call(signature=given)))
    assert raised.reason is Reason.SIGNATURE_MISMATCH
    assert raised.facts == {"given": given or "", "expected": "【演示签名】"}


def test_a_signature_in_the_content_is_looked_up_by_its_text() -> None:
    content_signature_approved(attempt(to=account(ERBAN)))
    raised = refusal(
        content_signature_approved, attempt(call(signature="【别家】"), account(ERBAN))
    )
    assert raised.reason is Reason.SIGNATURE_MISMATCH
    assert raised.facts == {"given": "【别家】", "expected": "【演示签名】"}


def test_a_content_without_a_signature_has_none() -> None:
    raised = refusal(content_signature_approved, attempt(call(signature=None), account(ERBAN)))
    assert (raised.reason, raised.cause) == (Reason.SIGNATURE_NOT_FOUND, "absent")


def test_where_nothing_is_registered_nothing_can_differ() -> None:
    raised = refusal(content_signature_approved, attempt(to=account(ERBAN, signatures=[])))
    assert (raised.reason, raised.cause) == (Reason.SIGNATURE_NOT_FOUND, "unknown")


@pytest.mark.parametrize("status", ["pending", "rejected"])
def test_a_content_signature_must_be_approved(status: Status) -> None:
    to = account(ERBAN, signatures=[Signature(signature="【演示签名】", status=status)])
    raised = refusal(content_signature_approved, attempt(to=to))
    assert (raised.reason, raised.cause) == (Reason.SIGNATURE_NOT_FOUND, status)
    assert raised.facts["sign_key"] == "【演示签名】"
