"""What the server holds after many sends: the journal and the inbox are bounded, quotas count by mobile.

Usage: ``python -m loadtests.bench.memory [SENDS] [MOBILES] [--sockets]``

Without ``--sockets`` the pipeline is driven in this process, which takes half a minute for a million.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import NoReturn, cast

from multidict import CIMultiDict, CIMultiDictProxy

from fakeproviders import memory
from fakeproviders.faults.base import Wire
from fakeproviders.model import RawReply, RawRequest
from fakeproviders.pipeline import Pipeline
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.session import Session
from fakeproviders.sessions import Sessions
from fakeproviders.stores.memory import MemoryStore
from loadtests.bench import servers
from loadtests.bench.client import drive
from loadtests.bench.compared import NotAllGoodError
from loadtests.bench.official_send import PATH, body_of, sends, token_of

SENDS, MOBILES = 1_000_000, 20_000
WARM = 100_000
"""Sends after which the bounded parts are full; growth counts from here."""
AT_ONCE = 10_000
TOKEN = "default.o.00000000000000000000000000000000"
HEADERS = {"Host": "127.0.0.1:9401", "Content-Type": "application/json", "User-Agent": "bench/1"}


def rss_bytes() -> int:
    """Memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def requests(session: dict[str, str], number: int, mobiles: int) -> Iterator[RawRequest]:
    """Sends in turn to so many mobiles, each with objects of its own as from a socket."""
    for n in range(number):
        body = body_of(session, TOKEN, n, mobiles)
        headers = {**HEADERS, "Content-Length": str(len(body))}
        yield RawRequest(
            method="POST",
            path=PATH,
            query="",
            headers=CIMultiDictProxy(CIMultiDict(headers)),
            raw_headers=tuple((n.encode(), v.encode()) for n, v in headers.items()),
            body=body,
            ip="127.0.0.1",
            origin="http://127.0.0.1:9401",
        )


async def in_process(number: int, mobiles: int, warm_from: int) -> tuple[int, int]:
    """Bytes held when warm, and in the end."""
    sessions = Sessions((OFFICIAL,), MemoryStore())
    session = await sessions.start()
    await _issue_token(session)
    pipeline = Pipeline(sessions, _no_hop)
    described = OFFICIAL.describe(session.accounts[OFFICIAL.name].settings, "")
    todo = requests({name: str(value) for name, value in described.items()}, number, mobiles)
    _handle(pipeline, islice(todo, warm_from))
    warm = rss_bytes()
    _handle(pipeline, todo)
    return warm, rss_bytes()


def _handle(pipeline: Pipeline, requests: Iterator[RawRequest]) -> None:
    nowhere = cast("Wire", None)  # no fault touches a connection here
    for raw in requests:
        reply = pipeline.handle(OFFICIAL, raw, nowhere)
        assert isinstance(reply, RawReply), reply
        assert b'"code":0' in reply.body, reply.body


async def _issue_token(session: Session) -> None:
    await session.store.issue_token(
        OFFICIAL.name, TOKEN, now=session.clock.now(), lifetime=86_400, grace=0
    )


def _no_hop(session: Session) -> NoReturn:
    raise AssertionError(f"nothing is forwarded in {session.id}")


async def over_sockets(
    number: int,
    mobiles: int,
    warm_from: int,
    on_progress: Callable[[int], None] = lambda sent: None,
) -> tuple[int, int]:
    """Bytes that a server of its own holds when warm, and in the end."""
    at_once = min(AT_ONCE, warm_from)
    with servers.fakeproviders() as ours:
        session = servers.addresses(ours)["session"]["official"]
        port = int(session["url"].rpartition(":")[2])
        token = await token_of(session)
        warm = 0
        for start in range(0, number, at_once):
            if start >= warm_from and not warm:
                warm = ours.rss_bytes()
            load = sends(session, token, at_once, start=start, mobiles=mobiles)
            answers = await drive(port, load)
            if answers.good != len(load):
                raise NotAllGoodError(f"{len(load) - answers.good} of {len(load)} are not good")
            on_progress(start + at_once)
        return warm, ours.rss_bytes()


async def measure(
    number: int, mobiles: int, *, sockets: bool = False, warm_from: int = WARM
) -> dict[str, float]:
    """What is held when warm and in the end, and the difference."""
    assert number > warm_from, f"growth counts from {warm_from} sends on"
    held = over_sockets if sockets else in_process
    warm, last = await held(number, mobiles, warm_from)
    return {
        "sends": number,
        "mobiles": mobiles,
        "warm_mib": warm / 2**20,
        "last_mib": last / 2**20,
        "growth_mib": (last - warm) / 2**20,
    }


def main() -> None:
    given = [argument for argument in sys.argv[1:] if argument != "--sockets"]
    number = int(given[0]) if given else SENDS
    mobiles = int(given[1]) if len(given) > 1 else MOBILES
    memory.settle()
    found = asyncio.run(measure(number, mobiles, sockets="--sockets" in sys.argv))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
