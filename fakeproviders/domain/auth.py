"""Who sends: account, credential, clock, address."""

from fakeproviders.clock import beijing_text, parse_beijing
from fakeproviders.domain.attempt import Attempt
from fakeproviders.failures import Reason
from fakeproviders.model import Refusal

MAX_SKEW = 300.0
"""Seconds that a request's timestamp may be off (A)."""


def account_known(attempt: Attempt) -> None:
    """The request names this account."""
    _account_known(attempt, Reason.CREDENTIALS_INVALID)


def clock_in_bounds(attempt: Attempt) -> None:
    """The request's Beijing time is near real time."""
    _clock_in_bounds(attempt, Reason.CREDENTIALS_INVALID)


def credential_valid(attempt: Attempt) -> None:
    """The request was made with the account's secret."""
    _credential_valid(attempt, Reason.CREDENTIALS_INVALID)


def token_clock_in_bounds(attempt: Attempt) -> None:
    """As clock_in_bounds, for a token request: §5's first cause, a host that is not on Beijing time."""
    _clock_in_bounds(attempt, Reason.ACCESS_TOKEN_FAILED)


def token_account_known(attempt: Attempt) -> None:
    """As account_known, for a token request: §5's second cause, settings unset or wrong."""
    _account_known(attempt, Reason.ACCESS_TOKEN_FAILED)


def token_credential_valid(attempt: Attempt) -> None:
    """As credential_valid, for a token request: §5's second cause."""
    _credential_valid(attempt, Reason.ACCESS_TOKEN_FAILED)


def sign_key_belongs(attempt: Attempt) -> None:
    """AppId and sign_key belong together: §5's third cause."""
    sign_key = attempt.call.sign_key or ""
    if attempt.account.signature(sign_key) is None:
        raise Refusal(
            Reason.ACCESS_TOKEN_FAILED, "sign_key", account=attempt.call.account, sign_key=sign_key
        )


def app_enabled(attempt: Attempt) -> None:
    """The account has not been switched off."""
    if not attempt.account.settings.enabled:
        raise Refusal(Reason.APP_DISABLED, account=attempt.account.id)


def ip_allowed(attempt: Attempt) -> None:
    """The caller's address is on the allow-list."""
    account, ip = attempt.account, attempt.call.ip
    if account.networks is not None and not account.lets_in(ip):
        allowed = ", ".join(account.settings.ip_allow or ())
        raise Refusal(Reason.IP_NOT_ALLOWED, ip=ip, allowed=allowed)


def channel_known(attempt: Attempt) -> None:
    """The channel is one of the account's."""
    channels = attempt.account.settings.known_channels
    if channels is not None and attempt.call.channel not in channels:
        raise Refusal(
            Reason.CHANNEL_NOT_FOUND, given=attempt.call.channel or "", known=", ".join(channels)
        )


def _account_known(attempt: Attempt, reason: Reason) -> None:
    if attempt.call.account != attempt.account.id:
        cause = "account" if attempt.call.account else "account_unset"
        raise Refusal(reason, cause, given=attempt.call.account, expected=attempt.account.id)


def _clock_in_bounds(attempt: Attempt, reason: Reason) -> None:
    given = attempt.call.timestamp or ""
    here = attempt.real_now + attempt.account.settings.skew_seconds
    try:
        off = parse_beijing(given) - here
    except ValueError:
        raise Refusal(
            reason, "clock_unreadable", given=given, expected=beijing_text(here)
        ) from None
    if abs(off) > MAX_SKEW:
        raise Refusal(
            reason, "clock", given=given, expected=beijing_text(here), off_seconds=round(off)
        )


def _credential_valid(attempt: Attempt, reason: Reason) -> None:
    if not attempt.call.credential.verify(attempt.account.secret):
        raise Refusal(reason, "proof", **attempt.call.credential.explain(attempt.account.secret))
