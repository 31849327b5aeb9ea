"""Whatever happens, in whatever order, a store decides as the plain one does."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fakeproviders.clock import parse_beijing
from fakeproviders.failures import Reason
from fakeproviders.model import Refusal
from fakeproviders.settings import Quotas
from fakeproviders.stores.base import Charge, Draft, MessageFilter, Reserved, SessionStore
from tests.conftest import stories
from tests.stores.charges import refused
from tests.stores.conftest import NewStore
from tests.stores.plain import PlainStore, Use

T = TypeVar("T")
ROLE = "official"
BEFORE_MIDNIGHT = parse_beijing("2024-05-06 23:58:30")
SMALL = st.one_of(st.none(), st.integers(0, 3))
QUOTAS = st.builds(
    Quotas,
    account_per_second=SMALL,
    account_per_day=st.one_of(st.none(), st.integers(0, 8)),
    mobile_per_minute=SMALL,
    mobile_per_hour=SMALL,
    mobile_per_day=st.one_of(st.none(), st.integers(0, 5)),
    ip_per_day=st.one_of(st.none(), st.integers(0, 6)),
)
MOBILES = st.lists(
    st.sampled_from(["13800000001", "13800000002", "13800000003"]), min_size=1, max_size=3
)
IPS = st.sampled_from(["10.0.0.1", "10.0.0.2"])
OUT_IDS = st.sampled_from(["", "", "a", "b", "c"])
FEES = st.integers(0, 3)
STEPS = st.sampled_from(
    [0.0, 0.125, 0.25, 0.5, 1.0, 29.75, 30.0, 60.0, 299.0, 1800.0, 3600.0, 7200.0, 86400.0]
)
LATE = st.sampled_from([0.0, 0.0, 0.25, 1.0])
"""Seconds that another process looked at the clock before."""


class StoreAgainstPlain(RuleBasedStateMachine):
    new_store: NewStore

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.store: SessionStore = type(self).new_store().open("one")
        self.plain = PlainStore()
        self.now = BEFORE_MIDNIGHT
        self.open: list[tuple[Reserved, list[Use]]] = []
        self.sent: list[str] = []
        self.tokens = 0

    def teardown(self) -> None:
        self.runner.close()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.get_loop().run_until_complete(work)  # run() is dear: it sees to signals

    @initialize(quotas=QUOTAS)
    def limited(self, quotas: Quotas) -> None:
        self.quotas = quotas

    @rule(quotas=QUOTAS)
    def other_limits(self, quotas: Quotas) -> None:
        rate = quotas.account_per_second
        # With a rate the store lets what it counts drain, the plain one counts anew: one rate a run.
        assume(rate == self.quotas.account_per_second)
        self.quotas = quotas

    @precondition(lambda self: not (self.open and self.quotas.account_per_second is not None))
    @rule(step=STEPS)
    def time_passes(self, step: float) -> None:
        """What is reserved while time passes may get less of the rate back: then not with a rate."""
        self.now += step

    @rule()
    def fetch_token(self) -> None:
        self.tokens += 1
        token = f"token {self.tokens}"
        self.do(self.store.issue_token(ROLE, token, now=self.now, lifetime=7200, grace=300))
        self.plain.issue(token, self.now)

    @rule(amount=st.integers(0, 20))
    def top_up(self, amount: int) -> None:
        self.do(self.store.set_balance(ROLE, amount))
        self.plain.set_balance(amount)

    @rule(
        mobiles=MOBILES,
        ip=IPS,
        out_id=OUT_IDS,
        fee=FEES,
        age=st.one_of(st.none(), st.integers(0, 2)),
        late=LATE,
    )
    def send(
        self, mobiles: list[str], ip: str, out_id: str, fee: int, age: int | None, late: float
    ) -> None:
        charge = self._charge(mobiles, ip, out_id, fee, age, late)
        expected = self.plain.refusal(charge)
        assert self.do(refused(self.store, charge)) == expected
        if expected is None:
            self.plain.take(charge, sent=True)
            self.sent += mobiles

    @rule(mobiles=MOBILES, ip=IPS, out_id=OUT_IDS, fee=FEES)
    def reserve(self, mobiles: list[str], ip: str, out_id: str, fee: int) -> None:
        charge = self._charge(mobiles, ip, out_id, fee, None, 0.0)
        expected = self.plain.refusal(charge)
        if expected is not None:
            assert self._refused(self.store.reserve(charge)) == expected
        else:
            reserved = self.do(self.store.reserve(charge))
            self.open.append((reserved, self.plain.take(charge, sent=False)))

    @precondition(lambda self: self.open)
    @rule()
    def confirm(self) -> None:
        reserved, taken = self.open.pop(0)
        assert self.do(self.store.confirm(reserved)) is not None
        for use in taken:
            use.sent = True
        self.sent += [use.mobile for use in taken]

    @precondition(lambda self: self.open)
    @rule()
    def release(self) -> None:
        reserved, taken = self.open.pop()
        self.do(self.store.release(reserved))
        self.plain.release(taken)

    @precondition(lambda self: not self.open)
    @rule()
    def clear(self) -> None:
        self.do(self.store.clear())
        start = self.plain.start_balance
        self.plain = PlainStore()
        self.plain.set_balance(start)
        self.sent = []

    @invariant()
    def the_balance_is_the_same(self) -> None:
        assert self.do(self.store.balance(ROLE)) == self.plain.balance

    @invariant()
    def the_buckets_are_the_same(self) -> None:
        uses = self.do(self.store.usage(ROLE, self.quotas, self.now))
        shown = {(use.bucket, use.key): use.used for use in uses if use.used}
        assert shown == self.plain.used(self.quotas, self.now)

    @invariant()
    def the_tokens_are_the_same(self) -> None:
        tokens = [f"token {number}" for number in range(self.tokens + 1)]
        expected = [self.plain.token_valid(token, self.now) for token in tokens]
        assert self.do(self._valid(tokens)) == expected

    @invariant()
    def the_inbox_has_what_was_sent(self) -> None:
        messages = self.do(self.store.latest_messages(MessageFilter(), 1000))
        assert [message.mobile for message in reversed(messages)] == self.sent

    async def _valid(self, tokens: list[str]) -> list[bool]:
        asked = (self.store.token_valid(ROLE, token, self.now) for token in tokens)
        return await asyncio.gather(*asked)

    def _charge(
        self,
        mobiles: list[str],
        ip: str,
        out_id: str,
        fee: int,
        token_age: int | None,
        late: float,
    ) -> Charge:
        """With a rate none is late: the plain store counts them in the order in which they come."""
        return Charge(
            role=ROLE,
            now=self.now - (late if self.quotas.account_per_second is None else 0.0),
            quotas=self.quotas,
            drafts=tuple(Draft(mobile, "text") for mobile in mobiles),
            ip=ip,
            segments=1,
            fee_each=fee,
            out_id=out_id,
            token=None if token_age is None else f"token {self.tokens - token_age}",
        )

    def _refused(self, work: Coroutine[Any, Any, object]) -> Reason | None:
        try:
            self.do(work)
        except Refusal as refusal:
            return refusal.reason
        return None


def test_a_store_decides_as_the_plain_one_does(new_store: NewStore) -> None:
    machine = type("AgainstPlain", (StoreAgainstPlain,), {"new_store": staticmethod(new_store)})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=stories(60), stateful_step_count=40)
    )
