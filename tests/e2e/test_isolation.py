"""Two sessions at once: neither ever sees anything of the other."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e import clients
from tests.e2e.clients import ACCEPTED, Verdict
from tests.e2e.running import RunningServer
from tests.e2e.sockets import post_json, request
from tests.e2e.world import Control, World

ALL = ("official", "reseller", "erban")


@pytest.fixture
def other(server: RunningServer) -> Iterator[World]:
    """A second session."""
    other = World.create(server)
    yield other
    server.settle(other.id)
    other.delete()


@pytest.fixture
def unprefixed(world: World) -> World:
    """The world's credentials at the addresses that everybody shares."""
    whole = json.loads(json.dumps(world.session).replace(f"/@{world.id}", ""))
    return World(world.server, whole, world.control)


def the_default(server: RunningServer) -> World:
    return World(server, dict(server.addresses.session), Control(server.addresses.control))


def test_sends_at_once(world: World, other: World) -> None:
    """Sixty sends of two sessions, interleaved, by eight threads."""
    clients.token_of(world)
    clients.token_of(other)
    jobs = [
        (one, provider, f"139{number:08d}")
        for number in range(10)
        for provider in ALL
        for one in (world, other)
    ]

    def work(job: tuple[World, str, str]) -> Verdict:
        one, provider, mobile = job
        number = int(mobile) if one is world else int(mobile) + 1000
        return clients.send(one, provider, mobile=str(number))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(work, jobs))
    assert answers == [ACCEPTED[provider] for _, provider, _ in jobs]
    for one, first in ((world, 13900000000), (other, 13900001000)):
        expected = sorted((p, str(first + n)) for n in range(10) for p in ALL)
        assert sorted((m["provider"], m["mobile"]) for m in one.messages()) == expected
        mobiles = {r["mobile"] for r in one.requests(operation="send")}
        assert mobiles == {mobile for _, mobile in expected}


def test_without_prefix_credentials_tell_them_apart(unprefixed: World, other: World) -> None:
    """Two sessions at the same addresses: the AppId, the 会员ID, the account and the token decide."""
    bare = json.loads(json.dumps(other.session).replace(f"/@{other.id}", ""))
    second = World(other.server, bare, other.control)
    for one in (unprefixed, second, unprefixed):
        for provider in ALL:
            clients.send_well(one, provider)
    assert len(unprefixed.messages()) == 6
    assert len(second.messages()) == 3
    assert {r["hint"] for r in unprefixed.requests()} == {None}


def test_ids_and_credentials_differ(world: World, other: World) -> None:
    assert world.official["app_id"] != other.official["app_id"]
    assert world.reseller["member_id"] != other.reseller["member_id"]
    assert world.erban["account"] != other.erban["account"]


@pytest.mark.parametrize("provider", ALL)
def test_faults_do_not_cross(world: World, other: World, provider: str) -> None:
    clients.token_of(world)
    clients.token_of(other)
    world.fault(provider, "maintenance")
    clients.send_well(other, provider)
    assert clients.SENDS[provider](world).status in {200, 503}
    assert world.messages() == []
    assert other.control.get(f"{other.path}/faults")["faults"] == []


@pytest.mark.parametrize("provider", ALL)
def test_quotas_and_balances_do_not_cross(world: World, other: World, provider: str) -> None:
    for one in (world, other):
        one.freeze("2026-03-10T12:00:00+08:00")
        one.patch(provider, balance=5, quotas={"mobile_per_day": 1})
    clients.send_well(world, provider)
    clients.send_well(other, provider)
    assert clients.send(world, provider) != ACCEPTED[provider]
    assert clients.send(other, provider) != ACCEPTED[provider]
    world.patch(provider, quotas={"mobile_per_day": 2})
    clients.send_well(world, provider)
    assert (world.balance(provider), other.balance(provider)) == (3, 4)


