"""Sessions: whose a request is, what may be set, and that they never touch each other."""

from typing import Any

import msgspec
import pytest

from fakeproviders.account import UPSTREAM
from fakeproviders.clock import ClockState
from fakeproviders.faults.rule import FaultSpec
from fakeproviders.model import BALANCE, SEND, TOKEN, Call
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.session import DEFAULT, Session
from fakeproviders.sessions import BadSettings, Sessions
from fakeproviders.settings import AMPLE_BALANCE
from fakeproviders.soon import settled
from fakeproviders.stores.base import MessageFilter
from tests.asyncs import asynchronous
from tests.core import NOON, Core, get, last_entry, post

PROVIDERS = {provider.name: provider for provider in (OFFICIAL, RESELLER, ERBAN)}
IDENTITIES = {"official": "app_id", "reseller": "member_id", "erban": "account"}


class World(Core):
    """Two sessions beside default's."""

    async def begin(self) -> tuple[Session, Session]:
        await self.open()
        return await self.sessions.create(seed=1), await self.sessions.create(seed=1)


def described(session: Session, provider: str) -> dict[str, object]:
    return PROVIDERS[provider].describe(session.accounts[provider].settings, "u")


def call(provider: str, **fields: Any) -> Call:
    return Call(provider=provider, operation=fields.pop("operation", SEND), **fields)


def owner(
    sessions: Sessions, listener: str, prefix: str = "", **fields: Any
) -> tuple[str, str, str]:
    found = sessions.owner(listener, prefix, call(listener, **fields))
    return found.session.id, found.account.role, found.hint


# --- what a session is made of --------------------------------------------------------------------


@asynchronous
async def test_the_default_sessions_credentials_are_fixed() -> None:
    session = await Core().open()
    assert described(session, "official") == {
        "url": "u", "app_id": "demo-app", "app_secret": "demo-app-secret",
        "sign_key": "demo-sign", "signature": "【演示签名】", "template_id": "1001",
    }  # fmt: skip
    assert described(session, "reseller")["member_id"] == "10001"
    assert described(session, "reseller")["api_key"] == "demo-api-key"
    assert described(session, "erban")["account"] == "80000001"
    assert described(session, "erban")["channel"] == "8000000101"
    assert session.id == DEFAULT
    above = session.accounts[UPSTREAM]
    assert (above.id, above.secret) == ("up-10001", "up-demo-api-key")


@asynchronous
async def test_one_seed_gives_the_same_secrets_but_other_identities() -> None:
    one, two = await World().begin()
    for provider, identity in IDENTITIES.items():
        first, second = described(one, provider), described(two, provider)
        assert first[identity] != second[identity]
        dependent = {identity, "channel", "password"}
        assert {k: v for k, v in first.items() if k not in dependent} == {
            k: v for k, v in second.items() if k not in dependent
        }


@asynchronous
async def test_a_session_without_a_seed_gets_one() -> None:
    world = World()
    await world.begin()
    session = await world.sessions.create()
    again = await world.sessions.create(seed=session.seed)
    assert (
        described(session, "official")["app_secret"] == described(again, "official")["app_secret"]
    )


@asynchronous
async def test_new_sessions_have_no_limits_and_ample_balance() -> None:
    for session in await World().begin():
        for role, account in session.accounts.items():
            quotas = account.settings.quotas
            assert {getattr(quotas, name) for name in quotas.__struct_fields__} == {None}
            assert await session.store.balance(role) == AMPLE_BALANCE


@asynchronous
async def test_a_session_may_be_made_to_measure() -> None:
    core = Core()
    await core.open()
    session = await core.sessions.create(
        name="mine",
        clock=ClockState(mode="frozen", at="2030-01-01T00:00:00+08:00"),
        providers={
            "official": {"quotas": {"account_per_day": 3}, "balance": 7},
            "upstream": {"enabled": False},
            "reseller": {"api_key": "given"},
        },
    )
    assert session.name == "mine"
    assert session.clock.state().mode == "frozen"
    assert session.accounts["official"].settings.quotas.account_per_day == 3
    assert await session.store.balance("official") == 7
    assert await session.store.balance("erban") == AMPLE_BALANCE
    assert not session.accounts["upstream"].settings.enabled
    assert session.accounts["reseller"].secret == "given"


