"""Sessions and providers' settings: made, seen, changed, brought back, ended."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from fakeproviders.harness import Servers
from tests.e2e import clients
from tests.e2e.running import FREE, RunningServer
from tests.e2e.sockets import request
from tests.e2e.world import Control, World

S = "/api/v1/sessions"
PROVIDERS = ("official", "reseller", "erban")
CREDENTIALS = {
    "official": {"url", "app_id", "app_secret", "sign_key", "signature", "template_id"},
    "reseller": {"url", "member_id", "api_key", "sign_key", "signature", "template_id"},
    "erban": {
        "url", "account", "login_password", "auth_code", "password", "channel", "signature",
    },
}  # fmt: skip


def test_a_new_session_says_all_a_client_needs(world: World) -> None:
    for provider, fields in CREDENTIALS.items():
        assert set(world.session[provider]) == fields
        assert all(world.session[provider].values())
        assert world.session[provider]["url"].endswith(f"/@{world.id}")
    erban = world.erban
    assert erban["account"].isdigit()
    assert erban["channel"][:-2] == erban["account"]
    assert world.session["seed"] >= 0


def test_where_it_is(server: RunningServer) -> None:
    control = Control(server.addresses.control)
    reply = control.call("POST", S, {"name": "购物车", "ttl_seconds": 60})
    assert reply.status == 201
    made = reply.json()
    assert reply.headers["Location"] == f"{S}/{made['id']}"
    assert (made["name"], made["ttl_seconds"]) == ("购物车", 60)
    assert abs(datetime.fromisoformat(made["created_at"]).timestamp() - datetime.now(UTC).timestamp()) < 60  # fmt: skip
    assert control.get(f"{S}/{made['id']}") == made
    control.delete(f"{S}/{made['id']}")
    assert control.call("GET", f"{S}/{made['id']}").status == 404
    assert control.call("DELETE", f"{S}/{made['id']}").status == 404


def test_an_end_can_wait_for_all_faults_to_have_fired(world: World) -> None:
    world.fault("official", "rate_limited", times=1)
    strict = world.control.call("DELETE", world.path, strict="true")
    assert strict.status == 409
    assert "f1" in strict.json()["detail"]
    assert clients.official_token(world).json()["code"] == 46001
    world.control.delete(f"{world.path}?strict=true")
    assert world.control.call("GET", world.path).status == 404


def test_no_body_is_needed(server: RunningServer) -> None:
    control = Control(server.addresses.control)
    reply = request("POST", control.url + S)
    assert reply.status == 201
    control.delete(f"{S}/{reply.json()['id']}")


def test_names_and_secrets_repeat_with_the_seed(server: RunningServer) -> None:
    one, two, three = (World.create(server, seed=seed, name="x") for seed in (7, 7, 8))
    same = {"official": "app_secret", "reseller": "api_key", "erban": "auth_code"}
    for provider, field in same.items():
        assert one.session[provider][field] == two.session[provider][field]
        assert one.session[provider][field] != three.session[provider][field]
    assert one.official["app_id"] != two.official["app_id"]
    for world in (one, two, three):
        world.delete()


def test_with_settings_and_a_clock(server: RunningServer) -> None:
    world = World.create(
        server,
        clock={"mode": "frozen", "at": "2026-02-28T23:59:00+08:00"},
        providers={
            "official": {"balance": 3, "quotas": {"mobile_per_minute": 1}},
            "reseller": {"upstream": "none"},
            "upstream": {"enabled": False},
        },
    )
    assert world.balance("official") == 3
    assert world.settings("official")["quotas"]["mobile_per_minute"] == 1
    assert world.settings("official")["quotas"]["mobile_per_day"] is None
    assert world.settings("upstream")["enabled"] is False
    assert world.control.get(f"{world.path}/clock")["now"] == "2026-02-28T23:59:00.000+08:00"
    clients.send_well(world, "reseller")
    world.delete()


def test_the_list_pages(server: RunningServer) -> None:
    control = Control(server.addresses.control)
    made = [World.create(server) for _ in range(3)]
    first = control.get(S, limit=2)
    assert len(first["sessions"]) == 2
    assert first["sessions"][0]["id"] == "default"
    seen, cursor = [one["id"] for one in first["sessions"]], first["cursor"]
    while cursor is not None:
        page = control.get(S, limit=2, cursor=cursor)
        seen += [one["id"] for one in page["sessions"]]
        cursor = page["cursor"]
    assert {world.id for world in made} <= set(seen)
    assert len(seen) == len(set(seen)) == first["total"]
    for world in made:
        world.delete()


def test_no_limits_and_ample_balance_to_begin_with(world: World) -> None:
    for role in (*PROVIDERS, "upstream"):
        settings = world.settings(role)
        assert set(settings["quotas"].values()) == {None}
        assert settings["balance"] >= 1_000_000
        assert settings["ip_allow"] is None


# --- settings ---------------------------------------------------------------------------------------


def test_objects_merge_and_lists_are_replaced(world: World) -> None:
    world.patch("official", quotas={"mobile_per_minute": 1, "mobile_per_day": 10})
    shown = world.patch("official", quotas={"mobile_per_minute": None, "ip_per_day": 5})
    assert {k: v for k, v in shown["quotas"].items() if v is not None} == {
        "mobile_per_day": 10,
        "ip_per_day": 5,
    }
    world.patch("official", blocked_words=["a", "b"])
    assert world.patch("official", blocked_words=["c"])["blocked_words"] == ["c"]
    assert world.patch("official")["blocked_words"] == ["c"]
    assert world.settings("official")["quotas"]["mobile_per_day"] == 10


def test_a_patch_is_all_or_nothing(world: World) -> None:
    path = f"{world.path}/providers/official"
    body = {"balance": 1, "enabled": False, "max_segments": "many"}
    assert world.control.call("PATCH", path, body).status == 422
    assert world.settings("official")["enabled"] is True
    assert world.balance("official") > 1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_in_force_when_it_returns(world: World, provider: str) -> None:
    for enabled in (False, True) * 5:
        world.patch(provider, enabled=enabled)
        accepted = clients.send(world, provider) == clients.ACCEPTED[provider]
        assert accepted is enabled


@pytest.mark.parametrize(
    ("provider", "field", "value"),
    [("official", "app_id", "my-app"), ("reseller", "member_id", "77"), ("erban", "account", "88")],
)
def test_credentials_can_be_chosen(world: World, provider: str, field: str, value: str) -> None:
    value = f"{value}{world.id}"
    world.patch(provider, **{field: value})
    shown = world.control.get(world.path)
    assert shown[provider][field] == value
    world.session[provider][field] = value
    clients.send_well(world, provider)


@pytest.mark.parametrize(
    ("provider", "field"), [("official", "app_id"), ("reseller", "member_id"), ("erban", "account")]
)
def test_another_sessions_credentials(
    server: RunningServer, world: World, provider: str, field: str
) -> None:
    """They cannot be taken: requests could not be told apart."""
    other, mine = World.create(server), world.session[provider][field]
    reply = other.control.call("PATCH", f"{other.path}/providers/{provider}", {field: mine})
    assert reply.status == 422
    assert reply.json()["errors"][0]["field"] == field
    assert other.settings(provider)[field] == other.session[provider][field]
    reply = world.control.call("POST", S, {"providers": {provider: {field: mine}}})
    assert reply.status == 422
    assert reply.json()["errors"][0]["field"] == f"providers.{provider}.{field}"
    clients.send_well(world, provider)
    other.delete()
    assert world.control.get(world.path) == world.session


def test_reset(server: RunningServer) -> None:
    """Back to how it was made: settings, balance, clock, faults, inbox, journal, quotas, tokens."""
    start = "2026-01-01T00:00:00+08:00"
    world = World.create(
        server,
        seed=5,
        clock={"mode": "frozen", "at": start},
        providers={"erban": {"balance": 9, "blocked_words": ["x"]}},
    )
    before = {role: world.settings(role) for role in (*PROVIDERS, "upstream")}
    for provider in PROVIDERS:
        clients.send_well(world, provider)
    world.patch("erban", blocked_words=[], balance=100, account=f"9{world.erban['account']}")
    world.fault("official", "hang")
    world.advance(3600)
    answer = world.control.post(f"{world.path}/reset")
    assert answer == world.session
    assert {role: world.settings(role) for role in before} == before
    assert world.messages() == world.requests() == []
    assert world.control.get(f"{world.path}/faults")["faults"] == []
    assert world.control.get(f"{world.path}/clock")["now"].startswith("2026-01-01T00:00:00")
    assert all(not one["used"] for one in world.control.get(f"{world.path}/quota")["quota"])
    assert clients.send(world, "official").code == 40110
    world.kept.clear()
    for provider in PROVIDERS:
        clients.send_well(world, provider)
    assert world.fault("official", "hang") == "f1"
    world.delete()


# --- the end of a session that nobody uses --------------------------------------------------------------


class Hands:
    """A real clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1_750_000_000.0

    def __call__(self) -> float:
        return self.now


