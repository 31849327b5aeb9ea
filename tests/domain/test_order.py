"""The order of checks: a request that fails in every way is refused for the first, then for the next ..."""

from typing import Any

import msgspec
import pytest
from msgspec import structs

from fakeproviders.account import Account
from fakeproviders.domain.rules import names_for, rules_of
from fakeproviders.failures import Reason, Words
from fakeproviders.model import OPERATIONS, SEND, TOKEN, Accepted, Call
from fakeproviders.providers.base import Provider
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.settings import Quotas, Signature, Template
from fakeproviders.stores.memory import MemorySession
from tests.asyncs import asynchronous
from tests.core import DEMO_SIGNATURE, NOON
from tests.domain.attempts import DEMO_TOKEN, AnySecret, attempt, call, decided, refused


class Cause(msgspec.Struct, frozen=True):
    """What a request is refused for, and what mends it."""

    reason: Reason
    cause: str = ""
    call: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    balance: int | None = None


GATE = [
    Cause(Reason.APP_DISABLED, settings={"enabled": True}),
    Cause(Reason.IP_NOT_ALLOWED, settings={"ip_allow": None}),
]
PROOF = [
    Cause(Reason.CREDENTIALS_INVALID, "clock_unreadable", {"timestamp": "2024-05-06 20:00:00"}),
    Cause(Reason.CREDENTIALS_INVALID, "clock", {"timestamp": "2024-05-06 12:00:00"}),
    Cause(Reason.CREDENTIALS_INVALID, "account_unset", {"account": "other"}),
    Cause(Reason.CREDENTIALS_INVALID, "account", {"account": "right"}),
    Cause(Reason.CREDENTIALS_INVALID, "proof", {"credential": AnySecret()}),
]
MESSAGE = [
    Cause(Reason.SIGNATURE_NOT_FOUND, "unknown", {"sign_key": "pending"}),
    Cause(Reason.SIGNATURE_NOT_FOUND, "pending", {"sign_key": "rejected"}),
    Cause(Reason.SIGNATURE_NOT_FOUND, "rejected", {"sign_key": "demo-sign"}),
    Cause(Reason.SIGNATURE_MISMATCH, "", {"signature": DEMO_SIGNATURE}),
    Cause(Reason.TEMPLATE_ID_EMPTY, "", {"template_id": "unknown"}),
    Cause(Reason.TEMPLATE_NOT_FOUND, "", {"template_id": "pending"}),
    Cause(Reason.TEMPLATE_NOT_APPROVED, "pending", {"template_id": "rejected"}),
    Cause(Reason.TEMPLATE_NOT_APPROVED, "rejected", {"template_id": "1001"}),
    Cause(Reason.TEMPLATE_PARAMS_MISMATCH, "", {"params": {"text": "贷款" + "字" * 80}}),
]
LAST = [
    Cause(Reason.MOBILE_INVALID, "number", {"mobiles": ("13800000002", "1")}),
    Cause(Reason.MOBILE_INVALID, "", {"mobiles": ("13800000002", "13800000001")}),
    Cause(Reason.MOBILE_BLACKLISTED, settings={"mobile_blacklist": []}),
    Cause(Reason.CONTENT_BLOCKED, settings={"blocked_words": []}),
    Cause(Reason.CONTENT_TOO_LONG, settings={"max_segments": 2}),
    Cause(Reason.DUPLICATE_REQUEST, "", {"out_id": "new"}),
    *(
        Cause(reason, bucket, settings={bucket: None})
        for bucket, reason in (
            ("account_per_second", Reason.RATE_LIMITED),
            ("account_per_day", Reason.CODE_QUOTA_EXCEEDED),
            ("ip_per_day", Reason.IP_DAY_LIMIT),
            ("mobile_per_minute", Reason.MOBILE_MINUTE_LIMIT),
            ("mobile_per_hour", Reason.MOBILE_HOUR_LIMIT),
            ("mobile_per_day", Reason.MOBILE_DAY_LIMIT),
        )
    ),
    Cause(Reason.BALANCE_INSUFFICIENT, balance=1000),
]
UNREADABLE = [
    Cause(Reason.PARAMETER_MISSING, "unreadable", {"unreadable": None}),
    Cause(Reason.PARAMETER_MISSING, "", {"missing": ""}),
]
OFFICIAL_SEND = [
    *UNREADABLE,
    Cause(Reason.TOKEN_EXPIRED, "", {"token": DEMO_TOKEN}),
    *GATE,
    *MESSAGE,
    *LAST,
]
RESELLER_SEND = [*UNREADABLE, *PROOF, *GATE, *MESSAGE, *LAST]
ERBAN_SEND = [
    *UNREADABLE,
    *PROOF[2:],
    *GATE,
    Cause(Reason.CHANNEL_NOT_FOUND, "", {"channel": "8000000101"}),
    Cause(Reason.TIME_INVALID, "unreadable", {"send_at": "2024-05-06 12:00:00"}),
    Cause(Reason.TIME_INVALID, "past", {"send_at": "2024-05-06 12:00:01"}),
    Cause(Reason.SIGNATURE_NOT_FOUND, "absent", {"signature": "【别家】"}),
    Cause(Reason.SIGNATURE_MISMATCH, "", {"signature": "【待审】"}),
    Cause(Reason.SIGNATURE_NOT_FOUND, "pending", {"signature": DEMO_SIGNATURE}),
    *LAST,
]
TOKEN_REQUEST = [
    UNREADABLE[0],
    *(structs.replace(cause, reason=Reason.ACCESS_TOKEN_FAILED) for cause in PROOF),
    Cause(Reason.ACCESS_TOKEN_FAILED, "sign_key", {"sign_key": "demo-sign"}),
]