@pytest.mark.parametrize(
    ("providers", "field"),
    [
        ({"telegram": {}}, "providers.telegram"),
        ({"official": {"colour": 1}}, "providers.official.colour"),
        ({"official": {"quotas": {"ip_per_day": -1}}}, "providers.official.quotas.ip_per_day"),
        ({"erban": {"balance": 1.5}}, "providers.erban.balance"),
    ],
)
@asynchronous
async def test_a_mistake_in_a_new_sessions_settings_names_its_field(
    providers: dict[str, Any], field: str
) -> None:
    core = Core()
    await core.open()
    with pytest.raises(BadSettings) as raised:
        await core.sessions.create(providers=providers)
    assert raised.value.field == field
    assert [session.id for session in core.sessions.all()] == [DEFAULT]


# --- whose a request is ---------------------------------------------------------------------------


@asynchronous
async def test_a_request_is_known_by_its_address_first_of_all() -> None:
    world = World()
    one, two = await world.begin()
    identity = two.accounts["official"].id
    token = f"{two.id}.o.1"
    assert owner(world.sessions, "official", one.id, account=identity) == (one.id, "official", "")
    assert owner(world.sessions, "official", one.id, token=token) == (one.id, "official", "")


@asynchronous
async def test_a_request_is_known_by_its_identity() -> None:
    world = World()
    await world.begin()
    for session in world.sessions.all():
        for provider in PROVIDERS:
            identity = session.accounts[provider].id
            found = owner(world.sessions, provider, account=identity)
            assert found == (session.id, provider, "")


@asynchronous
async def test_a_request_is_known_by_its_token_even_when_that_is_no_longer_valid() -> None:
    world = World()
    one, _ = await world.begin()
    assert owner(world.sessions, "official", token=f"{one.id}.o.1") == (one.id, "official", "")


@asynchronous
async def test_a_request_without_an_account_is_known_by_the_reply_it_names() -> None:
    world = World()
    one, _ = await world.begin()
    assert owner(world.sessions, "erban", reply_id=f"{one.id}.e.1") == (one.id, "erban", "")
    assert owner(world.sessions, "erban", reply_id="1") == (DEFAULT, "erban", "")


@asynchronous
async def test_anothers_token_moves_no_request_that_names_its_account() -> None:
    world = World()
    one, two = await world.begin()
    theirs = f"{two.id}.e.1"
    account = one.accounts["erban"].id
    found = owner(world.sessions, "erban", account=account, token=theirs)
    assert found == (one.id, "erban", "")
    found = owner(world.sessions, "erban", account="9", token=theirs)
    assert found == (DEFAULT, "erban", "unknown_identity")


@asynchronous
async def test_the_resellers_own_account_is_told_apart_from_the_operators() -> None:
    world = World()
    one, _ = await world.begin()
    above = one.accounts[UPSTREAM].id
    assert owner(world.sessions, "official", account=above) == (one.id, UPSTREAM, "")
    assert owner(world.sessions, "official", token=f"{one.id}.u.1") == (one.id, UPSTREAM, "")
    assert owner(world.sessions, "official", one.id, account=above) == (one.id, UPSTREAM, "")
    assert owner(world.sessions, "official", one.id, account="x") == (one.id, "official", "")
    assert owner(world.sessions, "reseller", one.id, token=f"{one.id}.u.1")[1] == "reseller"


@asynchronous
async def test_an_address_may_name_the_account_too() -> None:
    world = World()
    one, _ = await world.begin()
    prefix = f"{one.id}.{UPSTREAM}"
    assert owner(world.sessions, "official", prefix, account="wrong") == (one.id, UPSTREAM, "")
    assert owner(world.sessions, "erban", prefix) == (one.id, "erban", "")
    assert owner(world.sessions, "official", f"{one.id}.nobody") == (one.id, "official", "")


@asynchronous
async def test_what_belongs_to_nobody_is_the_default_sessions_and_says_why() -> None:
    world = World()
    await world.begin()
    sessions = world.sessions
    assert owner(sessions, "official", "gone") == (DEFAULT, "official", "unknown_prefix")
    assert owner(sessions, "erban", account="9") == (DEFAULT, "erban", "unknown_identity")
    assert owner(sessions, "official", token="gone.o.1") == (DEFAULT, "official", "unknown_token")
    assert owner(sessions, "official") == (DEFAULT, "official", "")