def test_clocks_do_not_cross(world: World, other: World) -> None:
    tokens = {one.id: clients.token_of(one) for one in (world, other)}
    assert len(set(tokens.values())) == 2
    world.advance(7200)
    assert clients.send(world, "official").code == 40110
    clients.send_well(other, "official")
    first = world.control.get(f"{world.path}/clock")["now"]
    assert first > other.control.get(f"{other.path}/clock")["now"]


def test_a_reset_does_not_cross(world: World, other: World) -> None:
    for one in (world, other):
        clients.send_well(one, "erban")
    world.control.post(f"{world.path}/reset")
    assert world.messages() == world.requests() == []
    assert len(other.messages()) == len(other.requests()) == 1


def test_a_token_is_good_in_its_own_session_alone(world: World, other: World) -> None:
    foreign = clients.token_of(other)
    assert clients.send(world, "official", access_token=foreign).code == 40110
    assert world.messages() == other.messages() == []
    clients.send_well(other, "official")


# --- whose is it? -----------------------------------------------------------------------------------

Ask = Callable[[World], object]
WRONG: dict[str, tuple[Ask, str]] = {
    "official": (lambda world: clients.official_token(world, app_id="404404"), "404404"),
    "reseller": (lambda world: clients.reseller_send(world, member_id="505505"), "505505"),
    "erban": (lambda world: clients.erban_send(world, account="606606"), "606606"),
}


@pytest.mark.parametrize("provider", ALL)
def test_wrong_credentials_under_a_prefix(world: World, provider: str) -> None:
    """The address says whose they are; that they are wrong is seen in that session."""
    ask, account = WRONG[provider]
    ask(world)
    (line,) = world.requests()
    assert (line["account"], line["outcome"], line["hint"]) == (account, "refused", None)
    assert world.request(line["id"])["request"]["session_prefix"] == world.id


@pytest.mark.parametrize("provider", ALL)
def test_what_belongs_to_nobody(unprefixed: World, provider: str) -> None:
    """Without a prefix, unknown credentials are the default session's, which says why."""
    default = the_default(unprefixed.server)
    cursor = default.control.get(f"{default.path}/requests")["cursor"]
    ask, account = WRONG[provider]
    ask(unprefixed)
    (line,) = default.requests(cursor=cursor)
    assert (line["account"], line["hint"]) == (account, "unknown_identity")
    assert unprefixed.requests() == []


def test_a_prefix_that_no_session_has(server: RunningServer) -> None:
    default = the_default(server)
    cursor = default.control.get(f"{default.path}/requests")["cursor"]
    page = request("GET", f"{server.addresses.erban}/@nobody{clients.ASMX}")
    assert page.status == 200
    (line,) = default.requests(cursor=cursor)
    assert line["hint"] == "unknown_prefix"
    assert default.request(line["id"])["request"]["session_prefix"] == "nobody"


def test_a_deleted_session_is_nobodys(server: RunningServer) -> None:
    gone = World.create(server)
    clients.send_well(gone, "official")
    gone.delete()
    assert clients.send(gone, "official") == Verdict(40110, "access_token无效或已过期")
    assert clients.official_token(gone).json()["code"] == 40102
    assert gone.control.call("GET", f"{gone.path}/messages").status == 404


def test_the_default_sessions_documented_credentials(server: RunningServer) -> None:
    default = the_default(server)
    assert default.official["app_id"] == "demo-app"
    assert "/@" not in default.official["url"] + default.reseller["url"] + default.erban["url"]
    cursor = default.control.get(f"{default.path}/messages")["cursor"]
    for provider in ALL:
        clients.send_well(default, provider)
    sent = default.messages(cursor=cursor)
    assert [message["provider"] for message in sent] == list(ALL)


def test_a_callers_own_prefix_is_not_in_what_a_provider_sees(world: World) -> None:
    clients.send_well(world, "official")
    assert world.requests()[-1]["path"] == "/api/sms/send"
    reply = post_json(f"{world.official['url']}/@{world.id}/api/sms/send", {})
    assert reply.status == 404
