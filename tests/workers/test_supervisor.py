"""The supervisor in this process: what it does when one of its own ends, hangs or cannot be started."""

import asyncio
import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fakeproviders.config import Addresses, Ports, ServersConfig, StartError
from fakeproviders.failures import Words
from fakeproviders.workers import child, supervisor
from fakeproviders.workers.sockets import opened
from fakeproviders.workers.supervisor import Crew, Supervisor
from tests.asyncs import asynchronous, let_others_run
from tests.redis_server import RedisServer

PATIENCE = 60.0
NOWHERE = Addresses(control="", official="", reseller="", erban="", panel="", session={})
FULL = OSError(errno.EAGAIN, "Resource temporarily unavailable")


class Brief:
    """A process that serves, and ends as soon as it is let go."""

    pid = 1
    worked = 0.0
    serves = False

    def __init__(self, config: ServersConfig, ended: asyncio.Event) -> None:
        self.config = config
        self._ended = ended

    async def watch(self, on_ready: Callable[[Addresses], None], alive: Callable[[], int]) -> None:
        self.serves = True
        on_ready(NOWHERE)
        await self._ended.wait()
        self.serves = False

    async def end(self) -> None:
        self.serves = False

    def tell(self, alive: int) -> None:
        pass

    def how_it_ended(self) -> Words:
        return Words(zh="已退出", en="has ended")


class Starts:
    """Stands for the class Child: what becomes of each start in turn, and then good ones."""

    def __init__(self, *errors: OSError | None) -> None:
        self._errors = list(errors)
        self.lives: list[asyncio.Event] = []

    async def start(self, config: ServersConfig) -> Brief:
        error = self._errors.pop(0) if self._errors else None
        if error is not None:
            raise error
        self.lives.append(asyncio.Event())
        return Brief(config, self.lives[-1])


async def supervised(starts: Starts, stop: asyncio.Event, say: Callable[[Words], Any]) -> None:
    """A desk and a worker. Raises StartError."""
    config = ServersConfig(ports=Ports.free())
    with opened(config) as sockets, pytest.MonkeyPatch.context() as patched:
        patched.setattr(supervisor, "Child", starts)
        whole = Supervisor(config, 1, sockets, lambda where, who: None, say)
        async with asyncio.timeout(PATIENCE):
            await whole.run(stop)


@asynchronous
async def test_a_process_that_cannot_be_replaced_at_once_is_replaced_later() -> None:
    starts, stop, said = Starts(None, None, FULL, FULL), asyncio.Event(), list[str]()

    def hear(words: Words) -> None:
        said.append(words.en)
        if "has taken its place" in words.en:
            stop.set()

    running = asyncio.create_task(supervised(starts, stop, hear))
    async with asyncio.timeout(PATIENCE):
        while len(starts.lives) < 2:
            await asyncio.sleep(0)
        await let_others_run()
        starts.lives[1].set()
        await running
    assert len([words for words in said if "cannot be started" in words]) == 2
    assert len(starts.lives) == 3


@asynchronous
async def test_at_the_start_it_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(StartError, match="raise the limit of processes"):
        await supervised(Starts(None, FULL), asyncio.Event(), lambda words: None)


@asynchronous
async def test_one_that_ends_and_one_that_hangs_are_replaced(
    redis_server: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "PING_SECONDS", 0.2)
    monkeypatch.setattr(child, "START_PINGS", 1000)
    config = ServersConfig(
        ports=Ports.free(), store=redis_server.url, panel_database=tmp_path / "panel.sqlite3"
    )
    crews: asyncio.Queue[Crew] = asyncio.Queue()
    said: asyncio.Queue[str] = asyncio.Queue()
    stop = asyncio.Event()
    with opened(config) as sockets:
        whole = Supervisor(
            config, 2, sockets, lambda where, who: crews.put_nowait(who),
            lambda words: said.put_nowait(words.en),
        )  # fmt: skip
        running = asyncio.create_task(whole.run(stop))
        async with asyncio.timeout(PATIENCE):
            crew = await crews.get()
            for pid, number, how in (
                (crew.workers[0], signal.SIGKILL, "was killed by SIGKILL"),
                (crew.workers[1], signal.SIGSTOP, "no longer answered and was killed"),
                (crew.desk, signal.SIGTERM, "has ended with exit code 0"),
            ):
                os.kill(pid, number)
                assert f" {pid} {how}; another one is started " in await said.get()
                assert "has taken its place" in await said.get()
            stop.set()
            await running
    assert said.empty()
