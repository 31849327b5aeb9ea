"""The supervisor's ports: no stranger gets them, and workers do."""

import socket
from contextlib import ExitStack

import msgspec
import pytest

from fakeproviders.config import Ports, ServersConfig, StartError
from fakeproviders.workers.sockets import INHERITED, opened

HOST = "127.0.0.1"
FREE = ServersConfig(ports=Ports.free())
PROVIDERS = ("official", "reseller", "erban")


def bound(port: int, *, shared: bool) -> socket.socket:
    """A socket as a server of asyncio's binds it; a worker's is shared."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, shared)
    try:
        sock.bind((HOST, port))
    except OSError:
        sock.close()
        raise
    return sock


def test_every_port_has_a_number() -> None:
    with opened(FREE) as sockets:
        ports = msgspec.structs.asdict(sockets.ports)
        assert set(sockets.descriptors) == set(INHERITED)
    assert len({*ports.values()} - {0}) == 5


@pytest.mark.parametrize("workers_listen", [False, True])
@pytest.mark.parametrize("name", [*INHERITED, *PROVIDERS])
def test_nobody_else_gets_a_port(name: str, *, workers_listen: bool) -> None:
    with opened(FREE) as sockets, ExitStack() as stack:
        port = getattr(sockets.ports, name)
        if workers_listen and name in PROVIDERS:
            stack.enter_context(bound(port, shared=True)).listen()
        with pytest.raises(OSError, match="in use"):
            bound(port, shared=False)
        taken = msgspec.structs.replace(FREE.ports, **{name: port})
        with pytest.raises(StartError, match=f"port {port} on 127.0.0.1 is in use"):
            stack.enter_context(opened(ServersConfig(ports=taken)))


@pytest.mark.parametrize("name", PROVIDERS)
def test_workers_share_a_providers_port(name: str) -> None:
    with opened(FREE) as sockets, ExitStack() as stack:
        port = getattr(sockets.ports, name)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((HOST, port))
        for _ in range(2):
            stack.enter_context(bound(port, shared=True)).listen()
        stack.enter_context(socket.create_connection((HOST, port)))


@pytest.mark.parametrize("name", INHERITED)
def test_callers_of_the_desk_wait_until_no_more_are_taken(name: str) -> None:
    with opened(FREE) as sockets:
        address = (HOST, getattr(sockets.ports, name))
        socket.create_connection(address).close()
        sockets.close_listening()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address)


def test_a_port_can_be_had_again_at_once() -> None:
    """Although connections to a server there have ended a moment ago."""
    with bound(0, shared=False) as server:
        server.listen()
        port = server.getsockname()[1]
        with socket.create_connection((HOST, port)):
            server.accept()[0].close()
    config = ServersConfig(ports=msgspec.structs.replace(FREE.ports, official=port))
    with opened(config) as sockets, bound(port, shared=True):
        assert sockets.ports.official == port


def test_a_name_of_several_addresses_has_one_port_on_all() -> None:
    with opened(ServersConfig(host="localhost", ports=Ports.free())) as sockets:
        for name, listening in sockets.listening.items():
            assert {s.getsockname()[1] for s in listening} == {getattr(sockets.ports, name)}


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1"])
def test_a_host_that_is_not_here(host: str) -> None:
    with (
        pytest.raises(StartError, match=f"cannot listen on {host}"),
        opened(ServersConfig(host=host, ports=Ports.free())),
    ):
        pass
