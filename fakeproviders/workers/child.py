"""A process as the supervisor sees it."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable

from fakeproviders.config import Addresses, ServersConfig
from fakeproviders.failures import Words
from fakeproviders.listening import SHUTDOWN_SECONDS
from fakeproviders.workers.channel import Begin, Channel, Failed, Ping, Ready

PING_SECONDS = 1.0
HANG_PINGS, START_PINGS = 5, 60
"""That may go unanswered in a row before a process counts as hanging: one that was ready, one that starts."""
DRAIN_SECONDS = SHUTDOWN_SECONDS + 2.0
"""For requests in flight and what follows them, before a process is killed."""


class Child:
    """One desk or worker, from its start to its end."""

    def __init__(
        self, config: ServersConfig, process: asyncio.subprocess.Process, channel: Channel
    ) -> None:
        self.config = config
        self.pid = process.pid
        self.failed: Failed | None = None
        """Why it could not go on, if it said so."""
        self.hung = False
        """Whether it was killed because it did not answer."""
        self._process = process
        self._channel = channel
        self._ready_at: float | None = None
        self._unanswered = 0

    @classmethod
    async def start(cls, config: ServersConfig) -> "Child":
        """A new process, which is told what it is to be. Ctrl-C in a terminal does not reach it.

        Raises OSError when the system has no room for it.
        """
        ours, theirs = socket.socketpair()
        channel = await Channel.over(ours)
        try:
            with theirs:
                # Nothing is awaited after this, so that a process is never lost when we are cancelled.
                process = await _started(config, theirs)
        except OSError:
            await channel.close()
            raise
        channel.send(Begin(config))
        return cls(config, process, channel)

    @property
    def serves(self) -> bool:
        """Whether it is ready, and there."""
        return self._ready_at is not None and self._process.returncode is None

    @property
    def worked(self) -> float:
        """Seconds since it was ready."""
        return 0.0 if self._ready_at is None else _now() - self._ready_at

    async def watch(self, on_ready: Callable[[Addresses], None], alive: Callable[[], int]) -> None:
        """Return when it has ended; kill it when it hangs. ``alive`` counts the workers there are."""
        pinging = asyncio.get_running_loop().create_task(self._ping(alive))
        try:
            async for message in self._channel.messages():
                self._unanswered = 0
                if isinstance(message, Ready):
                    self._ready_at = _now()
                    on_ready(message.addresses)
                elif isinstance(message, Failed):
                    self.failed = message
            await self._process.wait()
            await self._channel.close()
        finally:
            pinging.cancel()

    async def end(self) -> None:
        """Have it finish what it does, and see that it is gone."""
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await self._process.wait()
        await self._channel.close()

    def how_it_ended(self) -> Words:
        """To follow its name."""
        code = self._process.returncode or 0
        if self.hung:
            return Words(zh="长时间没有响应，已强制终止", en="no longer answered and was killed")
        if self.failed is not None:
            return Words(zh=f"已退出：{self.failed.zh}", en=f"has ended: {self.failed.en}")
        if code < 0:
            name = _signal_name(-code)
            return Words(zh=f"被信号 {name} 终止", en=f"was killed by {name}")
        return Words(zh=f"已退出（退出码 {code}）", en=f"has ended with exit code {code}")

    def tell(self, alive: int) -> None:
        """How many workers there are now."""
        self._channel.send(Ping(alive))

    async def _ping(self, alive: Callable[[], int]) -> None:
        while True:
            self.tell(alive())
            await asyncio.sleep(PING_SECONDS)
            self._unanswered += 1
            if self._unanswered > (HANG_PINGS if self.serves else START_PINGS):
                self.hung = True
                self._signal(signal.SIGKILL)
                return

    def _signal(self, number: signal.Signals) -> None:
        if self._process.returncode is None:
            # Not send_signal(): it takes the exit status away from whoever waits for it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


async def _started(config: ServersConfig, theirs: socket.socket) -> asyncio.subprocess.Process:
    descriptors = [d for each in config.inherited.values() for d in each]
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "fakeproviders.workers.process", config.part, str(theirs.fileno()),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        pass_fds=(theirs.fileno(), *descriptors), start_new_session=True,
    )  # fmt: skip


def _now() -> float:
    return asyncio.get_running_loop().time()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
