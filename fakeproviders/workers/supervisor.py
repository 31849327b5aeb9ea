"""Starts a desk and the workers, replaces those that end, and ends them all in good order."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import NoReturn

import msgspec

from fakeproviders.config import Addresses, ServersConfig, StartError
from fakeproviders.failures import Words
from fakeproviders.workers.child import Child
from fakeproviders.workers.restarts import Restarts
from fakeproviders.workers.sockets import Sockets, opened

MOST_FAILURES = 5
"""Processes that may end before all serve for the first time."""
NAMES = {"desk": Words(zh="服务台进程", en="desk"), "worker": Words(zh="工作进程", en="worker")}


class Crew(msgspec.Struct, frozen=True):
    """Who serves: process ids."""

    supervisor: int
    desk: int
    workers: list[int]


OnReady = Callable[[Addresses, Crew], None]
Say = Callable[[Words], None]


class GivenUp(StartError):
    """Processes end again and again before all can serve."""

    is_usage = False


class Place(msgspec.Struct):
    """One that is always filled: the desk's, or a worker's."""

    config: ServersConfig
    child: Child | None = None

    @property
    def serves(self) -> bool:
        """Whether there is a process that does."""
        return self.child is not None and self.child.serves


class Supervisor:
    """Fills the places. ``on_ready`` is called once, when all serve; ``say`` is for what happens then."""

    def __init__(
        self, config: ServersConfig, workers: int, sockets: Sockets, on_ready: OnReady, say: Say
    ) -> None:
        shared = msgspec.structs.replace(
            config, ports=sockets.ports, workers=workers, run=token_hex(4)
        )
        desk = msgspec.structs.replace(
            shared, part="desk", desk=token_hex(4), inherited=sockets.descriptors
        )
        worker = msgspec.structs.replace(shared, part="worker", panel_database=None)
        self._desk = Place(desk)
        self._workers = [Place(worker) for _ in range(workers)]
        self._sockets = sockets
        self._on_ready = on_ready
        self._say = say
        self._addresses: Addresses | None = None
        self._have_served = False
        self._failures = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until ``stop`` is set. Raises StartError; nothing is left running."""
        loop = asyncio.get_running_loop()
        filling = [loop.create_task(self._fill(place)) for place in (self._desk, *self._workers)]
        tasks = [*filling, loop.create_task(stop.wait())]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        await self._drain()
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _fill(self, place: Place) -> NoReturn:
        """Start a process, and the next one whenever it has ended."""
        restarts = Restarts()
        while True:
            try:
                child = place.child = await Child.start(place.config)
            except OSError as error:
                await self._do_without(place, error, restarts.pause(0.0))
                continue
            await child.watch(partial(self._ready, child), self._alive)
            self._tell_desk()
            if not self._have_served:
                self._look_into(child)
            pause = restarts.pause(child.worked)
            self._say(_ended(child, pause))
            await asyncio.sleep(pause)

    async def _do_without(self, place: Place, error: OSError, pause: float) -> None:
        """For a while: the system has no room for another process. Raises StartError at the start."""
        words = _not_started(place, error)
        if not self._have_served:
            raise StartError(words)
        self._say(words)
        await asyncio.sleep(pause)

    async def _drain(self) -> None:
        """The desk first: what its panel does goes on to the workers."""
        self._sockets.close_listening()
        for places in ([self._desk], self._workers):
            children = [place.child for place in places if place.child is not None]
            await asyncio.gather(*(child.end() for child in children))

    def _alive(self) -> int:
        return sum(place.serves for place in self._workers)

    def _tell_desk(self) -> None:
        if self._desk.child is not None:
            self._desk.child.tell(self._alive())

    def _ready(self, child: Child, addresses: Addresses) -> None:
        self._tell_desk()
        if child.config.part == "desk":
            self._addresses = addresses
        if self._have_served:
            self._say(_replaced(child))
        elif all(place.serves for place in (self._desk, *self._workers)):
            self._have_served = True
            self._announce()

    def _announce(self) -> None:
        desk, *workers = [place.child.pid for place in (self._desk, *self._workers) if place.child]
        assert self._addresses is not None  # noqa: S101 - the desk serves
        self._on_ready(self._addresses, Crew(os.getpid(), desk, workers))

    def _look_into(self, child: Child) -> None:
        """Whether another attempt is worth while. Raises StartError."""
        if child.failed is not None and child.failed.hopeless:
            raise StartError(Words(zh=child.failed.zh, en=child.failed.en))
        self._failures += 1
        if self._failures > MOST_FAILURES:
            name, how = NAMES[child.config.part], child.how_it_ended()
            raise GivenUp(
                Words(
                    zh=f"启动时已有 {self._failures} 个进程退出，不再重试；最后一个：{name.zh}{how.zh}",
                    en=f"{self._failures} processes ended before all could serve, so no more are "
                    f"started; the last one: a {name.en} {how.en}",
                )
            )


def run(config: ServersConfig, workers: int, on_ready: OnReady, say: Say) -> None:
    """Serve with so many workers until SIGINT or SIGTERM. Raises StartError."""
    if sys.platform != "linux":
        raise StartError(
            Words(
                zh="--workers 需要 Linux（SO_REUSEPORT）：去掉它，由一个进程服务",
                en="--workers needs Linux, for its SO_REUSEPORT: leave it out, and one process serves",
            )
        )
    with asyncio.Runner() as runner:
        runner.run(_supervise(config, workers, on_ready, say))


async def _supervise(config: ServersConfig, workers: int, on_ready: OnReady, say: Say) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with _outliving(config.guarded()) as whole, opened(whole) as sockets:
        await Supervisor(whole, workers, sockets, on_ready, say).run(stop)


@contextmanager
def _outliving(config: ServersConfig) -> Iterator[ServersConfig]:
    """The panel's data are in a file, if only a temporary one, so that the next desk has them too."""
    if config.panel_database is not None:
        yield config
        return
    with tempfile.TemporaryDirectory(prefix="fakeproviders-") as folder:
        yield msgspec.structs.replace(config, panel_database=Path(folder, "panel.sqlite3"))


def _ended(child: Child, pause: float) -> Words:
    name, how = NAMES[child.config.part], child.how_it_ended()
    soon = Words(zh=f"{pause:g} 秒后", en=f"in {pause:g} s")
    when = soon if pause else Words(zh="立即", en="at once")
    return Words(
        zh=f"{name.zh} {child.pid} {how.zh}；{when.zh}重新启动",
        en=f"{name.en} {child.pid} {how.en}; another one is started {when.en}",
    )


def _not_started(place: Place, error: OSError) -> Words:
    name, why = NAMES[place.config.part], error.strerror
    return Words(
        zh=f"{name.zh}无法启动：{why}；请释放资源或放宽进程数的限制",
        en=f"a {name.en} cannot be started: {why}; free resources, or raise the limit of processes",
    )


def _replaced(child: Child) -> Words:
    name = NAMES[child.config.part]
    return Words(
        zh=f"{name.zh} {child.pid} 已接替", en=f"{name.en} {child.pid} has taken its place"
    )