def test_ttl() -> None:
    """A session ends when it has not been used for so long; each use counts anew."""

    async def ttl() -> None:
        hands = Hands()
        async with Servers(FREE, real=hands) as harness:
            sessions = harness.sessions
            session = await sessions.create(ttl=60)
            forever = await sessions.create()
            hands.now += 59
            assert await sessions.expire() == []
            who = session.accounts["erban"].id
            call = {"account": who, "password": "x"}
            address = f"{harness.addresses.erban}/WebService/sms3.aspx?account={who}&password=x"
            reply = await asyncio.to_thread(request, "GET", address)
            assert reply.status == 200, call
            hands.now += 59
            assert await sessions.expire() == []
            hands.now += 2
            assert await sessions.expire() == [session.id]
            assert sessions.get(forever.id) is not None
            url = f"{harness.addresses.control}{S}/{session.id}"
            assert (await asyncio.to_thread(request, "GET", url)).status == 404

    asyncio.run(ttl())


# --- off loopback -------------------------------------------------------------------------------------


@pytest.fixture
def open_server(request: pytest.FixtureRequest) -> Iterator[RunningServer]:
    """A server that others can reach; the parameter is its token, None for one of its own."""
    from fakeproviders.harness import Ports, ServersConfig

    config = ServersConfig(host="0.0.0.0", ports=Ports.free(), token=request.param)
    with RunningServer(config) as server:
        yield server


