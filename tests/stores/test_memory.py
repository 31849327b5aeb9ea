"""What only the store in the process does: it lets go of what an account used on days long past."""

from fakeproviders.stores.account import AccountCounters
from fakeproviders.stores.memory import MemorySession
from tests.asyncs import asynchronous
from tests.stores.charges import NOON, ROLE, send

DAY = 86400


def kept(account: AccountCounters, first: int, last: int) -> list[int]:
    """How many mobiles are counted on each of these days."""
    return [len(account.of_day(day).mobiles) for day in range(first, last)]


@asynchronous
async def test_of_all_days_the_last_two_are_kept() -> None:
    store = MemorySession("one")
    for day in range(4):
        for number in range(day + 1):
            await send(store, f"138{number:08d}", now=NOON + day * DAY)
    account = store._accounts[ROLE]
    assert kept(account, account.day.number - 3, account.day.number + 1) == [0, 0, 3, 4]


@asynchronous
async def test_looking_at_another_day_keeps_none() -> None:
    store = MemorySession("one")
    await send(store)
    account = store._accounts[ROLE]
    today = account.day.number
    account.of_day(today + 1)
    account.of_day(today + 2)
    assert kept(account, today, today + 3) == [1, 0, 0]
