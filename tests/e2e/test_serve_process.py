"""``fakeproviders serve`` as a process: ready with one line, ended by a signal, one line when it cannot."""

import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.e2e import clients
from tests.e2e.sockets import request
from tests.e2e.world import Control
from tests.serving import FREE, PATIENCE, Start, default_world, first_line, serving

SIGNALS = [signal.SIGTERM, signal.SIGINT]


@pytest.fixture
def start() -> Iterator[Start]:
    with serving() as start:
        yield start


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_ready_and_ended(start: Start, number: signal.Signals) -> None:
    process = start("--json", *FREE)
    said = first_line(process)
    assert {"control", "official", "reseller", "erban", "session"} <= set(said)
    assert "token" not in said
    world = default_world(said)
    for provider in clients.SENDS:
        assert world.session[provider]["url"] == said[provider]
        clients.send_well(world, provider)
    assert Control(said["control"]).get("/readyz") == {"status": "ok"}
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err) == (0, "", "")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(said["control"].rpartition(":")[2])), 5)


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_what_is_in_flight_finishes(start: Start, number: signal.Signals) -> None:
    """A send that is being handled through a slow hop, and a long poll, do not end in nothing."""
    process = start("--json", *FREE)
    world = default_world(first_line(process))
    clients.token_of(world)
    world.fault("upstream", {"delay": {"ms": 1500}}, operation="send")

    polling = HTTPConnection(urlsplit(world.control.url).netloc, timeout=PATIENCE)
    with closing(polling), ThreadPoolExecutor(1) as pool:
        polling.request("GET", f"{world.path}/messages?mobile=none&wait=50&cursor=0")
        sending = pool.submit(clients.reseller_send, world)
        while not world.requests(provider="upstream", operation="send", wait=10):
            pass
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, out, err) == (0, "", "")
        reply = sending.result(PATIENCE)
        assert reply.status == 200
        assert reply.json()["code"] in {0, 1901}
        assert polling.getresponse().status in {200, 503}


def test_hangs_do_not_hold_it_up(start: Start) -> None:
    process = start("--json", *FREE)
    world = default_world(first_line(process))
    world.fault("erban", "hang")
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(clients.erban_send, world)
        while not world.requests(outcome="fault", wait=10):
            pass
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        with pytest.raises((ConnectionError, OSError)):
            hanging.result(PATIENCE)


def test_idle_connections_do_not_hold_it_up(start: Start) -> None:
    process = start("--json", *FREE)
    said = first_line(process)
    port = int(said["erban"].rpartition(":")[2])
    address = ("127.0.0.1", port)
    with socket.create_connection(address), socket.create_connection(address) as half:
        half.sendall(b"POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nx")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


@pytest.mark.parametrize("which", ["control", "official", "reseller", "erban"])
@pytest.mark.parametrize("as_json", [[], ["--json"]], ids=["table", "json"])
def test_a_port_in_use(start: Start, which: str, as_json: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start(*as_json, *FREE, f"--{which}-port", str(port))
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert out == ""
    assert err.count("\n") == 1
    assert str(port) in err
    assert "in use" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "options",
    [["--control-port", "x"], ["--control-port", "70000"], ["--port-base", "-1"], ["--nonsense"],
     ["--host", "no.such.host.invalid"], ["--host", "192.0.2.1"]],
    ids=" ".join,
)  # fmt: skip
def test_it_cannot_start(start: Start, options: list[str]) -> None:
    process = start("--json", *FREE, *options)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (2, "")
    assert err
    assert "Traceback" not in err


def free_range(length: int) -> int:
    """The first of so many neighbouring ports that are free, outside of those that clients get."""
    for base in range(21_000, 30_000, 50):
        try:
            for port in range(base, base + length):
                socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return base
    raise AssertionError("no free ports")


def test_port_base(start: Start) -> None:
    base = free_range(8)
    said = first_line(start("--json", "--port-base", str(base)))
    names = ("control", "official", "reseller", "erban")
    ports = [int(said[name].rpartition(":")[2]) for name in names]
    assert ports == list(range(base, base + 4))


def test_off_loopback_the_token_is_said_once(start: Start) -> None:
    process = start("--json", "--host", "0.0.0.0", *FREE)
    said = first_line(process)
    control = Control(said["control"], {"Authorization": f"Bearer {said['token']}"})
    assert control.get("/api/v1/sessions")["total"] == 1
    assert request("GET", f"{said['control']}/api/v1/sessions").status == 401
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=PATIENCE)
    assert said["token"] not in out + err
