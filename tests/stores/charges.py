"""Charges as a test writes them, and a store's answer in short."""

from typing import Any

from fakeproviders.clock import parse_beijing
from fakeproviders.failures import Reason
from fakeproviders.model import Refusal, Sent
from fakeproviders.settings import Quotas
from fakeproviders.soon import settled
from fakeproviders.stores.base import Charge, Draft, SessionStore

ROLE = "official"
MOBILE, OTHER = "13800000001", "13800000002"
NOON = parse_beijing("2024-05-06 12:00:00")


def charge(
    *mobiles: str,
    now: float = NOON,
    fee: int = 1,
    role: str = ROLE,
    ip: str = "10.0.0.9",
    out_id: str = "",
    token: str | None = None,
    refusal: Refusal | None = None,
    listed: bool = True,
    send_at: float | None = None,
    **quotas: int | None,
) -> Charge:
    """One send; without mobiles, to one."""
    return Charge(
        role=role,
        now=now,
        quotas=Quotas(**quotas),
        drafts=tuple(Draft(mobile, f"to {mobile}") for mobile in mobiles or (MOBILE,)),
        ip=ip,
        segments=1,
        fee_each=fee,
        out_id=out_id,
        token=token,
        refusal=refusal,
        listed=listed,
        send_at=send_at,
    )


def only(bucket: str, limit: int) -> dict[str, Any]:
    """This limit and no other, for charge()."""
    return {bucket: limit}


async def refused(store: SessionStore, wanted: Charge) -> Reason | None:
    """The reason for which the store refuses a send; None when it accepts it."""
    try:
        await settled(store.commit(wanted))
    except Refusal as refusal:
        return refusal.reason
    return None


async def facts(store: SessionStore, wanted: Charge) -> dict[str, Any]:
    """The facts of a refusal that must come."""
    try:
        await settled(store.commit(wanted))
    except Refusal as refusal:
        return refusal.facts
    raise AssertionError("the send was accepted")


async def accepted(store: SessionStore, times: int, **how: Any) -> int:
    """How many of so many equal sends are accepted."""
    return [await refused(store, charge(**how)) for _ in range(times)].count(None)


async def send(store: SessionStore, *mobiles: str, **how: Any) -> Sent:
    """A send that must be accepted."""
    return await settled(store.commit(charge(*mobiles, **how)))
