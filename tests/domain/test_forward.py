"""A reseller's send: both accounts are charged or neither."""

import asyncio

import pytest

from fakeproviders.domain.attempt import Attempt
from fakeproviders.domain.forward import UPSTREAM_ACCEPTS, Unsettled
from fakeproviders.failures import Reason
from fakeproviders.model import Refusal, Sent
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.stores.base import MessageFilter, Reserved, StoreUnavailable
from fakeproviders.stores.memory import MemorySession
from fakeproviders.stores.pending import Onward
from tests.asyncs import asynchronous, let_others_run
from tests.core import FakeHop, Then
from tests.domain.attempts import account, attempt, call, decided, refused, result


class LostHop:
    """Does not know whether it was accepted; the test tells later."""

    def __init__(self) -> None:
        self.open: list[tuple[Then, Then]] = []

    async def send(self, sent: object, out_id: str) -> None:
        raise Unsettled("no answer")

    def settle(self, onward: Onward, accepted: Then, refused: Then) -> None:
        self.open.append((accepted, refused))

    async def tell(self, *, accepted: bool) -> None:
        yes, no = self.open.pop()
        await (yes if accepted else no)()


class StandingHop(LostHop):
    """Waits until the test lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = asyncio.Event()

    async def send(self, sent: object, out_id: str) -> None:
        await self.go_on.wait()


async def store_with_ten() -> MemorySession:
    store = MemorySession("default")
    await store.set_balance("reseller", 10)
    return store


def forwarded(store: MemorySession, hop: FakeHop | LostHop) -> Attempt:
    wanted = call(provider="reseller", token=None, account="10001", out_id="mine")
    return attempt(wanted, account(RESELLER), store=store, hop=hop)


async def sent_and_left(store: MemorySession) -> tuple[int, int]:
    """Messages in the inbox, and the balance."""
    messages = await store.latest_messages(MessageFilter(), 10)
    return len(messages), await store.balance("reseller")


@asynchronous
async def test_what_is_accepted_above_is_confirmed_here() -> None:
    store, hop = await store_with_ten(), FakeHop()
    assert isinstance(await result(forwarded(store, hop)), Sent)
    assert await sent_and_left(store) == (1, 9)
    assert await store.message_by_out_id("reseller", "mine") is not None


class AwayAtLast(MemorySession):
    """A store that goes away when what is reserved is to be confirmed, and remembers to do it."""

    async def confirm(self, reserved: Reserved) -> Sent | None:
        await super().confirm(reserved)
        raise StoreUnavailable("gone")


@asynchronous
async def test_nobody_is_told_that_a_send_was_refused_which_is_to_be_confirmed() -> None:
    store = AwayAtLast("default")
    outcome = await refused(forwarded(store, FakeHop()))
    assert (outcome.reason, outcome.cause) == (Reason.UPSTREAM_UNAVAILABLE, "unsettled")
    assert (outcome.rule, outcome.facts) == (UPSTREAM_ACCEPTS, {"why": "gone"})


@asynchronous
async def test_the_platform_above_gets_the_finished_call_under_an_id_of_the_resellers_own() -> None:
    store, hop = await store_with_ten(), FakeHop()
    await result(forwarded(store, hop))
    ((passed_on, out_id),) = hop.forwarded
    assert passed_on.content == "【演示签名】您的验证码是246810，5分钟内有效。"
    assert out_id.startswith("R")
    assert out_id != "mine"


@asynchronous
async def test_what_is_refused_above_is_given_back_and_its_text_passed_on() -> None:
    above = Refusal(Reason.SIGNATURE_MISMATCH, "upstream", text="签名数据不一致", code=41004)
    store = await store_with_ten()
    outcome = await refused(forwarded(store, FakeHop(above)))
    assert (outcome.reason, outcome.rule) == (Reason.SIGNATURE_MISMATCH, UPSTREAM_ACCEPTS)
    assert outcome.text == "签名数据不一致"
    assert await sent_and_left(store) == (0, 10)
    assert isinstance(await result(forwarded(store, FakeHop())), Sent)


@asynchronous
async def test_what_is_refused_here_never_goes_up() -> None:
    store, hop = await store_with_ten(), FakeHop()
    await store.set_balance("reseller", 0)
    outcome = await refused(forwarded(store, hop))
    assert (outcome.reason, outcome.rule) == (Reason.BALANCE_INSUFFICIENT, "balance_suffices")
    assert hop.forwarded == []


@asynchronous
async def test_while_it_is_unknown_what_happened_the_reservation_stays() -> None:
    store, hop = await store_with_ten(), LostHop()
    outcome = await refused(forwarded(store, hop))
    assert (outcome.reason, outcome.cause) == (Reason.UPSTREAM_UNAVAILABLE, "unsettled")
    assert (outcome.rule, outcome.facts) == (UPSTREAM_ACCEPTS, {"why": "no answer"})
    assert await sent_and_left(store) == (0, 9)
    again = await refused(forwarded(store, FakeHop()))
    assert again.reason is Reason.DUPLICATE_REQUEST


@pytest.mark.parametrize(("accepted", "expected"), [(True, (1, 9)), (False, (0, 10))])
@asynchronous
async def test_what_was_found_out_is_confirmed_or_given_back(
    accepted: bool, expected: tuple[int, int]
) -> None:
    store, hop = await store_with_ten(), LostHop()
    await refused(forwarded(store, hop))
    await hop.tell(accepted=accepted)
    assert await sent_and_left(store) == expected


@pytest.mark.parametrize(("accepted", "expected"), [(True, (1, 9)), (False, (0, 10))])
@asynchronous
async def test_when_nobody_waits_any_more_it_is_found_out_all_the_same(
    accepted: bool, expected: tuple[int, int]
) -> None:
    store, hop = await store_with_ten(), StandingHop()
    sending = asyncio.create_task(decided(forwarded(store, hop)))
    await let_others_run()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    assert await sent_and_left(store) == (0, 9)
    await hop.tell(accepted=accepted)
    assert await sent_and_left(store) == expected


@asynchronous
async def test_a_hop_that_breaks_gives_back_and_lets_the_defect_show() -> None:
    store = await store_with_ten()
    with pytest.raises(ZeroDivisionError):
        await decided(forwarded(store, FakeHop(ZeroDivisionError())))
    assert await sent_and_left(store) == (0, 10)


@asynchronous
async def test_while_one_send_is_on_its_way_its_place_is_taken() -> None:
    store, hop = await store_with_ten(), StandingHop()
    await store.set_balance("reseller", 1)
    on_its_way = asyncio.create_task(decided(forwarded(store, hop)))
    await asyncio.sleep(0)
    other = call(provider="reseller", token=None, account="10001")
    outcome = await refused(attempt(other, account(RESELLER), store=store, hop=FakeHop()))
    assert outcome.reason is Reason.BALANCE_INSUFFICIENT
    hop.go_on.set()
    await on_its_way
    assert await sent_and_left(store) == (1, 0)