@asynchronous
async def test_an_identity_of_one_provider_means_nothing_to_another() -> None:
    world = World()
    one, _ = await world.begin()
    found = owner(world.sessions, "erban", account=one.accounts["official"].id)
    assert found == (DEFAULT, "erban", "unknown_identity")


# --- settings -------------------------------------------------------------------------------------


@asynchronous
async def test_a_patch_is_in_force_when_it_returns() -> None:
    core = Core()
    session = await core.open()
    await core.sessions.patch(session, "official", {"quotas": {"mobile_per_day": 1}, "balance": 5})
    assert (await core.official_send())["code"] == 0
    assert (await core.official_send())["code"] == 46006
    assert await session.store.balance("official") == 4


@asynchronous
async def test_a_patch_that_fails_changes_nothing() -> None:
    core = Core()
    session = await core.open()
    before = session.accounts["official"].settings
    for patch in (
        {"enabled": False, "balance": 3, "colour": 1},
        {"enabled": False, "balance": "much"},
        {"enabled": False, "balance": 3, "app_id": "up-10001"},
        {"enabled": False, "balance": 3, "callback_url": "http://example.com/"},
    ):
        with pytest.raises(BadSettings):
            await core.sessions.patch(session, "official", patch)
    assert session.accounts["official"].settings is before
    assert await session.store.balance("official") == AMPLE_BALANCE


@asynchronous
async def test_a_new_identity_is_known_beside_the_first_and_those_between_no_longer() -> None:
    world = World()
    one, _ = await world.begin()
    first = one.accounts["erban"].id
    await world.sessions.patch(one, "erban", {"account": "123"})
    await world.sessions.patch(one, "erban", {"account": "456"})
    assert owner(world.sessions, "erban", account="456") == (one.id, "erban", "")
    assert owner(world.sessions, "erban", account="123")[2] == "unknown_identity"
    assert owner(world.sessions, "erban", account=first) == (one.id, "erban", "")


@asynchronous
async def test_the_first_identity_stays_a_sessions_own_so_that_it_can_be_reset() -> None:
    world = World()
    one, two = await world.begin()
    first = one.accounts["erban"].id
    await world.sessions.patch(one, "erban", {"account": "123"})
    with pytest.raises(BadSettings, match="another session"):
        await world.sessions.patch(two, "erban", {"account": first})
    await world.sessions.reset(one)
    assert owner(world.sessions, "erban", account=first) == (one.id, "erban", "")
    await world.sessions.patch(two, "erban", {"account": "123"})


@pytest.mark.parametrize("provider", list(PROVIDERS))
@asynchronous
async def test_an_identity_of_another_sessions_is_refused(provider: str) -> None:
    world = World()
    one, two = await world.begin()
    field = IDENTITIES[provider]
    for theirs in (two.accounts[provider].id, world.sessions.all()[0].accounts[provider].id):
        with pytest.raises(BadSettings, match="another session"):
            await world.sessions.patch(one, provider, {field: theirs})
        with pytest.raises(BadSettings, match="another session"):
            await world.sessions.create(providers={provider: {field: theirs}})
    assert len(world.sessions.all()) == 3


@asynchronous
async def test_an_identity_of_another_account_of_the_same_provider_is_refused() -> None:
    world = World()
    one, _ = await world.begin()
    for role, other in (("official", UPSTREAM), (UPSTREAM, "official")):
        with pytest.raises(BadSettings, match=f"account of {other}"):
            await world.sessions.patch(one, role, {"app_id": one.accounts[other].id})


@asynchronous
async def test_an_account_may_keep_its_identity() -> None:
    world = World()
    one, _ = await world.begin()
    await world.sessions.patch(one, "erban", {"account": one.accounts["erban"].id})


# --- the end --------------------------------------------------------------------------------------


@asynchronous
async def test_a_deleted_session_is_gone_with_its_identities() -> None:
    world = World()
    one, two = await world.begin()
    identity = one.accounts["erban"].id
    assert await world.sessions.delete(one.id)
    assert world.sessions.get(one.id) is None
    assert [session.id for session in world.sessions.all()] == [DEFAULT, two.id]
    assert owner(world.sessions, "erban", account=identity)[2] == "unknown_identity"
    await world.sessions.patch(two, "erban", {"account": identity})


