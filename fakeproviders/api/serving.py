"""Servers of one's own, or those that run already, and a client of their control API."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from fakeproviders.clients.control import ControlClient, control_client


@asynccontextmanager
async def serving(
    url: str | None, token: str | None, lang: str, allow_callbacks: Sequence[str]
) -> AsyncIterator[ControlClient]:
    """A client; without a ``url`` of all servers on free ports, which end with the block.

    Raises Unreachable when nobody answers at the ``url``, StartError when servers cannot start.
    """
    async with AsyncExitStack() as stack:
        if url is None:
            url, token = await _start(stack, allow_callbacks)
        client = await stack.enter_async_context(control_client(url, token=token, lang=lang))
        await client.get("/sessions", limit=1)
        yield client


async def _start(stack: AsyncExitStack, allow_callbacks: Sequence[str]) -> tuple[str, str | None]:
    from fakeproviders.harness import Ports, Servers, ServersConfig  # not for a running server

    config = ServersConfig(ports=Ports.free(), allow_callbacks=tuple(allow_callbacks))
    addresses = (await stack.enter_async_context(Servers(config))).addresses
    return addresses.control, addresses.token
