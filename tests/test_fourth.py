"""An invented fourth provider goes all the way: the core knows no provider's words."""

import pytest

from fakeproviders.failures import Reason
from fakeproviders.faults.rule import FaultSpec
from fakeproviders.inbox import code_of
from fakeproviders.model import RawRequest
from fakeproviders.sessions import BadSettings
from fakeproviders.stores.base import MessageFilter
from fakeproviders.trace import explain
from tests.asyncs import asynchronous
from tests.core import Core, last_entry, request
from tests.fourth import KUAIXIN, NUMBERS, KuaixinSettings, kx


class World(Core):
    """A process that has this provider and no other."""

    def __init__(self) -> None:
        super().__init__([KUAIXIN])

    async def says(self, raw: RawRequest) -> str:
        return (await self.reply(KUAIXIN, raw)).body.decode()

    async def refusal(self, raw: RawRequest) -> Reason:
        verdict, number, _ = (await self.says(raw)).split("~", 2)
        assert verdict == "NO"
        return next(reason for reason, known in NUMBERS.items() if known == int(number))


@asynchronous
async def test_a_send_is_accepted_and_in_the_inbox() -> None:
    world = World()
    session = await world.open()
    verdict, first, second = (await world.says(kx("SHOOT", to="13800000001+13800000002"))).split(
        "~"
    )
    assert verdict == "OK"
    messages = await session.store.latest_messages(MessageFilter(provider="kuaixin"), 9)
    assert [message.id for message in messages] == [second, first]
    assert code_of(messages[0].content) == "246810"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (kx("JUMP"), Reason.PARAMETER_MISSING),
        (kx("SHOOT", who="nobody"), Reason.CREDENTIALS_INVALID),
        (kx("SHOOT", shown="wrong"), Reason.CREDENTIALS_INVALID),
        (kx("SHOOT", say="no signature"), Reason.SIGNATURE_NOT_FOUND),
        (kx("SHOOT", say="【慢信】hello"), Reason.SIGNATURE_MISMATCH),
        (kx("SHOOT", to=""), Reason.MOBILE_INVALID),
        (kx("SHOOT", to="12345"), Reason.MOBILE_INVALID),
        (kx("TRACE", say="404"), Reason.MESSAGE_NOT_FOUND),
    ],
)
@asynchronous
async def test_what_is_wrong_is_refused_and_explained(raw: RawRequest, reason: Reason) -> None:
    world = World()
    session = await world.open()
    assert await world.refusal(raw) is reason
    steps = explain(last_entry(session))
    assert not steps[-1].passed
    assert all(step.zh and step.en for step in steps)


@asynchronous
async def test_every_mobile_of_a_salvo_stands_for_itself() -> None:
    world = World()
    await world.open()
    said = await world.says(kx("SALVO", to="13800000001+1+13800000002"))
    assert said == f"OK~sent~{NUMBERS[Reason.MOBILE_INVALID]}~sent"


@asynchronous
async def test_limits_and_balance_hold() -> None:
    world = World()
    session = await world.open()
    await world.sessions.patch(session, "kuaixin", {"quotas": {"mobile_per_day": 1}, "balance": 2})
    assert (await world.says(kx("SHOOT"))).startswith("OK")
    assert await world.refusal(kx("SHOOT")) is Reason.MOBILE_DAY_LIMIT
    assert await world.says(kx("PURSE")) == "OK~1"


@asynchronous
async def test_sessions_are_told_apart_by_its_own_identity() -> None:
    world = World()
    default = await world.open()
    mine = await world.sessions.create(seed=1)
    settings = mine.accounts["kuaixin"].settings
    assert isinstance(settings, KuaixinSettings)
    raw = kx("PURSE", who=settings.nickname, shown=settings.pass_phrase[::-1])
    assert (await world.says(raw)).startswith("OK")
    assert last_entry(mine).request is raw
    assert default.journal.newest_first() == []


@asynchronous
async def test_faults_meet_it() -> None:
    world = World()
    session = await world.open()
    session.faults.add(FaultSpec(provider="*", operation="send", do="rate_limited", times=1))
    assert await world.refusal(kx("SHOOT")) is Reason.RATE_LIMITED
    assert (await world.says(kx("SHOOT"))).startswith("OK")


@asynchronous
async def test_a_page_is_answered_without_rules() -> None:
    world = World()
    session = await world.open()
    reply = await world.reply(KUAIXIN, request("GET", "/"))
    assert (reply.status, reply.body) == (404, b"?")
    assert [step.rule for step in explain(last_entry(session))] == ["page"]


@asynchronous
async def test_its_settings_are_patched_by_its_own_names() -> None:
    world = World()
    session = await world.open()
    await world.sessions.patch(session, "kuaixin", {"pass_phrase": "sesame"})
    assert await world.refusal(kx("PURSE")) is Reason.CREDENTIALS_INVALID
    assert (await world.says(kx("PURSE", shown="emases"))).startswith("OK")
    with pytest.raises(BadSettings) as raised:
        await world.sessions.patch(session, "kuaixin", {"app_secret": "x"})
    assert raised.value.field == "app_secret"
