"""Metrics over HTTP: a real scrape counts what real clients sent, and needs the token as all else does."""

from prometheus_client.parser import text_string_to_metric_families

from fakeproviders.harness import Ports, ServersConfig
from fakeproviders.providers.erban.envelope import SOAP11
from tests.e2e import clients
from tests.e2e.running import RunningServer
from tests.e2e.world import Control, World


def requests(control: Control, **labels: str) -> float:
    """How many requests with these labels were answered so far."""
    reply = control.call("GET", "/metrics")
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return sum(
        sample.value
        for family in text_string_to_metric_families(reply.text)
        for sample in family.samples
        if sample.name == "fakeproviders_requests_total" and labels.items() <= sample.labels.items()
    )


def test_a_scrape_counts_what_was_sent() -> None:
    with RunningServer() as server:
        world = World.create(server)
        for door in ("soap11", "form", "form"):
            clients.erban_send(world, door=door)
        for _ in range(4):
            clients.send_well(world, "official")
        clients.send(world, "official", mobile="1")
        control = world.control
        sent = {"operation": "send", "outcome": "accepted"}
        assert requests(control, provider="erban", door="form", **sent) == 2
        assert requests(control, provider="erban", door=SOAP11.door, **sent) == 1
        assert requests(control, provider="official", **sent) == 4
        refused = {"outcome": "refused", "reason": "mobile_invalid"}
        assert requests(control, provider="official", **refused) == 1
        assert requests(control, provider="reseller") == 0


def test_it_needs_the_token() -> None:
    with RunningServer(ServersConfig(ports=Ports.free(), token="t")) as server:
        control = server.addresses.control
        assert Control(control).call("GET", "/metrics").status == 401
        assert Control(control, {"Authorization": "Bearer t"}).call("GET", "/metrics").status == 200
