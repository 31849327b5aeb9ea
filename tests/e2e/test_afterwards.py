"""What happens to what is under way when a session is reset or ended, or its clock is set."""

from concurrent.futures import ThreadPoolExecutor

from tests.e2e import clients
from tests.e2e.sockets import request
from tests.e2e.world import World


def test_a_hop_that_ends_after_a_reset_charges_nobody(world: World) -> None:
    world.patch("reseller", upstream_timeout_seconds=0.5)
    world.fault("upstream", "hang", operation="send")
    with ThreadPoolExecutor() as pool:
        caller = pool.submit(clients.send, world, "reseller")
        assert world.requests(wait=5, provider="upstream", operation="send")
        world.control.post(f"{world.path}/reset")
        before = world.charges()
        assert caller.result(20).code == 1901
    assert world.charges() == before


def test_a_rule_meets_the_text_and_the_account_of_an_official_send(world: World) -> None:
    account = world.official["app_id"]
    world.fault("official", "rate_limited", match={"content": {"regex": "验证码是"}}, times=1)
    world.fault("official", "maintenance", match={"account": account}, operation="send", times=1)
    assert clients.send(world, "official").code == 46001
    assert clients.send(world, "official").code == 50300
    clients.send_well(world, "official")


def test_a_reseller_with_signatures_of_its_own_sends_with_them(world: World) -> None:
    world.patch("reseller", signatures=[{"sign_key": "k1", "signature": "【别家】"}])
    clients.send_well(world, "reseller", sign_key="k1", signature="【别家】")


def test_a_long_poll_ends_with_its_session(world: World) -> None:
    other = World.create(world.server)
    with ThreadPoolExecutor() as pool:
        url = f"{other.control.url}{other.path}/messages?wait=50"
        poll = pool.submit(request, "GET", url, timeout=30)
        clients.send_well(world, "official")
        other.delete()
        assert poll.result(20).status == 404


def test_a_delay_on_the_sessions_clock_ends_with_a_reset(world: World) -> None:
    world.freeze("2026-01-01T08:00:00+08:00")
    world.fault("erban", {"delay": {"ms": 600_000, "clock": "session"}}, operation="send")
    with ThreadPoolExecutor() as pool:
        caller = pool.submit(clients.send, world, "erban")
        assert world.requests(wait=5, provider="erban", operation="send")
        world.control.post(f"{world.path}/reset")
        assert caller.result(20).code == "0"


def test_a_token_of_a_session_that_is_over_says_so(world: World) -> None:
    server = world.server
    other = World.create(server)
    token = clients.token_of(other)
    other.delete()
    url = f"{server.addresses.official}/api/sms/balance?access_token={token}"
    assert request("GET", url).json()["code"] == 40110
    default = world.control.get("/api/v1/sessions/default/requests", limit=100)["requests"]
    assert "unknown_token" in {line["hint"] for line in default}
