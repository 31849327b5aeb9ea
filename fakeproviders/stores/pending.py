"""What is still to be done when a process dies, and which processes there are, as a store tells it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from fakeproviders.stores.base import Reserved

_OF_REPLY = "reply/"


class Onward(msgspec.Struct, frozen=True, gc=False):
    """Where a reserved send goes on to: by which it is found out whether it was accepted there."""

    out_id: str
    """The reseller's own, above."""
    sign_key: str


class Pending(Protocol):
    """What is still to be done in a session, kept where it outlives the process that was to do it.

    A thing to be told is a message by its id, or a person's reply as told_reply() names it.
    Everything but done() raises StoreUnavailable.
    """

    async def due(self) -> Sequence[tuple[str, float]]:
        """All that is to be told, and when on the session's clock."""

    async def claim(
        self, thing: str, desk: str, gone: Iterable[str] = (), at: float | None = None
    ) -> str:
        """Who tells it: ``desk``, unless another one that is not ``gone`` does; empty when it has been told.

        With ``at`` it is to be told from now on, and at that moment.
        """

    async def done(self, thing: str, desk: str) -> None:
        """It has been told, or is not to be, for certain; nothing when another desk tells it."""

    async def left_by(self, process: str) -> "Sequence[tuple[Reserved, Onward]]":
        """What a process has reserved, forwarded, and neither confirmed nor released."""


class Processes(Protocol):
    """Those that work on one store. Everything raises StoreUnavailable."""

    async def live_as(self, name: str) -> None:
        """From now on this process is known to live by this name too."""

    async def known(self) -> set[str]:
        """The names of all that live, and of those gone that are not forgotten."""

    async def gone(self, names: Collection[str]) -> set[str]:
        """Which of these have shown no sign of life for so long that they are taken for dead."""

    async def forget(self, name: str) -> None:
        """Nothing is left of one that is gone."""

    def listen(self, heard: Callable[["Due | None"], None]) -> None:
        """Have it told what becomes due in any session, and None whenever some may be missed."""


class Due(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Messages that are to be told of, as a send announces them."""

    session_id: str
    at: float
    message_ids: tuple[str, ...]


def told_reply(reply_id: str) -> str:
    """What a reply is called among the things to be told."""
    return f"{_OF_REPLY}{reply_id}"


def reply_told(thing: str) -> str:
    """The id of the reply that is to be told; empty where it is a message."""
    return thing.removeprefix(_OF_REPLY) if thing.startswith(_OF_REPLY) else ""
