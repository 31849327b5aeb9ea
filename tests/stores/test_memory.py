"""What only the store in the process does: it sweeps yesterday's counters out."""

from fakeproviders.stores.account import SWEEP_FROM
from fakeproviders.stores.memory import MemorySession
from tests.asyncs import asynchronous
from tests.stores.charges import NOON, ROLE, send


@asynchronous
async def test_yesterdays_counters_are_swept_out() -> None:
    store = MemorySession("one")
    for number in range(SWEEP_FROM):
        await send(store, f"138{number:08d}", ip=f"10.0.{number % 7}.1")
    for number in range(SWEEP_FROM + 10):
        await send(store, f"139{number:08d}", now=NOON + 86400, ip="10.0.0.1")
    assert len(store._accounts[ROLE].mobiles) == SWEEP_FROM + 10
    assert list(store._accounts[ROLE].ips) == ["10.0.0.1"]


@asynchronous
async def test_todays_counters_are_not() -> None:
    store = MemorySession("one")
    for number in range(SWEEP_FROM + 10):
        await send(store, f"138{number:08d}", mobile_per_day=1)
    assert len(store._accounts[ROLE].mobiles) == SWEEP_FROM + 10