def failing_in_every_way(provider: Provider, operation: str) -> tuple[Call, Account]:
    settings = structs.replace(
        provider.default_settings(),
        enabled=False,
        ip_allow=["192.168.0.1"],
        signatures=[
            Signature(sign_key="demo-sign", signature=DEMO_SIGNATURE),
            Signature(sign_key="pending", signature="【待审】", status="pending"),
            Signature(sign_key="rejected", signature="【驳回】", status="rejected"),
        ],
        templates=[
            Template(template_id="1001", content="{text}"),
            Template(template_id="pending", content="", status="pending"),
            Template(template_id="rejected", content="", status="rejected"),
        ],
        mobile_blacklist=["13800000001"],
        blocked_words=["贷款"],
        max_segments=1,
        quotas=Quotas(**dict.fromkeys(Quotas.__struct_fields__, 0)),
    )
    wrong = call(
        operation,
        account="",
        credential=AnySecret(right=False),
        timestamp="noon",
        token="wrong" if provider.access == "token" and operation == SEND else None,
        missing="mobile" if operation == SEND else "",
        unreadable=Words(zh="不是 JSON", en="no JSON"),
        mobiles=(),
        signature=None,
        sign_key="unknown",
        template_id="",
        params={},
        content=None if provider.templated else "贷款" + "字" * 80,
        channel="0",
        out_id="taken",
        send_at=None if provider.templated else "noon",
    )
    return wrong, Account(provider.name, provider, settings)


def mended(cause: Cause, wrong: Call, to: Account) -> tuple[Call, Account]:
    fields = {name: to.id if value == "right" else value for name, value in cause.call.items()}
    limits = {k: v for k, v in cause.settings.items() if k in Quotas.__struct_fields__}
    others = {k: v for k, v in cause.settings.items() if k not in limits}
    quotas = structs.replace(to.settings.quotas, **limits)
    settings = structs.replace(to.settings, **others, quotas=quotas)
    return structs.replace(wrong, **fields), Account(to.role, to.provider, settings)


async def prepared_store(role: str) -> MemorySession:
    """A store with a valid token, a taken out_id and no money."""
    store = MemorySession("default")
    await store.issue_token(role, DEMO_TOKEN, now=NOON, lifetime=7200, grace=300)
    earlier = attempt(call(token=DEMO_TOKEN, out_id="taken", provider=role), store=store)
    earlier.account.role = role
    assert isinstance(await decided(earlier), Accepted)
    await store.set_balance(role, 0)
    return store


@pytest.mark.parametrize(
    ("provider", "operation", "causes"),
    [
        pytest.param(OFFICIAL, SEND, OFFICIAL_SEND, id="official send"),
        pytest.param(OFFICIAL, TOKEN, TOKEN_REQUEST, id="official token"),
        pytest.param(RESELLER, SEND, RESELLER_SEND, id="reseller send"),
        pytest.param(ERBAN, SEND, ERBAN_SEND, id="erban send"),
    ],
)
@asynchronous
async def test_causes_come_up_in_the_documented_order(
    provider: Provider, operation: str, causes: list[Cause]
) -> None:
    store = await prepared_store(provider.name)
    wrong, to = failing_in_every_way(provider, operation)
    for cause in causes:
        outcome = await refused(attempt(structs.replace(wrong), to, store=store))
        assert (outcome.reason, outcome.cause) == (cause.reason, cause.cause)
        assert outcome.rule in names_for(provider, operation)
        wrong, to = mended(cause, wrong, to)
        if cause.balance is not None:
            await store.set_balance(provider.name, cause.balance)
    assert isinstance(await decided(attempt(wrong, to, store=store)), Accepted)


@pytest.mark.parametrize(
    ("provider", "causes"),
    [(OFFICIAL, OFFICIAL_SEND), (RESELLER, RESELLER_SEND), (ERBAN, ERBAN_SEND)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_every_rule_of_a_send_has_a_cause_in_these_lists(
    provider: Provider, causes: list[Cause]
) -> None:
    """So that a new rule cannot come without its place being tested."""
    rules = set(names_for(provider, SEND)) - {"message_composed"}
    reasons_alone = {"content_allowed": 2, "template_approved": 2, "mobiles_counted": 1}
    assert len(rules) <= len(causes)
    assert sum(reasons_alone.get(rule, 1) for rule in rules) <= len(causes)


@pytest.mark.parametrize("provider", [OFFICIAL, RESELLER, ERBAN], ids=lambda p: p.name)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_names_of_rules_are_the_rules_and_the_stores(
    provider: Provider, operation: str
) -> None:
    rules = rules_of(provider.access, operation, templated=provider.templated)
    names = names_for(provider, operation)
    stores = {"token_valid", "not_duplicate", "within_quotas", "balance_suffices"}
    assert [name for name in names if name not in stores] == [rule.__name__ for rule in rules]
    assert len(set(names)) == len(names)
