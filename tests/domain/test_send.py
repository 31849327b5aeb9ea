"""Sends and batches: what is charged, and to whom it goes."""

from typing import Any

import pytest

from fakeproviders.failures import Reason
from fakeproviders.model import BATCH, Accepted, BatchSent, Refused, Sent
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.settings import Quotas
from fakeproviders.stores.base import MessageFilter, SessionStore
from tests.asyncs import asynchronous
from tests.core import NOON
from tests.domain.attempts import account, attempt, call, refused, result, store_with_token

FIRST, SECOND, THIRD = "13800000001", "13800000002", "13800000003"


async def inbox(store: SessionStore) -> list[str]:
    return [m.mobile for m in await store.latest_messages(MessageFilter(), 100)][::-1]


async def batched(store: SessionStore, *mobiles: str, **how: Any) -> list[Reason | None]:
    """Each mobile's reason; None where it was accepted."""
    settings = {k: how.pop(k) for k in ("quotas", "mobile_blacklist") if k in how}
    tried = attempt(call(BATCH, mobiles=mobiles, **how), account(**settings), store=store)
    sent = await result(tried)
    assert isinstance(sent, BatchSent)
    assert tuple(mobile for mobile, _ in sent.results) == mobiles
    return [o.reason if isinstance(o, Refused) else None for _, o in sent.results]


@asynchronous
async def test_an_accepted_send_is_in_the_inbox_and_charged() -> None:
    store = await store_with_token()
    await store.set_balance("official", 10)
    sent = await result(attempt(to=account(price_per_segment=3), store=store))
    assert isinstance(sent, Sent)
    assert (sent.segments, sent.fee) == (1, 3)
    message = await store.message(sent.message_ids[0])
    assert message is not None
    assert message.content == "【演示签名】您的验证码是246810，5分钟内有效。"
    assert (message.provider, message.mobile, message.at) == ("official", FIRST, NOON)
    assert (message.signature, message.template_id) == ("【演示签名】", "1001")
    assert await store.balance("official") == 7


@asynchronous
async def test_a_long_text_costs_every_segment_of_every_mobile() -> None:
    store = await store_with_token()
    params = {"code": "1" * 80, "minutes": "5"}
    sent = await result(attempt(call(mobiles=(FIRST, SECOND), params=params), store=store))
    assert isinstance(sent, Sent)
    assert (sent.segments, sent.fee, len(sent.message_ids)) == (2, 4, 2)


@asynchronous
async def test_a_send_of_several_is_accepted_together_or_not_at_all() -> None:
    store = await store_with_token()
    await refused(attempt(call(mobiles=(FIRST, "1", SECOND)), store=store))
    assert await inbox(store) == []
    assert isinstance(await result(attempt(call(mobiles=(FIRST, SECOND)), store=store)), Sent)
    assert await inbox(store) == [FIRST, SECOND]


@asynchronous
async def test_who_shows_no_token_is_refused_for_his_token_whatever_else_is_wrong() -> None:
    for token in ("", "wrong"):
        outcome = await refused(attempt(call(token=token, mobiles=("1",)), account(enabled=False)))
        assert (outcome.reason, outcome.facts) == (Reason.TOKEN_EXPIRED, {"token": token})


@asynchronous
async def test_each_mobile_of_a_batch_stands_for_itself() -> None:
    store = await store_with_token()
    reasons = await batched(
        store,
        FIRST,
        "1",
        SECOND,
        FIRST,
        mobile_blacklist=[SECOND],
        quotas=Quotas(mobile_per_minute=1),
    )
    assert reasons == [
        None,
        Reason.MOBILE_INVALID,
        Reason.MOBILE_BLACKLISTED,
        Reason.MOBILE_MINUTE_LIMIT,
    ]
    assert await inbox(store) == [FIRST]


@asynchronous
async def test_a_batch_uses_a_limit_up_to_the_last_place() -> None:
    store = await store_with_token()
    reasons = await batched(store, FIRST, SECOND, THIRD, quotas=Quotas(account_per_day=2))
    assert reasons == [None, None, Reason.CODE_QUOTA_EXCEEDED]


@asynchronous
async def test_a_batch_that_runs_out_of_money_says_so_where_it_does() -> None:
    store = await store_with_token()
    await store.set_balance("official", 1)
    assert await batched(store, FIRST, SECOND) == [None, Reason.BALANCE_INSUFFICIENT]


@asynchronous
async def test_an_out_id_of_a_batch_is_used_once_for_each_mobile() -> None:
    store = await store_with_token()
    assert await batched(store, FIRST, SECOND, out_id="a") == [None, None]
    assert await batched(store, SECOND, THIRD, out_id="a") == [Reason.DUPLICATE_REQUEST, None]


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"mobiles": ()}, Reason.MOBILE_INVALID),
        ({"mobiles": (FIRST,) * 1001}, Reason.MOBILE_INVALID),
        ({"token": "wrong"}, Reason.TOKEN_EXPIRED),
        ({"token": ""}, Reason.TOKEN_EXPIRED),
        ({"token": "wrong", "sign_key": "other"}, Reason.TOKEN_EXPIRED),
        ({"sign_key": "other"}, Reason.SIGNATURE_NOT_FOUND),
        ({"params": {}}, Reason.TEMPLATE_PARAMS_MISMATCH),
        ({"missing": "mobiles"}, Reason.PARAMETER_MISSING),
    ],
)
@asynchronous
async def test_what_concerns_all_mobiles_refuses_the_batch(
    how: dict[str, Any], reason: Reason
) -> None:
    store = await store_with_token()
    outcome = await refused(attempt(call(BATCH, **how), store=store))
    assert outcome.reason is reason
    assert await inbox(store) == []


@asynchronous
async def test_a_batch_keeps_its_mobiles_for_the_journal() -> None:
    store = await store_with_token()
    wanted = call(BATCH, mobiles=(FIRST, "1"))
    await result(attempt(wanted, store=store))
    assert wanted.mobiles == (FIRST, "1")


@asynchronous
async def test_a_batch_works_on_a_wire_without_tokens() -> None:
    wanted = call(BATCH, token=None, account="10001", out_id="a", mobiles=(FIRST, "1"))
    sent = await result(attempt(wanted, account(RESELLER)))
    outcomes = [outcome for _, outcome in sent.results]
    assert isinstance(outcomes[0], Accepted)
    assert isinstance(outcomes[1], Refused)
    wanted = call(BATCH, token=None, account="10001", sign_key="other")
    assert (await refused(attempt(wanted, account(RESELLER)))).rule == "signature_approved"
