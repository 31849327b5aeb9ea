"""A desk or a worker, from its start to its end: ``python -m fakeproviders.workers.process PART CHANNEL``.

``CHANNEL`` is the descriptor of its socket to the supervisor, which says all the rest; ``PART`` tells a
reader of the process list who is who.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator

from fakeproviders.config import ServersConfig, StartError
from fakeproviders.harness import Servers, serve
from fakeproviders.listening import SHUTDOWN_SECONDS
from fakeproviders.loops import loop_factory
from fakeproviders.workers.channel import Begin, Channel, Failed, Message, Ping, Pong, Ready

ALONE_SECONDS = int(2 * SHUTDOWN_SECONDS)
"""That a process has for its end when no supervisor is there any more to see to it."""


class Process:
    """One process, as it lives on its channel."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._done = asyncio.Event()
        self._servers: Servers | None = None

    async def live(self) -> int:
        """Serve until told to end, or left alone; the exit code."""
        messages = self._channel.messages()
        config = await _told(messages)
        if config is None:
            return 0
        listening = asyncio.get_running_loop().create_task(self._listen(messages))
        try:
            await serve(config, self._begin, self._done)
        except StartError as error:
            self._channel.send(Failed(error.words("zh"), error.words("en"), hopeless=True))
            return 2
        except Exception as error:
            if os.environ.get("FAKEPROVIDERS_DEBUG"):
                raise
            why = f"{type(error).__name__}: {error}"
            self._channel.send(Failed(why, why, hopeless=False))
            return 1
        finally:
            listening.cancel()
            await self._channel.close()
        return 0

    def _begin(self, servers: Servers) -> None:
        self._servers = servers
        self._channel.send(Ready(servers.addresses))

    async def _listen(self, messages: AsyncIterator[Message]) -> None:
        async for message in messages:
            if isinstance(message, Ping):
                if self._servers is not None:
                    self._servers.workers.alive = message.alive
                self._channel.send(Pong())
        signal.alarm(ALONE_SECONDS)
        self._done.set()


async def _told(messages: AsyncIterator[Message]) -> ServersConfig | None:
    """What the process is to be; None when the supervisor has gone before it said so."""
    async for message in messages:
        if isinstance(message, Begin):
            return message.config
    return None


async def _live(sock: socket.socket) -> int:
    return await Process(await Channel.over(sock)).live()


def main() -> None:
    """Be the process that the command line says."""
    sock = socket.socket(fileno=int(sys.argv[2]))
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        code = runner.run(_live(sock))
    sys.exit(code)


if __name__ == "__main__":
    main()
