"""The SMS signature, 【...】: registered, approved, and the same text."""

from fakeproviders.domain.attempt import Attempt
from fakeproviders.failures import Reason
from fakeproviders.model import Refusal
from fakeproviders.settings import Signature


def signature_approved(attempt: Attempt) -> None:
    """sign_key names a registered signature that was approved (the guide's §4)."""
    sign_key = attempt.call.sign_key or ""
    registered = attempt.signature = attempt.account.signature(sign_key)
    if registered is None:
        raise Refusal(Reason.SIGNATURE_NOT_FOUND, "unknown", sign_key=sign_key)
    if registered.status != "approved":
        _check_status(attempt, registered)


def signature_equal(attempt: Attempt) -> None:
    """The text sent is the text registered (the guide's §3)."""
    call = attempt.call
    registered = attempt.signature or attempt.account.signature(call.sign_key or "")
    if registered is not None and registered.signature != call.signature:
        raise Refusal(
            Reason.SIGNATURE_MISMATCH,
            given=call.signature or "",
            expected=registered.signature,
        )


def content_signature_approved(attempt: Attempt) -> None:
    """For wires without a sign_key: the 【...】 in the content is a registered, approved one."""
    given = attempt.call.signature
    if given is None:
        raise Refusal(Reason.SIGNATURE_NOT_FOUND, "absent", sign_key="")
    registered = attempt.account.signature_by_text(given)
    if registered is not None:
        if registered.status != "approved":
            _check_status(attempt, registered)
        return
    known = ", ".join(s.signature for s in attempt.account.signatures())
    if not known:
        raise Refusal(Reason.SIGNATURE_NOT_FOUND, "unknown", sign_key=given)
    raise Refusal(Reason.SIGNATURE_MISMATCH, given=given, expected=known)


def _check_status(attempt: Attempt, registered: Signature) -> None:
    """Of one that was not approved when it was registered."""
    status = attempt.account.status(registered, attempt.now)
    if status != "approved":
        raise Refusal(
            Reason.SIGNATURE_NOT_FOUND,
            status,
            sign_key=registered.sign_key or registered.signature,
            why=registered.reason,
        )
