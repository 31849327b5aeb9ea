"""Who sends: each rule alone."""

import pytest

from fakeproviders.clock import beijing_text
from fakeproviders.domain import auth
from fakeproviders.domain.rules import Rule
from fakeproviders.failures import Reason
from fakeproviders.providers.erban import ERBAN
from tests.core import NOON
from tests.domain.attempts import AnySecret, account, attempt, call, refusal

TOKEN_RULES: dict[Rule, Rule] = {
    auth.clock_in_bounds: auth.token_clock_in_bounds,
    auth.account_known: auth.token_account_known,
    auth.credential_valid: auth.token_credential_valid,
}
EVERY = [
    *((rule, Reason.CREDENTIALS_INVALID) for rule in TOKEN_RULES),
    *((rule, Reason.ACCESS_TOKEN_FAILED) for rule in TOKEN_RULES.values()),
]


def both(rule: Rule) -> list[tuple[Rule, Reason]]:
    """The rule, and its sister for token requests."""
    return [(rule, Reason.CREDENTIALS_INVALID), (TOKEN_RULES[rule], Reason.ACCESS_TOKEN_FAILED)]


@pytest.mark.parametrize("rule", [rule for rule, _ in EVERY])
def test_the_right_request_passes(rule: Rule) -> None:
    rule(attempt())


@pytest.mark.parametrize(("rule", "reason"), both(auth.account_known))
def test_another_account_is_refused(rule: Rule, reason: Reason) -> None:
    raised = refusal(rule, attempt(call(account="other")))
    assert (raised.reason, raised.cause) == (reason, "account")
    assert raised.facts == {"given": "other", "expected": "demo-app"}


@pytest.mark.parametrize(("rule", "reason"), both(auth.account_known))
def test_no_account_is_told_apart_from_a_wrong_one(rule: Rule, reason: Reason) -> None:
    raised = refusal(rule, attempt(call(account="")))
    assert (raised.reason, raised.cause) == (reason, "account_unset")


@pytest.mark.parametrize(("rule", "reason"), both(auth.credential_valid))
def test_a_wrong_credential_is_refused_and_explained(rule: Rule, reason: Reason) -> None:
    raised = refusal(rule, attempt(call(credential=AnySecret(right=False))))
    assert (raised.reason, raised.cause) == (reason, "proof")
    assert raised.facts == {"given": "g", "expected": "e", "signed": "s"}


@pytest.mark.parametrize(("rule", "reason"), both(auth.clock_in_bounds))
@pytest.mark.parametrize("off", [301, -301, 8 * 3600, -8 * 3600])
def test_a_clock_that_is_off_is_refused(rule: Rule, reason: Reason, off: int) -> None:
    raised = refusal(rule, attempt(call(timestamp=beijing_text(NOON + off))))
    assert (raised.reason, raised.cause) == (reason, "clock")
    assert raised.facts == {
        "given": beijing_text(NOON + off),
        "expected": "2024-05-06 12:00:00",
        "off_seconds": off,
    }


@pytest.mark.parametrize("off", [-300, 0, 300])
def test_300_seconds_are_let_pass(off: int) -> None:
    auth.clock_in_bounds(attempt(call(timestamp=beijing_text(NOON + off))))


@pytest.mark.parametrize(("rule", "reason"), both(auth.clock_in_bounds))
@pytest.mark.parametrize("given", ["", None, "1715000000", "2024-05-06T12:00:00"])
def test_a_timestamp_of_another_form_is_refused(
    rule: Rule, reason: Reason, given: str | None
) -> None:
    raised = refusal(rule, attempt(call(timestamp=given)))
    assert (raised.reason, raised.cause) == (reason, "clock_unreadable")
    assert raised.facts == {"given": given or "", "expected": "2024-05-06 12:00:00"}


def test_the_timestamp_is_judged_by_the_hosts_time_not_the_sessions() -> None:
    auth.clock_in_bounds(attempt(now=NOON + 86400 * 365))
    raised = refusal(auth.clock_in_bounds, attempt(now=NOON, real_now=NOON + 3600))
    assert raised.facts["off_seconds"] == -3600


def test_the_providers_own_clock_may_be_off() -> None:
    auth.clock_in_bounds(attempt(call(timestamp="2024-05-06 13:00:00"), account(skew_seconds=3600)))
    raised = refusal(auth.clock_in_bounds, attempt(to=account(skew_seconds=-400)))
    assert raised.facts["off_seconds"] == 400


def test_app_id_and_sign_key_belong_together() -> None:
    auth.sign_key_belongs(attempt())
    raised = refusal(auth.sign_key_belongs, attempt(call(sign_key="other")))
    assert (raised.reason, raised.cause) == (Reason.ACCESS_TOKEN_FAILED, "sign_key")
    assert raised.facts == {"account": "demo-app", "sign_key": "other"}
    assert refusal(auth.sign_key_belongs, attempt(call(sign_key=None))).facts["sign_key"] == ""


def test_an_account_that_was_switched_off_is_refused() -> None:
    auth.app_enabled(attempt())
    raised = refusal(auth.app_enabled, attempt(to=account(enabled=False)))
    assert (raised.reason, raised.facts) == (Reason.APP_DISABLED, {"account": "demo-app"})


def test_an_address_off_the_list_is_refused() -> None:
    auth.ip_allowed(attempt(to=account(ip_allow=["10.0.0.0/24"])))
    raised = refusal(auth.ip_allowed, attempt(to=account(ip_allow=["10.0.1.0/24", "10.0.0.1"])))
    assert raised.reason is Reason.IP_NOT_ALLOWED
    assert raised.facts == {"ip": "10.0.0.9", "allowed": "10.0.1.0/24, 10.0.0.1"}


def test_a_channel_is_one_of_the_accounts() -> None:
    erban = account(ERBAN)
    auth.channel_known(attempt(call(channel="8000000101"), erban))
    for channel in ("8000000102", "", None):
        raised = refusal(auth.channel_known, attempt(call(channel=channel), erban))
        assert raised.reason is Reason.CHANNEL_NOT_FOUND
        assert raised.facts == {"given": channel or "", "known": "8000000101"}


def test_a_wire_without_channels_asks_for_none() -> None:
    auth.channel_known(attempt(call(channel="whatever")))
