"""A door that sends, all rules and the journal, against the bare handler that answers its bytes."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from typing import Any, NamedTuple

from loadtests.bench import servers
from loadtests.bench.compared import WARM, Side, compared

Account = dict[str, str]


class Door(NamedTuple):
    """How to send by it, and what a send's answer is held against."""

    provider: str
    yardstick: str
    enter: Callable[[Mapping[str, Any]], Awaitable[Account]]
    """From the server's addresses to an account that can send."""
    write: Callable[[Account, int], bytes]
    """The n-th request: a good send, to a mobile of its own."""
    mark: bytes = b'"code":0'
    """In every good answer."""

    def sends(self, account: Account, number: int, *, start: int = 0) -> list[bytes]:
        """Distinct good sends."""
        return [self.write(account, n) for n in range(start, start + number)]


async def measure(door: Door, number: int, *options: str) -> dict[str, float]:
    """CPU time and p99 of both, and the ratio; ``options`` are for ``serve``."""
    with ExitStack() as stack:
        yard = stack.enter_context(servers.bare(door.yardstick))
        ours = stack.enter_context(servers.fakeproviders(*options))
        account = await door.enter(servers.addresses(ours))
        load, warm = door.sends(account, number), door.sends(account, WARM, start=number)
        port = int(account["url"].rpartition(":")[2])
        found = await compared(
            {
                "bare": Side(yard, int(yard.ready), load, door.mark, warm),
                "full": Side(ours, port, load, door.mark, warm),
            }
        )
        return {**found, "ratio": found["bare_us"] / found["full_us"]}
