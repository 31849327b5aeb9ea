"""What a process asks of the way by which it shares its sessions with others."""

import contextlib
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from fakeproviders.faults.counts import SharedCounts
from fakeproviders.sharing.document import SessionDocument


class World(Protocol):
    """The sessions of a process, as far as other processes change them."""

    async def adopt(self, document: SessionDocument) -> None:
        """Make a session, or bring it to what another process made of it."""

    async def let_go(self, session_id: str) -> None:
        """Another process has ended this session; harmless when it is unknown."""

    def tell_again(self) -> Coroutine[Any, Any, None]:
        """What was shared has been lost: tell of every session here."""

    async def fired(self, session_id: str, rule_ids: Sequence[str]) -> None:
        """Fault rules have acted, in this process or another, in this order. Raises StoreUnavailable."""


class Sharing(Protocol):
    """Tells other processes of changes, and takes theirs over. Everything raises StoreUnavailable."""

    process: str
    """Tells this process from the others; empty when there are none."""

    async def start(self, world: World) -> None:
        """Take over what there is, and from now on whatever others change."""

    async def close(self) -> None:
        """Take over nothing any more."""

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Inside the block no other process changes anything, and all that others changed is known."""

    async def tell(self, document: SessionDocument) -> None:
        """Have every other process know it when this returns. Needs the turn."""

    async def tell_ended(self, session_id: str) -> None:
        """The same of a session that is over."""

    async def last_used(self, session_id: str) -> float:
        """When another process last had a request of it, in epoch seconds; 0 when none has."""

    def used(self, session_id: str, at: float) -> None:
        """This process has had a request of it."""

    def counts(self, session_id: str) -> SharedCounts | None:
        """How often fault rules matched and acted, over all processes; None when there is one."""


class Alone:
    """The only process: nobody is to be told. See Sharing."""

    process = ""

    async def start(self, world: World) -> None:
        """There is nothing to take over."""

    async def close(self) -> None:
        """There is nothing to end."""

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """It is always this process's turn."""
        yield

    async def tell(self, document: SessionDocument) -> None:
        """There is nobody to tell."""

    async def tell_ended(self, session_id: str) -> None:
        """There is nobody to tell."""

    async def last_used(self, session_id: str) -> float:
        """Nobody else uses it."""
        del session_id
        return 0.0

    def used(self, session_id: str, at: float) -> None:
        """Nobody asks."""

    def counts(self, session_id: str) -> None:
        """The rules count by themselves."""
