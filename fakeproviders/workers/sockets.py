"""The ports of all processes, opened by the supervisor, which gives none of them away while it lives.

Control and panel: the socket listens, and the desk inherits it; while a desk is being replaced, callers
wait in its queue. Providers: the socket is bound and does not listen; each worker binds one of its own
beside it (SO_REUSEPORT), and the kernel spreads callers over those that listen.
"""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import msgspec

from fakeproviders.accepting import BACKLOG
from fakeproviders.config import Ports, ServersConfig
from fakeproviders.listening import cannot_listen

INHERITED = ("control", "panel")


class Sockets(msgspec.Struct):
    """All of them. ``ports`` are their numbers, none of them 0."""

    ports: Ports
    listening: dict[str, list[socket.socket]]
    """Of control and panel: one an address that the host's name stands for."""

    @property
    def descriptors(self) -> dict[str, tuple[int, ...]]:
        """Those that the desk inherits."""
        return {name: tuple(s.fileno() for s in socks) for name, socks in self.listening.items()}

    def close_listening(self) -> None:
        """Take no more callers, once the desk does not either."""
        for socks in self.listening.values():
            for sock in socks:
                sock.close()


@contextmanager
def opened(config: ServersConfig) -> Iterator[Sockets]:
    """The sockets for what was chosen. Raises StartError."""
    with ExitStack() as stack:
        bound = {
            name: _bound(config.host, port, stack)
            for name, port in msgspec.structs.asdict(config.ports).items()
        }
        listening = {name: bound.pop(name) for name in INHERITED}
        ports = {n: s[0].getsockname()[1] for n, s in (listening | bound).items()}
        for sock in (each for socks in listening.values() for each in socks):
            sock.listen(BACKLOG)
        for sock in (each for socks in bound.values() for each in socks):
            _share(sock)
        yield Sockets(Ports(**ports), listening)


def _bound(host: str, port: int, stack: ExitStack) -> list[socket.socket]:
    """A socket for each address of a host, all with one port, which nobody else has."""
    socks: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            sock = stack.enter_context(socket.socket(family, kind, protocol))
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sock.bind((address[0], port, *address[2:]))
            port = sock.getsockname()[1]
            socks.append(sock)
    except OSError as error:
        raise cannot_listen(host, port, error) from None
    return socks


def _share(sock: socket.socket) -> None:
    """Let workers bind beside a socket that was bound alone.

    It was bound without SO_REUSEPORT, so that another supervisor's port is found to be in use; and
    without SO_REUSEADDR from now on, because Linux lets who has it bind beside whoever does not listen.
    """
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