@pytest.mark.parametrize("open_server", [None, "s3cret"], indirect=True)
def test_off_loopback_a_token_is_needed(open_server: RunningServer) -> None:
    addresses = open_server.addresses
    assert addresses.token
    assert len(addresses.token) >= 6
    outside = Control(addresses.control)
    bearer = Control(addresses.control, {"Authorization": f"Bearer {addresses.token}"})
    for given in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Basic {addresses.token}"}):
        reply = outside.call("GET", S, headers=given)
        assert reply.status == 401
        assert reply.headers["WWW-Authenticate"] == "Bearer"
        assert reply.type == "application/problem+json"
        assert addresses.token not in reply.text
    assert outside.call("POST", S, {}).status == 401
    assert bearer.get(S)["total"] == 1
    for public in ("/healthz", "/readyz", "/openapi.json", "/docs", "/console/", "/favicon.ico"):
        assert outside.call("GET", public).status == 200
    # A name is no loopback's here; a page of another origin stays out.
    assert bearer.call("GET", S, headers={"Host": "sms.test:9400"}).status == 200
    evil = {"Origin": "http://evil.example"}
    assert bearer.call("GET", S, headers=evil).status == 403
    # Providers ask for no token but their own.
    assert request("GET", f"{addresses.erban}{clients.ASMX}").status == 200


def test_on_loopback_none_is_needed(server: RunningServer) -> None:
    assert server.addresses.token is None
    odd: dict[str, Any] = {"Authorization": "Bearer whatever"}
    assert Control(server.addresses.control).call("GET", S, headers=odd).status == 200


@pytest.mark.parametrize("open_server", ["tökén"], indirect=True)
def test_a_token_of_any_letters(open_server: RunningServer) -> None:
    given = {"Authorization": "Bearer tökén".encode().decode("latin-1")}
    assert Control(open_server.addresses.control).call("GET", S, headers=given).status == 200


def test_a_token_on_loopback_is_asked_for_too() -> None:
    from fakeproviders.harness import Ports, ServersConfig

    with RunningServer(ServersConfig(ports=Ports.free(), token="t")) as server:
        assert Control(server.addresses.control).call("GET", S).status == 401
        given = {"Authorization": "Bearer t"}
        assert Control(server.addresses.control).call("GET", S, headers=given).status == 200


def test_ipv6() -> None:
    from fakeproviders.harness import Ports, ServersConfig

    with RunningServer(ServersConfig(host="::1", ports=Ports.free())) as server:
        world = World.create(server)
        assert "[::1]" in world.erban["url"]
        for provider in PROVIDERS:
            clients.send_well(world, provider)
