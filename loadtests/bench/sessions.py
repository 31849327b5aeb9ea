"""One server with 10,000 live sessions against one with 10: CPU time per send, memory per idle session."""

import asyncio
import json
import sys
from contextlib import ExitStack
from typing import Any, NamedTuple

import aiohttp

from loadtests.bench import servers
from loadtests.bench.compared import Side, compared
from loadtests.bench.official_send import sends, token_of
from loadtests.bench.servers import Server

FEW, MANY, REQUESTS = 10, 10_000, 20_000
ACTIVE = 1_000
"""Sessions that the sends are spread over, or all there are."""


class Filled(NamedTuple):
    """A server with its sessions."""

    server: Server
    sessions: list[dict[str, Any]]
    bytes_each: float
    """Memory of an idle session."""

    @property
    def port(self) -> int:
        return int(servers.addresses(self.server)["official"].rpartition(":")[2])


async def fill(server: Server, number: int) -> Filled:
    """Make so many sessions."""
    url = f"{servers.addresses(server)['control']}/api/v1/sessions"
    connector = aiohttp.TCPConnector(limit=16)
    async with aiohttp.ClientSession(connector=connector) as http:

        async def make() -> dict[str, Any]:
            async with http.post(url, json={}) as response:
                found: dict[str, Any] = await response.json()
                return found

        await make()  # loads what making sessions needs
        before = server.rss_bytes()
        sessions = await asyncio.gather(*(make() for _ in range(number)))
    return Filled(server, list(sessions), (server.rss_bytes() - before) / number)


async def load_of(filled: Filled, number: int) -> list[bytes]:
    """Sends spread over the sessions."""
    active = [session["official"] for session in filled.sessions[:ACTIVE]]
    tokens = [await token_of(official) for official in active]
    share = -(-number // len(active))
    lists = [sends(o, t, share) for o, t in zip(active, tokens, strict=True)]
    return [request for turn in zip(*lists, strict=True) for request in turn][:number]


async def measure(number: int, many: int) -> dict[str, float]:
    with ExitStack() as stack:
        small = await fill(stack.enter_context(servers.fakeproviders()), FEW)
        large = await fill(stack.enter_context(servers.fakeproviders()), many)
        loads = await load_of(small, number), await load_of(large, number)
        found = await compared(
            {
                "few": Side(small.server, small.port, loads[0]),
                "many": Side(large.server, large.port, loads[1]),
            }
        )
        return {
            "sessions": many,
            **found,
            "ratio": found["few_us"] / found["many_us"],
            "kib_per_idle_session": large.bytes_each / 1024,
        }


def main() -> None:
    servers.keep_to_own_core()
    number = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    many = int(sys.argv[2]) if len(sys.argv) > 2 else MANY
    sys.stdout.write(json.dumps(asyncio.run(measure(number, many))) + "\n")


if __name__ == "__main__":
    main()
