"""Attempts as a test writes them: the demo account of a provider, and a send that passes every rule."""

import random
from typing import Any

import pytest
from msgspec import structs

from fakeproviders.account import Account
from fakeproviders.domain.attempt import Attempt, Hop
from fakeproviders.domain.operations import decide
from fakeproviders.domain.rules import Rule
from fakeproviders.model import SEND, Accepted, Call, Outcome, Refusal, Refused
from fakeproviders.providers.base import Provider
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.soon import settled
from fakeproviders.stores.base import SessionStore
from fakeproviders.stores.memory import MemorySession
from tests.core import DEMO_SIGNATURE, MOBILE, NOON

DEMO_TOKEN = "default.o.1"


class AnySecret:
    """A credential that is right, or not, whatever the secret."""

    def __init__(self, *, right: bool = True) -> None:
        self.right = right

    def verify(self, secret: str) -> bool:
        return self.right

    def explain(self, secret: str) -> dict[str, str]:
        return {"given": "g", "expected": "e", "signed": "s"}


def account(provider: Provider = OFFICIAL, **changed: Any) -> Account:
    """The demo account, with settings changed."""
    settings = structs.replace(provider.default_settings(), **changed)
    return Account(provider.name, provider, settings)


def call(operation: str = SEND, **changed: Any) -> Call:
    """A send that the official demo account accepts, with fields changed."""
    fields: dict[str, Any] = {
        "provider": "official",
        "operation": operation,
        "account": "demo-app",
        "credential": AnySecret(),
        "timestamp": "2024-05-06 12:00:00",
        "token": DEMO_TOKEN,
        "mobiles": (MOBILE,),
        "signature": DEMO_SIGNATURE,
        "sign_key": "demo-sign",
        "template_id": "1001",
        "params": {"code": "246810", "minutes": "5"},
        "ip": "10.0.0.9",
    }
    return Call(**fields | changed)


def attempt(
    wanted: Call | None = None,
    to: Account | None = None,
    *,
    store: SessionStore | None = None,
    now: float = NOON,
    real_now: float = NOON,
    hop: Hop | None = None,
) -> Attempt:
    """A call of an account at a moment."""
    return Attempt(
        call=wanted or call(),
        account=to or account(),
        store=store or MemorySession("default"),
        now=now,
        real_now=real_now,
        random=random.Random(1),
        hop=hop,
        session_id="default",
    )


def refusal(rule: Rule, tried: Attempt) -> Refusal:
    """The refusal that a rule must raise."""
    with pytest.raises(Refusal) as raised:
        rule(tried)
    return raised.value


async def decided(tried: Attempt) -> Outcome:
    """The outcome."""
    return await settled(decide(tried))


async def refused(tried: Attempt) -> Refused:
    """The outcome, which must be a refusal."""
    outcome = await decided(tried)
    assert isinstance(outcome, Refused)
    return outcome


async def result(tried: Attempt) -> Any:
    """What the outcome gives, which must be an acceptance."""
    outcome = await decided(tried)
    assert isinstance(outcome, Accepted), outcome
    return outcome.result


async def store_with_token() -> MemorySession:
    """A store in which the official account has fetched DEMO_TOKEN."""
    store = MemorySession("default")
    await store.issue_token("official", DEMO_TOKEN, now=NOON, lifetime=7200, grace=300)
    return store