@asynchronous
async def test_a_session_is_deleted_once_and_default_never() -> None:
    world = World()
    one, _ = await world.begin()
    assert await world.sessions.delete(one.id)
    assert not await world.sessions.delete(one.id)
    assert not await world.sessions.delete("never was")
    with pytest.raises(ValueError, match="reset it instead"):
        await world.sessions.delete(DEFAULT)


@asynchronous
async def test_sessions_end_when_nobody_used_them_for_their_time() -> None:
    core = Core()
    await core.open()
    short = await core.sessions.create(ttl=60)
    used = await core.sessions.create(ttl=60)
    forever = await core.sessions.create()
    core.real.now += 60
    assert await core.sessions.expire() == []
    core.sessions.owner("official", used.id, call("official"))
    core.real.now += 1
    assert await core.sessions.expire() == [short.id]
    core.real.now += 1e9
    assert await core.sessions.expire() == [used.id]
    assert [session.id for session in core.sessions.all()] == [DEFAULT, forever.id]


# --- back to the beginning ------------------------------------------------------------------------


@asynchronous
async def test_a_reset_session_is_as_it_was_created() -> None:
    core = Core()
    await core.open()
    session = await core.sessions.create(
        seed=5,
        clock=ClockState(mode="offset", offset_seconds=100),
        providers={"official": {"balance": 9, "max_segments": 3}},
    )
    before = session.random.random()
    identity = session.accounts["official"].id
    await core.sessions.patch(
        session, "official", {"app_id": "changed", "max_segments": 1, "balance": 1}
    )
    await session.clock.advance(86400)
    session.faults.add(FaultSpec(provider="*", do="rate_limited"))
    await core.reply(OFFICIAL, get("/api/sms/balance", {}, session=session.id))
    await core.sessions.reset(session)
    assert session.random.random() == before
    assert session.accounts["official"].id == identity
    assert session.accounts["official"].settings.max_segments == 3
    assert await session.store.balance("official") == 9
    assert session.clock.now() == core.real.now + 100
    assert session.faults.rules == ()
    assert session.journal.newest_first() == []
    assert owner(core.sessions, "official", account=identity) == (session.id, "official", "")
    assert owner(core.sessions, "official", account="changed")[2] == "unknown_identity"


@asynchronous
async def test_what_was_submitted_is_gone_after_a_reset() -> None:
    core = Core()
    session = await core.open()
    body = {"access_token": await core.token(), "sign_key": "new", "signature": "【新】"}
    answer = await core.answer(OFFICIAL, post("/api/sms/signatures", body))
    assert len(answer["data"]["signatures"]) == 2
    await core.sessions.reset(session)
    assert len(session.accounts["official"].signatures()) == 1


@asynchronous
async def test_a_session_that_began_frozen_at_no_moment_begins_anew_at_the_present() -> None:
    core = Core()
    await core.open()
    session = await core.sessions.create(clock=ClockState(mode="frozen"))
    await session.clock.advance(86400)
    await core.sessions.reset(session)
    assert session.clock.now() == NOON


@asynchronous
async def test_timers_do_not_outlive_a_reset() -> None:
    core = Core()
    session = await core.open()
    ran: list[str] = []

    async def note() -> None:
        ran.append("ran")

    session.clock.call_at(NOON + 10, note)
    await core.sessions.reset(session)
    await session.clock.advance(60)
    assert ran == []


# --- isolation ------------------------------------------------------------------------------------


@asynchronous
async def test_sessions_have_clocks_faults_quotas_and_inboxes_of_their_own() -> None:
    world = World()
    one, two = await world.begin()
    await one.clock.set(ClockState(mode="frozen", at="2030-01-01T00:00:00Z"))
    one.faults.add(FaultSpec(provider="erban", operation="balance", do="maintenance"))
    await world.sessions.patch(one, "erban", {"quotas": {"account_per_day": 0}, "balance": 0})
    assert two.clock.now() == NOON
    draw = await settled(two.faults.draw(call("erban", operation=BALANCE), NOON))
    assert draw.fault.acts is False
    assert two.accounts["erban"].settings.quotas.account_per_day is None
    assert await two.store.balance("erban") == AMPLE_BALANCE
    request = get("/api/sms/balance", {}, session=one.id)
    await world.reply(OFFICIAL, request)
    assert last_entry(one).request is request
    assert two.journal.newest_first() == []
    assert await two.store.latest_messages(MessageFilter(), 9) == []


