"""Binding servers to ports: their addresses, and why one cannot listen."""

import errno
import socket
from collections.abc import Iterable
from contextlib import AsyncExitStack

import msgspec
from aiohttp import web

from fakeproviders.accepting import Site, bound
from fakeproviders.config import ServersConfig, StartError
from fakeproviders.failures import Words
from fakeproviders.server_log import ServerLog
from fakeproviders.system_errors import why

SHUTDOWN_SECONDS = 5.0
"""For requests in flight, when a server stops."""


def app_runner(app: web.Application) -> web.AppRunner:
    """Runs an application."""
    return web.AppRunner(
        app, access_log=None, logger=ServerLog(), shutdown_timeout=SHUTDOWN_SECONDS
    )


async def bind(
    runner: web.BaseRunner, host: str, port: int, stack: AsyncExitStack, *, shared: bool = False
) -> str:
    """Listen until the stack is closed. The address; raises StartError.

    ``shared``: other processes listen there too, and callers are spread over them.
    """
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await Site(runner, bound(host, port, shared=shared)).start()
    except OSError as error:
        raise cannot_listen(host, port, error) from None
    return url_of(host, runner.addresses[0][1])


async def take_over(
    runner: web.BaseRunner, host: str, descriptors: Iterable[int], stack: AsyncExitStack
) -> str:
    """As bind(), on sockets that another process has opened."""
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await Site(runner, [socket.socket(fileno=number) for number in descriptors]).start()
    return url_of(host, runner.addresses[0][1])


def urls_of(config: ServersConfig) -> dict[str, str]:
    """The base URL of each server, by its name, as far as the ports chosen say."""
    ports: dict[str, int] = msgspec.structs.asdict(config.ports)
    return {name: url_of(config.host, port) for name, port in ports.items()}


def url_of(host: str, port: int) -> str:
    """The base URL of what listens there, as somebody on this machine uses it."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - what the user asked for
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def cannot_listen(host: str, port: int, error: OSError) -> StartError:
    """What to tell somebody whose port cannot be had."""
    if error.errno == errno.EADDRINUSE:
        return StartError(
            Words(
                zh=f"{host} 的端口 {port} 已被占用：请停掉占用它的程序，"
                "或用 --port-base / --*-port 换一个（0 为任意空闲端口）",
                en=f"port {port} on {host} is in use: stop what uses it, "
                "or choose another with --port-base or --*-port (0 is any free one)",
            )
        )
    reason = why(error)
    return StartError(
        Words(
            zh=f"无法在 {host}:{port} 上监听：{reason.zh}",
            en=f"cannot listen on {host}:{port}: {reason.en}",
        )
    )
