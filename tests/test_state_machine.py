"""A whole session against a plain model: sends, faults, the clock, quotas and resets, in any order."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fakeproviders.clock import ClockState, iso
from fakeproviders.faults.rule import FaultSpec
from fakeproviders.model import Accepted, RawReply, Refused
from fakeproviders.providers.base import Provider
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.erban.proof import digest
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.settings import AMPLE_BALANCE
from fakeproviders.soon import settled
from fakeproviders.stores.base import MessageFilter
from tests.conftest import stories
from tests.core import DEMO_SIGNATURE, FORM, NOON, SEND, Core, last_entry, post, request
from tests.faults.doubles import RecordingWire

pytestmark = pytest.mark.timeout(400)
"""It takes seconds; but when it fails, looking for the shortest way there takes minutes."""

T = TypeVar("T")
PROVIDERS: dict[str, Provider] = {"erban": ERBAN, "reseller": RESELLER}
MOBILES = ("13800000001", "13800000002", "13900000003")
BEIJING = 8 * 3600

PASS = "ok"
FAULTS: dict[str, tuple[bool | None, bool]] = {
    "maintenance": (False, True),
    "rate_limited": (False, True),
    "reply_lost": (True, False),
    "malformed": (True, True),
    "empty": (None, False),
    "status": (None, True),
}
"""By name: whether the send is handled (None: not even looked at; False: refused), and whether a reply
is written."""

SENDS = st.lists(
    st.tuples(st.sampled_from(sorted(PROVIDERS)), st.sampled_from(MOBILES)), min_size=2, max_size=8
)
SCRIPTS = st.lists(st.sampled_from([PASS, *FAULTS]), min_size=1, max_size=4)


class ModelRule:
    """A fault rule in plain words."""

    def __init__(self, rule_id: str, spec: dict[str, Any], now: float) -> None:
        self.id = rule_id
        self.spec = spec
        seconds = spec.get("until")
        self.ends = None if seconds is None else now + float(seconds[1:-1])
        self.seen: dict[str, int] = {}
        self.acted: dict[str, int] = {}

    @property
    def counts(self) -> tuple[int, int]:
        return sum(self.seen.values()), sum(self.acted.values())

    def decide(self, provider: str, mobile: str, now: float) -> str | None:
        """What becomes of a send by this rule; None where it leaves it to the next one."""
        spec = self.spec
        if spec["provider"] not in (provider, "*") or not mobile.startswith(spec["prefix"]):
            return None
        if self.ends is not None and now >= self.ends:
            return None
        key = mobile if spec.get("per") else ""
        number, acted = self.seen.get(key, 0), self.acted.get(key, 0)
        steps, after = spec["steps"], spec["after"]
        if spec["times"] is not None and acted >= spec["times"]:
            return None
        if spec["script"] and number >= after + len(steps):
            return None
        self.seen[key] = number + 1
        turn = number - after
        if turn < 0 or (not spec["script"] and turn % spec["every"] != spec["every"] - 1):
            return None
        does: str = steps[turn] if spec["script"] else steps[0]
        if does != PASS:
            self.acted[key] = acted + 1
        return does


class Account:
    """A balance, limits, and what is used of them in the windows that run."""

    def __init__(self) -> None:
        self.balance = AMPLE_BALANCE
        self.per_minute: int | None = None
        self.per_day: int | None = None
        self.used: dict[tuple[str, int], int] = {}

    def charge(self, mobile: str, now: float) -> str | None:
        """Why a send is refused; None when it was charged."""
        minute = (mobile, int(now + BEIJING) // 60)
        day = ("day", int(now + BEIJING) // 86400)
        if self.per_day is not None and self.used.get(day, 0) >= self.per_day:
            return "code_quota_exceeded"
        if self.per_minute is not None and self.used.get(minute, 0) >= self.per_minute:
            return "mobile_minute_limit"
        if self.balance < 1:
            return "balance_insufficient"
        self.balance -= 1
        for window in (minute, day):
            self.used[window] = self.used.get(window, 0) + 1
        return None


class SessionAgainstModel(RuleBasedStateMachine):
    """The default session, driven through the pipeline with no socket."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.core = Core()
        self.session = self.run(self.core.open())
        self.sends = 0
        self.serial = 0
        self.forget()

    def teardown(self) -> None:
        self.session.clock.clear()
        self.runner.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def forget(self) -> None:
        """The model as a session is created."""
        self.now = NOON
        self.accounts = {name: Account() for name in PROVIDERS}
        self.in_force: list[ModelRule] = []
        self.rule_number = 0
        self.messages: list[tuple[str, str]] = []
        self.journal: list[str] = []

    @initialize()
    def stand_still(self) -> None:
        self.set_clock("frozen")

    # --- what a tester does -------------------------------------------------------------------------

    @rule(sends=SENDS)
    def send(self, sends: list[tuple[str, str]]) -> None:
        for provider, mobile in sends:
            self.send_one(provider, mobile)

    def send_one(self, provider: str, mobile: str) -> None:
        does = self.drawn(provider, mobile)
        handled, written = (True, True) if does == PASS else FAULTS[does]
        refused = self.accounts[provider].charge(mobile, self.now) if handled else None
        if handled and refused is None:
            self.messages.append((provider, mobile))
        self.journal.append("" if does == PASS else does)
        wire = RecordingWire()
        reply = self.run(self.ask(provider, mobile, wire))
        assert (reply is not None) is written
        assert ("close" in wire.done) is not written
        outcome = last_entry(self.session).outcome
        if handled is None:
            assert outcome is None
        elif handled is False:
            assert isinstance(outcome, Refused)
            assert (outcome.reason, outcome.rule) == (does, "fault")
        elif refused is not None:
            assert isinstance(outcome, Refused)
            assert outcome.reason == refused
        else:
            assert isinstance(outcome, Accepted)

    def drawn(self, provider: str, mobile: str) -> str:
        for each in self.in_force:
            does = each.decide(provider, mobile, self.now)
            if does is not None:
                return does
        return PASS

    @rule(
        sends=SENDS,
        provider=st.sampled_from(["*", "erban", "reseller"]),
        prefix=st.sampled_from(["", "138", MOBILES[2]]),
        steps=SCRIPTS,
        script=st.booleans(),
        times=st.none() | st.integers(1, 3),
        after=st.integers(0, 2),
        every=st.integers(1, 3),
        per=st.booleans(),
        until=st.none() | st.sampled_from(["+30s", "+90s"]),
    )
    def add_fault(self, sends: list[tuple[str, str]], **given: Any) -> None:
        """And let it meet some sends."""
        if not given["script"] and given["steps"][0] == PASS:
            given["script"] = True
        spec: dict[str, Any] = {"provider": given["provider"], "operation": "send"}
        if given["prefix"]:
            spec["match"] = {"mobile": {"prefix": given["prefix"]}}
        if given["script"]:
            given["every"] = 1
            spec["script"] = ", ".join(given["steps"])
        else:
            spec["do"] = given["steps"][0]
        spec |= {name: given[name] for name in ("times", "after", "every", "until")}
        spec["per"] = given["per"] = "mobile" if given["per"] else None
        added = self.session.faults.add(msgspec.convert(spec, FaultSpec))
        self.rule_number += 1
        self.in_force.append(ModelRule(f"f{self.rule_number}", given, self.now))
        assert added.id == self.in_force[-1].id
        self.send(sends)

    @precondition(lambda self: len(self.in_force) > 1)
    @rule(which=st.none() | st.integers(0, 20))
    def remove_faults(self, which: int | None) -> None:
        if which is None:
            self.in_force.clear()
            self.session.faults.clear()
            return
        gone = self.in_force.pop(which % len(self.in_force))
        assert self.session.faults.remove(gone.id) is not None

    @rule(seconds=st.sampled_from([0, 1, 29, 30, 60, 3600, 43_200, 86_400]))
    def advance(self, seconds: int) -> None:
        self.run(self.session.clock.advance(seconds))
        self.now += seconds

    @rule(mode=st.sampled_from(["frozen", "offset"]))
    def set_clock(self, mode: Any) -> None:
        """The host's clock stands still, so that both are the same; and no time passes by it."""
        self.run(self.session.clock.set(ClockState(mode=mode, at=iso(self.now))))

    @rule(
        provider=st.sampled_from(sorted(PROVIDERS)),
        per_minute=st.none() | st.integers(0, 3),
        per_day=st.none() | st.integers(0, 6),
    )
    def limit(self, provider: str, per_minute: int | None, per_day: int | None) -> None:
        quotas = {"mobile_per_minute": per_minute, "account_per_day": per_day}
        self.run(self.core.sessions.patch(self.session, provider, {"quotas": quotas}))
        account = self.accounts[provider]
        account.per_minute, account.per_day = per_minute, per_day

    @rule(provider=st.sampled_from(sorted(PROVIDERS)), balance=st.integers(0, 5))
    def charge_up(self, provider: str, balance: int) -> None:
        self.run(self.core.sessions.patch(self.session, provider, {"balance": balance}))
        self.accounts[provider].balance = balance

    @precondition(lambda self: len(self.journal) > 10)
    @rule()
    def reset(self) -> None:
        self.run(self.core.sessions.reset(self.session))
        self.forget()

    # --- what must hold -----------------------------------------------------------------------------

    @invariant()
    def the_clock_shows_what_it_should(self) -> None:
        assert self.session.clock.now() == self.now

    @invariant()
    def the_inbox_has_what_was_accepted(self) -> None:
        store = self.session.store
        found = self.run(store.latest_messages(MessageFilter(), 10_000))
        assert [(m.provider, m.mobile) for m in reversed(found)] == self.messages

    @invariant()
    def the_balances_are_what_was_paid(self) -> None:
        for name, account in self.accounts.items():
            assert self.run(self.session.store.balance(name)) == account.balance

    @invariant()
    def the_rules_have_counted_alike(self) -> None:
        counted = [(r.id, (r.matched, r.fired)) for r in self.session.faults.rules]
        assert counted == [(each.id, each.counts) for each in self.in_force]

    @invariant()
    def the_journal_has_every_request_since_the_reset(self) -> None:
        journal = self.session.journal
        entries = journal.newest_first()[::-1]
        assert [e.draw.fault.label for _, e in entries] == self.journal
        assert journal.next_serial == self.serial
        assert journal.evicted == 0
        assert [serial for serial, _ in entries] == list(
            range(self.serial - len(self.journal), self.serial)
        )

    # --- requests -----------------------------------------------------------------------------------

    async def ask(self, provider: str, mobile: str, wire: RecordingWire) -> RawReply | None:
        self.sends += 1
        self.serial += 1
        if provider == "reseller":
            sent: dict[str, Any] = {**SEND, "mobile": mobile}
            raw = post("/api/sms/", self.core.member(**sent))
        else:
            fields = {
                "account": "80000001",
                "password": digest("demo-passworddemo-auth-code"),
                "mobile": mobile,
                "content": f"{DEMO_SIGNATURE}您的验证码是1",
                "channel": "8000000101",
                "smsid": str(self.sends),
                "sendType": "1",
            }
            body = urlencode(fields).encode()
            raw = request("POST", "/WebService/sms3.aspx", body, FORM)
        return await settled(self.core.pipeline.handle(PROVIDERS[provider], raw, wire))


SessionAgainstModel.TestCase.settings = settings(max_examples=stories(50), stateful_step_count=25)
TestSessionAgainstModel = SessionAgainstModel.TestCase