@asynchronous
async def test_a_token_of_one_session_is_none_in_another() -> None:
    world = World()
    one, two = await world.begin()
    world.sessions.owner("official", one.id, call("official", operation=TOKEN))
    token = f"{one.id}.o.1"
    await one.store.issue_token("official", token, now=NOON, lifetime=7200, grace=300)
    mine = await world.answer(OFFICIAL, get("/api/sms/balance", {"access_token": token}))
    theirs = await world.answer(
        OFFICIAL, get("/api/sms/balance", {"access_token": token}, session=two.id)
    )
    assert (mine["code"], theirs["code"]) == (0, 40110)


@asynchronous
async def test_one_seed_gives_one_course_of_chance() -> None:
    one, two = await World().begin()
    assert [one.random.random() for _ in range(5)] == [two.random.random() for _ in range(5)]


# --- what the ledger hears of ---------------------------------------------------------------------

FAULTY = FaultSpec(provider="official", operation=SEND, do="internal_error")


async def three_failures(core: Core) -> None:
    for second in range(3):
        core.real.now += second
        await core.official_send(params={"code": f"10000{second}", "minutes": "5"})


def recoveries(session: Session) -> list[tuple[float | None, float | None]]:
    assert session.ledger is not None
    return [(o.ended, o.recovered_after) for o in session.ledger.document().outages]


@asynchronous
async def test_the_ledger_hears_when_a_rule_is_removed() -> None:
    core = Core()
    session = await core.open()
    await session.start_ledger("run")
    rule = session.faults.add(FAULTY)
    await three_failures(core)
    core.real.now = NOON + 7
    session.faults.remove(rule.id)
    core.real.now = NOON + 67
    assert recoveries(session) == [(7, None)]
    await core.official_send()
    assert recoveries(session) == [(7, 60)]


@asynchronous
async def test_the_ledger_hears_when_a_rule_is_used_up() -> None:
    core = Core()
    session = await core.open()
    await session.start_ledger("run")
    session.faults.add(msgspec.structs.replace(FAULTY, times=3))
    await three_failures(core)
    core.real.now = NOON + 67
    session.end_ledger()
    assert recoveries(session) == [(3, None)]


@asynchronous
async def test_the_ledger_hears_when_the_clock_is_moved() -> None:
    core = Core()
    session = await core.open()
    await session.clock.set(ClockState(mode="frozen", at="2030-01-01T00:00:00Z"))
    await session.start_ledger("run")
    session.faults.add(msgspec.structs.replace(FAULTY, until="+1h"))
    core.real.now = NOON
    await three_failures(core)
    core.real.now = NOON + 9
    await session.clock.advance(4000)
    core.real.now = NOON + 20
    session.end_ledger()
    assert recoveries(session) == [(9, None)]


@asynchronous
async def test_the_ledger_hears_of_what_another_process_has_changed() -> None:
    here, there = Core(), Core()
    session, other = await here.open(), await there.open()
    await session.start_ledger("run")
    rule = other.faults.add(FAULTY)
    await session.adopt(other.document())
    await three_failures(here)
    other.faults.remove(rule.id)
    here.real.now = NOON + 7
    await session.adopt(other.document())
    here.real.now = NOON + 67
    assert recoveries(session) == [(7, None)]


@asynchronous
async def test_the_ledger_knows_of_listeners_that_were_down_before_it_began() -> None:
    core = Core()
    session = await core.open()
    rule = session.faults.add(FaultSpec(provider="official", do="refuse"))
    await session.start_ledger("run")
    core.real.now = NOON + 7
    session.faults.remove(rule.id)
    assert recoveries(session) == [(7, None)]


@asynchronous
async def test_whoever_else_listens_hears_of_it_too() -> None:
    core = Core()
    session = await core.open()
    await session.start_ledger("run")
    with session.events.subscribe(frozenset({"clock", "fault"})) as listening:
        session.faults.add(FAULTY)
        await session.clock.advance(5)
        assert [event.kind for event in listening.take().events] == ["fault", "clock"]
