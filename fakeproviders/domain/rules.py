"""The order of rules for each kind of provider, and how they are run.

A rule is a function of an Attempt that raises Refusal or returns. The store's rules come last, in
one atomic step, and have names only.
"""

from collections.abc import Callable
from functools import cache

from fakeproviders.domain import auth, content, parameters, signature, template, timing
from fakeproviders.domain.attempt import Attempt
from fakeproviders.failures import Reason
from fakeproviders.model import (
    BALANCE,
    BATCH,
    CHANNELS,
    KEYWORDS,
    REPLIES,
    REPLY_READ,
    REPORT,
    SEND,
    SIGNATURES,
    TEMPLATES,
    TOKEN,
    Refusal,
)
from fakeproviders.providers.base import Access, Provider

Rule = Callable[[Attempt], None]

FIRST = parameters.parameters_present.__name__
"""The one rule that comes even before the token."""
TOKEN_VALID, NOT_DUPLICATE = "token_valid", "not_duplicate"
WITHIN_QUOTAS, BALANCE_SUFFICES = "within_quotas", "balance_suffices"
STORE_RULES = (NOT_DUPLICATE, WITHIN_QUOTAS, BALANCE_SUFFICES)

_PROOF: tuple[Rule, ...] = (auth.clock_in_bounds, auth.account_known, auth.credential_valid)
_ACCESS: dict[Access, tuple[Rule, ...]] = {
    "token": (),
    "proof": _PROOF,
    "password": (auth.account_known, auth.credential_valid),
}
_TEMPLATED: tuple[Rule, ...] = (
    signature.signature_approved,
    signature.signature_equal,
    template.template_numbered,
    template.template_approved,
    template.params_fit,
    template.message_composed,
)
_PLAIN: tuple[Rule, ...] = (
    auth.channel_known,
    timing.send_time_ahead,
    signature.content_signature_approved,
)
_LAST: tuple[Rule, ...] = (
    content.mobiles_counted,
    content.mobiles_valid,
    content.mobiles_not_blacklisted,
    content.content_allowed,
)
_TOKEN_REQUEST: tuple[Rule, ...] = (
    auth.token_clock_in_bounds,
    auth.token_account_known,
    auth.token_credential_valid,
    auth.sign_key_belongs,
)


_UNPROVEN: dict[str, tuple[Rule, ...]] = {
    TOKEN: (auth.account_known,),
    REPLY_READ: (),
    CHANNELS: (),
    KEYWORDS: (),
}
"""Operations that show no credential, and the rules that they have instead."""
_GATED = frozenset({REPORT, BALANCE, SIGNATURES, TEMPLATES, *_UNPROVEN})


def rules_of(access: Access, operation: str, *, templated: bool) -> tuple[Rule, ...]:
    """The rules of an operation, without those of the store."""
    if operation == TOKEN and access == "token":
        return (parameters.parameters_present, *_TOKEN_REQUEST)
    shown = _ACCESS[access] if operation not in _UNPROVEN else _UNPROVEN[operation]
    gate = (parameters.parameters_present, *shown, auth.app_enabled, auth.ip_allowed)
    if operation in {SEND, BATCH}:
        return (*gate, *(_TEMPLATED if templated else _PLAIN), *_LAST)
    if operation == REPLIES:
        return (*gate, timing.since_readable)
    return gate if operation in _GATED else ()


@cache
def rules_for(provider: Provider, operation: str) -> tuple[Rule, ...]:
    """rules_of, of a provider."""
    return rules_of(provider.access, operation, templated=provider.templated)


@cache
def rule_names(
    access: Access, operation: str, *, templated: bool, tokened: bool
) -> tuple[str, ...]:
    """The names of all rules of an operation in the order of checks, the store's included."""
    names = [rule.__name__ for rule in rules_of(access, operation, templated=templated)]
    if tokened and names and operation != TOKEN:
        names.insert(1, TOKEN_VALID)
    if operation in {SEND, BATCH}:
        names.extend(STORE_RULES)
    return tuple(names)


def names_for(provider: Provider, operation: str, *, tokened: bool = False) -> tuple[str, ...]:
    """rule_names, of a provider; ``tokened`` where the call has a token that the provider does not demand."""
    return rule_names(
        provider.access,
        operation,
        templated=provider.templated,
        tokened=tokened or provider.access == "token",
    )


def run(rules: tuple[Rule, ...], attempt: Attempt) -> Refusal | None:
    """Each rule in turn; the refusal of the first that refuses, marked with the rule's name."""
    rule: Rule | None = None
    try:
        for rule in rules:
            rule(attempt)
    except Refusal as refusal:
        assert rule is not None  # noqa: S101 - a rule has raised
        refusal.rule = rule.__name__
        return refusal
    return None


def store_rule(refusal: Refusal) -> str:
    """The name of the rule by which the store refused."""
    if refusal.reason is Reason.TOKEN_EXPIRED:
        return TOKEN_VALID
    if refusal.reason is Reason.DUPLICATE_REQUEST:
        return NOT_DUPLICATE
    if refusal.reason is Reason.BALANCE_INSUFFICIENT:
        return BALANCE_SUFFICES
    return WITHIN_QUOTAS
